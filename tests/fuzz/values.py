# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make random values, and change good ones."""

from __future__ import annotations

import string
from collections.abc import Sequence
from datetime import date, datetime, timezone
from random import Random
from typing import Any

# Characters that parsers, terminals, URLs and messages treat in a special way.
SPECIAL = "\x00\t\n\r\x1b\x7f\x85\xa0\xad\xe9\u0130\u202e\u2028\ufeff\uff0e\U0001f600 \"'\\%&<>{}[]:;,#@/?*!|=+-_.~$()^"
NUMBERS = (0, 1, -1, 2, 25, 443, 587, 65536, 2**31, 2**63, -(2**63), 10**30, 0.5, -0.0, 1e308)
PAIRS = (("a", ""), ("", " "), ("\n", "\r\n"), ('"', "'"), (":", "="), ("{", "["))


def random_text(rng: Random, longest: int = 12) -> str:
    """Return text of letters and of characters that are often special."""
    alphabet = rng.choice((string.ascii_letters, string.printable, SPECIAL, SPECIAL + "abAB09"))
    # Random texts end no sentence, so that the sentences of a message can be counted.
    text = "".join(rng.choice(alphabet) for _number in range(rng.randint(0, longest)))
    return text.replace(".", "").replace("!", "").replace("?", "")


def random_bytes(rng: Random, longest: int = 200) -> bytes:
    """Return bytes of any value."""
    return rng.randbytes(rng.randint(0, longest))


def random_scalar(rng: Random, words: Sequence[Any] = ()) -> Any:
    """Return a value that JSON has, often one of some words."""
    if words and rng.random() < 0.5:
        return rng.choice(words)
    return rng.choice(
        (
            None,
            True,
            False,
            "",
            rng.choice(NUMBERS),
            str(rng.choice(NUMBERS)),
            rng.randint(-1000, 1000),
            random_text(rng),
            random_text(rng),
            random_text(rng, 300),
        )
    )


def random_value(rng: Random, words: Sequence[Any] = (), depth: int = 3) -> Any:
    """Return a scalar, or a list or mapping of values."""
    kind = rng.random()
    if depth <= 0 or kind < 0.5:
        return random_scalar(rng, words)
    size = rng.randint(0, 4)
    if kind < 0.7:
        return [random_value(rng, words, depth - 1) for _number in range(size)]
    return {
        str(random_scalar(rng, words)): random_value(rng, words, depth - 1)
        for _number in range(size)
    }


def random_yaml_value(rng: Random, words: Sequence[Any] = ()) -> Any:
    """Return a value that YAML has and JSON has not."""
    return rng.choice(
        (
            date(rng.randint(1, 9999), 2, 28),
            datetime(2026, 12, 31, 23, 59, tzinfo=timezone.utc),
            float("nan"),
            float("inf"),
            {str(random_scalar(rng, words))},
            (random_scalar(rng, words),),
            {rng.choice((1, None, True, 1.5)): random_scalar(rng, words)},
            2 ** rng.choice((64, 1000)),
        )
    )


def mutate(rng: Random, value: Any, words: Sequence[Any] = (), times: int = 3) -> Any:
    """Return a value with some of its parts changed, at most C(times)."""
    for _number in range(rng.randint(0, times)):
        value = _mutate_once(rng, value, words)
    return value


def _mutate_once(rng: Random, value: Any, words: Sequence[Any]) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.85:
        return _mutate_mapping(rng, value, words)
    if isinstance(value, list) and value and rng.random() < 0.85:
        index = rng.randrange(len(value))
        changed = [_mutate_once(rng, value[index], words)]
        return [*value[:index], *rng.choice((changed, [], value[index:] * 2)), *value[index + 1 :]]
    if isinstance(value, str) and rng.random() < 0.5:
        return mutate_text(rng, value)
    if rng.random() < 0.1:
        return [value]
    return random_value(rng, words)


def _mutate_mapping(rng: Random, value: dict[Any, Any], words: Sequence[Any]) -> dict[Any, Any]:
    name = rng.choice(list(value))
    item, rest = value[name], {key: value[key] for key in value if key != name}
    action = rng.random()
    if action < 0.55:
        return {**value, name: _mutate_once(rng, item, words)}
    if action < 0.65:
        return rest
    if action < 0.75:
        return {**value, str(random_scalar(rng, words)): random_value(rng, words)}
    other = str(name)
    other = rng.choice((other.upper(), other.lower(), other.swapcase(), mutate_text(rng, other)))
    # A member in two spellings, or in another one.
    return {**value, other: item} if action < 0.85 else {**rest, other: item}


def mutate_text(rng: Random, text: str) -> str:
    """Return text with a part removed, repeated, exchanged or inserted."""
    start = rng.randint(0, len(text))
    end = min(len(text), start + rng.randint(0, 8))
    part = text[start:end]
    old, new = rng.choice(PAIRS)
    return (
        text[:start]
        + rng.choice(
            (
                "",
                part * 3,
                part.swapcase(),
                part.replace(old, new),
                random_text(rng, 3) + part,
                rng.choice(SPECIAL.replace(".", "").replace("!", "").replace("?", "")) + part,
            )
        )
        + text[end:]
    )


def mutate_bytes(rng: Random, data: bytes, times: int = 4) -> bytes:
    """Return bytes with some of them removed, repeated, exchanged or inserted."""
    for _number in range(rng.randint(0, times)):
        start = rng.randint(0, len(data))
        end = min(len(data), start + rng.choice((0, 1, 1, 2, 16)))
        part = rng.choice((b"", data[start:end] * 2, rng.randbytes(end - start + 1), b"\xff\xfe"))
        data = data[:start] + part + data[end:]
        if rng.random() < 0.1:
            data = data[: rng.randint(0, len(data))]
    return data
