# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the code of plugins/ in small ways, and report the changes that no unit test notices."""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

from tools.sources import ROOT, files

from .equivalent import equivalent_reasons
from .mutants import Mutant, mutants
from .report import Report
from .run import MutationError, Project, check_all, preload, read_baseline

ROOMS = ("module_utils", "plugin_utils", "action", "filter", "lookup", "inventory")
TESTS = ("plugins", "test_consistency.py")
MINIMUM = 90


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="mutants to try (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="selects the sample (default: 1)")
    parser.add_argument("--only", default="", metavar="TEXT", help="try files with this path")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument(
        "--reuse", action="store_true", help="use what the last run measured, if tests have changed"
    )
    parser.add_argument("--list", action="store_true", help="list the mutants, and run nothing")
    return parser.parse_args(arguments)


def source_files(only: str = "") -> list[Path]:
    """Return the files to change whose path has a text."""
    return [
        path for path in files(*(f"plugins/{room}/**.py" for room in ROOMS)) if only in str(path)
    ]


def read_mutants(root: Path, only: str) -> list[Mutant]:
    """Return the mutants of these files."""
    return [
        mutant
        for path in source_files(only)
        for mutant in mutants(str(path), (root / path).read_text(encoding="utf-8"))
    ]


def main(arguments: argparse.Namespace) -> int:
    """Run a sample of the mutants. Return the exit code: 1 if the score is too low."""
    found = read_mutants(ROOT, arguments.only)
    equivalent = equivalent_reasons()
    candidates = [mutant for mutant in found if mutant.key not in equivalent]
    size = min(arguments.sample, len(candidates))
    sample = random.Random(arguments.seed).sample(candidates, size)
    print(f"{len(found)} mutants, of which {len(found) - len(candidates)} are equivalent.")
    if arguments.list:
        print("\n".join(f"{each.path} {each.scope}\n{each.diff}" for each in sample))
        return 0
    base = ROOT / "build/mutation"
    tests = tuple(f"tests/unit/{name}" for name in TESTS)
    projects = [Project.create(base / str(n), tests) for n in range(arguments.jobs)]
    file = base / "baseline.json"
    if not arguments.reuse or not file.is_file():
        print("Measuring which tests run which lines ...", flush=True)
        projects[0].measure(file)
    baseline = read_baseline(file)
    preload(baseline.modules)
    for project in projects:
        project.compile()
    if projects[0].run_tests(sample[0], baseline) != "survived":
        raise MutationError("Tests fail without a mutant when only some of them run.")
    print(f"Trying {size} mutants, selected with seed {arguments.seed} ...", flush=True)
    report = Report()
    for number, (mutant, outcome) in enumerate(check_all(sample, projects, baseline), 1):
        report.add(mutant, outcome)
        print(f"{number} of {size}", end="\r", file=sys.stderr, flush=True)
    print(report.table())
    return 0 if report.score() >= MINIMUM else 1


if __name__ == "__main__":
    try:
        sys.exit(main(parse_arguments()))
    except MutationError as error:
        sys.exit(str(error))
