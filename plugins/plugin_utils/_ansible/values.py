# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert values from Ansible to builtin types, and make values for Ansible unsafe."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import ansible.template


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


def make_unsafe(value: Any) -> Any:
    """Return a value in which Ansible evaluates no templates, such as text of servers.

    Up to 2.18, all text is a template unless marked as unsafe. From 2.19 on, only text from
    playbooks and inventories is, and the function that marks text is deprecated.
    """
    if hasattr(ansible.template, "trust_as_template"):
        return value
    from ansible.utils.unsafe_proxy import wrap_var

    return wrap_var(value)
