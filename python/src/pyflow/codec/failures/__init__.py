"""Failures as SWF's reason and details."""
