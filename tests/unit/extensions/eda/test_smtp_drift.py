# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source: its options, which results are changes, and how a run ends."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

PATH = Path(__file__).parents[4] / "extensions/eda/plugins/event_source/smtp_drift.py"
SPEC = importlib.util.spec_from_file_location("smtp_drift", PATH)
assert SPEC and SPEC.loader
source = importlib.util.module_from_spec(SPEC)
sys.modules["smtp_drift"] = source
SPEC.loader.exec_module(source)

AT = "2027-01-04T06:00:00Z"
Item = dict[str, Any]


def entry(name: str, verdict: str = "compliant", *findings: Item, **more: Any) -> Item:
    return {"name": name, "verdict": verdict, "findings": list(findings), "error": None, **more}


def finding(status: str, actual: object = 25) -> Item:
    message = f"port is {actual}, expected 587"
    fields = {"setting": "port", "expected": 587, "actual": actual, "message": message}
    return {"status": status, "waiver": None, **fields}


def report(*entries: Item) -> Item:
    return {"environments": list(entries), "generated_at": AT}


def down(message: str, kind: str = "connect") -> Item:
    return entry("a", "indeterminate", error={"kind": kind, "message": message, "status": None})


def test_documents_every_option() -> None:
    options = yaml.safe_load(source.DOCUMENTATION)["options"]
    assert list(options) == list(source.Options.__dataclass_fields__)
    defaults = source.Options(inventory=[])
    for name in ("interval", "timeout", "limit", "ansible_playbook"):
        assert options[name].get("default") == getattr(defaults, name)
    (rulebook,) = yaml.safe_load(source.EXAMPLES)
    assert source.Options.parse(rulebook["sources"][0]["keyfactor.command.smtp_drift"])


@pytest.mark.parametrize(
    ("args", "fragment"),
    [
        ({}, "needs the option inventory"),
        ({"inventory": []}, "needs the option inventory"),
        ({"inventory": {"all": "secret-4711"}}, "inventory of smtp_drift must be a list, not dict"),
        ({"inventory": "i", "intervall": 5}, "no option intervall. It has: inventory, interval"),
        ({"inventory": "i", "interval": 0}, "interval of smtp_drift must be a number of at least"),
        ({"inventory": "i", "interval": "soon"}, "interval of smtp_drift must be a number"),
        ({"inventory": "i", "timeout": True}, "timeout of smtp_drift must be a number"),
        ({"inventory": "i", "limit": 5}, "limit of smtp_drift must be text, not int"),
        ({"inventory": "i", "environments": [""]}, "environments of smtp_drift must be text"),
        ({"inventory": "i", "extra_vars": "secret-4711"}, "extra_vars of smtp_drift must be a map"),
    ],
    ids=str,
)
def test_refuses_options(args: Item, fragment: str) -> None:
    with pytest.raises(ValueError, match="smtp_drift") as refused:
        source.Options.parse(args)
    assert fragment in str(refused.value)
    assert "secret" not in str(refused.value)


def test_command_and_variables() -> None:
    args = {"inventory": ["a.yml", "b.yml"], "limit": "prod*", "environments": "prod"}
    extra_vars = {"verify_smtp_expected": {"port": 587}, "verify_smtp_fail": True}
    options = source.Options.parse({**args, "extra_vars": extra_vars, "interval": "2.5"})
    assert options.interval == 2.5
    playbook = ["ansible-playbook", "keyfactor.command.verify_smtp"]
    inventories = ["-i", "a.yml", "-i", "b.yml"]
    assert options.command() == [*playbook, *inventories, "--limit", "prod*"]
    assert options.variables() == {
        "verify_smtp_environments": ["prod"],
        "verify_smtp_expected": {"port": 587},
        "verify_smtp_fail": False,
        "verify_smtp_report_formats": ["json"],
    }


