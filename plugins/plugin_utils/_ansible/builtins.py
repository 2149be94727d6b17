# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert Ansible's values to the builtin types that JSON has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any


def to_builtins(value: Any) -> Any:
    """Return a value as a module receives it from JSON.

    Ansible's types of text would appear in messages. Up to 2.18, a vaulted text is a list of
    characters, each of which would be a secret.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        # JSON has neither infinity nor NaN.
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_text(name): to_builtins(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [to_builtins(item) for item in value]
    return _text(value)


def _text(value: Any) -> str:
    # Up to 2.18, str() of text that is marked as unsafe does not remove the mark.
    return str.__str__(value) if isinstance(value, str) else str(value)
