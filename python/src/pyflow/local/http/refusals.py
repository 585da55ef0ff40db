"""What is refused is counted, and said in one line of the log, in JSON: values can't break it, machines can read it.

    refused {"operation":"DescribeDomain","fault":"UnknownResourceFault","message":"Unknown domain: d","status":400,
             "request_id":"…","peer":"127.0.0.1:51234","access_key":"local"}

Faults of SWF's are INFO: a client that is told them can say more. WARNING is what a client may never hear of, or can't
explain to itself: who was not let in, and why. ERROR is a fault of ours, with its traceback.
"""

from __future__ import annotations

import json
import logging
import random
from dataclasses import dataclass

from pyflow.local.engine.fault import Fault
from pyflow.local.http.tally import UNKNOWN, Tally

LONGEST_MESSAGE = 300

NOT_LET_IN = frozenset(
    {
        "AccessDeniedException",
        "MissingAuthenticationTokenException",
        "IncompleteSignatureException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
    }
)

logger = logging.getLogger("pyflow.local")


@dataclass(frozen=True)
class Refused:
    """A request that was refused. operation: where SWF has it; request_id: as the client was told it; access_key: who
    signed, where that is known, or who says to have; error: what went wrong, where that is our fault."""

    fault: Fault
    status: int
    request_id: str
    operation: str = UNKNOWN
    peer: tuple[str, int] | None = None
    access_key: str | None = None
    error: BaseException | None = None

    @property
    def level(self) -> int:
        """Of logging."""
        if self.error is not None:
            return logging.ERROR
        return logging.WARNING if self.fault.type in NOT_LET_IN else logging.INFO

    def line(self) -> str:
        """For the log."""
        message = self.fault.message
        if len(message) > LONGEST_MESSAGE:
            message = f"{message[:LONGEST_MESSAGE]}..."
        document = {
            "operation": self.operation,
            "fault": self.fault.type,
            "message": message,
            "status": self.status,
            "request_id": self.request_id,
            "peer": None if self.peer is None else _address(*self.peer),
            "access_key": self.access_key,
        }
        return f"refused {json.dumps(document, separators=(',', ':'))}"


class Refusals:
    """Counts and logs."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally

    def note(self, refused: Refused) -> None:
        """A request was refused."""
        self.tally.outcomes[refused.operation, refused.fault.type] += 1
        if logger.isEnabledFor(refused.level):
            logger.log(refused.level, "%s", refused.line(), exc_info=refused.error)


def request_id() -> str:
    """A new one."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
