"""The loops around the pure parts: `decisions` and `activities` are the two workers, `process` is what both have."""
