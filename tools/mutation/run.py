# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the unit tests against mutants, each in a forked process and in a copy of the project.

Forks share what they import, which takes longer than most tests. The code of the project is only
imported after the fork.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path, PurePath
from typing import Literal

import pytest

from tools import sources

from .mutants import Mutant
from .pytest_plugins import Baseline, Recorder, Selection

Outcome = Literal["killed", "survived", "timeout"]
OWN_CODE = ("ansible_collections", "tests", "tools", "conftest", "__main__")
BASELINE_TIMEOUT = 3600
MAX_MEMORY = 4 << 30
MAX_SECONDS = 20


class MutationError(Exception):
    """The tests cannot be run, or fail without a mutant."""


@dataclass(frozen=True)
class Project:
    """A copy of the project in which one process works."""

    root: Path
    tests: tuple[str, ...]
    grace: float = 60  # seconds that a mutant may take beside ten times those of its tests

    @classmethod
    def create(cls, root: Path, tests: tuple[str, ...]) -> Project:
        """Copy the project, and link its path for imports as make tree does."""
        sources.copy(sources.files(), root)
        tree = root / "build/tree" / sources.COLLECTION.parent
        tree.mkdir(parents=True)
        (tree / sources.COLLECTION.name).symlink_to("../../../..")
        return cls(root, tests)

    def compile(self) -> None:
        """Write the bytecode of the code and the tests, which would be compiled for each mutant."""

        def run() -> int:
            sys.dont_write_bytecode = False
            options = ["--collect-only", "-q", "-p", "no:cacheprovider"]
            return int(pytest.main([*self.tests, *options]))

        self._fork(run, self.root / "compile.log", BASELINE_TIMEOUT)

    def measure(self, file: Path) -> None:
        """Run all tests without a mutant, and write a baseline.

        :raises MutationError: if one fails.
        """
        log = file.with_suffix(".log")

        def run() -> int:
            recorder = Recorder(self.root)
            status = pytest.main([*self.tests, "-q", "-p", "no:cacheprovider"], [recorder])
            file.write_text(json.dumps(recorder.baseline()), encoding="utf-8")
            return int(status)

        if self._fork(run, log, BASELINE_TIMEOUT) != 0:
            file.unlink(missing_ok=True)
            raise MutationError(f"The tests fail without a mutant. See {log}.")

    def check(self, mutant: Mutant, baseline: Baseline) -> Outcome:
        """Return what the tests say to a mutant: first those of its own file, then all others."""
        path = self.root / mutant.path
        original = path.with_suffix(".original")
        path.replace(original)
        path.write_text(mutant.source(), encoding="utf-8")
        try:
            return self.run_tests(mutant, baseline)
        finally:
            # With its time, which tells whether the compiled file still fits.
            original.replace(path)

    def run_tests(self, mutant: Mutant, baseline: Baseline) -> Outcome:
        """Return what the tests of the mutant's line say to the code as it is now."""
        own_files = [
            str(file.relative_to(self.root)) for file in self.root.glob(_own_tests(mutant))
        ]
        tests = self._tests(mutant, baseline)
        own = [test for test in tests if test.partition("::")[0] in own_files]
        others = self._fastest([test for test in tests if test not in own], baseline)
        outcome = self._run(own_files, own, baseline)
        if outcome == "survived" and others:
            files = [*dict.fromkeys(test.partition("::")[0] for test in others)]
            outcome = self._run(files, others, baseline)
        return outcome

    def _fastest(self, tests: Iterable[str], baseline: Baseline) -> list[str]:
        """Return as many tests as take MAX_SECONDS. Those of the file itself are not limited."""
        ordered = sorted(tests, key=lambda test: baseline.seconds[test])
        totals = accumulate(baseline.seconds[test] for test in ordered)
        return [test for test, total in zip(ordered, totals, strict=True) if total <= MAX_SECONDS]

    def _tests(self, mutant: Mutant, baseline: Baseline) -> list[str]:
        """Return the measured tests that may notice a mutant."""
        by_line: Mapping[str, Sequence[str]] = baseline.tests.get(mutant.path, {})
        tests: list[str] = []
        if baseline.digests.get(mutant.path) == mutant.digest:
            lines = range(mutant.first_line, mutant.last_line + 1)
            tests = [test for line in lines for test in by_line.get(str(line), ())]
        if "" in tests or not tests:
            # Run while the file is imported, or in another process, or changed since.
            prefix = _own_tests(mutant).rstrip("*.py")
            tests = [test for line in by_line.values() for test in line]
            tests += [test for test in baseline.seconds if test.startswith(prefix)]
        return sorted({test for test in tests if test in baseline.seconds})

    def _run(self, files: Sequence[str], tests: Collection[str], baseline: Baseline) -> Outcome:
        def run() -> int:
            sys.dont_write_bytecode = True
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
            options = ["-x", "-q", "-p", "no:cacheprovider"]
            selection = Selection(frozenset(tests), baseline.seconds)
            return int(pytest.main([*files, *options], [selection]))

        timeout = self.grace + 10 * sum(baseline.seconds[test] for test in tests)
        status = self._fork(run, self.root / "mutant.log", timeout)
        if status is None:
            return "timeout"
        return "survived" if status in (0, pytest.ExitCode.NO_TESTS_COLLECTED) else "killed"

    def _fork(self, run: Callable[[], int], log: Path, timeout: float) -> int | None:
        """Return the exit status of a function in a process of its own, None after the timeout."""
        child = os.fork()
        if not child:
            status = 1
            try:
                os.setsid()
                with log.open("wb") as output, open(os.devnull, "rb") as nothing:
                    os.dup2(nothing.fileno(), 0)
                    os.dup2(output.fileno(), 1)
                    os.dup2(output.fileno(), 2)
                os.chdir(self.root)
                status = run()
            finally:
                sys.stdout.flush()
                os._exit(status)
        deadline = time.monotonic() + timeout
        ended, status = 0, 0
        while not ended and time.monotonic() < deadline:
            ended, status = os.waitpid(child, os.WNOHANG)
            time.sleep(0.01)
        # What a test started may still run.
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        if not ended:
            os.waitpid(child, 0)
            return None
        return os.waitstatus_to_exitcode(status)


def preload(modules: Iterable[str]) -> None:
    """Import the libraries that the tests use."""
    for name in modules:
        if name.partition(".")[0] not in OWN_CODE and not name.startswith("test_"):
            with suppress(Exception):
                importlib.import_module(name)


def read_baseline(file: Path) -> Baseline:
    """Return what was measured."""
    return Baseline(**json.loads(file.read_text(encoding="utf-8")))


def _own_tests(mutant: Mutant) -> str:
    """Return the pattern of the test files of a mutant's file."""
    file = PurePath(mutant.path)
    return f"tests/unit/{file.parent}/test_{file.stem.lstrip('_')}*.py"


def check_all(
    mutants: Sequence[Mutant], projects: Sequence[Project], baseline: Baseline
) -> Iterator[tuple[Mutant, Outcome]]:
    """Yield each mutant with its outcome. Every project has a process that takes its share."""
    reader, writer = os.pipe()
    for number, project in enumerate(projects):
        if not os.fork():
            for index in range(number, len(mutants), len(projects)):
                # Short writes to a pipe do not mix.
                os.write(writer, f"{index} {project.check(mutants[index], baseline)}\n".encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as outcomes:
        for line in outcomes:
            position, _space, outcome = line.strip().partition(" ")
            yield mutants[int(position)], outcome  # type: ignore[misc]
