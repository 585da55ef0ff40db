"""The demo, run as its users run it: a process of its own, the three workers, the local SWF, and a file of orders."""

from __future__ import annotations

import copy
import json
import os
import re
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ORDERS = Path(__file__).parents[1] / "examples/orders"
SHIPPED: dict[str, Any] = json.loads((ORDERS / "orders.json").read_text(encoding="utf-8"))
DEADLINE = 180  # seconds, on a machine that does much else

GOOD_ORDER = {
    "id": 7,
    "customer": {"name": "Ada", "country": "GB"},
    "currency": "GBP",
    "items": [{"name": "Loom", "quantity": 1, "price": "99.00"}],
    "card": "test_visa_4242",
}


def order(**changes: Any) -> dict[str, Any]:
    """A good order with some fields changed."""
    return {**copy.deepcopy(GOOD_ORDER), **changes}


def _with_usual_signals() -> None:
    """In the background, or under nohup, the tests themselves may have been started deaf to these."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Demo:
    """`demo.py` as a process whose environment, which its children inherit, carries a mark of its own."""

    def __init__(self, *arguments: str | Path, receipts: Path) -> None:
        self.mark = f"ORDERS_TEST_MARK={uuid.uuid4()}"
        name, value = self.mark.split("=")
        command = [sys.executable, ORDERS / "demo.py", "--receipts", receipts, *arguments]
        self.process = subprocess.Popen(
            [str(part) for part in command],
            env={**os.environ, name: value},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            preexec_fn=_with_usual_signals,
        )

    def finish(self) -> tuple[int, str, str]:
        """Its exit status, stdout and stderr."""
        out, err = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, out, err

    def read_until(self, told: str) -> None:
        """Reads what it prints, up to the line that tells this."""
        assert self.process.stdout is not None
        assert any(told in line for line in self.process.stdout)

    def processes(self) -> dict[int, str]:
        """The processes that carry the mark: command lines by id."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (process / "environ").read_bytes().split(b"\0"):
                    line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(process.name)] = line
            except OSError:  # it ended meanwhile, or is not ours
                continue
        return found

    def left_running(self) -> list[str]:
        """The command lines of processes that carry the mark."""
        return list(self.processes().values())


@pytest.fixture(scope="module")
def built() -> None:
    """The Java activities of the demo, compiled."""
    subprocess.run(["make", "--silent", "--directory", ORDERS, "setup"], check=True)


def written(path: Path, document: Any) -> Path:
    """The file, holding the document."""
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Run:
    """What came of one run. left: the processes that outlived it."""

    status: int
    out: str
    err: str
    left: list[str]
    receipts: Path


