"""What pyflow-swf 2.0.0 wrote: recorded by that library itself, see record_old.py. Imports with both libraries."""

import pyflow

ACTIVITIES = "work"  # the task list of the activity worker
DECISIONS = "deciders"  # the task list of this decider


class Steps(pyflow.Workflow):
    """Three activities one after the other, the second of which fails."""

    NAME = "Steps"
    VERSION = "1"

    echo = pyflow.ActivityDescriptor("echo", "1", task_list=ACTIVITIES)
    fail = pyflow.ActivityDescriptor("fail", "1", task_list=ACTIVITIES, timeout=20)

    def run(self, order):
        first = self.echo(order).result()
        try:
            self.fail(
                {"type": "CardDeclined", "message": "no", "non_retryable": True, "details": {"code": 7}}
            ).result()
            declined = None
        except pyflow.InvocationFailedException as error:
            declined = str(error).split(":")[0]
        third = self.echo([first, declined]).result()
        return {"steps": third, "order": order}


class SideBySide(pyflow.Workflow):
    """Two activities side by side, and one more once the first of them is done."""

    NAME = "SideBySide"
    VERSION = "1"

    doze = pyflow.ActivityDescriptor("doze", "1", task_list=ACTIVITIES)
    echo = pyflow.ActivityDescriptor("echo", "1", task_list=ACTIVITIES)

    def run(self, _):
        slow, fast = self.doze({"seconds": 2}), self.echo("fast")
        done = self.swf.wait_for_any(slow, fast)
        first = self.echo(["first", done[0].result()]).result()
        self.swf.wait_for_all(slow, fast)
        return [first, slow.result(), fast.result()]


class Timed(pyflow.Workflow):
    """A timed wait that is won, whose timer goes on; one that is lost, whose activity goes on; and a sleep."""

    NAME = "Timed"
    VERSION = "1"

    echo = pyflow.ActivityDescriptor("echo", "1", task_list=ACTIVITIES)
    hold = pyflow.ActivityDescriptor("hold", "1", task_list=ACTIVITIES)

    def run(self, lost_seconds):
        won = self.echo("won")
        said = [future.result() for future in self.swf.timed_wait_for_any(lost_seconds, won)]
        said.append(self.echo("between").result())
        late = self.hold({"seconds": 60})
        try:
            self.swf.timed_wait_for_all(1, late)
            said.append("in time")
        except pyflow.WaitTimedOutException:
            said.append("timed out")
        self.swf.sleep(2)
        return [*said, late.done]


class Once(pyflow.Workflow):
    """Callables that run in the decider once, one of which raises, between activities."""

    NAME = "Once"
    VERSION = "1"

    echo = pyflow.ActivityDescriptor("echo", "1", task_list=ACTIVITIES)

    def run(self, n):
        drawn = self.swf.invoke_once(lambda: {"n": n, "by": "somebody"}).result()
        first = self.echo(drawn).result()
        try:
            self.swf.invoke_once(lambda: 1 // 0).result()
            raised = None
        except pyflow.InvocationFailedException as error:
            raised = str(error).split(":")[0]
        again = self.swf.invoke_once(lambda a, b: a + b, 20, b=22).result()
        return [first["n"], first == drawn, raised, again, self.echo("end").result()]


class Parent(pyflow.Workflow):
    """Two children, one after the other, the first of which fails when it is told to."""

    NAME = "Parent"
    VERSION = "1"

    child = pyflow.ChildWorkflowDescriptor(
        "Child", "1", task_list=DECISIONS, execution_start_to_close_timeout=60
    )
    echo = pyflow.ActivityDescriptor("echo", "1", task_list=ACTIVITIES)

    def run(self, first_fails):
        try:
            first = self.child({"n": 1, "fails": first_fails}).result()
        except pyflow.InvocationFailedException as error:
            first = str(error)
        second = self.child({"n": 2, "fails": False}).result()
        return [first, self.echo("between").result(), second]


class Child(pyflow.Workflow):
    """An activity, then a failure where its input says so."""

    NAME = "Child"
    VERSION = "1"

    echo = pyflow.ActivityDescriptor("echo", "1", task_list=ACTIVITIES)

    def run(self, told):
        answer = self.echo(told["n"]).result()
        if told["fails"]:
            raise pyflow.WorkflowFailedException("TOLD_TO_FAIL", f"child {answer}")
        return answer * 10


class Lambdas(pyflow.Workflow):
    """Lambda functions: one after the other, one that raises, one that is not there."""

    NAME = "Lambdas"
    VERSION = "1"

    upper = pyflow.LambdaDescriptor("upper", timeout=20)
    broken = pyflow.LambdaDescriptor("broken")
    echo = pyflow.ActivityDescriptor("echo", "1", task_list=ACTIVITIES)

    def run(self, text):
        first = self.upper(text).result()
        second = self.echo(first).result()
        try:
            self.broken(second).result()
            reason = None
        except pyflow.InvocationFailedException as error:
            reason = str(error).split(":")[0]
        return [second, reason, self.upper("again").result()]


class Everything(pyflow.Workflow):
    """One of each kind of step, one after the other, so that a run can be stopped between any two."""

    NAME = "Everything"
    VERSION = "1"

    echo = pyflow.ActivityDescriptor("echo", "1", task_list=ACTIVITIES)
    upper = pyflow.LambdaDescriptor("upper")
    child = pyflow.ChildWorkflowDescriptor("Child", "1", task_list=DECISIONS)

    def run(self, text):
        said = [self.echo(text).result()]
        self.swf.sleep(1)
        said.append(self.swf.invoke_once(lambda: "once").result())
        said.append(self.upper(text).result())
        waited = self.swf.timed_wait_for_all(600, self.echo("in time"))
        said.append(waited[0].result())
        said.append(self.child({"n": 4, "fails": False}).result())
        both = [self.echo("left"), self.upper("right")]
        said.append(sorted(future.result() for future in self.swf.wait_for_all(both)))
        said.append(self.swf.workflow_id.startswith("Everything@"))
        return said


CLASSES = (Steps, SideBySide, Timed, Once, Parent, Child, Lambdas, Everything)
