# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of the config file: in any spelling, and never two that are the same."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.config_keys import (
    find_entries,
)

NAMES = ("client_id", "host")


@pytest.mark.parametrize("key", ["client_id", "ClientID", "clientId", "CLIENT_ID", "_clientid_"])
def test_case_and_underscores_do_not_matter(key: str) -> None:
    assert find_entries({key: "a", "host": None}, NAMES) == {
        "client_id": (key, "a"),
        "host": ("host", None),
    }


@pytest.mark.parametrize("key", ["client", "client-id", "client id", "clientids", "", 1, None])
def test_other_keys_are_ignored(key: object) -> None:
    assert find_entries({key: "a"}, NAMES) == {}


def test_a_block_for_one_tool_is_not_looked_into() -> None:
    assert find_entries({"acme": {"client_id": "a"}, "host": "b"}, NAMES) == {"host": ("host", "b")}


def test_two_keys_that_are_the_same() -> None:
    with pytest.raises(ValueError, match="the keys ClientID and client_id are the same, because"):
        find_entries({"ClientID": "a", "client_id": "a"}, NAMES)
    # Nobody reads these.
    assert find_entries({"Acme": {}, "acme": {}}, NAMES) == {}
