# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and dates of certificates, in comparison with a library that is made for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._relay.certificate import (
    parse_certificate,
)
from tests.emulator.authority import SERVER, Authority

KEY = ec.generate_private_key(ec.SECP256R1())


def issue(
    end: datetime, subject: list[x509.NameAttribute], names: list[x509.GeneralName] | None = None
) -> bytes:
    """Return a self-signed certificate as DER."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Keyexample")]))
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(datetime(1990, 1, 2, 3, 4, 5))
        .not_valid_after(end)
    )
    if names:
        builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_certificate() -> None:
    end = datetime(2055, 6, 7, 8, 9, 10)  # written as a date of four digits
    names: list[x509.GeneralName] = [
        x509.DNSName("smtp.example.com"),
        x509.RFC822Name("pki@example.com"),
        x509.IPAddress(ip_address("2001:db8::1")),
    ]
    subject = [
        x509.NameAttribute(NameOID.COMMON_NAME, "smtp \u00fc \x1b"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Keyexample"),
    ]
    found = parse_certificate(issue(end, subject, names))
    assert found.names == ["smtp.example.com", "2001:db8::1"]
    assert (found.subject, found.issuer) == ("smtp \u00fc", "Keyexample")
    assert found.not_before == datetime(1990, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert found.not_after == end.replace(tzinfo=UTC)
    assert found.days_left(found.not_after - timedelta(days=2, hours=1)) == 2
    assert found.days_left(found.not_after + timedelta(hours=1)) == -1
    assert found.as_dict(found.not_after)["not_after"] == "2055-06-07T08:09:10+00:00"


@pytest.mark.parametrize("year", [1999, 2000, 2049, 2050])
def test_centuries(year: int) -> None:
    """Years from 1950 to 2049 are written with two digits."""
    assert parse_certificate(issue(datetime(year, 6, 7), [])).not_after.year == year


def test_certificate_without_names() -> None:
    found = parse_certificate(issue(datetime(2030, 1, 1), []))
    assert (found.names, found.subject) == ([], "")


PAIR = Authority("CA").issue("localhost", SERVER, [x509.DNSName("localhost")])
DER = PAIR.certificate.public_bytes(serialization.Encoding.DER)


@given(st.integers(0, len(DER) - 1), st.binary(max_size=3))
def test_what_is_not_a_certificate_is_a_value_error(start: int, replacement: bytes) -> None:
    broken = DER[:start] + replacement + DER[start + 1 :]
    try:
        found = parse_certificate(broken)
    except ValueError:
        return
    assert all(name.isprintable() for name in (*found.names, found.subject, found.issuer))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", r"not enough values .*"),
        (b"0", "it is not a certificate"),
        (b"0\x00", "it is not a certificate"),
        (DER + b"0", "it is not a certificate"),
        (DER[:-1], "it is cut off"),
        (b"0\x84\xff\xff\xff\xff", "it is cut off"),
    ],
)
def test_what_is_wrong_with_it(content: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        parse_certificate(content)


@pytest.mark.parametrize("date", [b"900102030405z", b"90010203040xZ", b"9001020304+5Z"])
def test_date_that_cannot_be_read(date: bytes) -> None:
    content = issue(datetime(2030, 1, 1), [])
    assert content.count(b"900102030405Z") == 1
    with pytest.raises(ValueError, match=r"^a date in it cannot be read$"):
        parse_certificate(content.replace(b"900102030405Z", date))
