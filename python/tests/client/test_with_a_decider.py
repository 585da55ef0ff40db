"""What clients send, read by workflows."""

from __future__ import annotations

import pyflow
from pyflow.testing import local_service


class Orders(pyflow.Workflow):
    NAME = "Orders"

    def run(self, order):
        paid = self.swf.signal("paid")
        return [order, paid.result(), paid.result()]


def test_a_carried_signal_and_a_sent_one_are_read_in_order_and_a_repeat_is_dropped():
    with local_service() as swf:
        client = swf.client()
        decider = pyflow.Decider([Orders], swf.domain, "deciders", None, client=client)
        decider.ensure_workflows_registered()

        def pay(value, signal_id):
            return pyflow.signal_with_start(
                swf.domain,
                *("Orders", "1.0", "deciders", "w", "paid", value),
                input='{"id": 7}',
                signal_id=signal_id,
                client=client,
            )

        first = pay(1, "s1")
        assert decider.step()
        pay(1, "s1")
        assert decider.step()
        assert pay(2, "s2") == {"workflowId": "w", "runId": None}
        assert decider.step()
        result = pyflow.get_workflow_result(swf.domain, "w", first["runId"], timeout=0, client=client)
        assert result == [{"id": 7}, 1, 2]
