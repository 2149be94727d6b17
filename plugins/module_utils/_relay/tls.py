# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS with the relay, and the check of its certificate."""

from __future__ import annotations

import ssl
from datetime import datetime, timezone

from .._http.tls import take_preloaded_context, with_authorities
from .._http.transport_errors import EXPIRED, NOT_YET_VALID, PLAIN_HTTP, UNKNOWN_CA, WRONG_NAME
from .certificate import Certificate
from .checks import FAILED, PASSED, WARNING, StepError
from .options import ProbeOptions
from .session import Session

TRUST_HINT = (
    "Set ca_cert to the certificate of that authority, and have the machine of Keyfactor Command "
    "trust it as well."
)


def verifying_context(options: ProbeOptions) -> ssl.SSLContext:
    """Return a context that trusts the system's authorities, and those of C(ca_cert).

    :raises CommandError: of kind configuration, if C(ca_cert) cannot be used.
    """
    if not options.validate_certs:
        return accepting_context()
    context = take_preloaded_context() or ssl.create_default_context()
    if options.ca_cert:
        with_authorities(context, options.ca_cert, "ca_cert")
    return context


def accepting_context() -> ssl.SSLContext:
    """Return a context that accepts every certificate, to learn more of one that was refused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def request_tls(session: Session) -> None:
    """Ask for TLS. :raises StepError: if the relay does not offer it, or refuses."""
    if "STARTTLS" not in session.extensions:
        raise StepError(
            FAILED,
            f"{session.label} does not offer STARTTLS, and use_ssl of the profile needs it. Enable "
            f"TLS on the relay, or check the port: 465 is for TLS from the first byte.",
        )
    reply = session.command("STARTTLS")
    if reply.code != 220:
        raise StepError(
            FAILED,
            f"{session.label} offers STARTTLS and refuses it: {reply.quoted}. Check the relay's "
            f"TLS settings, such as its certificate and key.",
        )


def handshake_error(error: ssl.SSLError, label: str) -> StepError:
    """Return the failure of a handshake for another reason than the relay's certificate."""
    reason = error.reason or type(error).__name__
    if PLAIN_HTTP.search(reason.upper()):
        message = f"{label} answers without TLS where TLS must begin. Check port and use_ssl."
    else:
        message = (
            f"{label} ended the TLS handshake ({reason}). Check the relay's TLS settings: TLS 1.2 "
            f"or later, and the ciphers."
        )
    return StepError(FAILED, message)


def refused_certificate_message(
    error: ssl.SSLCertVerificationError, certificate: Certificate | None, name: str, label: str
) -> str:
    """Return why a certificate is not accepted.

    :param certificate: the certificate, None if it cannot be read.
    :param name: the name that it must be for.
    """
    code = error.verify_code
    now = datetime.now(timezone.utc)
    subject = f"The certificate of {label}"
    issued_by = f" {certificate.issuer}" if certificate else ""
    if code in (EXPIRED, NOT_YET_VALID):
        if certificate and code == EXPIRED and certificate.not_after < now:
            return f"{subject} expired on {_date(certificate.not_after)}. Renew it on the relay."
        if certificate and code == NOT_YET_VALID and certificate.not_before > now:
            start = _date(certificate.not_before)
            return f"{subject} is not valid before {start}. Check it, and this machine's clock."
        state = "has expired" if code == EXPIRED else "is not valid yet"
        return f"An issuer of the certificate of {label} {state}. Replace it on the relay."
    if code in WRONG_NAME:
        names = ", ".join(certificate.names) if certificate else ""
        found = f" but for {names}" if names else ""
        hint = "Have it replaced, or set host of the profile to a name in it."
        return f"{subject} is not for {name}{found}. {hint}"
    if code in UNKNOWN_CA:
        start = f"{subject} is from an authority{issued_by} that this machine does not trust."
        return f"{start} {TRUST_HINT}"
    return f"{subject} was not accepted ({error.verify_message}). Check it on the relay."


def accepted_certificate_result(
    certificate: Certificate | None, options: ProbeOptions, label: str
) -> tuple[str, str]:
    """Return status and message of a certificate without a fault."""
    if certificate is None:
        return WARNING, f"{label} sent a certificate that cannot be read for its dates."
    days = certificate.days_left(datetime.now(timezone.utc))
    end = f"{_date(certificate.not_after)}, in {days} day{'' if days == 1 else 's'}"
    if days < 0:  # only if it was not verified
        return FAILED, f"The certificate of {label} expired on {_date(certificate.not_after)}."
    if days <= options.certificate_days:
        message = f"The certificate of {label} expires on {end}. Renew it on the relay."
        return WARNING, message
    if not options.validate_certs:
        message = f"The certificate of {label} was not verified, because of validate_certs."
        return WARNING, message
    return PASSED, f"The certificate of {label} is valid until {end}."


def _date(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
