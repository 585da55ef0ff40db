"""Writes what this release's three writers write into protocol/corpus/VERSION, for ever: `python record_corpus.py 3.0.0`.

What is there already is never changed. Needs the workers built.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

from codec.configured import KEYS
from codec.notation import failure as failure_of
from codec.notation import value as value_of
from codec.notation import vectors
from corpus.order import CLASSES, GIVEN, Order
from deadline import until
from decoders import InProcess, Process, Question, text_of
from servers import local
from worker_processes import LANGUAGES, ROOT, launch

from pyflow import Decider, codec, start_workflow
from pyflow.stores.configuration import configured

CORPUS = ROOT / "protocol/corpus"
LONG = hashlib.shake_256(b"pyflow").hexdigest(3000)
BYTES = hashlib.shake_256(b"pyflow").hexdigest(600)
ROW = {"map": [["id", {"int": "7"}], ["name", "小林"], ["paid", True]]}
VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        "",
        "Hello",
        "小林 😀",
        "a\u0000b",
        "\u007f\u0085\u2028",
        '"\\/',
        {"bytes": ""},
        {"bytes": "00ff"},
    ),
    *({"int": number} for number in ("0", "-1", "-33", "128", "9223372036854775807", "18446744073709551615")),
    *(
        {"int": number}
        for number in ("-9223372036854775809", "18446744073709551616", "-2361183241434822606848")
    ),
    {"int": {"concat": ["-1", {"repeat": ["0", 999]}]}},
    *(
        {"float": number}
        for number in ("0.1", "-0.0", "1.0", "1e23", "5e-324", "NaN", "Infinity", "-Infinity")
    ),
    *(
        {"ts": f"{time}Z"}
        for time in ("2026-11-23T09:30:00", "1969-12-31T23:59:59.999999999", "0001-01-01T00:00:00")
    ),
    *({"ts": f"{time}Z"} for time in ("9999-12-31T23:59:59.5", "2040-02-29T12:00:00.000001")),
    *({"dec": number} for number in ("0", "1.10", "-12.5", "1E+300", "9E-6144")),
    *([], [[], [None, {"int": "1"}, "x"]], {"nest": [True, 64]}, {"map": []}, ROW, [ROW, ROW]),
    *(
        {"map": [["$ts", "soon"]]},
        {"map": [["$pyflow", {"int": "1"}], ["a", None]]},
        {"map": [["$map", []], ["b", []]]},
    ),
    {"map": [[{"int": "1"}, "one"], ["1", "text"], [{"bytes": "0102"}, {"bytes": "03"}]]},
]
HEADERS = {
    "map": [
        ["attempt", {"int": "2"}],
        ["last_heartbeat", {"map": [["row", {"int": "7"}]]}],
        ["x-user", "ada"],
    ]
}
SPECIAL: list[dict[str, Any]] = [
    {"name": "raw Unicode, since its escapes are too long", "value": {"repeat": ["é", 8000]}},
    {"name": "compressed", "value": {"repeat": [[ROW], 2000]}},
    {"name": "compressed json", "value": {"repeat": [[ROW], 2000]}, "coding": "json"},
    {"name": "a claim check", "value": {"bytes": BYTES}, "limit": 400, "store": "default"},
    {"name": "headers", "value": ROW, "headers": HEADERS},
    {
        "name": "headers and an id around what is rich",
        "value": {"dec": "1.10"},
        "headers": HEADERS,
        "id": "signal-😀",
    },
    {"name": "a user codec", "value": ROW, "codecs": ["test-xor"]},
    {"name": "encrypted", "value": ROW, "codecs": ["aes-256-gcm"]},
    {
        "name": "encrypted, with headers",
        "value": {"bytes": "00ff"},
        "codecs": ["aes-256-gcm"],
        "headers": HEADERS,
    },
    {"name": "encrypted after a user codec", "value": [ROW], "codecs": ["test-xor", "aes-256-gcm"]},
    {"name": "encrypted and compressed", "value": {"repeat": [[ROW], 2000]}, "codecs": ["aes-256-gcm"]},
    {
        "name": "an encrypted claim check",
        "value": {"bytes": BYTES},
        "limit": 400,
        "store": "default",
        "codecs": ["aes-256-gcm"],
    },
    *(
        {"name": f"heartbeat of {name}", "value": value, "heartbeat": True}
        for name, value in (("a map", ROW), ("a text", "x"))
    ),
    {"name": "a compressed heartbeat", "value": {"repeat": [[ROW], 100]}, "heartbeat": True},
    {"name": "an encrypted heartbeat", "value": ROW, "heartbeat": True, "codecs": ["aes-256-gcm"]},
    {
        "name": "a heartbeat that was too long",
        "value": {"bytes": LONG},
        "heartbeat": True,
        "dropped": True,
    },
]
USUAL = {
    "coding": "auto",
    "limit": 32_768,
    "codecs": [],
    "store": None,
    "headers": None,
    "id": None,
    "heartbeat": False,
}


def entries(decoder: InProcess | Process, store: Path) -> list[dict[str, Any]]:
    """What a language writes of each case; what is to be stored is put into the store."""
    cases = [
        {"name": f"value {number} in {coding}", "value": value, "coding": coding}
        for number, value in enumerate(VALUES)
        for coding in ("auto", "xjson", "msgpack")
    ]
    found = []
    for case in [*cases, *SPECIAL]:
        headers = None if case.get("headers") is None else codec.encode(value_of(case["headers"]))
        asked = {**USUAL, **case, "failure": None, "headers": headers}
        asked["value"] = codec.encode(value_of(case["value"]), coding="msgpack", limit=10**7)
        text, stored = write(decoder, {key: asked[key] for key in (*USUAL, "failure", "value")})
        entry = {
            "name": case["name"],
            "text": text,
            **{key: case[key] for key in ("headers", "id") if key in case},
        }
        if stored is not None:
            path = store / codec.decode(text).key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b64decode(stored))
        found.append({**entry, "value": None if "dropped" in case else case["value"]})
    for vector in vectors("failures", "write-documents"):
        if "include_stack" in vector or "codecs" in vector:
            continue
        for codecs in ([], ["aes-256-gcm"]):
            failure = codec.encode_failure(failure_of(vector["failure"]))
            reason, details = write(
                decoder, {**USUAL, "value": None, "codecs": codecs, "failure": list(failure)}
            )
            name = f"{vector['name']}{', encrypted' if codecs else ''}"
            found.append({"name": name, "reason": reason, "details": details, "failure": vector["document"]})
    return found


def write(decoder: InProcess | Process, asked: dict[str, Any]) -> tuple[Any, Any]:
    said, *words = decoder.ask(Question("write", (codec.encode(asked, limit=10**7),))).split(" ")
    assert said == "read", (asked, said, words)
    return text_of(words[0]), text_of(words[1]) if asked["failure"] else None if words[1] == "-" else words[1]


def sealed_history(folder: Path) -> dict[str, Any]:
    """A run of the decider with keys and a store, through the workers of three languages."""
    key_file, store = str(folder / "keys.json"), str(folder / "store")
    payloads = configured(key_file, [store])
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(local())
        domain = server.new_domain("corpus")
        arguments = ("--key-file", key_file, "--store", store)
        workers = [launch(language, server, domain=domain, arguments=arguments) for language in LANGUAGES]
        for worker in workers:
            stack.enter_context(worker.process).wait_until_ready()
        given = {**GIVEN, "through": [worker.task_list for worker in workers]}
        decider = Decider(CLASSES, domain, "deciders", None, client=server.client, payloads=payloads)
        decider.ensure_workflows_registered()
        execution = start_workflow(
            domain,
            Order.NAME,
            Order.VERSION,
            "deciders",
            None,
            json.dumps(given),
            server.client,
            payloads=payloads,
        )

        def closed() -> Any:
            decider.step()
            history = server.client.get_workflow_execution_history(domain=domain, execution=execution)
            return history if history["events"][-1]["eventType"] == "WorkflowExecutionCompleted" else None

        history = until(closed, "the run is closed")
    return {"events": history["events"], "workflowExecution": execution}


def main(version: str) -> None:
    folder = CORPUS / version
    if folder.exists():
        sys.exit(f"{folder} is there, and what is there stays as it is: choose a new version")
    (folder / "store").mkdir(parents=True)
    keys = {name: b64encode(key).decode() for name, key in KEYS.items()}
    (folder / "keys.json").write_text(json.dumps({"encrypt_with": "2026-11", "keys": keys}) + "\n")
    for language, decoder in {
        "python": InProcess(),
        "ruby": Process("ruby"),
        "java": Process("java"),
    }.items():
        lines = ",\n".join(
            json.dumps(entry, ensure_ascii=True) for entry in entries(decoder, folder / "store")
        )
        (folder / f"{language}.json").write_text(f"[\n{lines}\n]\n")
        if isinstance(decoder, Process):
            decoder.close()
    shown = json.dumps(sealed_history(folder), default=lambda time: time.isoformat(), indent=1)
    (folder / "history.json").write_text(shown + "\n")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}"
        for path in files(folder)
    ]
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")


if __name__ == "__main__":
    main(sys.argv[1])
