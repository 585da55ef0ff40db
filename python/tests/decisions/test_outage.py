"""What passes by itself is waited out, and said once."""

from __future__ import annotations

import logging
import socket
import sys

import pytest
from decisions.scripted_swf import Fault

import pyflow
from pyflow.worker.decisions.metrics import metrics_of
from pyflow.worker.decisions.outage import Outage, passes


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Fault("ThrottlingException"), True),
        (Fault("InternalFailure", status=500), True),
        (Fault("ExpiredTokenException"), True),
        (Fault("RequestExpired"), True),
        (ConnectionResetError(), True),
        (Fault("UnrecognizedClientException"), False),
        (Fault("AccessDeniedException"), False),
        (Fault("ValidationException"), False),
        (ValueError(), False),
    ],
)
def test_what_may_succeed_later_is_told_from_what_will_not(error, expected):
    assert passes(error) is expected


def test_credentials_that_botocore_can_not_renew_just_now_pass():
    from botocore.exceptions import CredentialRetrievalError

    assert passes(CredentialRetrievalError(provider="sso", error_msg="later"))


def test_a_trouble_is_a_warning_when_it_begins_and_a_line_when_it_is_over(caplog):
    caplog.set_level(logging.INFO, "pyflow")
    now = [0.0]
    outage = Outage(clock=lambda: now[0])
    for now[0] in (0.0, 30.0, 80.0):
        outage.met(Fault("ExpiredTokenException", "it is expired"))
    now[0] = 90.0
    outage.passed()
    outage.passed()
    assert [each.getMessage() for each in caplog.records] == [
        "ExpiredTokenException: it is expired; trying again until it passes",
        "SWF answers again, after 90 s",
    ]
    now[0] = 200.0
    outage.met(Fault("ExpiredTokenException", "again"))
    assert caplog.records[-1].levelname == "WARNING"


@pytest.fixture
def decider():
    return pyflow.Decider([], "shop", "deciders", "me", client=object())


def test_metrics_without_their_package_are_refused_in_one_sentence(decider, monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client.core", None)
    with (
        pytest.raises(
            pyflow.PyflowException, match="metrics need the package prometheus-client: pip install"
        ),
        metrics_of(decider, 0),
    ):
        pass


def test_a_port_that_is_taken_is_said(decider):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(pyflow.PyflowException, match=f"metrics can't be served at 127.0.0.1:{port}: "),
            metrics_of(decider, port),
        ):
            pass
