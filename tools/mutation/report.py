# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Report the outcomes of mutants."""

from __future__ import annotations

from collections import Counter, defaultdict

from .mutants import Mutant
from .run import Outcome


class Report:
    """Prints survivors at once, and counts all outcomes by room."""

    def __init__(self) -> None:
        self._rooms: dict[str, Counter[Outcome]] = defaultdict(Counter)

    def add(self, mutant: Mutant, outcome: Outcome) -> None:
        """Count an outcome, and print it unless a test failed."""
        self._rooms[mutant.room][outcome] += 1
        if outcome != "killed":
            place = f"{mutant.path}:{mutant.first_line} {mutant.scope}".rstrip()
            print(f"{outcome}: {place}\n{mutant.diff}", flush=True)

    def score(self) -> float:
        """Return the percentage of mutants that the tests noticed, also by not ending."""
        return _score(sum(self._rooms.values(), Counter()))

    def table(self) -> str:
        """Return the counts by room."""
        total: Counter[Outcome] = sum(self._rooms.values(), Counter())
        rows = [*sorted(self._rooms.items()), ("all", total)]
        lines = [
            f"{'room':36} {'mutants':>8} {'killed':>8} {'survived':>8} {'timeout':>8} {'score':>8}"
        ]
        for room, counts in rows:
            lines.append(
                f"{room:36} {counts.total():8} {counts['killed']:8} {counts['survived']:8} "
                f"{counts['timeout']:8} {_score(counts):7.1f}%"
            )
        return "\n".join(lines)


def _score(counts: Counter[Outcome]) -> float:
    return 100 * (1 - counts["survived"] / counts.total()) if counts else 100
