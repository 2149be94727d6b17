# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the emulator in a separate process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class ProcessError(Exception):
    """The emulator did not start or has exited."""


class Running:
    """A running emulator; `state` has the URLs and ports of its servers."""

    def __init__(self, process: subprocess.Popen[str], state: dict[str, Any]) -> None:
        self._process = process
        self.state = state

    def profiles_sent(self) -> int:
        """Return how many profiles the emulator has sent."""
        return int(self._ask()["profiles_sent"])

    def mails_received(self) -> list[dict[str, str]]:
        """Return the From, To and Subject of the mails that its relays have received."""
        mails: list[dict[str, str]] = self._ask()["mails_received"]
        return mails

    def _ask(self) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise ProcessError("The emulator has no pipes.")
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise ProcessError("The emulator has exited.")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running(scenario: Path, state: Path) -> Iterator[Running]:
    """Run the emulator with a scenario until the with block ends."""
    command = [sys.executable, "-m", "tests.emulator", str(scenario)]
    with subprocess.Popen(
        [*command, "--state", str(state), "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            # It prints one line when all servers listen, and none if it exits before.
            if not process.stdout or not process.stdout.readline():
                raise ProcessError("The emulator did not start.")
            yield Running(process, json.loads(state.read_text()))
        finally:
            process.communicate()
