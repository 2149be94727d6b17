# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the benchmark. Exit with 0 unless a run fails; exceeded budgets do not count."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.emulator.process import ROOT, Running

from .contenders import BY_NAME, CONTENDERS
from .docs import is_complete, replace_section, section, terminal
from .figures import Summary
from .options import SIZES, Options, parse
from .plan import Series, Turn, plan_series, plan_turns
from .plot import svg
from .process import Measurement, environment_variables, measure
from .results import Results, Run, describe_system
from .server import INVENTORY, BenchError, serve

BENCH = ROOT / "build" / "bench"
RUNS = BENCH / "runs"
DOCS = ROOT / "docs"


def main(arguments: Sequence[str]) -> int:
    """Measure what is missing, then print and write the figures."""
    options = parse(arguments)
    shutil.rmtree(RUNS, ignore_errors=True)
    (RUNS / "home").mkdir(parents=True)
    try:
        results = _results(options)
        warm = False
        for series in plan_series(options):
            todo = [turn for turn in plan_turns(options, series) if not results.has(turn)]
            if todo and not warm:
                _warm_up(options)
                warm = True
            _measure(todo, series, options, results)
        _write(results)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench: stopped; --resume continues", file=sys.stderr)
        return 130
    return 0


def _results(options: Options) -> Results:
    path, about = BENCH / "results.json", describe_system(options.forks)
    return Results.resume(path, about) if options.resume else Results(path, about)


def _warm_up(options: Options) -> None:
    """Run every contender once, to compile its imports and to fail early."""
    series = Series(0.0, 1)
    with serve(series, RUNS) as server:
        for contender in CONTENDERS:
            _run(Turn(series, 1, contender.name), options, server)


def _measure(todo: list[Turn], series: Series, options: Options, results: Results) -> None:
    if not todo:
        return
    print(f"{series.title}, {len(todo)} runs", flush=True)
    with serve(series, RUNS) as server:
        for turn in todo:
            measurement = _run(turn, options, server)
            results.add(
                Run(
                    series.latency,
                    series.environments,
                    turn.contender,
                    turn.round,
                    round(measurement.seconds, 3),
                    round(measurement.cpu, 3),
                    measurement.memory,
                )
            )
            print(f"  {turn.round}  {turn.contender:<10}{measurement.seconds:9.2f} s", flush=True)


def _run(turn: Turn, options: Options, server: Running) -> Measurement:
    """Run a contender once.

    :raises BenchError: if it fails or does not read every profile.
    """
    contender = BY_NAME[turn.contender]
    playbook = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [playbook, *contender.arguments, "-i", INVENTORY, "--forks", str(options.forks)]
    output = RUNS / "output.txt"
    before = server.profiles_sent()
    measurement = measure(
        command, environment_variables(RUNS, ROOT / "build" / "collections"), output
    )
    label = f"{contender.name}, run {turn.round} of {turn.series.title}"
    if measurement.status:
        tail = output.read_text(errors="replace")[-2000:]
        raise BenchError(
            f"{label} failed with status {measurement.status}. End of its output:\n{tail}"
        )
    sent, expected = server.profiles_sent() - before, contender.requests * turn.series.environments
    if sent != expected:
        raise BenchError(f"{label} read {sent} profiles instead of {expected}.")
    return measurement


def _write(results: Results) -> None:
    summary = Summary(results.runs)
    figures, plot = section(summary, results.about), svg(summary)
    (BENCH / "performance.md").write_text(figures + "\n")
    (BENCH / "performance.svg").write_text(plot)
    print(f"\n{terminal(summary)}\n\nWritten to {BENCH.relative_to(ROOT)}/", flush=True)
    if not is_complete(summary, SIZES):
        print(
            f"docs/ is unchanged, because it requires results for {', '.join(map(str, SIZES))} environments."
        )
        return
    page = DOCS / "performance.md"
    page.write_text(replace_section(page.read_text(), figures))
    (DOCS / "performance.svg").write_text(plot)
    print("Written to docs/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
