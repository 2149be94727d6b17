# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fuzz the collection with random input, the same for the same seed.

    python -m tests.fuzz --seed 1 --cases 10000 --only replies
    python -m tests.fuzz --seed 1 --only replies --case 4711    run one case again

Exit with 1 if an outcome is wrong, and print the input, made as small as possible.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence

from tools import sources

# Where make tree links the checkout to the name that it is imported by.
sys.path.append(str(sources.ROOT / "build" / "tree"))

from tests.unit.support import configuring_variables

from .run import CPU_LIMIT, run
from .subjects import SUBJECTS


def main(arguments: Sequence[str]) -> int:
    """Run the program and return its exit status."""
    options = _parser().parse_args(arguments)
    numbers = range(options.cases) if options.case is None else [options.case]
    failed = False
    with tempfile.TemporaryDirectory(prefix="fuzz-home-") as home:
        for variable in configuring_variables():
            del os.environ[variable]
        os.environ["HOME"] = home
        for name in options.only or SUBJECTS:
            summary = run(SUBJECTS[name](), options.seed, numbers, options.limit)
            print(summary, flush=True)
            for fault in summary.faults:
                print(f"\n{fault}\n", flush=True)
            failed = failed or bool(summary.faults)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seed", type=int, default=0, help="another seed makes other cases")
    parser.add_argument("--cases", type=int, default=2000, help="cases of each subject")
    parser.add_argument("--case", type=int, help="run only the case with this number")
    parser.add_argument("--only", action="append", choices=SUBJECTS, help="run only this subject")
    parser.add_argument(
        "--limit", type=float, default=CPU_LIMIT, help="seconds of processor time for a case"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
