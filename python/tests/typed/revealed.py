"""What a type checker says of every public name, in a workflow's method: `self` is one of the class below."""

PREAMBLE = """
from typing import Any, TypeVar
import pyflow
import pyflow.testing
from pyflow.testing.story import HistoryBuilder, replay_every_turn

X = TypeVar("X")

@pyflow.activity(version="1")
def greet(name: str) -> str:
    return name

def square(number: int) -> int:
    return number * number

def an(kind: type[X]) -> X:
    raise NotImplementedError

class Mine(pyflow.Workflow):
    NAME = "Mine"
    price = pyflow.LambdaDescriptor("price")
    charge = pyflow.ActivityDescriptor("charge", "1")
    ship = pyflow.ChildWorkflowDescriptor("Ship", "1.0")
    greet = greet
    slow = greet.using(timeout=600)

    def run(self, numbers: list[int]) -> Any:
"""

STEPS = {
    "pyflow.LambdaDescriptor('price').using(timeout=5)": "LambdaDescriptor",
    "pyflow.ActivityDescriptor('charge', '1').using(priority=1)": "ActivityDescriptor",
    "pyflow.ChildWorkflowDescriptor('Ship', '1.0').using(tags=['a'])": "ChildWorkflowDescriptor",
    "an(pyflow.Activity[[str], str])('Ada')": "str",
    "pyflow.activity(greet.function)": "Activity[[name: str], str]",
    "greet('Ada')": "str",
    "greet.using(task_list='greeters')": "ActivityDescriptor",
    "Mine.greet": "Activity[[name: str], str]",
    "Mine.charge": "ActivityDescriptor",
    "self.price(1)": "Future[Any]",
    "self.charge(order=1)": "Future[Any]",
    "self.ship()": "ChildFuture[Any]",
    "self.greet('Ada')": "Future[Any]",
    "self.slow('Ada')": "Future[Any]",
    "self.price.using(retry=None)(1)": "Future[Any]",
    "self.charge.using(retry=pyflow.RetryPolicy(3))(1)": "Future[Any]",
    "self.greet.using(priority=1)('Ada')": "Future[Any]",
    "self.ship.using(workflow_id='ship-7')(1)": "ChildFuture[Any]",
    "pyflow.RetryPolicy(None, expires=60).attempts": "int | None",
}

FUTURES = {
    "an(pyflow.Future[int]).result()": "int",
    "an(pyflow.Future[int]).done": "bool",
    "an(pyflow.Future[int]).succeeded": "bool",
    "an(pyflow.Future[int]).failed": "bool",
    "an(pyflow.Future[int]).exception": "BaseException | None",
    "an(pyflow.Future[int]).invocation_id": "str",
    "an(pyflow.Future[int]).attempts": "int",
    "an(pyflow.Future[int]).cancel(wait=False)": "None",
    "an(pyflow.Future).result()": "Any",
    "an(pyflow.ChildFuture).started": "Future[str]",
    "an(pyflow.ChildFuture).workflow_id": "str",
    "an(pyflow.ChildFuture).result()": "Any",
    "an(pyflow.SignalChannel).result(timeout=5)": "Any",
    "an(pyflow.SignalChannel).on(print)": "Future[None]",
    "an(pyflow.SignalChannel).name": "str",
    "iter(an(pyflow.SignalChannel))": "Iterator[Any]",
    "an(pyflow.CancelScope).cancel('late')": "None",
    "an(pyflow.CancelScope).canceled": "bool",
}

