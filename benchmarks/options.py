# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to measure, from the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .contenders import BY_NAME

# The sizes that docs/performance.md shows. From the second on, time counts more than the start.
SIZES = (10, 100, 1000)
# Slow contenders take minutes from this size on.
LARGE = 1000


@dataclass(frozen=True)
class Options:
    """What to measure, and how often."""

    sizes: tuple[int, ...] = SIZES
    runs: int = 5
    slow_runs: int | None = None
    runs_of: dict[tuple[str, int], int] = field(default_factory=dict)
    forks: int = 10
    latency: float = 0.05
    resume: bool = False

    def runs_for(self, contender: str, size: int) -> int:
        """Return how often a contender runs at a size."""
        slow = BY_NAME[contender].slow and size >= LARGE and self.slow_runs is not None
        usual = self.slow_runs if slow and self.slow_runs is not None else self.runs
        return self.runs_of.get((contender, size), usual)

    @property
    def latency_size(self) -> int:
        """The size that is measured with latency as well: the middle one."""
        return self.sizes[len(self.sizes) // 2]


def parse(arguments: Sequence[str]) -> Options:
    """Return the options of a command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="environments: 10,100,1000")
    parser.add_argument("--runs", type=_positive, default=5, help="runs of each, default 5")
    parser.add_argument(
        "--slow-runs",
        type=_positive,
        metavar="N",
        help=f"runs of shipped, uri and by hand at {LARGE} environments or more; default: as --runs",
    )
    parser.add_argument(
        "--runs-of",
        type=_runs_of,
        action="append",
        default=[],
        metavar="NAME@SIZE=N",
        help="runs of one contender at one size, such as uri@1000=2; may be repeated",
    )
    parser.add_argument("--forks", type=_positive, default=10, help="default 10")
    parser.add_argument(
        "--latency",
        type=float,
        default=0.05,
        help="seconds by which the middle size is answered later, in a run of its own; 0: no such run",
    )
    parser.add_argument("--quick", action="store_true", help="sizes 5,20, two runs of each")
    parser.add_argument("--resume", action="store_true", help="keep the runs that are done already")
    given = vars(parser.parse_args(arguments))
    if given.pop("quick"):
        given |= {"sizes": (5, 20), "runs": 2}
    given["runs_of"] = dict(given["runs_of"])
    return Options(**given)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({_positive(part) for part in text.split(",")}))


def _runs_of(text: str) -> tuple[tuple[str, int], int]:
    match = re.fullmatch(r"(.+)@([1-9][0-9]*)=([1-9][0-9]*)", text)
    if not match or match[1] not in BY_NAME:
        names = ", ".join(BY_NAME)
        raise argparse.ArgumentTypeError(f"must be NAME@SIZE=N, NAME one of {names}")
    return (match[1], int(match[2])), int(match[3])
