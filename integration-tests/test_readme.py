"""The README, run: every snippet of it, as a newcomer would; and how docs/activities.md begins."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pyflow.testing.processes import Process

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SNIPPETS = {
    name or language: text for language, name, text in FENCE.findall((ROOT / "README.md").read_text())
}
ACTIVITIES = {
    name or language: text
    for language, name, text in FENCE.findall((ROOT / "docs" / "activities.md").read_text())
}
VERBS = SNIPPETS.pop("sh")
BIN = Path(sys.executable).parent


@pytest.fixture
def folder(tmp_path):
    """A newcomer's folder: the README's files, and links to the checkout's workers."""
    for name in ("greetings.py", "greetings.rb", "Greeter.java"):
        (tmp_path / name).write_text(SNIPPETS[name])
    (tmp_path / "cards.py").write_text(ACTIVITIES["cards.py"])
    for name in ("ruby-worker", "java-worker"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


class Shell:
    """Runs the README's lines one by one; those that end in & are waited for until they are ready."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        self.processes = []
        self.endpoint = ""

    def run(self, text):
        return [self.line(line) for line in text.strip().splitlines()]

    def line(self, line):
        line = line.replace("--port 4599", "--port 0")
        if line.startswith("export "):
            for setting in shlex.split(line.removeprefix("export ")):
                name, value = setting.split("=", 1)
                self.environment[name] = value.replace("http://127.0.0.1:4599", self.endpoint)
            return ""
        if line.endswith("&"):
            return self.background(shlex.split(line.removesuffix("&")))
        done = subprocess.run(
            shlex.split(line),
            cwd=self.folder,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        return done.stdout

    def background(self, command):
        program = BIN / command[0] if (BIN / command[0]).exists() else self.folder / command[0]
        process = Process(command[1], [program, *command[1:]], cwd=self.folder, environment=self.environment)
        self.processes.append(process)
        ready = process.wait_until_ready()
        if "http" in ready:
            self.endpoint = ready.split()[1]
        return ready

    def close(self):
        for process in self.processes[1:] + self.processes[:1]:
            process.ask_to_stop()
        for process in self.processes:
            process.wait(20)
            process.forget()


@pytest.fixture
def shell(folder):
    it = Shell(folder)
    yield it
    it.close()


def finished(shell, workflow_id):
    for _ in range(200):
        said = shell.line(f"pyflow status {workflow_id} --json")
        if '"state": "OPEN"' not in said:
            return said
    raise AssertionError(said)


def test_the_first_workflow_runs_as_the_readme_says(shell):
    said = shell.run(SNIPPETS["run"])
    assert said[2:4] == ["ready", "ready"]
    assert said[4].startswith("workflow id  hello\n")
    assert '["Hello, Ada, from Python", "Hello, Grace, from Python"]' in finished(shell, "hello").replace(
        '\\"', '"'
    )
    shell.line("pyflow start Greetings --task-list deciders --workflow-id nobody --input '[\"\"]'")
    assert "NoName: nobody to greet" in finished(shell, "nobody")
    assert "greet 1" in shell.line("pyflow history hello --timeline")


def test_the_first_activity_runs_as_its_page_says(shell):
    said = shell.run(ACTIVITIES["first"])
    assert said[2:4] == ["ready", "ready"]
    assert said[4].splitlines()[-1] == '{"charged": 1200}'


@pytest.mark.parametrize("language", ["ruby", "java"])
def test_the_same_activity_runs_in_another_language(shell, language):
    lines = [line for line in SNIPPETS["run"].strip().splitlines() if "worker" not in line]
    shell.run("\n".join(lines[:3]))
    *build, worker = SNIPPETS[language].strip().splitlines()
    shell.run("\n".join(build))
    shell.line(worker + " &")
    shell.line(lines[3])
    expected = f'["Hello, Ada, from {language.title()}", "Hello, Grace, from {language.title()}"]'
    assert expected in finished(shell, "hello").replace('\\"', '"')


def test_what_the_java_workers_readme_shows_compiles(tmp_path):
    """Its class as it is; its lines for a program of one's own in a method."""
    shown = FENCE.findall((ROOT / "java-worker/README.md").read_text())
    cards, lines = [text for language, _, text in shown if language == "java"]
    (tmp_path / "Cards.java").write_text(cards)
    imports = "import io.pyflow.worker.*;\nimport java.util.Locale;\n"
    program = f"{imports}class Own {{\n  static void main() {{\n{lines}\n  }}\n}}\n"
    (tmp_path / "Own.java").write_text(program)
    jar = ROOT / "java-worker/target/pyflow-worker-all.jar"
    command = [
        "javac",
        "-cp",
        jar,
        "-d",
        tmp_path / "classes",
        tmp_path / "Cards.java",
        tmp_path / "Own.java",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_two_commands_are_targets_of_the_makefile():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [line.split()[1] for line in VERBS.strip().splitlines()] == ["demo", "test"]
    assert {"demo", "test", "help", "integration", "bench", "lint", "setup"} <= set(targets)
