# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a subject with random cases, and collect its outcomes and faults."""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pprint import pformat
from random import Random
from typing import Any, Protocol

from .shrink import shrink

# Of processor time for one case, far more than any needs.
CPU_LIMIT = 5.0
# The same fault would be found again and again.
MOST_FAULTS = 10
LONGEST_CASE = 4000


class Subject(Protocol):
    """A part of the collection that takes input from others."""

    name: str

    def generate(self, rng: Random) -> Any:
        """Return a random case, of values that shrink.py can make smaller."""

    def check(self, case: Any) -> str:
        """Return the kind of the outcome. Raise if it is not one that the part may have."""


class CpuLimitError(BaseException):
    """A case takes too much processor time. No handler of the collection catches this."""


@dataclass(frozen=True)
class Fault:
    """A case whose outcome is wrong, and how to reproduce it."""

    subject: str
    seed: int
    number: int
    problem: str
    case: Any

    def __str__(self) -> str:
        case = pformat(self.case, width=100)
        if len(case) > LONGEST_CASE:
            case = f"{case[:LONGEST_CASE]}... ({len(case)} characters)"
        options = f"--seed {self.seed} --only {self.subject} --case {self.number}"
        return f"{self.subject}: {self.problem}\nreproduce with {options}; shrunk to:\n{case}"


@dataclass
class Summary:
    """The outcomes of a subject's cases by kind, the slowest case, and the faults."""

    subject: str
    cases: int = 0
    seconds: float = 0.0
    slowest: tuple[float, int] = (0.0, 0)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def __str__(self) -> str:
        outcomes = ", ".join(f"{kind} {count}" for kind, count in self.outcomes.most_common())
        seconds, number = self.slowest
        return (
            f"{self.subject}: {self.cases} cases, {self.seconds:.1f} s of CPU; {outcomes}; "
            f"slowest {seconds * 1000:.0f} ms (case {number})"
        )


def run(
    subject: Subject,
    seed: int,
    numbers: Iterable[int],
    cpu_limit: float = CPU_LIMIT,
    most_faults: int = MOST_FAULTS,
) -> Summary:
    """Run the cases with these numbers. Each depends on the seed and on its number alone."""
    summary = Summary(subject.name)
    seen: set[str] = set()
    start = time.process_time()
    for number in numbers:
        case = generate(subject, seed, number)
        begin = time.process_time()
        kind, problem, place = _outcome(subject, case, cpu_limit)
        summary.slowest = max(summary.slowest, (time.process_time() - begin, number))
        summary.cases += 1
        summary.outcomes[kind] += 1
        if problem and place not in seen:
            seen.add(place)

            def fails(candidate: Any, place: str = place) -> bool:
                return _outcome(subject, candidate, cpu_limit)[2] == place

            shrunk = shrink(case, fails)
            problem = _outcome(subject, shrunk, cpu_limit)[1] or problem
            summary.faults.append(Fault(subject.name, seed, number, problem, shrunk))
        if len(seen) == most_faults:
            break
    summary.seconds = time.process_time() - start
    return summary


def generate(subject: Subject, seed: int, number: int) -> Any:
    """Return one case."""
    return subject.generate(Random(f"{seed} {subject.name} {number}"))


def _outcome(subject: Subject, case: Any, cpu_limit: float) -> tuple[str, str, str]:
    """Return the kind of an outcome, and what is wrong with it and where, empty if nothing is."""
    try:
        with _limited(cpu_limit):
            return subject.check(case), "", ""
    except CpuLimitError:
        return "fault", f"takes more than {cpu_limit:g} s of processor time", "limit"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {frame.filename}:{frame.lineno}"
        # One line may find faults of several sorts, which differ at the start of the message.
        return "fault", f"{place}: {error}", f"{place} {str(error)[:20]}"


@contextmanager
def _limited(cpu_limit: float) -> Iterator[None]:
    """Raise CpuLimitError in the main thread once the process has used this much time."""

    def stop(number: int, frame: object) -> None:
        raise CpuLimitError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, cpu_limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
