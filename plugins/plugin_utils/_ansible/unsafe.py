# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prevent Ansible from evaluating text of servers as templates."""

from __future__ import annotations

from typing import Any

import ansible.template


def make_unsafe(value: Any) -> Any:
    """Return a value in which Ansible evaluates no templates.

    Up to 2.18, all text is a template unless marked as unsafe. From 2.19 on, only text from
    playbooks and inventories is, and the function that marks text is deprecated.
    """
    if hasattr(ansible.template, "trust_as_template"):
        return value
    from ansible.utils.unsafe_proxy import wrap_var

    return wrap_var(value)
