"""Faults by seed: the same seed, the same faults, so that what fails under them can be made to fail again."""
