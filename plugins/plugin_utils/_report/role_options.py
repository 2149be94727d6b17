# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Name the role's variables in messages of the module keyfactor_smtp, which name its options."""

from __future__ import annotations

import re

from .._expected.desired_settings import SECRETS

SETTING = re.compile(r"\bprofile\.([a-z_]+)")
# Not in the list of all options with which Ansible refuses a misspelled one.
OPTION = re.compile(r"(?<!, )\b(update_secrets|test_recipient)\b")


def name_role_options(message: str) -> str:
    """Return a message of the module in terms of the role."""

    def name_variable(match: re.Match[str]) -> str:
        variable = "secrets" if match[1] in SECRETS else "expected"
        return f"verify_smtp_{variable}.{match[1]}"

    return OPTION.sub(r"verify_smtp_\1", SETTING.sub(name_variable, message))
