# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from servers, kept from being read as templates."""

from __future__ import annotations

from typing import Any

import ansible.template


def make_unsafe(value: Any) -> Any:
    """Return the value so that Ansible never evaluates braces in it.

    Up to 2.18 all text is read as a template unless it is marked. From 2.19 on only text from
    playbooks and inventories is, and the function that marks is on its way out.
    """
    if hasattr(ansible.template, "trust_as_template"):
        return value
    from ansible.utils.unsafe_proxy import wrap_var

    return wrap_var(value)
