"""Blocks of a workflow's code that are canceled together, kept from cancels, or limited in time."""

from __future__ import annotations

from types import TracebackType

from pyflow.decider.execution import Execution
from pyflow.decider.future import Future
from pyflow.decider.scope import Scope
from pyflow.errors import WaitTimedOutException, WorkflowCanceled


class CancelScope:
    """`with self.swf.scope() as scope:`, and `scope.cancel()` anywhere cancels what was opened in the block.

    The block's own wait, and those of functions spawned in it, raise WorkflowCanceled; the block swallows the one
    that is its own. An exception that leaves the block cancels what it left open.
    """

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._scope = Scope(None)

    @property
    def canceled(self) -> bool:
        """Whether it was canceled."""
        return self._scope.canceled

    def cancel(self, cause: str = "") -> None:
        """Cancels activities, children, timers and functions of the scope, but for what is shielded; once."""
        if not self._execution.over:
            self._execution.cancel_scope(self._scope, cause)

    def __enter__(self) -> CancelScope:
        fiber = self._execution.fiber
        self._scope.parent = fiber.scope
        fiber.scope = self._scope
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if self._execution.over:
            return False
        self._execution.leave_scope(self._scope)
        if error is None:
            return False
        own = isinstance(error, WorkflowCanceled) and error.scope is self._scope
        self.cancel()
        return own


class Shield:
    """`with self.swf.shielded():`: no cancel from outside reaches what is opened or waited for in the block.

    A cancel that came meanwhile is told at the next wait behind it.
    """

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._scope = Scope(None, shield=True)

    def __enter__(self) -> None:
        fiber = self._execution.fiber
        self._scope.parent = fiber.scope
        fiber.scope = self._scope

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self._execution.over:
            self._execution.leave_scope(self._scope)


class Limit(CancelScope):
    """`with self.swf.timeout(30):` cancels the block after that time, and raises WaitTimedOutException behind it."""

    def __init__(self, execution: Execution, seconds: float, timer: Future) -> None:
        super().__init__(execution)
        self._seconds = seconds
        self._timer = timer
        self.expired = False
        """Whether the time was over before the block was."""
        timer.listener = self._fired

    def is_own(self, error: WorkflowCanceled) -> bool:
        """Whether it is this limit of time that canceled."""
        return self.expired and error.scope is self._scope

    def __enter__(self) -> Limit:
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        swallowed = super().__exit__(kind, error, traceback)
        self._timer.cancel()
        if swallowed and self.expired:
            raise WaitTimedOutException(f"not done within {self._seconds:.0f} seconds") from None
        return swallowed

    def _fired(self, timer: Future) -> None:
        if timer.succeeded:
            self.expired = True
            self.cancel(f"not done within {self._seconds:.0f} seconds")
