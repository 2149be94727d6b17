# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the tests with one ansible-core in its own virtual environment."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tools.sources import ROOT

from .cores import Core
from .outcome import Row, Step, pytest_step, sanity_step

OUTPUT = ROOT / "build" / "matrix"
NEW_VENV, ADD_KERBEROS = (ROOT / "tools" / name for name in ("new_venv", "add_kerberos"))
LOWEST = "lowest"
CHECK_PINS = """\
import sys
from importlib import metadata

for pin in sys.argv[1:]:
    name, expected = pin.split("==")
    assert metadata.version(name) == expected, f"{pin} is not installed"
"""
# The tests that are most likely to differ between cores: the module, the role and their output.
BRIEF = (
    "module/test_failures.py",
    "module/test_success.py",
    "role/test_plays.py",
    "role/test_refusals.py",
    "role/test_role.py",
)


class Tests:
    """The tests with one core. Logs and reports go to build/matrix/<series>/.

    :param pins: if set, install these lowest versions, and use build/matrix/lowest/.
    """

    def __init__(self, core: Core, python: str, pins: Sequence[str] = ()) -> None:
        self.core = core
        self.base = python
        self.pins = pins
        self.directory = OUTPUT / (LOWEST if pins else core.series)
        self.venv = self.directory / "venv"
        self.python = self.venv / "bin" / "python"
        self.directory.mkdir(parents=True, exist_ok=True)

    def run(self, kinds: Sequence[str], brief: bool) -> Row:
        """Run these kinds of tests, all of them even if one fails."""
        if self._create_venv():
            logs = [self._log(name) for name in ("venv", "kerberos", "pins")]
            text = "".join(log.read_text()[-6000:] for log in logs if log.is_file())
            print(text, flush=True)
            failed = dict.fromkeys(kinds, Step(False, "FAILED: no virtual environment"))
            return Row(self._label(self.core.series), Path(self.base).name, failed)
        row = Row(self._label(self._version("ansible-core")), self._version("python"))
        for kind in kinds:
            started = time.monotonic()
            row.steps[kind] = self._sanity() if kind == "sanity" else self._pytest(kind, brief)
            seconds = time.monotonic() - started
            print(f"{row.core} {kind}: {row.steps[kind].summary} ({seconds:.0f} s)", flush=True)
            if not row.steps[kind].passed:
                print(self._log(kind).read_text()[-6000:], flush=True)
        return row

    def _create_venv(self) -> int:
        packages = ["tests/requirements.txt", "--", self.core.requirement, *self.pins]
        return (
            self._run("venv", [NEW_VENV, self.venv, self.base, *packages])
            or self._run("kerberos", [ADD_KERBEROS, self.venv])
            # Nothing that was installed later may have replaced the lowest versions.
            or self._run("pins", [self.python, "-c", CHECK_PINS, *self.pins])
        )

    def _pytest(self, kind: str, brief: bool) -> Step:
        folder = Path("tests") / kind
        paths = [folder / name for name in BRIEF] if brief and kind == "integration" else [folder]
        report = self.directory / f"{kind}.xml"
        report.unlink(missing_ok=True)
        # A long timeout, because the machine may be busy: it only has to stop hanging tests.
        options = ["-p", "no:cacheprovider", "--timeout=600", f"--junitxml={report}"]
        options += ["--numprocesses=auto", "--dist=loadfile"]
        return pytest_step(self._run(kind, [self.python, "-m", "pytest", *paths, *options]), report)

    def _sanity(self) -> Step:
        excluded = [name for name, _reason in self.core.excluded]
        options = [argument for name in excluded for argument in ("--skip-test", name)]
        status = self._run("sanity", [self.python, "-m", "tools.sanity", *options])
        return sanity_step(status, self._log("sanity").read_text(), excluded)

    def _log(self, name: str) -> Path:
        return self.directory / f"{name}.log"

    def _run(self, name: str, command: Sequence[str | Path]) -> int:
        """Run a command with its output in a log, and return its status."""
        with self._log(name).open("w") as log:
            return subprocess.run(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode

    def _label(self, core: str) -> str:
        return f"{core} {LOWEST}" if self.pins else core

    def _version(self, name: str) -> str:
        code = (
            "import platform; print(platform.python_version())"
            if name == "python"
            else f"from importlib import metadata; print(metadata.version({name!r}))"
        )
        return subprocess.run(
            [self.python, "-c", code], check=True, capture_output=True, text=True
        ).stdout.strip()


def current_series() -> str:
    """Return the series of the installed ansible-core, which make test uses."""
    return ".".join(version("ansible-core").split(".")[:2])
