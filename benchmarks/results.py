# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The finished runs, as stored in results.json."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .plan import Series, Turn
from .server import BenchError


@dataclass(frozen=True)
class Run:
    """One run with its wall time and CPU time in seconds and its peak memory in bytes."""

    latency: float
    environments: int
    contender: str
    round: int
    seconds: float
    cpu: float
    memory: int

    @property
    def series(self) -> Series:
        """The series of the run."""
        return Series(self.latency, self.environments)

    @property
    def turn(self) -> Turn:
        """The turn of the run."""
        return Turn(self.series, self.round, self.contender)


def describe_system(forks: int) -> dict[str, Any]:
    """Return the properties that all runs of one benchmark must share."""
    return {
        "ansible_core": version("ansible-core"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": len(os.sched_getaffinity(0)),
        "forks": forks,
    }


class Results:
    """The finished runs, written to a file after each one."""

    def __init__(self, path: Path, about: dict[str, Any], runs: list[Run] | None = None) -> None:
        self.path = path
        self.about = about
        self.runs = runs or []

    @classmethod
    def resume(cls, path: Path, about: dict[str, Any]) -> Results:
        """Load the results of a file, if it exists.

        :raises BenchError: if new runs would not be comparable.
        """
        if not path.is_file():
            return cls(path, about)
        content = json.loads(path.read_text())
        if content["about"] != about:
            raise BenchError(
                f"{path} has results of another system: {content['about']}. This system is {about}. "
                f"Start again without --resume."
            )
        return cls(path, about, [Run(**run) for run in content["runs"]])

    def add(self, run: Run) -> None:
        """Add a run and write the file atomically."""
        self.runs.append(run)
        content = {"about": self.about, "runs": [asdict(run) for run in self.runs]}
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps(content, indent=1) + "\n")
        temporary.replace(self.path)

    def has(self, turn: Turn) -> bool:
        """Return whether a run is finished."""
        return any(run.turn == turn for run in self.runs)
