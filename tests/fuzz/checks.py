# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every error and every result."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, get_args

from ansible_collections.keyfactor.command.plugins.module_utils._errors import (
    CommandError,
    ErrorKind,
)
from tests.unit.support import check_error

from .encodings import revealed

KINDS = frozenset(get_args(ErrorKind))
QUOTED = re.compile(r'".*"|\'.*\'', re.S)


def checked_kind(error: CommandError, secrets: Sequence[str], own_texts: object) -> str:
    """Return the kind of an error, after checking what it shows.

    :param own_texts: the input, which may have sentences that a message repeats.
    """
    check_error(error, secrets=secrets, count_sentences=not has_sentences(own_texts))
    assert error.kind in KINDS, error.kind
    for text in (error.url, error.detail, error.correlation_id):
        assert text is None or text.isprintable(), text
    check_secrets(error.as_result(), secrets)
    return str(error.kind)


def check_secrets(value: Any, secrets: Iterable[str]) -> None:
    """Fail if a secret can be read from a value."""
    found = revealed(value, secrets)
    assert not found, f"{found} can be read from: {value}"


@contextmanager
def logged() -> Iterator[list[str]]:
    """Collect what Ansible writes to its log, if it has one: all libraries' records from INFO on."""
    texts: list[str] = []
    handler, root = logging.Handler(logging.INFO), logging.getLogger()
    handler.emit = lambda record: texts.append(handler.format(record))  # type: ignore[method-assign]
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield texts
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def has_sentences(value: object) -> bool:
    """Tell whether a text of a value has the end of a sentence, in whichever encoding."""
    return bool(re.search(r"[.!?]\W+[A-Z]", str(value)))