@pytest.fixture(scope="module")
def shipped(built: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The demo, run on the orders that it is shipped with."""
    receipts = tmp_path_factory.mktemp("receipts")
    demo = Demo(receipts=receipts)
    return Run(*demo.finish(), demo.left_running(), receipts)


def test_every_order_that_is_shipped_comes_out_right(shipped: Run):
    assert (shipped.status, shipped.err) == (0, ""), shipped.out + shipped.err
    assert "12 of 12 orders right" in shipped.out
    for each in SHIPPED["orders"]:
        assert re.search(rf"^ +{each['id']}  ✓", shipped.out, re.MULTILINE), shipped.out


def test_nothing_is_left_running(shipped: Run):
    assert shipped.left == []


@pytest.mark.parametrize(
    "told",
    [
        "priced (lambda)",
        "invoiced (java)",
        "charge_card failed: GatewayTimeout",
        "charged (ruby)",
        "✓ shipped",
    ],
)
def test_progress_is_told_order_by_order(told: str, shipped: Run):
    assert re.search(rf"^ +[0-9.]+ s +48207  .*{re.escape(told)}", shipped.out, re.MULTILINE), shipped.out


@pytest.mark.parametrize(
    "step",
    [
        "price_order .* lambda .* completed",
        "render_invoice .* java@invoices .* completed",
        "charge_card .* ruby@charge .* failed .GatewayTimeout",
        "sleep1 .* swf .* fired",
        "charge_card .* ruby@charge .* completed",
        "store_receipt .* python@receipts .* completed",
        "invoke_once1 .* decider .* recorded",
        "ShipmentWorkflow .* completed",
    ],
)
def test_the_timeline_tells_what_ran_where_and_in_which_language(step: str, shipped: Run):
    timeline = shipped.out.partition("order 48207, step by step")[2]
    assert re.search(step, timeline), shipped.out


def test_the_workers_leave_receipts_invoices_and_labels(shipped: Run):
    pictured = next(each for each in SHIPPED["orders"] if "attachment" in each)
    folder = shipped.receipts / str(pictured["id"])

    page = (folder / "invoice.html").read_text(encoding="utf-8")
    assert pictured["customer"]["name"] in page
    assert "164.21 EUR" in page
    assert f"data:image/png;base64,{pictured['attachment']['data']}" in page
    assert json.loads((folder / "receipt.json").read_text())["total"] == "164.21"
    assert (folder / "label.txt").read_text(encoding="utf-8") == (
        "Siobhán Ní Dhomhnaill O’Connor\nAn Capall Glas\nCG482091\n"
    )


def test_an_order_that_was_declined_leaves_no_receipt(shipped: Run):
    assert sorted(path.name for path in shipped.receipts.iterdir()) == sorted(
        str(each["id"]) for each in SHIPPED["orders"] if each["id"] != 48210
    )


@pytest.mark.usefixtures("built")
def test_wrong_orders_are_named_with_expected_and_actual(tmp_path: Path):
    wrong = copy.deepcopy(SHIPPED["orders"][0])
    wrong["expect"]["total"] = "76.53"
    failing = order(id=8, card="test_timeout_3")
    file = written(tmp_path / "wrong.json", {"orders": [wrong, failing, GOOD_ORDER]})
    demo = Demo(file, receipts=tmp_path)
    status, out, _ = demo.finish()

    assert status == 1, out
    assert "1 of 3 orders right" in out
    told = out.partition("order 48201 is wrong:")[2]
    assert re.search(r'^ +- +"total": "76.53"$', told, re.MULTILINE), out
    assert re.search(r'^ +\+ +"total": "76.52"$', told, re.MULTILINE), out
    failed = told.partition("order 8 is wrong:")[2]
    assert "closed as FAILED" in failed
    assert "GatewayTimeout" in failed
    assert "order 7 is wrong" not in out
    assert demo.left_running() == []


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("number", "after", "expected"),
    [
        (signal.SIGTERM, "priced", 128 + signal.SIGTERM),
        (signal.SIGHUP, "swf@local", 128 + signal.SIGHUP),
        (signal.SIGINT, "swf@local", 1),
    ],
    ids=["SIGTERM", "SIGHUP", "SIGINT"],
)
def test_a_demo_that_is_told_to_end_ends_all_it_started(
    number: signal.Signals, after: str, expected: int, tmp_path: Path
):
    demo = Demo(receipts=tmp_path)
    demo.read_until(after)
    demo.process.send_signal(number)
    status, out, err = demo.finish()

    assert status == expected, out + err
    assert "Traceback" not in err
    assert demo.left_running() == []


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(("command", "name"), [("pyflow.local", "local-swf"), ("charge.rb", "ruby-charge")])
def test_a_process_that_ends_in_the_middle_is_named(command: str, name: str, tmp_path: Path):
    demo = Demo(receipts=tmp_path)
    demo.read_until("priced")
    (killed,) = [process for process, line in demo.processes().items() if command in line]
    os.kill(killed, signal.SIGKILL)
    status, out, err = demo.finish()

    assert status == 1, out + err
    assert err.startswith(f"demo: {name} ended with status -9: "), err
    assert "Traceback" not in err
    assert demo.left_running() == []


BAD_FILES = {
    "not JSON": ("{", "not JSON at line 1, column 2"),
    "an array": ([], "the file is an array: it must be an object with orders"),
    "no orders": ({"orders": []}, "orders has 0 entries: it must have 1 to 500"),
    "a key twice": ('{"orders": [{"id": 1, "id": 2}]}', 'the key "id" occurs twice in one object'),
    "a number as price": (
        {"orders": [order(), order(id=8, items=[{"name": "Loom", "quantity": 1, "price": 99.0}])]},
        'orders[1].items[0].price is 99.0: it must be an amount as decimal text such as "19.90"',
    ),
    "too many digits": (
        {"orders": [order(currency="JPY")]},
        'orders[0].items[0].price is "99.00": JPY has no digits after the point',
    ),
    "a currency that the shop does not take": (
        {"orders": [order(currency="XXX")]},
        'orders[0].currency is "XXX": it must be one of AED,',
    ),
    "a real card number": (
        {"orders": [order(card="4242424242424242")]},
        'orders[0].card is "4242424242424242": it must be a test card such as test_visa_4242',
    ),
    "an id beyond a long": (
        {"orders": [order(id=2**63)]},
        "orders[0].id is 9223372036854775808: it must be a whole number from 1 to 9223372036854775807",
    ),
    "two of one id": ({"orders": [order(), order()]}, "orders[1].id is 7, as is orders[0].id"),
    "an attachment that is not base64": (
        {"orders": [order(attachment={"media_type": "image/png", "data": "not base64!"})]},
        'orders[0].attachment.data is "not base64!": it must be base64 text',
    ),
    "a misspelt key": (
        {"orders": [order(attachement={})]},
        'orders[0] has the key "attachement": its keys are id, customer,',
    ),
    "no customer": (
        {"orders": [{"id": 7}]},
        "orders[0] has no customer: its keys are id, customer,",
    ),
    "a name that would garble the terminal": (
        {"orders": [order(customer={"name": "\x1b[2J", "country": "GB"})]},
        'orders[0].customer.name is "\\u001b[2J": it must be one line of 1 to 100 characters',
    ),
}


@pytest.mark.parametrize("about", BAD_FILES)
def test_a_file_that_is_not_one_of_orders_is_told_in_one_sentence(about: str, tmp_path: Path):
    document, sentence = BAD_FILES[about]
    file = written(tmp_path / "orders.json", document)
    status, out, err = Demo(file, receipts=tmp_path).finish()

    assert (status, out) == (2, ""), err
    assert err.startswith(f"demo: {file}: {sentence}"), err
    assert err.count("\n") == 1, err


def test_a_file_that_does_not_exist_is_told_in_one_sentence(tmp_path: Path):
    status, out, err = Demo(tmp_path / "none.json", receipts=tmp_path).finish()

    assert (status, out) == (2, "")
    assert (
        err
        == f"demo: {tmp_path}/none.json does not exist: give a file as examples/orders/orders.json is one\n"
    )


def test_the_result_in_the_readme_is_that_of_the_shipped_order():
    readme = (ORDERS / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
    assert json.loads(shown) == next(order["expect"] for order in SHIPPED["orders"] if order["id"] == 48207)
