"""The command `pyflow`: one file a verb."""
