# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment that the others must equal, as the user names it."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.reference import (
    DEFAULT_EXCLUDE,
    Reference,
    parse_reference,
)

ENVIRONMENTS = ["staging", "production"]


@pytest.mark.parametrize("exclude", [["id", "port"], ("id", "port"), "id, port"])
@pytest.mark.parametrize("environments", [ENVIRONMENTS, []])
def test_reference_with_excluded_settings(exclude: object, environments: list[str]) -> None:
    reference = Reference("staging", frozenset(["id", "port"]))
    assert parse_reference("staging", exclude, environments) == (reference, [])


def test_id_is_excluded_by_default() -> None:
    assert DEFAULT_EXCLUDE == ("id",)


def test_label_is_one_line() -> None:
    assert Reference("stag\ning\x1b", frozenset()).label == "the reference stag ing\\u001b"


@pytest.mark.parametrize(
    ("name", "exclude", "expected"),
    [
        (
            "stagin",
            ["id"],
            ["verify_smtp_reference: stagin is not in the inventory (did you mean staging)"],
        ),
        ("qqq", ["id"], ["verify_smtp_reference: qqq is not in the inventory"]),
        (
            ["staging"],
            ["id"],
            ["verify_smtp_reference must be an environment's name, and is [staging]"],
        ),
        (5, ["id"], ["verify_smtp_reference must be an environment's name, and is 5"]),
        (
            "staging",
            ["prot"],
            ["verify_smtp_reference_exclude: prot is not a setting (did you mean port)"],
        ),
        ("staging", {"id": 1}, ["verify_smtp_reference_exclude must be a list of settings"]),
        ("staging", None, ["verify_smtp_reference_exclude must be a list of settings"]),
        ("staging", list(SETTINGS), ["verify_smtp_reference_exclude leaves no setting to compare"]),
        (
            "qqq",
            ["prot"],
            [
                "verify_smtp_reference: qqq is not in the inventory",
                "verify_smtp_reference_exclude: prot is not a setting (did you mean port)",
            ],
        ),
        (
            "qqq",
            5,
            [
                "verify_smtp_reference: qqq is not in the inventory",
                "verify_smtp_reference_exclude must be a list of settings",
            ],
        ),
    ],
)
def test_reference_that_cannot_be_used(name: object, exclude: object, expected: list[str]) -> None:
    _reference, problems = parse_reference(name, exclude, ["staging", "production"])
    assert problems == expected


@pytest.mark.parametrize("name", ["", None, [], {}])
def test_reference_is_optional(name: object) -> None:
    assert parse_reference(name, ["prot"], []) == (None, [])
