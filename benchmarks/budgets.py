# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The budgets: how fast the collection has to be, as ratios within one benchmark."""

from __future__ import annotations

from dataclasses import dataclass

from .contenders import BY_HAND, FLOOR, IN_PLACE, ROLE, SHIPPED, URI
from .figures import Summary
from .plan import Series

# Below it Ansible's own start is most of what is measured.
SMALLEST = 100
FLATNESS = 1.3


@dataclass(frozen=True)
class Budget:
    """A limit, and the figure that was measured. Both are multiples of something."""

    what: str
    size: int
    limit: float
    figure: float
    # Whether the figure has to reach the limit, or to stay below it.
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure is within the limit."""
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    @property
    def allowed(self) -> str:
        """The limit in words."""
        return f"at {'least' if self.at_least else 'most'} {self.limit:.1f}x"


RATIOS = (
    # What, contender, other, limit; a limit on how much faster has the slower one first.
    ("the task in place, against debug", IN_PLACE, FLOOR, 1.5, False),
    ("the task in place, faster than uri", URI, IN_PLACE, 8.0, True),
    ("the role, faster than by hand", BY_HAND, ROLE, 5.0, True),
    ("the task shipped, against uri", SHIPPED, URI, 1.0, False),
)


def check(summary: Summary) -> list[Budget]:
    """Return the budgets that can be judged, with their figures."""
    sizes = summary.sizes
    found = []
    for size in [size for size in sizes if size >= SMALLEST] or sizes[-1:]:
        for what, contender, other, limit, at_least in RATIOS:
            figure = summary.ratio(Series(0.0, size), contender, other)
            if figure is not None:
                found.append(Budget(what, size, limit, figure, at_least))
    return found + _flatness(summary)


def _flatness(summary: Summary) -> list[Budget]:
    """Judge the time per environment at the largest size against that at the one before."""
    if len(summary.sizes) < 2:
        return []
    small, large = summary.sizes[-2:]
    found = []
    for name, what in ((IN_PLACE, "the task in place"), (ROLE, "the role")):
        before, after = (summary.of(Series(0.0, size), name) for size in (small, large))
        if before and after:
            text = f"{what}, time per environment against that at {small}"
            found.append(Budget(text, large, FLATNESS, after.each / before.each))
    return found
