"""Signals as a workflow reads and sends them, on a whole SWF."""

from __future__ import annotations

import pytest
from flow.house import house

import pyflow


class Reads(pyflow.Workflow):
    NAME = "Reads"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}

    def run(self, what):
        return getattr(self, what)()

    def in_order(self):
        channel = self.swf.signal("item")
        return [channel.result() for _ in range(3)]

    def by_two_readers(self):
        first = self.swf.spawn(self.swf.signal("item").result)
        second = self.swf.spawn(self.swf.signal("item").result)
        return [first.result(), second.result()]

    def given_back(self):
        with self.swf.scope() as scope:
            waiting = self.swf.spawn(self.swf.signal("item").result)
            self.swf.sleep(5)
            scope.cancel()
        return [self.swf.signal("item").result(), waiting.failed]

    def in_time(self):
        got = [self.swf.signal("item").result(timeout=10)]
        try:
            self.swf.signal("item").result(timeout=10)
        except pyflow.WaitTimedOutException:
            return [*got, "late"]

    def handled(self):
        seen = []
        self.swf.signal("item").on(seen.append)
        self.swf.wait_until(lambda: len(seen) == 2)
        return seen

    def unreadable(self):
        try:
            self.swf.signal("item").result()
        except pyflow.PayloadDecodeError as error:
            return str(error)[:24]


class Sends(pyflow.Workflow):
    NAME = "Sends"

    def run(self, workflow_id):
        self.swf.signal_workflow(workflow_id, "item", "from a workflow").result()
        try:
            self.swf.signal_workflow("nobody", "item").result()
        except pyflow.InvocationFailedException as error:
            return error.reason


@pytest.fixture(params=[1000, 0], ids=["resident", "replaying"])
def it(request):
    with house(Reads, Sends, max_resident_runs=request.param) as found:
        yield found


def send(it, run, *values):
    for value in values:
        it.signal(run, "item", value)


@pytest.mark.parametrize("settled_before", [True, False])
def test_signals_are_read_in_the_order_in_which_they_came(it, settled_before):
    run = it.start(Reads, "in_order")
    if settled_before:
        it.settle()
    send(it, run, "a", "b", "c")
    assert it.finish(run).result == '["a", "b", "c"]'


def test_each_signal_goes_to_one_reader_the_first_first(it):
    run = it.start(Reads, "by_two_readers")
    it.settle()
    send(it, run, "a")
    it.settle()
    send(it, run, "b")
    assert it.finish(run).result == '["a", "b"]'


def test_a_canceled_wait_leaves_the_signal_to_the_next_reader(it):
    run = it.start(Reads, "given_back")
    it.settle()
    it.swf.advance(5)
    it.settle()
    send(it, run, "kept")
    assert it.finish(run).result == '["kept", true]'


def test_a_wait_with_a_limit_of_time_ends_with_it(it):
    run = it.start(Reads, "in_time")
    send(it, run, "soon")
    assert it.finish(run).result == '["soon", "late"]'


def test_a_signal_and_the_end_of_its_time_in_one_breath_is_a_signal(it):
    run = it.start(Reads, "in_time")
    it.settle()
    send(it, run, "just")
    it.swf.advance(10)
    assert it.finish(run).result == '["just", "late"]'


def test_a_handler_is_called_with_each(it):
    run = it.start(Reads, "handled")
    it.settle()
    send(it, run, 1, 2)
    assert it.finish(run).result == "[1, 2]"


def test_a_signal_that_is_no_payload_is_the_readers_error(it):
    run = it.start(Reads, "unreadable")
    it.client.signal_workflow_execution(
        domain=it.swf.domain, workflowId=run["workflowId"], signalName="item", input="not JSON"
    )
    assert it.finish(run).close_status == "COMPLETED"


def test_a_signal_with_an_id_is_taken_once(it):
    run = it.start(Reads, "in_order")
    once = '{"$pyflow":1,"value":"once","id":"e1"}'
    for text in (once, once, '"a"', '"b"'):
        it.client.signal_workflow_execution(
            domain=it.swf.domain, workflowId=run["workflowId"], signalName="item", input=text
        )
    assert it.finish(run).result == '["once", "a", "b"]'


def test_a_workflow_signals_another_and_learns_when_there_is_none(it):
    reader = it.start(Reads, "in_order")
    sender = it.start(Sends, reader["workflowId"])
    assert it.finish(sender).result == '"UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"'
    send(it, reader, "b", "c")
    assert it.finish(reader).result == '["from a workflow", "b", "c"]'


@pytest.mark.parametrize(
    ("workflow_id", "name", "sentence"),
    [
        ("", "item", "a workflow id has 1 to 256 characters, not ''"),
        (None, "item", "a signal or a cancel needs the workflow id that it is for, not None"),
        ("w", "", "a signal has a name of 1 to 256 characters, not ''"),
        (
            "w",
            "pyflow.resume",
            "the signal name 'pyflow.resume' is pyflow's own: choose one without `pyflow.`",
        ),
    ],
)
def test_a_signal_that_swf_would_not_take_is_refused_where_it_is_sent(workflow_id, name, sentence):
    class Wrong(pyflow.Workflow):
        NAME = "Wrong"

        def run(self, value):
            try:
                self.swf.signal_workflow(workflow_id, name)
            except pyflow.InvocationException as error:
                return str(error)

    with house(Wrong) as it:
        assert it.result(Wrong) == sentence
