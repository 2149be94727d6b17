# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runs that were made, as they are kept in results.json."""

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
    """One run and what it took: seconds, seconds of CPU, and bytes of the largest process."""

    latency: float
    environments: int
    contender: str
    round: int
    seconds: float
    cpu: float
    memory: int

    @property
    def series(self) -> Series:
        """The series that it belongs to."""
        return Series(self.latency, self.environments)

    @property
    def turn(self) -> Turn:
        """The turn that it took."""
        return Turn(self.series, self.round, self.contender)


def circumstances(forks: int) -> dict[str, Any]:
    """Return what all runs of one benchmark must have in common."""
    return {
        "ansible_core": version("ansible-core"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": len(os.sched_getaffinity(0)),
        "forks": forks,
    }


class Results:
    """The runs so far, written to a file after each."""

    def __init__(self, path: Path, about: dict[str, Any], runs: list[Run] | None = None) -> None:
        self.path = path
        self.about = about
        self.runs = runs or []

    @classmethod
    def resumed(cls, path: Path, about: dict[str, Any]) -> Results:
        """Return the results of a file. :raises BenchError: where runs would not be comparable."""
        if not path.is_file():
            return cls(path, about)
        kept = json.loads(path.read_text())
        if kept["about"] != about:
            raise BenchError(
                f"{path} was measured elsewhere: {kept['about']}, and this is {about}. "
                f"Start anew, without --resume."
            )
        return cls(path, about, [Run(**each) for each in kept["runs"]])

    def add(self, run: Run) -> None:
        """Add a run and write the file at one stroke."""
        self.runs.append(run)
        content = {"about": self.about, "runs": [asdict(each) for each in self.runs]}
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(content, indent=1) + "\n")
        draft.replace(self.path)

    def has(self, turn: Turn) -> bool:
        """Tell whether a run was made."""
        return any(run.turn == turn for run in self.runs)
