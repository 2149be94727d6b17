# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever object a server sends is an SMTP profile or a ValueError, without secrets."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from tests.unit.strategies import PROFILES

TYPES: dict[str, type | tuple[type, ...]] = {
    "id": int,
    "port": int,
    "use_ssl": bool,
    "relay_authentication_type": int,
    "request_headers": list,
}


@given(PROFILES, st.sampled_from([1, 2]))
def test_any_object_is_a_profile_or_a_value_error(content: dict[str, Any], version: int) -> None:
    try:
        found = normalize_profile(content, version)
    except ValueError as error:
        assert str(error).isprintable()
        return
    assert tuple(found.values) == SETTINGS
    assert found.api_version in (1, 2)
    assert found.unknown_members == sorted(found.unknown_members)
    assert found.values["relay_authentication"] in ("anonymous", "basic", "oauth", "unknown")
    assert found.values["relay_username_source"] in ("plain", "pam", "none")
    for key, value in found.values.items():
        assert value is None or isinstance(value, TYPES.get(key, str))
    json.dumps(found.values, ensure_ascii=False).encode()


@given(PROFILES)
def test_secrets_of_the_relay_never_come_through(content: dict[str, Any]) -> None:
    secret = "unique-secret-of-the-relay-4433"
    for shape in (secret, {"SecretValue": secret}, [secret]):
        sent = {name: value for name, value in content.items() if "lay" not in name}
        sent = {**sent, "Port": 25, "relayPASSWORD": shape, "ClientSECRET": shape}
        sent["RequestHeaders"] = [{"Name": "X-Key", "Value": secret}]
        try:
            found = normalize_profile(sent, 2)
        except ValueError as error:
            assert secret not in str(error)
        else:
            assert secret not in json.dumps([found.values, found.unknown_members])