SWF = {
    "self.swf": "WorkflowInvocationHelper",
    "an(pyflow.WorkflowInvocationHelper).run_id": "str",
    "self.swf.CHILD_POLICY_TERMINATE": "str",
    "self.swf.CHILD_POLICY_REQUEST_CANCEL": "str",
    "self.swf.CHILD_POLICY_ABANDON": "str",
    "self.swf.run_id": "str",
    "self.swf.workflow_id": "str",
    "self.swf.lambda_role": "str | None",
    "self.swf.is_replaying": "bool",
    "self.swf.workflow_time()": "datetime",
    "self.swf.history_length": "int",
    "self.swf.should_continue_as_new": "bool",
    "self.swf.random": "Random",
    "self.swf.uuid4()": "UUID",
    "self.swf.logger": "RunLogger",
    "self.swf.logger.info('here')": "None",
    "self.swf.set_state({'step': 1})": "None",
    "self.swf.patched('a')": "bool",
    "self.swf.version('a', 0, 2, choose=1)": "int",
    "lambda: self.swf.continue_as_new(1, tags=['a'])": "def () -> Never",
    "self.swf.invoke_lambda('price', 1, 30)": "Future[Any]",
    "self.swf.invoke_activity('charge', '1', 1, heartbeat_timeout=5)": "Future[Any]",
    "self.swf.invoke_child_workflow('Ship', '1.0', 1, workflow_id='ship-7')": "ChildFuture[Any]",
    "self.swf.invoke_once(square, 3)": "Future[int]",
    "self.swf.start_timer(5)": "Future[None]",
    "self.swf.sleep(5)": "None",
    "self.swf.wait_for_all(self.charge(1), [self.ship()])": "list[Future[Any]]",
    "self.swf.wait_for_any(self.charge(1), [[self.ship()]])": "list[Future[Any]]",
    "self.swf.timed_wait_for_all(5, self.charge(1))": "list[Future[Any]]",
    "self.swf.timed_wait_for_any(5, self.charge(1))": "list[Future[Any]]",
    "self.swf.spawn(square, 3)": "Future[int]",
    "self.swf.spawn(square, number=3)": "Future[int]",
    "self.swf.map(square, numbers, width=2)": "list[int]",
    "self.swf.map(self.charge, numbers, batch=2)": "list[Any]",
    "self.swf.map(str, numbers)": "list[str]",
    "self.swf.scope()": "CancelScope",
    "self.swf.shielded()": "Shield",
    "self.swf.timeout(5).expired": "bool",
    "self.swf.wait_until(lambda: True, timeout=5)": "None",
    "self.swf.signal('paid')": "SignalChannel",
    "self.swf.signal_workflow('order-7', 'paid', {'by': 'card'}, run_id='r')": "Future[None]",
    "self.swf.cancel_workflow('order-7')": "Future[None]",
}

WORKFLOWS = {
    "an(pyflow.Workflow).swf": "WorkflowInvocationHelper",
    "self.name": "str",
    "self.version": "str",
    "self.options": "dict[str, Any]",
    "self.on_error(ValueError())": "None",
}

PROCESSES = {
    "pyflow.Decider([Mine], 'shop', 'deciders', None).step()": "bool",
    "pyflow.poll_for_executions([Mine], 'shop', 'deciders', None)": "None",
    "pyflow.ActivityWorker('shop', 'cards', [greet]).run()": "int",
    "pyflow.Tracing.otlp('shop')": "Tracing",
    "pyflow.poll_for_activities([greet], 'shop', 'cards')": "int",
    "pyflow.current_activity()": "ActivityContext",
    "an(pyflow.ActivityContext).heartbeat(1)": "None",
    "an(pyflow.ActivityContext).attempt": "int",
    "an(pyflow.ActivityContext).last_heartbeat": "Any",
    "an(pyflow.ActivityContext).complete_later()": "str",
    "pyflow.ActivityCompletion('token').complete(1)": "None",
    "pyflow.ActivityWorker('shop', 'cards', [greet], executor='processes').statistics": "ActivityStatistics",
    "pyflow.ActivityWorker('shop', 'cards', [greet], interceptors=[lambda context, proceed: proceed()]).health": (
        "dict[str, Any]"
    ),
    "pyflow.logger": "Logger",
}

CLIENTS = {
    "pyflow.start_workflow('shop', 'Mine', '1.0', 'deciders', workflow_id='m')": "dict[str, str]",
    "pyflow.signal_workflow('shop', 'm', 'paid', 1)": "None",
    "pyflow.signal_with_start('shop', 'Mine', '1.0', 'deciders', 'm', 'paid')": "dict[str, str | None]",
    "pyflow.cancel_workflow('shop', 'm')": "None",
    "pyflow.terminate_workflow('shop', 'm', reason='fraud')": "None",
    "pyflow.get_workflow_result('shop', 'm', timeout=5)": "Any",
    "pyflow.get_workflow_status('shop', 'm', 'r')": "WorkflowStatus | None",
    "an(pyflow.WorkflowStatus).close_status": "str | None",
    "an(pyflow.WorkflowStatus).state": "Any",
    "an(pyflow.WorkflowStatus).parked": "str | None",
}

