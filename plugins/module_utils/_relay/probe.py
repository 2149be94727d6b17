# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Probe a mail relay as Keyfactor Command would use it, up to the mail itself."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import datetime, timezone
from typing import Any

from .._errors import CommandError
from .._http.deadline import Deadline
from . import authentication, envelope, tls
from .address import parse_host
from .certificate import Certificate, parse_certificate
from .checks import DOMAIN_CHECKS, FAILED, PASSED, SKIPPED, Checks, StepError
from .connection import Address, connect, resolve
from .options import ProbeOptions, parse_options
from .session import Session


def run_probe(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the module's result for validated arguments."""
    try:
        options = parse_options(params)
        context = tls.verifying_context(options) if options.use_ssl else None
    except CommandError as error:
        return {"failed": True, **error.as_result()}
    return Probe(options, context).run()


class Probe:
    """One probe.

    :param context: verifies the relay's certificate, None if the profile does not use TLS.
    """

    def __init__(self, options: ProbeOptions, context: ssl.SSLContext | None) -> None:
        self._options = options
        self._context = context
        self._here = socket.gethostname()
        self._deadline = Deadline(options.timeout)
        self._checks = Checks()
        self._sessions = ExitStack()
        self._certificate: Certificate | None = None
        self._facts: dict[str, Any] = {
            "host": options.host,
            "port": options.port,
            "address": None,
            "greeting": None,
            "tls": options.tls,
            "tls_version": None,
            "certificate": None,
            "extensions": [],
            "authentication_methods": [],
        }

    def run(self) -> dict[str, Any]:
        """Return the result."""
        # A StepError is recorded where it is raised.
        with suppress(StepError), ExitStack() as self._sessions:
            self._probe_relay()
        self._check_domain()
        return {
            "changed": False,
            "ok": self._checks.ok(),
            "relay": self._facts,
            "checks": self._checks.as_list(),
            "seen_from": self._here,
        }

    def _probe_relay(self) -> None:
        options, checks = self._options, self._checks
        session = self._open()
        self._facts["extensions"] = sorted(session.extensions)
        self._facts["authentication_methods"] = authentication.offered_methods(session)
        checks.record("authentication", *authentication.check_offer(options, session))
        reason = authentication.why_no_login(
            options, checks.status("authentication"), checks.status("certificate")
        )
        if reason:
            checks.record("login", SKIPPED, reason)
        else:
            with checks.step("login"):
                checks.record("login", *authentication.log_in(options, session))
        logged_in = checks.status("login") == PASSED
        if options.relay_authentication in authentication.MECHANISMS and not logged_in:
            message = "Not made, as the profile authenticates, and there was no login."
            for name in ("sender", "recipient"):
                checks.record(name, SKIPPED, message)
        else:
            envelope.check_envelope(checks, session, options.sender, options.recipient, logged_in)
        session.quit()

    def _open(self) -> Session:
        """Return a session over TLS if the profile wants it, with the certificate checked."""
        checks, options = self._checks, self._options
        with checks.step("resolve"):
            addresses = resolve(options.host, options.port, self._here, self._deadline)
            found = ", ".join(map(str, addresses))
            checks.record("resolve", PASSED, f"The name {options.host} has the address {found}.")
        if self._context is None:
            for name in ("tls", "certificate"):
                checks.record(name, SKIPPED, "TLS is not used: use_ssl is false.")
            return self._start(addresses, None)
        try:
            session = self._start(addresses, self._context)
        except ssl.SSLCertVerificationError as error:
            # A second session shows what is in the certificate, and what else is wrong.
            self._record_refused_certificate(error)
            session = self._start(addresses, tls.accepting_context())
            self._record_refused_certificate(error)
        else:
            result = tls.accepted_certificate_result(self._certificate, options, options.label)
            checks.record("certificate", *result)
        return session

    def _start(self, addresses: list[Address], context: ssl.SSLContext | None) -> Session:
        """Return a session, secured if there is a context.

        :raises ssl.SSLCertVerificationError: if the context does not accept the certificate.
        """
        checks, options, label = self._checks, self._options, self._options.label
        with checks.step("connect"):
            connection, address, failures = connect(addresses, label, self._here, self._deadline)
            others = f" Others did not answer ({', '.join(failures)})." if failures else ""
            checks.record("connect", PASSED, f"{label} answers at {address}.{others}")
        self._facts["address"] = str(address)
        session = Session(connection, label, self._here, self._deadline, options.secrets)
        self._sessions.callback(session.close)
        if context and options.tls == "implicit":
            self._secure(session, context)
        with checks.step("greeting"):
            greeting = self._facts["greeting"] = session.greet()
            checks.record("greeting", PASSED, f"{label} greets with {greeting}.")
        if context and options.tls == "starttls":
            with checks.step("tls"):
                tls.request_tls(session)
            self._secure(session, context)
            with checks.step("tls"):
                # What was offered before may come from somebody on the way.
                session.hello()
        return session

    def _secure(self, session: Session, context: ssl.SSLContext) -> None:
        label = self._options.label
        with self._checks.step("tls"):
            try:
                connection = session.start_tls(context, parse_host(str(self._options.host)))
            except ssl.SSLCertVerificationError:
                raise
            except ssl.SSLError as error:
                raise tls.handshake_error(error, label) from None
            version = self._facts["tls_version"] = connection.version()
            self._checks.record("tls", PASSED, f"{label} speaks {version}.")
        try:
            self._certificate = parse_certificate(connection.getpeercert(True) or b"")
            now = datetime.now(timezone.utc)
            self._facts["certificate"] = self._certificate.as_dict(now)
        except ValueError:
            self._certificate = None

    def _record_refused_certificate(self, error: ssl.SSLCertVerificationError) -> None:
        host, label = parse_host(str(self._options.host)), self._options.label
        message = tls.refused_certificate_message(error, self._certificate, host, label)
        self._checks.record("certificate", FAILED, message)
        if self._checks.status("tls") is None:
            self._checks.record("tls", PASSED, f"{label} speaks TLS.")

    def _check_domain(self) -> None:
        if self._options.domain_checks:
            from .sender_domain import check_domain

            check_domain(
                self._checks,
                self._options.sender,
                self._options.dns_server,
                self._here,
                self._deadline,
            )
            return
        for name in DOMAIN_CHECKS:
            self._checks.record(name, SKIPPED, "The option domain_checks is false.")
