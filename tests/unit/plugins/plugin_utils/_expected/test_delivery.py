# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ways of delivery can be verified."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.delivery import (
    parse_delivery,
    require_delivery_setting,
    way_of,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
)
from tests.unit.support import expected_state


@pytest.mark.parametrize("value", [["relay"], "relay", "relay, relay", ("relay",)])
def test_ways(value: object) -> None:
    assert parse_delivery(value) == (["relay"], [])
    assert parse_delivery("mail, relay") == (["mail", "relay"], [])


@pytest.mark.parametrize("value", [[], "", None, ()])
def test_no_ways(value: object) -> None:
    assert parse_delivery(value) == ([], [])


def test_unknown_ways_are_an_error() -> None:
    with pytest.raises(ExpectedStateError) as caught:
        expected_state({"port": 25}, delivery=["relay", "pigeon"])
    assert "verify_smtp_delivery has pigeon, and may have relay, mail" in str(caught.value)


def test_delivery_alone_is_something_to_verify() -> None:
    assert expected_state({}, delivery=["relay"]).delivery == ["relay"]


def test_names_of_checks() -> None:
    assert require_delivery_setting("delivery.certificate") == "delivery.certificate"
    assert require_delivery_setting("delivery.relay") == "delivery.relay"
    assert require_delivery_setting("delivery.mail") == "delivery.mail"
    with pytest.raises(ValueError, match=r"did you mean delivery\.certificate"):
        require_delivery_setting("delivery.certificat")


def test_ways_of_findings() -> None:
    ways = [way_of(name) for name in ("delivery.tls", "delivery.relay", "delivery.mail", "port")]
    assert ways == ["relay", "relay", "mail", None]


def test_waivers_of_checks() -> None:
    waiver = {"setting": "delivery.dkim", "reason": "a", "owner": "b", "expires": "2030-01-01"}
    with pytest.raises(ExpectedStateError) as caught:
        expected_state({"port": 25}, waivers=[waiver])
    assert "delivery.dkim is not a check of delivery" in str(caught.value)
