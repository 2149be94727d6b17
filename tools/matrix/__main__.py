# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the tests with every supported ansible-core. Ends with 1 if anything failed or nothing ran."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .cores import CORES, SERIES, ends
from .outcome import KINDS, Row, table
from .pythons import newest
from .run import PLACE, Tests, current


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    found = {core: newest(core) for core in CORES}
    if options.ends:
        chosen = ends([core for core, python in found.items() if python], current())
    else:
        chosen = [core for core in CORES if core.series in (options.core or SERIES)]
    rows: list[Row] = []
    for core in CORES:
        python = found[core]
        if not python:
            versions = " or ".join(core.pythons)
            rows.append(Row(core.series, why=f"skipped: no Python {versions} on this machine"))
        elif core in chosen:
            print(f"ansible-core {core.series} with {python}", flush=True)
            rows.append(Tests(core, python).run(options.only or KINDS, options.brief))
        elif options.ends:
            tested = "tested by make test" if core.series == current() else "left to make matrix"
            rows.append(Row(core.series, why=tested))
    PLACE.mkdir(parents=True, exist_ok=True)
    shown = table(rows)
    (PLACE / "table.txt").write_text(shown + "\n")
    print(f"\n{shown}\n", flush=True)
    for core in chosen:
        for name, why in core.left_out:
            print(f"{core.series} leaves out {name}: {why}.", flush=True)
    return 1 if any(row.failed for row in rows) or not (options.ends or _ran(rows)) else 0


def _ran(rows: Sequence[Row]) -> bool:
    return any(row.steps for row in rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make matrix", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--core", action="append", choices=SERIES, help="only this one; repeatable")
    which.add_argument(
        "--ends",
        action="store_true",
        help="only the oldest and the newest, without the one that make test has",
    )
    parser.add_argument("--only", action="append", choices=KINDS, help="only these tests")
    parser.add_argument(
        "--brief",
        action="store_true",
        help="of the integration tests only those of the module and of the role",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
