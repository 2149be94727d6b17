# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS with relays, and what is wrong with their certificates."""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._relay import (
    options as options_module,
)
from ansible_collections.keyfactor.command.plugins.module_utils._relay import tls
from ansible_collections.keyfactor.command.plugins.module_utils._relay.certificate import (
    Certificate,
)
from tests.emulator import Emulator, Tls
from tests.unit.relays import message, probe, statuses

DATE = r"20\d\d-\d\d-\d\d \d\d:\d\d UTC"


def test_valid_certificate(emulator: Emulator) -> None:
    result = probe(emulator, emulator.relay())
    assert statuses(result) == {}
    assert re.search(rf"valid until {DATE}, in 14 days", message(result, "certificate"))
    assert result["relay"]["tls_version"] == "TLSv1.3"
    assert result["relay"]["certificate"]["names"] == ["localhost", "127.0.0.1"]


def test_certificate_that_expires_soon(emulator: Emulator) -> None:
    result = probe(emulator, emulator.relay(), certificate_days=14)
    assert statuses(result) == {"certificate": "warning"}
    assert result["ok"] is True
    assert "in 14 days. Renew it" in message(result, "certificate")


@pytest.mark.parametrize(
    ("variant", "phrases"),
    [
        (Tls.EXPIRED, (f"expired on {DATE}", "Renew")),
        (Tls.WRONG_NAME, ("not for localhost but for command.keyexample.com", "host")),
        (Tls.UNKNOWN_CA, ("authority Foreign CA that this machine does not trust", "ca_cert")),
    ],
)
def test_certificate_that_is_refused(
    emulator: Emulator, variant: Tls, phrases: tuple[str, ...]
) -> None:
    relay = emulator.relay(variant, replies={"RCPT": "550 5.1.1 unknown"})
    result = probe(emulator, relay)
    # All else that is wrong is found as well.
    assert statuses(result) == {"certificate": "failed", "recipient": "failed"}
    for phrase in phrases:
        assert re.search(phrase, message(result, "certificate"))
    assert isinstance(result["relay"]["certificate"]["days_left"], int)


@pytest.mark.parametrize(
    ("variant", "status"),
    [(Tls.UNKNOWN_CA, "warning"), (Tls.EXPIRED, "failed"), (Tls.WRONG_NAME, "warning")],
)
def test_without_verification(emulator: Emulator, variant: Tls, status: str) -> None:
    result = probe(emulator, emulator.relay(variant), validate_certs=False)
    assert statuses(result) == {"certificate": status}


def test_ca_cert_adds_to_the_trust_of_the_system(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = emulator.relay()
    pem = emulator.ca_cert.read_text()
    assert statuses(probe(emulator, relay, ca_cert=pem)) == {}
    assert statuses(probe(emulator, relay, ca_cert=None)) == {"certificate": "failed"}
    monkeypatch.setenv("SSL_CERT_FILE", str(emulator.ca_cert))
    assert statuses(probe(emulator, relay, ca_cert=None)) == {}


@pytest.mark.parametrize("ca_cert", ["/nowhere/ca.pem", "-----BEGIN NOTHING-----"])
def test_ca_cert_that_cannot_be_used(emulator: Emulator, ca_cert: str) -> None:
    relay = emulator.relay()
    result = probe(emulator, relay, ca_cert=ca_cert)
    assert (result["failed"], result["error"]["kind"]) == (True, "configuration")
    assert "ca_cert" in result["msg"]
    assert relay.commands == []


@pytest.mark.parametrize(
    ("options", "phrases"),
    [
        ({"tls": Tls.PLAIN_HTTP}, ("does not offer STARTTLS", "use_ssl", "465")),
        ({"replies": {"STARTTLS": "454 4.7.0 no key"}}, ("refuses it: 454 4.7.0 no key",)),
        ({"replies": {"STARTTLS": "220 go"}}, ("ended the TLS handshake|answers without TLS",)),
        ({"drop": "STARTTLS"}, ("middle of the session",)),
    ],
)
def test_relay_that_cannot_speak_tls(
    emulator: Emulator, options: dict[str, Any], phrases: tuple[str, ...]
) -> None:
    relay = emulator.relay(**options)
    result = probe(emulator, relay, use_ssl=True)
    assert statuses(result) == {"tls": "failed"}
    for phrase in phrases:
        assert re.search(phrase, message(result, "tls"))
    assert "check tls" in message(result, "sender")
    assert not any("MAIL" in line for line in relay.commands)


def test_implicit_tls(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    relay = emulator.relay(implicit=True)
    monkeypatch.setattr(options_module, "IMPLICIT_TLS_PORT", relay.port)
    result = probe(emulator, relay)
    assert statuses(result) == {}
    assert (result["relay"]["tls"], result["relay"]["tls_version"]) == ("implicit", "TLSv1.3")
    assert not any("STARTTLS" in line for line in relay.commands)


@pytest.mark.parametrize(
    ("options", "check", "status", "phrase"),
    [
        ({}, "tls", "failed", "answers without TLS where TLS must begin"),
        ({"drop": "GREETING"}, "tls", "unknown", "before a greeting"),
    ],
)
def test_implicit_tls_with_a_relay_that_has_none(
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    check: str,
    status: str,
    phrase: str,
) -> None:
    relay = emulator.relay(**options)
    monkeypatch.setattr(options_module, "IMPLICIT_TLS_PORT", relay.port)
    result = probe(emulator, relay)
    assert statuses(result) == {check: status}
    assert phrase in message(result, check)


def test_port_for_implicit_tls_under_another_number(emulator: Emulator) -> None:
    result = probe(emulator, emulator.relay(implicit=True), timeout="1s")
    assert statuses(result) == {"greeting": "unknown"}
    assert "TLS from the first byte" in message(result, "greeting")


NOW = datetime.now(UTC)
GOOD = Certificate([], "a", "b", NOW - timedelta(days=1), NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("code", "certificate", "phrase"),
    [
        (10, GOOD, "An issuer of the certificate of a:25 has expired"),
        (9, GOOD, "An issuer of the certificate of a:25 is not valid yet"),
        (9, GOOD._replace(not_before=NOW + timedelta(days=1)), "is not valid before 2"),
        (10, None, "has expired"),
        (62, None, "is not for a. "),
        (20, None, "from an authority that"),
        (23, GOOD, "was not accepted (revoked)"),
    ],
)
def test_other_reasons(code: int, certificate: Certificate | None, phrase: str) -> None:
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = code, "revoked"
    assert phrase in tls.refused_certificate_message(error, certificate, "a", "a:25")
