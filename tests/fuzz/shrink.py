# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a failing case smaller."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

ATTEMPTS = 2000
SECONDS = 20.0


def shrink(case: Any, fails: Callable[[Any], bool]) -> Any:
    """Return the smallest case found that still fails, after a limited number of attempts."""
    attempts, start = 0, time.process_time()
    shrunk = True
    while shrunk:
        shrunk = False
        for candidate in _simpler(case):
            attempts += 1
            if attempts > ATTEMPTS or time.process_time() - start > SECONDS:
                return case
            if fails(candidate):
                case, shrunk = candidate, True
                break
    return case


def _simpler(value: Any) -> Iterator[Any]:
    """Yield values with a part removed or made simpler, large parts first."""
    if isinstance(value, (str, bytes, list)):
        yield from _shorter(value)
    if isinstance(value, list):
        for index, item in enumerate(value):
            for simpler in _simpler(item):
                yield [*value[:index], simpler, *value[index + 1 :]]
    elif isinstance(value, dict):
        for name in value:
            yield {key: item for key, item in value.items() if key != name}
        for name, item in value.items():
            for simpler in _simpler(item):
                yield {**value, name: simpler}
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value:
        yield 0


def _shorter(sequence: Any) -> Iterator[Any]:
    size = len(sequence)
    while size:
        for start in range(0, len(sequence), size):
            yield sequence[:start] + sequence[start + size :]
        size //= 2
