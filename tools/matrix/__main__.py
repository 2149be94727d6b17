# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the tests with every supported ansible-core. Exit with 1 if a test failed or none ran."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .cores import CORES, SERIES, oldest_and_newest
from .outcome import KINDS, Row, table
from .pythons import newest
from .run import OUTPUT, Tests, current_series


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    pythons = {core: newest(core) for core in CORES}
    if options.ends:
        available = [core for core, python in pythons.items() if python]
        selected = oldest_and_newest(available, current_series())
    else:
        selected = [core for core in CORES if core.series in (options.core or SERIES)]
    rows: list[Row] = []
    for core in CORES:
        python = pythons[core]
        if not python:
            versions = " or ".join(core.pythons)
            rows.append(Row(core.series, note=f"skipped: no Python {versions} on this machine"))
        elif core in selected:
            print(f"ansible-core {core.series} with {python}", flush=True)
            rows.append(Tests(core, python).run(options.only or KINDS, options.brief))
        elif options.ends:
            is_current = core.series == current_series()
            note = "tested by make test" if is_current else "not tested, run make matrix"
            rows.append(Row(core.series, note=note))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    text = table(rows)
    (OUTPUT / "table.txt").write_text(text + "\n")
    print(f"\n{text}\n", flush=True)
    for core in selected:
        for name, reason in core.excluded:
            print(f"{core.series} excludes {name}: {reason}.", flush=True)
    return 1 if any(row.failed for row in rows) or not (options.ends or _ran(rows)) else 0


def _ran(rows: Sequence[Row]) -> bool:
    return any(row.steps for row in rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make matrix", description=__doc__)
    selection = parser.add_mutually_exclusive_group()
    selection.add_argument(
        "--core", action="append", choices=SERIES, help="only this series; repeatable"
    )
    selection.add_argument(
        "--ends",
        action="store_true",
        help="only the oldest and the newest, except the series that make test uses",
    )
    parser.add_argument("--only", action="append", choices=KINDS, help="only these tests")
    parser.add_argument(
        "--brief",
        action="store_true",
        help="limit the integration tests to those of the module and the role",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