def test_event() -> None:
    verdicts = source.Verdicts()
    verdicts.changes(report(entry("a", url="https://command.example.com")))
    drifted = entry("a", "drifted", finding("match", 587), finding("drift"), correlation_id="c-1")
    (event,) = verdicts.changes(report(drifted))
    difference = finding("drift")
    del difference["waiver"]
    assert event == {
        "environment": "a",
        "verdict": "drifted",
        "previous_verdict": "compliant",
        "differences": [difference],
        "error": None,
        "url": None,
        "correlation_id": "c-1",
        "verified_at": AT,
    }


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (entry("a"), entry("a"), False),
        (entry("a"), entry("a", "drifted", finding("drift")), True),
        (entry("a", "drifted", finding("drift")), entry("a", "drifted", finding("drift")), False),
        (
            entry("a", "drifted", finding("drift")),
            entry("a", "drifted", finding("drift", 26)),
            True,
        ),
        (entry("a", findings=[finding("waived")]), entry("a"), True),
        (entry("a"), down("refused"), True),
        # The words of an error vary, for example with the number of attempts.
        (down("refused, 3 attempts"), down("refused, 4 attempts"), False),
        (down("refused"), down("certificate", "tls"), True),
        (entry("a", correlation_id="1"), entry("a", correlation_id="2"), False),
    ],
)
def test_changes(before: Item, after: Item, changed: bool) -> None:
    verdicts = source.Verdicts()
    assert len(verdicts.changes(report(before, entry("b")))) == 2
    events = verdicts.changes(report(after, entry("b")))
    assert [event["environment"] for event in events] == (["a"] if changed else [])


def test_environment_that_is_gone_is_indeterminate() -> None:
    verdicts = source.Verdicts()
    verdicts.changes(report(entry("a"), entry("b")))
    (event,) = verdicts.changes(report(entry("b")))
    assert (event["environment"], event["verdict"]) == ("a", "indeterminate")
    assert event["error"]["kind"] == "missing"
    assert verdicts.changes(report(entry("b"))) == []
    (event,) = verdicts.changes(report(entry("a"), entry("b")))
    assert (event["verdict"], event["previous_verdict"]) == ("compliant", "indeterminate")


def test_run_without_report_makes_all_indeterminate() -> None:
    verdicts = source.Verdicts()
    (event,) = verdicts.failure("broken")
    assert (event["environment"], event["verdict"]) == (None, "indeterminate")
    assert verdicts.failure("broken again") == []
    # What is known afterwards replaces it.
    verdicts.changes(report(entry("a"), entry("b")))
    events = verdicts.failure("broken")
    assert [event["environment"] for event in events] == ["a", "b"]
    assert events[0]["error"] == {"kind": "no_report", "message": "broken"}


def write_program(tmp_path: Path, script: str) -> str:
    """Write a program that takes the place of ansible-playbook."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory for temporary files, which must be empty in the end."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    monkeypatch.setenv("TMPDIR", str(directory))
    yield directory
    assert list(directory.iterdir()) == []


def run_with(tmp_path: Path, script: str, **args: Any) -> Item:
    """Run the source with this script until its first event, then cancel it."""
    program = write_program(tmp_path, script)

    async def run() -> Item:
        queue: asyncio.Queue[Item] = asyncio.Queue()
        options = {"inventory": "i.yml", "ansible_playbook": program, **args}
        task = asyncio.ensure_future(source.main(queue, options))
        event = await asyncio.wait_for(queue.get(), 60)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return event

    return asyncio.run(run())


class Pipe:
    """A pipe that the processes of a run hold open, so that it shows when the last one has ended."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "pipe"
        os.mkfifo(self.path)
        self.end = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)

    def wait_until_closed(self) -> None:
        os.set_blocking(self.end, True)
        while os.read(self.end, 100):
            pass
        os.close(self.end)


