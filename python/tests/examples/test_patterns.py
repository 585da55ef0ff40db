"""Every file of examples/patterns does what it says, on the local SWF, with its own activities."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

import pyflow
from pyflow.testing import WorkflowEnvironment, no_answer, replay

PATTERNS = Path(__file__).resolve().parents[3] / "examples" / "patterns"
DAY = 86_400


def pattern(name):
    """The module of an example."""
    spec = importlib.util.spec_from_file_location(f"pattern_{name}", PATTERNS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def environment(workflow, module, *, fakes=None):
    """Its own activities do the work, but for those that a test replaces."""
    each = vars(module).values()
    activities = {step.name: step for step in each if isinstance(step, pyflow.Activity)}
    workflows = [kind for kind in each if isinstance(kind, type) and issubclass(kind, pyflow.Workflow)]
    return WorkflowEnvironment(workflow, {**activities, **(fakes or {})}, workflows=workflows)


def test_every_file_is_in_the_readme_and_tried_here():
    files = {path.stem for path in PATTERNS.glob("*.py")}
    assert set(re.findall(r"\[(\w+)\.py\]", (PATTERNS / "README.md").read_text())) == files
    assert set(re.findall(r'pattern\("(\w+)"\)', Path(__file__).read_text())) == files


@pytest.mark.parametrize(
    ("days", "decision", "result", "reminders"),
    [
        (0, True, "bought tea", 0),
        (3, True, "bought tea", 3),
        (6, False, "declined", 6),
        (7, None, "nobody decided", 7),
    ],
)
def test_an_approval_is_waited_for_and_asked_for_every_day(days, decision, result, reminders):
    example = pattern("approval")
    with environment(example.Purchase, example) as env:
        run = env.start({"thing": "tea", "by": "Ada"})
        env.advance(days * DAY)
        if decision is not None:
            run.signal("decision", decision)
        assert run.result() == result
        assert run.calls.count(("remind", "Ada")) == reminders


def test_a_saga_that_ends_well_keeps_its_bookings():
    example = pattern("saga")
    with environment(example.Trip, example) as env:
        assert env.run(["train", "hotel"]) == ["train #1", "hotel #1"]


def test_a_saga_that_fails_gives_back_the_last_booking_first():
    example = pattern("saga")
    with environment(example.Trip, example) as env:
        run = env.start(["train", "hotel", "cruise"])
        with pytest.raises(pyflow.WorkflowFailedException, match="SoldOut"):
            run.result()
        assert [step for step in run.calls if step[0] == "give_back"] == [
            ("give_back", "hotel #1"),
            ("give_back", "train #1"),
        ]


def test_a_saga_that_is_canceled_gives_back_what_it_has():
    example = pattern("saga")

    def book(part):
        yield 60
        return f"{part} #1"

    with environment(example.Trip, example, fakes={"book": book}) as env:
        run = env.start(["train", "hotel"])
        env.advance(90)
        run.cancel()
        with pytest.raises(pyflow.WorkflowCanceledException):
            run.result()
        assert [step for step in run.calls if step[0] == "give_back"] == [("give_back", "train #1")]


def test_a_fan_out_goes_on_where_one_item_fails():
    example = pattern("fan_out")
    photos = [f"{number}.jpg" for number in range(30)] + ["notes.txt"]
    with environment(example.Album, example) as env:
        *addresses, last = env.run(photos)
        assert addresses[29] == "https://photos.example/small-29.jpg"
        assert last == {"failed": "NotAPhoto"}


def test_a_fan_out_does_ten_at_a_time():
    example = pattern("fan_out")
    with environment(example.Album, example, fakes={"shrink": no_answer}) as env:
        assert len(env.start([f"{number}.jpg" for number in range(30)]).calls) == 10


def test_an_import_goes_on_where_it_was():
    example = pattern("resume")

    def dies_once(count):
        if pyflow.current_activity().info.attempt == 1:
            pyflow.current_activity().heartbeat(2_000)
            yield from no_answer()
        return example.import_rows.function(count)

    fakes = {example.import_rows: dies_once}
    with WorkflowEnvironment(example.Import, fakes) as env:
        assert env.run(5_000) == "rows 2000 to 5000 in attempt 2"


def test_children_are_found_under_their_ids_and_a_running_one_is_left_alone():
    example = pattern("children")
    with environment(example.MonthEnd, example) as env:
        env.start("Grace", workflow=example.Billing, workflow_id="billing-Grace")
        assert env.run(["Ada", "Grace"]) == {"Ada": "bill for Ada", "Grace": "bill for Grace"}
    with environment(example.MonthEnd, example, fakes={"send_bill": no_answer}) as env:
        env.start("Grace", workflow=example.Billing, workflow_id="billing-Grace")
        run = env.start(["Grace"])
        assert run.result() == {"Grace": "WORKFLOW_ALREADY_RUNNING"}


class Deciding:
    """A client of an environment, whose decider takes what it asks for at once."""

    def __init__(self, environment):
        self.environment = environment

    def request_cancel_workflow_execution(self, **request):
        self.environment.client.request_cancel_workflow_execution(**request)
        self.environment.settle()

    def __getattr__(self, name):
        return getattr(self.environment.client, name)


def test_a_tour_is_called_off_by_a_client():
    example = pattern("cancel")
    with environment(example.Tour, example) as env:
        run = env.start(["Paris", "Rome", "Athens"], workflow_id="tour-7")
        env.advance(3_600)
        assert (
            example.call_off(env.swf.domain, "tour-7", run.run_id, client=Deciding(env)) == "home, called off"
        )
        assert run.calls == [("drive", "Paris"), ("drive", "Rome"), ("drive_home", "called off")]
        assert env.run(["Paris"]) == "home, as planned"


def test_an_account_goes_on_over_runs(monkeypatch):
    monkeypatch.setattr("pyflow.flow.about.RENEW_AT", 20)
    example = pattern("entity")
    with environment(example.Account, example) as env:
        run = env.start({"name": "Ada", "balance": 10})
        run.signal("deposit", 5)
        status = pyflow.get_workflow_status(env.swf.domain, run.workflow_id, run.run_id, client=env.client)
        assert status.state == {"balance": 15}
        env.advance(DAY)
        assert run.calls == [("report", {"account": "Ada", "balance": 15})]
        first = run.run_id
        for _ in range(5):
            run.signal("deposit", 1)
        assert run.run_id != first
        run.signal("close")
        assert run.result() == "Ada: 20"


def test_a_deploy_leaves_open_runs_as_they_began_and_sends_new_ones_the_new_way():
    example = pattern("deploy")
    with WorkflowEnvironment(example.Yesterday, {"mail": example.mail.function}) as env:
        run = env.start("Ada")
        assert run.result() == "mailed Ada"
        replay(run.history, example.Reminding)
    with WorkflowEnvironment(example.Reminding, {"text": example.text.function}) as env:
        run = env.start("Ada")
        env.advance(3 * DAY - 1)
        assert run.calls == []
        assert run.result() == "texted Ada"


def test_an_operator_approves_in_the_place_of_who_is_away():
    example = pattern("stepping_in")
    with environment(example.Payment, example, fakes={"approve": no_answer}) as env:
        run = env.start("bill 7")
        run.operate("pause")
        run.operate("result", "activity1", True, by="ada")
        assert run.calls == [("approve", "bill 7")]
        run.operate("resume")
        assert run.result() == "paid bill 7"
