"""The loops around the pure parts: the decider process and the activity worker."""