def test_run(tmp_path: Path, temporary: Path) -> None:
    """Its variables are in a file, not in the list of processes."""
    (tmp_path / "report.json").write_text(json.dumps(report(entry("a"))))
    script = (
        f'echo "$@" >{tmp_path}/args\nfor file; do :; done\nfile=${{file#@}}\n'
        f'cp "$file" {tmp_path}/variables.json\ncp {tmp_path}/report.json "${{file%/*}}"'
    )
    event = run_with(tmp_path, script, extra_vars={"token": "secret-4711"})
    assert (event["environment"], event["verdict"]) == ("a", "compliant")
    args = (tmp_path / "args").read_text().split()
    assert args[:-1] == ["keyfactor.command.verify_smtp", "-i", "i.yml", "-e"]
    file = Path(args[-1].removeprefix("@"))
    assert file.parent.parent == temporary
    variables = json.loads((tmp_path / "variables.json").read_text())
    assert variables["verify_smtp_report_dir"] == str(file.parent)
    assert variables["token"] == "secret-4711"


def test_broken_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    event = run_with(tmp_path, "echo secret-4711; echo secret-4711 >&2; exit 4")
    message = event["error"]["message"]
    assert "ended with status 4 and without a report" in message
    assert "keyfactor.command.verify_smtp -i i.yml -e verify_smtp_fail=false" in message
    assert message in caplog.text
    assert "secret-4711" not in caplog.text


def test_program_that_is_missing(tmp_path: Path) -> None:
    event = run_with(tmp_path, "", ansible_playbook="no-such-program")
    assert "no-such-program is not installed" in event["error"]["message"]


def test_stops_a_run_that_takes_too_long(tmp_path: Path) -> None:
    """With its children, which a shell leaves behind."""
    pipe = Pipe(tmp_path)
    event = run_with(tmp_path, f"exec 3>{pipe.path}; sleep 600 & wait", timeout=1)
    assert "was stopped after 1 seconds. Increase timeout" in event["error"]["message"]
    pipe.wait_until_closed()


def test_stops_when_it_is_cancelled(tmp_path: Path) -> None:
    """During a run, whose processes end, and whose directory goes."""
    pipe = Pipe(tmp_path)
    program = write_program(tmp_path, f'exec 3>{pipe.path}; echo "$4" >&3; sleep 600 & wait')

    async def run() -> str:
        args = {"inventory": "i.yml", "ansible_playbook": program}
        task = asyncio.ensure_future(source.main(asyncio.Queue(), {**args, "limit": "a"}))
        loop = asyncio.get_running_loop()
        started: asyncio.Future[None] = loop.create_future()
        loop.add_reader(pipe.end, lambda: started.done() or started.set_result(None))
        await started
        loop.remove_reader(pipe.end)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return os.read(pipe.end, 100).decode()

    assert asyncio.run(run()) == "--limit\n"
    pipe.wait_until_closed()


@pytest.mark.parametrize(
    ("number", "trap"),
    [(signal.SIGINT, ""), (signal.SIGTERM, ""), (signal.SIGKILL, "trap '' TERM;")],
    ids=["interrupted", "terminated", "killed, and the run does not end by itself"],
)
def test_leaves_nothing_when_it_is_stopped(
    tmp_path: Path, temporary: Path, number: signal.Signals, trap: str
) -> None:
    """Java ends ansible-rulebook without running its Python code."""
    program = write_program(tmp_path, f"{trap} pwd >started; sleep 600 & wait")
    os.mkfifo(tmp_path / "started")
    args = json.dumps({"inventory": "i.yml", "ansible_playbook": program})
    process = subprocess.Popen(
        [sys.executable, PATH, args], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert (tmp_path / "started").read_text()
    assert len(list(temporary.iterdir())) == 1
    process.send_signal(number)
    # Until the process of the run, which has the same standard error, has ended too.
    _output, errors = process.communicate()
    assert (number == signal.SIGINT) == ("KeyboardInterrupt" in errors)
