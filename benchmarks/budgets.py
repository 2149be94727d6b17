# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Performance budgets of the collection, as ratios within one benchmark."""

from __future__ import annotations

from dataclasses import dataclass

from .contenders import BY_HAND, FLOOR, IN_PLACE, ROLE, SHIPPED, URI
from .figures import Summary
from .plan import Series

# With fewer environments, Ansible's startup dominates the time.
MIN_SIZE = 100
MAX_GROWTH = 1.3


@dataclass(frozen=True)
class Budget:
    """A limit and the measured ratio."""

    description: str
    size: int
    limit: float
    measured: float
    # Whether the limit is a minimum instead of a maximum.
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the measured ratio is within the limit."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def allowed(self) -> str:
        """The limit as text."""
        return f"at {'least' if self.at_least else 'most'} {self.limit:.1f}x"


RATIOS = (
    # Description, numerator, denominator, limit, whether the limit is a minimum.
    ("module in place, compared with debug", IN_PLACE, FLOOR, 1.5, False),
    ("module in place, speedup over uri", URI, IN_PLACE, 8.0, True),
    ("role, speedup over by hand", BY_HAND, ROLE, 4.5, True),
    ("module shipped, compared with uri", SHIPPED, URI, 1.0, False),
)


def check(summary: Summary) -> list[Budget]:
    """Return the budgets for which there are results."""
    sizes = summary.sizes
    budgets = []
    for size in [size for size in sizes if size >= MIN_SIZE] or sizes[-1:]:
        for description, contender, other, limit, at_least in RATIOS:
            measured = summary.ratio(Series(0.0, size), contender, other)
            if measured is not None:
                budgets.append(Budget(description, size, limit, measured, at_least))
    return budgets + _growth(summary)


def _growth(summary: Summary) -> list[Budget]:
    """Return the budgets for the time per environment as their number grows."""
    sizes = [size for size in summary.sizes if size >= MIN_SIZE]
    if len(sizes) < 2:
        return []
    small, large = sizes[0], sizes[-1]
    budgets = []
    for name, label in ((IN_PLACE, "module in place"), (ROLE, "role")):
        before, after = (summary.get(Series(0.0, size), name) for size in (small, large))
        if before and after:
            description = f"{label}, time per environment compared with {small} environments"
            ratio = after.per_environment / before.per_environment
            budgets.append(Budget(description, large, MAX_GROWTH, ratio))
    return budgets
