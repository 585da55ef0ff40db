"""What a run begins with: its input, and perhaps signals that another run or a client left for it."""

from __future__ import annotations

from typing import Any

from pyflow import codec
from pyflow.decider.outcome import configured, read_payload


def beginning(text: str | None, workflow_id: str) -> tuple[Any, tuple[codec.CarriedSignal, ...]]:
    """The input's value, and the signals that come before any in the history. A part of a `map` is a codec.Batch.

    Raises PayloadDecodeError for content that is no payload, DeciderException for what another decider may read.
    """
    what = f"input of workflow {workflow_id}"
    with configured(what):
        start = codec.decode_start(text)
        if start is not None:
            text = start.input
        batch = codec.decode_batch(text)
    signals = start.signals if start is not None else ()
    return (batch if batch is not None else read_payload(text, what)), signals
