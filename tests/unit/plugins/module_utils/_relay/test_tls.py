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
from tests.unit.relays import message, probe, statuses, whole

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
    pattern = (
        rf"The certificate of localhost:\d+ expires on {DATE}, in 14 days. Renew it on the relay."
    )
    assert re.fullmatch(pattern, message(result, "certificate"))


@pytest.mark.parametrize(
    ("variant", "pattern"),
    [
        (Tls.EXPIRED, f"expired on {DATE}. Renew it on the relay."),
        (
            Tls.WRONG_NAME,
            "is not for localhost but for command.keyexample.com. Have it replaced, or set host of "
            "the profile to a name in it.",
        ),
        (
            Tls.UNKNOWN_CA,
            "is from an authority Foreign CA that this machine does not trust. Set ca_cert to the "
            "certificate of that authority, and have the machine of Keyfactor Command trust it as "
            "well.",
        ),
    ],
)
def test_certificate_that_is_refused(emulator: Emulator, variant: Tls, pattern: str) -> None:
    relay = emulator.relay(variant, replies={"RCPT": "550 5.1.1 unknown"})
    result = probe(emulator, relay)
    # All else that is wrong is found as well.
    assert statuses(result) == {"certificate": "failed", "recipient": "failed"}
    pattern = rf"The certificate of localhost:\d+ {pattern}"
    assert re.fullmatch(pattern, message(result, "certificate"))
    assert isinstance(result["relay"]["certificate"]["days_left"], int)


@pytest.mark.parametrize(
    ("variant", "status", "pattern"),
    [
        (Tls.UNKNOWN_CA, "warning", "was not verified, because of validate_certs."),
        (Tls.EXPIRED, "failed", f"expired on {DATE}."),
        (Tls.WRONG_NAME, "warning", "was not verified, because of validate_certs."),
    ],
)
def test_without_verification(emulator: Emulator, variant: Tls, status: str, pattern: str) -> None:
    result = probe(emulator, emulator.relay(variant), validate_certs=False)
    assert statuses(result) == {"certificate": status}
    pattern = rf"The certificate of localhost:\d+ {pattern}"
    assert re.fullmatch(pattern, message(result, "certificate"))


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
    ("options", "text"),
    [
        (
            {"tls": Tls.PLAIN_HTTP},
            "{relay} does not offer STARTTLS, and use_ssl of the profile needs it. Enable TLS on "
            "the relay, or check the port: 465 is for TLS from the first byte.",
        ),
        (
            {"replies": {"STARTTLS": "454 4.7.0 no key"}},
            "{relay} offers STARTTLS and refuses it: 454 4.7.0 no key. Check the relay's TLS "
            "settings, such as its certificate and key.",
        ),
        (
            {"drop": "STARTTLS"},
            "{relay} closed the connection in the middle of the session. Look at the relay's log.",
        ),
    ],
)
def test_relay_that_cannot_speak_tls(
    emulator: Emulator, options: dict[str, Any], text: str
) -> None:
    relay = emulator.relay(**options)
    result = probe(emulator, relay, use_ssl=True)
    assert statuses(result) == {"tls": "failed"}
    assert message(result, "tls") == whole(result, text)
    assert message(result, "sender") == "Not made, because of the check tls."
    assert not any("MAIL" in line for line in relay.commands)


def test_relay_that_does_not_begin_the_handshake(emulator: Emulator) -> None:
    result = probe(emulator, emulator.relay(replies={"STARTTLS": "220 go"}))
    assert statuses(result) == {"tls": "failed"}
    # The reason depends on the version of OpenSSL.
    assert re.search("ended the TLS handshake|answers without TLS", message(result, "tls"))


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
    ("code", "certificate", "pattern"),
    [
        (10, GOOD, "An issuer of the certificate of a:25 has expired. Replace it on the relay."),
        (
            9,
            GOOD,
            "An issuer of the certificate of a:25 is not valid yet. Replace it on the relay.",
        ),
        (
            9,
            GOOD._replace(not_before=NOW + timedelta(days=1)),
            f"The certificate of a:25 is not valid before {DATE}. Check it, and this machine's clock.",
        ),
        (10, None, "An issuer of the certificate of a:25 has expired. Replace it on the relay."),
        (
            62,
            None,
            "The certificate of a:25 is not for a. Have it replaced, or set host of the profile to a "
            "name in it.",
        ),
        (
            20,
            None,
            "The certificate of a:25 is from an authority that this machine does not trust. "
            f"{tls.TRUST_HINT}",
        ),
        (23, GOOD, r"The certificate of a:25 was not accepted \(revoked\). Check it on the relay."),
    ],
)
def test_other_reasons(code: int, certificate: Certificate | None, pattern: str) -> None:
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = code, "revoked"
    found = tls.refused_certificate_message(error, certificate, "a", "a:25")
    assert re.fullmatch(pattern, found)


def test_handshake_that_ends() -> None:
    error = ssl.SSLError(1, "x")
    error.reason = "NO_SHARED_CIPHER"
    found = tls.handshake_error(error, "a:25")
    assert (found.status, found.message) == (
        "failed",
        "a:25 ended the TLS handshake (NO_SHARED_CIPHER). Check the relay's TLS settings: TLS 1.2 or "
        "later, and the ciphers.",
    )


@pytest.mark.parametrize(("days", "shown"), [(1, "in 1 day"), (2, "in 2 days"), (0, "in 0 days")])
def test_days_left(days: int, shown: str) -> None:
    certificate = GOOD._replace(not_after=datetime.now(UTC) + timedelta(days=days, hours=1))
    options = options_module.parse_options({"host": "a", "certificate_days": 30})
    status, found = tls.accepted_certificate_result(certificate, options, "a:25")
    pattern = rf"The certificate of a:25 expires on {DATE}, {shown}. Renew it on the relay."
    assert (status, bool(re.fullmatch(pattern, found))) == ("warning", True)
    assert tls.accepted_certificate_result(None, options, "a:25") == (
        "warning",
        "a:25 sent a certificate that cannot be read for its dates.",
    )
