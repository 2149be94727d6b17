# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the benchmark. Ends with 0 unless a run failed, whatever the budgets say."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.emulator.process import ROOT, Running

from .contenders import BY_NAME, CONTENDERS
from .docs import complete, replaced, section, terminal
from .figures import Summary
from .options import SIZES, Options, parse
from .plan import Series, Turn, series, turns
from .plot import svg
from .process import Measured, environment, measure
from .results import Results, Run, circumstances
from .server import INVENTORY, BenchError, serve

BENCH = ROOT / "build" / "bench"
PLACE = BENCH / "runs"
DOCS = ROOT / "docs"


def main(arguments: Sequence[str]) -> int:
    """Measure what is not measured yet, then show and write the figures."""
    options = parse(arguments)
    shutil.rmtree(PLACE, ignore_errors=True)
    (PLACE / "home").mkdir(parents=True)
    try:
        results = _results(options)
        warm = False
        for one in series(options):
            todo = [turn for turn in turns(options, one) if not results.has(turn)]
            if todo and not warm:
                _warm_up(options)
                warm = True
            _measure(todo, one, options, results)
        _write(results)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench: stopped; --resume continues", file=sys.stderr)
        return 130
    return 0


def _results(options: Options) -> Results:
    path, about = BENCH / "results.json", circumstances(options.forks)
    return Results.resumed(path, about) if options.resume else Results(path, about)


def _warm_up(options: Options) -> None:
    """Let every contender compile what it imports, and fail early if it must."""
    one = Series(0.0, 1)
    with serve(one, PLACE) as server:
        for contender in CONTENDERS:
            _run(Turn(one, 1, contender.name), options, server)


def _measure(todo: list[Turn], one: Series, options: Options, results: Results) -> None:
    if not todo:
        return
    print(f"{one.title}, {len(todo)} runs", flush=True)
    with serve(one, PLACE) as server:
        for turn in todo:
            took = _run(turn, options, server)
            results.add(
                Run(
                    one.latency,
                    one.environments,
                    turn.contender,
                    turn.round,
                    round(took.seconds, 3),
                    round(took.cpu, 3),
                    took.memory,
                )
            )
            print(f"  {turn.round}  {turn.contender:<10}{took.seconds:9.2f} s", flush=True)


def _run(turn: Turn, options: Options, server: Running) -> Measured:
    """Make one run. :raises BenchError: if it failed, or did not read what it should."""
    contender = BY_NAME[turn.contender]
    playbook = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [playbook, *contender.arguments, "-i", INVENTORY, "--forks", str(options.forks)]
    output = PLACE / "output.txt"
    before = server.profiles_sent()
    took = measure(command, environment(PLACE, ROOT / "build" / "collections"), output)
    what = f"{contender.name}, run {turn.round} of {turn.series.title}"
    if took.status:
        last = output.read_text(errors="replace")[-2000:]
        raise BenchError(f"{what} ended with {took.status}. Its output ends with:\n{last}")
    sent, wanted = server.profiles_sent() - before, contender.requests * turn.series.environments
    if sent != wanted:
        raise BenchError(f"{what} read {sent} profiles, and should have read {wanted}.")
    return took


def _write(results: Results) -> None:
    summary = Summary(results.runs)
    figures, plot = section(summary, results.about), svg(summary)
    (BENCH / "performance.md").write_text(figures + "\n")
    (BENCH / "performance.svg").write_text(plot)
    print(f"\n{terminal(summary)}\n\nWritten to {BENCH.relative_to(ROOT)}/", flush=True)
    if not complete(summary, SIZES):
        print(f"docs/ is left as it is: it shows {', '.join(map(str, SIZES))} environments.")
        return
    page = DOCS / "performance.md"
    page.write_text(replaced(page.read_text(), figures))
    (DOCS / "performance.svg").write_text(plot)
    print("Written to docs/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
