"""The few calls that a worker makes all day, without what botocore does for them beside sending.

botocore validates each request against SWF's model and parses each event of an answer by it, which costs fifteen times
what `json.loads` does. A `HotClient` writes and reads plain JSON instead; all the rest is the client's own: endpoint,
credentials, event hooks, retries, and the HTTP session with its proxies, CA bundles, timeouts and connections.
"""

from __future__ import annotations

import sys
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflow.swf.hot_call import HotCall

HOT = (
    "get_workflow_execution_history",
    "poll_for_activity_task",
    "poll_for_decision_task",
    "record_activity_task_heartbeat",
    "respond_activity_task_canceled",
    "respond_activity_task_completed",
    "respond_activity_task_failed",
    "respond_decision_task_completed",
)


def hot(client: Any) -> Any:
    """The client with its hot calls made cheap: a HotClient around one that botocore made, else the client itself.

    Whether a call may be made cheaply is looked at anew each time, see `is_genuine`.
    """
    botocore = sys.modules.get("botocore.client")  # who has made a client has imported it
    if botocore is None or not isinstance(client, botocore.BaseClient):
        return client
    return HotClient(client)


def is_genuine(client: Any, name: str) -> bool:
    """Whether a call of that name would go through botocore's own code, so that its work can be done in another way.

    Not where the method, `_make_api_call` or the endpoint's ways of sending have been replaced, as mocks and tracers do.
    What hooks itself into the client's events, as moto, botocore's Stubber and `pyflow.testing` do, needs no exception:
    hot calls emit the same events.
    """
    endpoint = getattr(client, "_endpoint", None)
    ways = (client, name), (client, "_make_api_call"), (endpoint, "make_request"), (endpoint, "_send")
    return all(_is_botocores(getattr(getattr(of, way, None), "__func__", None)) for of, way in ways)


def _is_botocores(function: Any) -> bool:
    return type(function) is FunctionType and function.__globals__["__name__"].startswith("botocore.")


class HotClient:
    """A boto3 SWF client whose hot calls take and give plain JSON: an event's timestamp is in seconds, a float.

    Every other attribute is the client's. Requests are not validated here: SWF refuses what it does not take, by a
    ClientError, where botocore would raise ParamValidationError. Polls are sent once, since a repeated one can lose a
    task; other calls are repeated as the client is configured to. Threads may share it.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._calls: dict[str, HotCall | None] = {}  # None: this botocore is another than HotCall knows
        for name in HOT:
            setattr(self, name, partial(self._make, name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _make(self, name: str, **params: Any) -> Any:
        if is_genuine(self._client, name):
            if name not in self._calls:
                self._calls[name] = self._prepared(name, params)
            if (call := self._calls[name]) is not None:
                return call.make(params)
        return getattr(self._client, name)(**params)

    def _prepared(self, name: str, params: dict[str, Any]) -> HotCall | None:
        from pyflow.swf.hot_call import HotCall  # imports botocore

        try:
            return HotCall(self._client, self._client.meta.method_to_api_mapping[name], params)
        except (AttributeError, KeyError, TypeError):
            return None
