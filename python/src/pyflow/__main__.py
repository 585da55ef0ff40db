"""`python -m pyflow` is the command `pyflow`."""

from pyflow.cli import main

main(prog_name="pyflow")
