"""Further attempts at a step that did not succeed, from outside: a future asks `again` before it is settled."""

from __future__ import annotations

from typing import Any

from pyflow.decider.execution import Execution
from pyflow.decider.future import Future
from pyflow.decider.outcome import Failed, Outcome

LAMBDA_SERVICE_ERRORS = frozenset({"SdkClientException", "ServiceException"})
LAMBDA_RETRIES = 5


class LambdaServiceRetry:
    """A function that the Lambda service failed is asked for again, with its id, which is free now; five times at most."""

    __slots__ = ("_attributes", "_execution", "_left")

    def __init__(self, execution: Execution, attributes: dict[str, Any]) -> None:
        self._execution = execution
        self._attributes = attributes
        self._left = LAMBDA_RETRIES

    def __call__(self, future: Future, outcome: Outcome) -> bool:
        """Whether another attempt is made."""
        failed = isinstance(outcome, Failed) and outcome.reason in LAMBDA_SERVICE_ERRORS
        if not failed or self._left == 0 or self._execution.ending:
            return False
        self._left -= 1
        self._execution.ask_again(future, self._attributes, None)
        return True
