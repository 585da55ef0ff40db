"""`pyflow local`: the embedded SWF, where its extra is installed."""

from __future__ import annotations

import click

from pyflow.cli.options import fail

try:
    from pyflow.local.__main__ import local
except ModuleNotFoundError as missing:
    if (missing.name or "").startswith("pyflow"):
        raise
    _missing = missing.name

    @click.command(context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def local(arguments: tuple[str, ...]) -> None:
        """Run a local SWF on this machine (needs the extra `local`)."""
        fail(f"{_missing} is not installed: pip install 'pyflow-swf[local]'")


__all__ = ["local"]
