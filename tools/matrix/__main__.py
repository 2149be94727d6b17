# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the tests with every supported ansible-core. Exit with 1 if a test failed or none ran."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tools.sources import ROOT

from .cores import CORES, SERIES, Core, oldest_and_newest
from .lowest import pins
from .outcome import KINDS, Row, table
from .pythons import newest, oldest
from .run import LOWEST, OUTPUT, Tests, current_series


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    pythons = {core: newest(core) for core in CORES}
    if options.ends:
        available = [core for core, python in pythons.items() if python]
        selected = oldest_and_newest(available, current_series())
    elif options.lowest:
        selected = []
    else:
        selected = [core for core in CORES if core.series in (options.core or SERIES)]
    rows: list[Row] = []
    for core in () if options.lowest else CORES:
        python = pythons[core]
        if not python:
            rows.append(Row(core.series, note=_no_python(core)))
        elif core in selected:
            print(f"ansible-core {core.series} with {python}", flush=True)
            rows.append(Tests(core, python).run(options.only or KINDS, options.brief))
        elif options.ends:
            is_current = core.series == current_series()
            note = "tested by make test" if is_current else "not tested, run make matrix"
            rows.append(Row(core.series, note=note))
    # Sanity tests do not depend on the libraries.
    kinds = [kind for kind in options.only or KINDS if kind != "sanity"]
    if kinds and not (options.ends or options.core):
        rows.append(_test_lowest(kinds))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    text = table(rows)
    (OUTPUT / "table.txt").write_text(text + "\n")
    print(f"\n{text}\n", flush=True)
    for core in selected:
        for name, reason in core.excluded:
            print(f"{core.series} excludes {name}: {reason}.", flush=True)
    return 1 if any(row.failed for row in rows) or not (options.ends or _ran(rows)) else 0


def _test_lowest(kinds: Sequence[str]) -> Row:
    """Test the lowest versions of the libraries with the oldest Python of the current core.

    The integration tests are brief, because others use programs that need newer libraries.
    """
    (core,) = (core for core in CORES if core.series == current_series())
    python = oldest(core)
    if not python:
        return Row(f"{core.series} {LOWEST}", note=_no_python(core))
    lowest = pins((ROOT / "requirements.txt").read_text())
    print(f"ansible-core {core.series} with {python} and {', '.join(lowest)}", flush=True)
    return Tests(core, python, lowest).run(kinds, brief=True)


def _no_python(core: Core) -> str:
    return f"skipped: no Python {' or '.join(core.pythons)} on this machine"


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
    selection.add_argument(
        "--lowest",
        action="store_true",
        help="only the current series with the lowest versions in requirements.txt",
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
