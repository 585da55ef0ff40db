"""The values that a payload can hold, their limits, and the sentences in which anything else is refused."""