ERRORS = {
    "an(pyflow.InvocationException).reason": "str | None",
    "an(pyflow.InvocationException).attempts": "int",
    "an(pyflow.InvocationFailedException).type": "str",
    "an(pyflow.InvocationFailedException).message": "str",
    "an(pyflow.InvocationFailedException).data": "Any",
    "an(pyflow.InvocationFailedException).non_retryable": "bool",
    "an(pyflow.InvocationFailedException).cause": "Failure | None",
    "an(pyflow.InvocationTimedOutException).timeout": "str | None",
    "an(pyflow.InvocationTimedOutException).last_heartbeat": "Any",
    "an(pyflow.InvocationCanceledException).details": "str | None",
    "an(pyflow.WorkflowException).workflow_id": "str | None",
    "an(pyflow.WorkflowFailedException).type": "str",
    "an(pyflow.WorkflowTimedOutException).reason": "str | None",
    "an(pyflow.WorkflowCanceledException).details": "str | None",
    "an(pyflow.WorkflowTerminatedException).cause": "str | None",
    "pyflow.ApplicationError('no', type='No', non_retryable=True).type": "str",
    "pyflow.ActivityCanceled().reason": "str",
    **{
        f"an(pyflow.{name})": name
        for name in (
            "DeciderException",
            "NonDeterminismException",
            "PayloadDecodeError",
            "PayloadEncodeError",
            "PayloadException",
            "PayloadTooLarge",
            "PayloadUnavailable",
            "PyflowException",
            "UnknownCodec",
            "UnknownExecutionException",
            "UnsupportedPayloadVersion",
            "WaitTimedOutException",
            "WorkflowAlreadyStartedException",
            "WorkflowBlockedException",
            "WorkflowCanceled",
        )
    },
}

TESTING = {
    "pyflow.testing.ActivityEnvironment(attempt=2).run(greet, 'Ada')": "Any",
    "pyflow.testing.ActivityEnvironment().heartbeats": "list[Any]",
    "pyflow.testing.local_service().__enter__()": "LocalService",
    "pyflow.testing.local_swf().__enter__()": "LocalSWF",
    "pyflow.testing.WorkflowEnvironment(Mine, {Mine.charge: len}, workflows=[Mine])": "WorkflowEnvironment",
    "pyflow.testing.WorkflowEnvironment(Mine, {Mine.charge: len}).run(1)": "Any",
    "pyflow.testing.WorkflowEnvironment(Mine, {Mine.charge: len}).start(1)": "WorkflowRun",
    "pyflow.testing.WorkflowEnvironment(Mine, {Mine.charge: len}).start(1).result()": "Any",
    "pyflow.testing.WorkflowEnvironment(Mine, {Mine.charge: len}).start(1).history": "list[Mapping[str, Any]]",
    "pyflow.testing.WorkflowEnvironment(Mine, {Mine.charge: len}).calls[0].step": "str",
    "pyflow.testing.WorkflowEnvironment(Mine, {Mine.charge: len}).now": "datetime",
    "pyflow.testing.WorkflowEnvironment(Mine, {Mine.charge: len}).advance(5)": "None",
    "pyflow.testing.after(5, len)('a')": "Any",
    "pyflow.testing.no_answer()": "Generator[float, None, Any]",
    "pyflow.testing.guard(allow=['structlog']).__enter__()": "None",
    "an(pyflow.testing.GuardViolation)": "GuardViolation",
    "pyflow.testing.replay('history.json', Mine)": "list[dict[str, Any]]",
    "replay_every_turn(Mine, HistoryBuilder(1).turn())": "list[list[dict[str, Any]]]",
}

REVEALED = {**STEPS, **FUTURES, **SWF, **WORKFLOWS, **PROCESSES, **CLIENTS, **ERRORS, **TESTING}
"""An expression, and its type without the modules of its names."""

REFUSED = {
    "self.charge.using(tiemout=3)": "call-arg",
    "pyflow.LambdaDescriptor('price').using(task_list='a')": "call-arg",
    "self.swf.spawn(square, 'three')": "arg-type",
    "self.swf.spawn(square)": "call-arg",
    "self.swf.map(square, ['three'])": "arg-type",
    "self.swf.wait_for_all(3)": "arg-type",
    "self.swf.sleep('5')": "arg-type",
    "pyflow.RetryPolicy('three')": "arg-type",
    "greet(3)": "arg-type",
    "pyflow.Decider([greet], 'shop', 'deciders', None)": "list-item",
    "self.swf.charge(3)": "attr-defined",
}
"""A mistake, and what mypy calls it."""
