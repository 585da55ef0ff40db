"""A decider's own task list, to which it has the decision tasks of its resident runs sent."""

from __future__ import annotations

import logging
import os

from pyflow.swf.faults import code_of, message_of

logger = logging.getLogger("pyflow")

LIMIT = 256  # characters of a task list's name
NOT_PERMITTED = frozenset({"OperationNotPermittedFault", "AccessDeniedException", "AccessDenied"})


class Sticky:
    """The list's name, and whether it is in use. timeout: seconds that a task waits there before it falls back; 0: none.

    The name is the shared list's and 16 random hex digits, so that no other process polls it.
    """

    def __init__(self, task_list: str, timeout: int | None) -> None:
        suffix = f"-{os.urandom(8).hex()}"
        self.task_list = task_list[: LIMIT - len(suffix)] + suffix
        self.timeout = timeout or 0
        self.on = self.timeout > 0

    def refused(self, error: BaseException) -> bool:
        """Whether the error says that the list may not be used: then it is not any more, and that is logged once."""
        if code_of(error) not in NOT_PERMITTED:
            return False
        if self.on:
            self.on = False
            logger.warning(
                "the decider goes on without a task list of its own (%s), and replays more: allow"
                " swf:PollForDecisionTask on task lists that begin with its list's name, see docs/operating.md",
                message_of(error),
            )
        return True
