# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command line options of the benchmark."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .contenders import BY_NAME

# The sizes in docs/performance.md. With the smallest, Ansible's startup dominates the time.
SIZES = (10, 100, 300, 1000)
# The size of the series with latency, as most users have it.
FEW = 4
# From this size on, a run of a slow contender takes more than a minute.
LARGE = 300


@dataclass(frozen=True)
class Options:
    """The sizes to measure and the number of runs."""

    sizes: tuple[int, ...] = SIZES
    runs: int = 5
    slow_runs: int | None = None
    runs_of: dict[tuple[str, int], int] = field(default_factory=dict)
    forks: int = 10
    latency: float = 0.05
    resume: bool = False

    def runs_for(self, contender: str, size: int) -> int:
        """Return the number of runs of a contender at a size."""
        slow = BY_NAME[contender].slow and size >= LARGE and self.slow_runs is not None
        default = self.slow_runs if slow and self.slow_runs is not None else self.runs
        return self.runs_of.get((contender, size), default)


def parse(arguments: Sequence[str]) -> Options:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Benchmark several ways to read and verify SMTP profiles.",
    )
    parser.add_argument(
        "--sizes",
        type=_sizes,
        default=SIZES,
        help="numbers of environments (default: 10,100,300,1000)",
    )
    parser.add_argument(
        "--runs", type=_positive, default=5, help="runs of each contender (default: 5)"
    )
    parser.add_argument(
        "--slow-runs",
        type=_positive,
        metavar="N",
        help=f"runs of shipped, uri and by hand at {LARGE} environments or more (default: as --runs)",
    )
    parser.add_argument(
        "--runs-of",
        type=_runs_of,
        action="append",
        default=[],
        metavar="NAME@SIZE=N",
        help="runs of one contender at one size, such as uri@1000=2; repeatable",
    )
    parser.add_argument("--forks", type=_positive, default=10, help="Ansible forks (default: 10)")
    parser.add_argument(
        "--latency",
        type=float,
        default=0.05,
        help=f"delay of responses in an additional series of {FEW} environments, in seconds "
        "(default: 0.05; 0 for no such series)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="sizes 5 and 20 with two runs of each contender"
    )
    parser.add_argument("--resume", action="store_true", help="keep finished runs and continue")
    options = vars(parser.parse_args(arguments))
    if options.pop("quick"):
        options |= {"sizes": (5, 20), "runs": 2}
    options["runs_of"] = dict(options["runs_of"])
    return Options(**options)


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
