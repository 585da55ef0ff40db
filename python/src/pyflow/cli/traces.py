"""Where the spans of a long-running verb go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pyflow.tracing.tracing import Tracing

F = TypeVar("F", bound=Callable[..., Any])


def tracing(command: F) -> F:
    """Adds --tracing."""
    return click.option(
        "--tracing",
        type=click.Choice(["otlp"]),
        help="Send spans by OTLP over HTTP, as the environment variables OTEL_… say; default: none.",
    )(command)


@contextmanager
def traces_to(where: str | None, service_name: str) -> Iterator[Tracing | None]:
    """What `--tracing` asks for; spans that are not sent yet are sent at the end of the block."""
    if where is None:
        yield None
        return
    from pyflow.tracing.tracing import Tracing

    traces = Tracing.otlp(service_name)
    try:
        yield traces
    finally:
        traces.close()
