# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of a wrong shape, or with a secret in their names, are refused without quoting them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.options import update_spec
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.option_shapes import (
    shape_problem,
)

SECRET = "shape-secret-4711"
PAM = {"provider": 1, "parameters": {"Any Name: at all": 1}}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"profile": None},
        {"profile": {"relay_password_pam": PAM, "request_headers": [{"name": "a"}]}},
        {"profile": {"request_headers": {"name": "a"}}},
        # Ansible refuses these, with their names.
        {"prfile": {}, "profile": {"relay_pasword": SECRET}},
    ],
)
def test_nothing_is_wrong(given: dict[str, Any]) -> None:
    assert shape_problem(update_spec(), given) == ""


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({f"password:{SECRET}": None}, "The task has an option whose name is not shown"),
        ({5: SECRET}, "The task has an option whose name is not shown"),
        (
            {"profile": {f"relay_password:{SECRET}": None}},
            "profile has an option whose name is not shown",
        ),
        (
            {"profile": {"request_headers": [{f"value:{SECRET}": None}]}},
            "profile.request_headers has an option whose name is not shown",
        ),
        ({"profile": SECRET}, "The value of profile cannot be used: it must be a mapping."),
        ({"profile": [SECRET]}, "The value of profile cannot be used: it must be a mapping."),
        (
            {"profile": {"relay_password_pam": SECRET}},
            "The value of profile.relay_password_pam cannot be used: "
            "it must be a mapping with provider and parameters.",
        ),
        (
            {"profile": {"request_headers": [SECRET]}},
            "The value of profile.request_headers cannot be used: "
            "it must be a list of mappings with name.",
        ),
        ({"profile": {"request_headers": SECRET}}, "must be a list of mappings with name."),
    ],
)
def test_what_is_wrong(given: dict[str, Any], problem: str) -> None:
    message = shape_problem(update_spec(), given)
    assert problem in message
    assert SECRET not in message
