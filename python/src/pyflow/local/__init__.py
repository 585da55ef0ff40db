"""An Amazon SWF for a laptop and for tests: `python -m pyflow.local`, or `pyflow.testing.local_swf()`."""
