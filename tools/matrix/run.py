# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests with one ansible-core, in a virtual environment of its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tools.sources import ROOT

from .cores import Core
from .outcome import Row, Step, pytest_step, sanity_step

PLACE = ROOT / "build" / "matrix"
NEW_VENV, ADD_KERBEROS = (ROOT / "tools" / name for name in ("new_venv", "add_kerberos"))
# What tells one core from another: how the module, the role and what they show go through it.
BRIEF = (
    "module/test_failures.py",
    "module/test_success.py",
    "role/test_plays.py",
    "role/test_refusals.py",
    "role/test_role.py",
)


class Tests:
    """The tests with one core. Logs and reports go to build/matrix/<series>/."""

    def __init__(self, core: Core, python: str) -> None:
        self.core = core
        self.base = python
        self.place = PLACE / core.series
        self.venv = self.place / "venv"
        self.python = self.venv / "bin" / "python"
        self.place.mkdir(parents=True, exist_ok=True)

    def run(self, kinds: Sequence[str], brief: bool) -> Row:
        """Run these kinds of tests, all of them even if one fails."""
        if self._environment():
            print(self._log("venv").read_text()[-6000:], flush=True)
            failed = Step(False, "FAILED: no environment")
            return Row(self.core.series, Path(self.base).name, dict.fromkeys(kinds, failed))
        row = Row(self._version("ansible-core"), self._version("python"))
        for kind in kinds:
            started = time.monotonic()
            row.steps[kind] = self._sanity() if kind == "sanity" else self._pytest(kind, brief)
            took = time.monotonic() - started
            print(f"{row.core} {kind}: {row.steps[kind].words} ({took:.0f} s)", flush=True)
            if not row.steps[kind].passed:
                print(self._log(kind).read_text()[-6000:], flush=True)
        return row

    def _environment(self) -> int:
        wanted = ["-r", "tests/requirements.txt", self.core.requirement]
        return self._logged("venv", [NEW_VENV, self.venv, self.base, *wanted]) or self._logged(
            "kerberos", [ADD_KERBEROS, self.venv]
        )

    def _pytest(self, kind: str, brief: bool) -> Step:
        folder = Path("tests") / kind
        chosen = [folder / name for name in BRIEF] if brief and kind == "integration" else [folder]
        report = self.place / f"{kind}.xml"
        report.unlink(missing_ok=True)
        # The matrix takes long, and its machine may have other work: only what hangs is ended.
        options = ["-p", "no:cacheprovider", "--timeout=600", f"--junitxml={report}"]
        return pytest_step(
            self._logged(kind, [self.python, "-m", "pytest", *chosen, *options]), report
        )

    def _sanity(self) -> Step:
        left_out = [name for name, _why in self.core.left_out]
        options = [word for name in left_out for word in ("--skip-test", name)]
        status = self._logged("sanity", [self.python, "-m", "tools.sanity", *options])
        return sanity_step(status, self._log("sanity").read_text(), left_out)

    def _log(self, name: str) -> Path:
        return self.place / f"{name}.log"

    def _logged(self, name: str, command: Sequence[str | Path]) -> int:
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

    def _version(self, of: str) -> str:
        code = (
            "import platform; print(platform.python_version())"
            if of == "python"
            else f"from importlib import metadata; print(metadata.version({of!r}))"
        )
        return subprocess.run(
            [self.python, "-c", code], check=True, capture_output=True, text=True
        ).stdout.strip()


def current() -> str:
    """Return the series of the ansible-core that runs this, which make test tests."""
    return ".".join(version("ansible-core").split(".")[:2])
