"""Further attempts at a step that did not succeed, from outside: a future asks `again` before it is settled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from pyflow import codec
from pyflow.decider.dice import dice
from pyflow.decider.execution import Execution
from pyflow.decider.future import ChildFuture, Future
from pyflow.decider.outcome import Canceled, Failed, Outcome, TimedOut, configured, read_payload
from pyflow.declare.retry import RetryPolicy
from pyflow.errors import Failure, PayloadDecodeError

logger = logging.getLogger("pyflow")

LAMBDA_SERVICE_ERRORS = frozenset({"SdkClientException", "ServiceException"})
LAMBDA_RETRIES = 5

HANDED_BACK = "pyflow.WorkerShutdown"
"""The failure of a worker that had no time left for the activity: protocol/failure.md, "Reserved types"."""
HAND_BACKS = 10

Attempt = Callable[[int, Any], dict[str, Any]]
"""The attributes of the attempt of that number, given the last heartbeat there was."""


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


class PolicyRetry:
    """Attempts by a policy, each after a timer: `activity1.attempt2` after `activity1.backoff2`.

    The one future stands for all of them. A task that a worker hands back is no attempt: it is asked for again at
    once, ten times at most.
    """

    __slots__ = ("_attempt", "_began", "_execution", "_handed_back", "_last_heartbeat", "_policy", "_site")

    def __init__(self, execution: Execution, policy: RetryPolicy, attempt: Attempt) -> None:
        self._execution = execution
        self._policy = policy
        self._attempt = attempt
        self._began = _seconds(execution.time)
        self._handed_back = 0
        self._last_heartbeat: Any = None
        self._site = execution.site()

    def follow(self, future: Future) -> Future:
        """Makes the attempts after the first."""
        future.again = self
        if isinstance(
            future, ChildFuture
        ):  # it is not yet known as failed while the child may start after all
            future.started.again = lambda started, outcome: self._wait(future, outcome) is not None
        return future

    def __call__(self, future: Future, outcome: Outcome) -> bool:
        """Whether another attempt is made."""
        wait = self._wait(future, outcome)
        if wait is None:
            return False
        self._remember(future, outcome)
        if wait == 0:
            self._ask(future)
        else:
            timer = self._execution.timer(_backoff_id(future), wait)
            timer.scope, timer.attempt_of = future.scope, future
            timer.listener = partial(self._go_on, future, outcome)
            future.on_cancel = partial(self._cancel, timer)
        return True

    def _wait(self, future: Future, outcome: Outcome) -> int | None:
        """Seconds until another attempt; None where there is none. Changes nothing."""
        policy = self._policy
        if self._execution.ending or future.cancel_asked:
            return None
        wait: int | None = None
        made = future.attempts - self._handed_back
        throw = dice(self._execution.run.run_id, _backoff_id(future)).random()
        if isinstance(outcome, Failed):
            failure = _failure(future, outcome)
            if self._is_handed_back(failure):
                wait = 0
            elif policy.after_failure(failure, final=outcome.final) and policy.allows(made):
                wait = policy.wait(made, throw, failure.retry_after)
        elif isinstance(outcome, TimedOut) and policy.after_timeout(outcome.timeout) and policy.allows(made):
            wait = policy.wait(made, throw)
        if wait is None or not policy.in_time(_seconds(self._execution.time) - self._began + wait):
            return None
        return wait

    def _is_handed_back(self, failure: Failure) -> bool:
        if failure.type != HANDED_BACK or self._handed_back == HAND_BACKS:
            return False
        return not self._policy.is_never_for(failure.type)

    def _remember(self, future: Future, outcome: Outcome) -> None:
        said = ""
        if isinstance(outcome, Failed):
            failure = _failure(future, outcome)
            self._handed_back += self._is_handed_back(failure)
            said = f"failed ({failure.type})"
        elif isinstance(outcome, TimedOut):
            if outcome.details:
                self._last_heartbeat = _heartbeat(future, outcome.details)
            said = f"timed out ({outcome.timeout})"
        if not self._execution.replaying:
            logger.info("%s %s: attempt %d follows", future.current_id, said, future.attempts + 1)

    def _ask(self, future: Future) -> None:
        future.attempts += 1
        future.run_id = None
        attributes = self._attempt(future.attempts, self._last_heartbeat)
        self._execution.ask_again(future, attributes, self._site)

    def _go_on(self, future: Future, outcome: Outcome, timer: Future) -> None:
        """The timer is over: fired, canceled, or refused by SWF."""
        future.on_cancel = None
        if timer.succeeded and not self._execution.ending:
            self._ask(future)
            return
        if isinstance(timer.outcome, Canceled):
            outcome = timer.outcome
        future.again = None
        if isinstance(future, ChildFuture):
            future.started.again = None
            self._execution.settle(future.started, outcome)
        self._execution.settle(future, outcome)

    def _cancel(self, timer: Future) -> bool:
        self._execution.cancel(timer, wait=True)
        return True


def attempt_id(first_id: str, attempt: int) -> str:
    """`activity1.attempt2`: protocol/history.md, "Ids"."""
    return first_id if attempt == 1 else f"{first_id}.attempt{attempt}"


def _backoff_id(future: Future) -> str:
    """Of the timer before the next attempt."""
    return f"{future.invocation_id}.backoff{future.attempts + 1}"


def _failure(future: Future, outcome: Failed) -> Failure:
    with configured(f"the failure of {future.current_id}"):
        return codec.decode_failure(outcome.reason, outcome.details)


def _heartbeat(future: Future, details: str) -> Any:
    try:
        return read_payload(details, f"the last heartbeat of {future.current_id}")
    except PayloadDecodeError:
        return details


def _seconds(time: datetime | float) -> float:
    return time.timestamp() if isinstance(time, datetime) else time
