# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Event source for Event-Driven Ansible: an event for each change of an SMTP profile's verdict."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENTATION = r"""
---
short_description: Events when the SMTP profile of an environment drifts
description:
  - Runs the playbook P(keyfactor.command.verify_smtp#playbook) at an interval. Emits an event for
    each environment of Keyfactor Command whose verdict or differences changed.
  - The first verdict of an environment counts as a change, so a restart misses nothing.
  - An environment that cannot be read, and one that is no longer in the inventory, are
    C(indeterminate). They do not stop the others. If a run ends without results, all environments
    are C(indeterminate).
  - An event has the keys C(environment), C(verdict), C(previous_verdict), C(differences), C(error),
    C(url), C(correlation_id) and C(verified_at). It has no credentials.
requirements:
  - C(ansible-playbook), this collection, and what its role requires, on the machine that runs
    C(ansible-rulebook).
options:
  inventory:
    description: Inventories with a host for each environment. Paths, or one path.
    type: list
    elements: str
    required: true
  interval:
    description: Seconds from the start of one run to that of the next. At least 1.
    type: float
    default: 300
  timeout:
    description: Seconds after which a run is stopped, and all environments are C(indeterminate).
    type: float
    default: 600
  limit:
    description: Verify only the hosts that match this pattern.
    type: str
  environments:
    description: Names of environments that must be verified. One that is missing in the inventory is
      C(indeterminate).
    type: list
    elements: str
    default: []
  extra_vars:
    description: Variables for the role P(keyfactor.command.verify_smtp#role). Put secrets in the
      environment or in the inventory instead.
    type: dict
    default: {}
  ansible_playbook:
    description: The program to run.
    type: str
    default: ansible-playbook
"""

EXAMPLES = r"""
- name: Act when SMTP profiles drift
  hosts: localhost
  sources:
    - keyfactor.command.smtp_drift:
        inventory: environments.yml
        interval: 300
  rules:
    - name: Drift
      condition: event.verdict == "drifted"
      action:
        debug:
          msg: "{{ event.environment }}: {{ event.differences }}"
"""

PLAYBOOK = "keyfactor.command.verify_smtp"
COMPLIANT, INDETERMINATE = "compliant", "indeterminate"
# Seconds that a stopped run gets to end.
GRACE = 5
# The argument of the process that runs the playbook.
RUN = "--run"
logger = logging.getLogger(__name__)
Entry = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """The options of the source."""

    inventory: list[str]
    interval: float = 300.0
    timeout: float = 600.0
    limit: str | None = None
    environments: tuple[str, ...] = ()
    extra_vars: dict[str, Any] | None = None
    ansible_playbook: str = "ansible-playbook"

    @classmethod
    def parse(cls, args: dict[str, Any]) -> Options:
        """Validate the options. :raises ValueError: if one is unknown, missing, or of a wrong type."""
        readers: dict[str, Callable[[str, Any], Any]] = {
            "inventory": _names,
            "interval": _seconds,
            "timeout": _seconds,
            "limit": _text,
            "environments": _names,
            "extra_vars": _mapping,
            "ansible_playbook": _text,
        }
        unknown = sorted(set(args) - set(readers))
        if unknown:
            raise ValueError(
                f"smtp_drift has no option {', '.join(unknown)}. It has: {', '.join(readers)}"
            )
        values = {
            name: readers[name](name, value) for name, value in args.items() if value is not None
        }
        if not values.get("inventory"):
            raise ValueError("smtp_drift needs the option inventory: a path, or a list of paths")
        return cls(**values)

    def command(self) -> list[str]:
        """Return the command of a run, without its variables, which may have secrets."""
        inventories = [word for name in self.inventory for word in ("-i", name)]
        limit = ["--limit", self.limit] if self.limit else []
        return [self.ansible_playbook, PLAYBOOK, *inventories, *limit]

    def variables(self) -> dict[str, Any]:
        """Return the variables of a run, without the directory of its report."""
        return {
            "verify_smtp_environments": list(self.environments),
            **(self.extra_vars or {}),
            "verify_smtp_fail": False,
            "verify_smtp_report_formats": ["json"],
        }


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"The option {name} of smtp_drift must be text, not {_kind(value)}")
    return value


def _names(name: str, value: Any) -> Any:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, (list, tuple)):
        raise ValueError(f"The option {name} of smtp_drift must be a list, not {_kind(value)}")
    names = [_text(name, each) for each in values]
    return tuple(names) if name == "environments" else names


def _mapping(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"The option {name} of smtp_drift must be a mapping, not {_kind(value)}")
    return value


def _seconds(name: str, value: Any) -> float:
    try:
        seconds = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        seconds = float("nan")
    if not 1 <= seconds < float("inf"):
        raise ValueError(
            f"The option {name} of smtp_drift must be a number of at least 1 (seconds)"
        )
    return seconds


def _kind(value: Any) -> str:
    # Not the value itself, which may be a secret in the wrong place.
    return "an empty text" if isinstance(value, str) else type(value).__name__


class Verdicts:
    """The last verdict of each environment, which tells what changed."""

    def __init__(self) -> None:
        self._last: dict[str | None, Entry] = {}

    def changes(self, report: dict[str, Any]) -> list[Entry]:
        """Return the events of a report. Environments that are missing in it are indeterminate."""
        entries = {entry["name"]: entry for entry in report["environments"]}
        # A failure of all environments is over.
        self._last.pop(None, None)
        gone = "It is no longer in the inventory, or no longer within the limit"
        for name in self._last:
            entries.setdefault(name, _unread(name, "missing", gone))
        return self._events(entries, report["generated_at"])

    def failure(self, message: str) -> list[Entry]:
        """Return the events of a run without a report. None stands for environments not yet known."""
        names: list[str | None] = list(self._last) or [None]
        return self._events({name: _unread(name, "no_report", message) for name in names}, None)

    def _events(self, entries: dict[str | None, Entry], verified_at: str | None) -> list[Entry]:
        events = []
        for name, entry in entries.items():
            before = self._last.get(name)
            self._last[name] = entry
            if before is None or _fingerprint(before) != _fingerprint(entry):
                events.append(_event(entry, before, verified_at))
        return events


def _unread(name: str | None, kind: str, message: str) -> Entry:
    error = {"kind": kind, "message": message}
    return {"name": name, "verdict": INDETERMINATE, "findings": [], "error": error}


def _fingerprint(entry: Entry) -> tuple[Any, ...]:
    """What makes two results of an environment differ. The words of an error may vary."""
    kind = (entry.get("error") or {}).get("kind")
    return entry["verdict"], kind, json.dumps(_differences(entry), sort_keys=True)


def _differences(entry: Entry) -> list[Entry]:
    keys = ("setting", "status", "expected", "actual", "message")
    return [
        {key: finding.get(key) for key in keys}
        for finding in entry["findings"]
        if finding["status"] != "match"
    ]


def _event(entry: Entry, before: Entry | None, verified_at: str | None) -> Entry:
    error = entry.get("error")
    return {
        "environment": entry["name"],
        "verdict": entry["verdict"],
        "previous_verdict": before["verdict"] if before else None,
        "differences": _differences(entry),
        "error": {key: error.get(key) for key in ("kind", "message")} if error else None,
        "url": entry.get("url"),
        "correlation_id": entry.get("correlation_id"),
        "verified_at": verified_at,
    }


class RunError(Exception):
    """A run gave no report. The message says what to do."""


async def verify(options: Options) -> dict[str, Any]:
    """Run the playbook once, and return its report. :raises RunError: if there is none."""
    program = shutil.which(options.ansible_playbook) or shutil.which(
        options.ansible_playbook, path=str(Path(sys.executable).parent)
    )
    if program is None:
        raise RunError(f"{options.ansible_playbook} is not installed. Set ansible_playbook")
    command = options.command()
    request = {"command": [program, *command[1:]], "variables": options.variables()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, RUN),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # A terminal interrupts only the source.
        start_new_session=True,
    )
    assert process.stdin and process.stdout
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        output = await asyncio.wait_for(process.stdout.read(), options.timeout)
    except asyncio.TimeoutError:
        raise RunError(
            f"The run was stopped after {options.timeout:g} seconds. Increase timeout"
        ) from None
    finally:
        # Stops what still runs.
        process.stdin.close()
        await process.wait()
    result: dict[str, Any] = json.loads(output or "{}")
    if not result.get("report"):
        raise RunError(
            f"The run ended with status {result.get('status')} and without a report. To see why,"
            f" run: {' '.join([*command, '-e', 'verify_smtp_fail=false'])}"
        )
    report: dict[str, Any] = result["report"]
    return report


def run_playbook() -> None:
    """Run a command that is read from standard input, and print its status and its report.

    This is a process of its own, which ends the run and removes its directory when standard input
    ends. So nothing is left behind however the source ends: ansible-rulebook can be ended by a
    signal without any of its Python code being run, because Java handles signals too.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Not ignored, because the run would inherit that.
        signal.signal(number, lambda *_args: None)
    request = json.loads(sys.stdin.buffer.readline() or "null")
    if request is None:
        return
    with tempfile.TemporaryDirectory(prefix="smtp_drift_") as directory:
        variables = Path(directory, "variables.json")
        text = json.dumps({**request["variables"], "verify_smtp_report_dir": directory})
        variables.write_text(text, encoding="utf-8")
        process = subprocess.Popen(
            # In a file, because every user can see the arguments of a process.
            [*request["command"], "-e", f"@{variables}"],
            stdin=subprocess.DEVNULL,
            # What Ansible says of a broken inventory may quote a secret in it.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Its own process group, so that its workers can be stopped too.
            start_new_session=True,
        )
        stopped = threading.Event()
        watch = threading.Thread(target=_stop, args=(process.pid, stopped), daemon=True)
        watch.start()
        # End its children, which may outlive it, before its ID can be that of another process.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        os.killpg(process.pid, signal.SIGKILL)
        result = {"status": process.wait(), "report": None}
        with suppress(OSError, ValueError):
            result["report"] = json.loads(Path(directory, "report.json").read_bytes())
    if not stopped.is_set():
        print(json.dumps(result), flush=True)


def _stop(pid: int, stopped: threading.Event) -> None:
    """Stop a process group when standard input ends."""
    os.read(sys.stdin.fileno(), 1)
    stopped.set()
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(pid, number)
        time.sleep(GRACE)


async def main(queue: asyncio.Queue[Entry], args: dict[str, Any]) -> None:
    """Verify at the interval, until it is cancelled. ansible-rulebook calls this."""
    # ansible-rulebook may add the queue of a source that takes feedback, which this one does not.
    options = Options.parse(
        {name: value for name, value in args.items() if name != "eda_feedback_queue"}
    )
    verdicts = Verdicts()
    clock = asyncio.get_running_loop().time
    while True:
        start = clock()
        try:
            events = verdicts.changes(await verify(options))
        except RunError as error:
            logger.error("smtp_drift: %s", error)
            events = verdicts.failure(str(error))
        for event in events:
            logger.info("smtp_drift: %s is %s", event["environment"], event["verdict"])
            await queue.put(event)
        await asyncio.sleep(max(0.0, options.interval - (clock() - start)))


async def print_events(args: dict[str, Any]) -> None:
    """Print events, to try the source without a rulebook."""

    class _Printer:
        async def put(self, event: Entry) -> None:
            print(json.dumps(event), flush=True)

    await main(_Printer(), args)  # type: ignore[arg-type]


if __name__ == "__main__":
    # python smtp_drift.py '{"inventory": "environments.yml"}'
    if sys.argv[1] == RUN:
        run_playbook()
    else:
        asyncio.run(print_events(json.loads(sys.argv[1])))
