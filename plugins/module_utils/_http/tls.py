# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which servers to trust, and which client certificate to present, as an adapter of requests."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._deps import HTTPAdapter, requests
from .._errors import check_file, configuration_error

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

# The bundles that requests would use in place of the system's trust.
BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# What a new context of Python depends on, beside files.
CONTEXT_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
# A context that is not in use yet, with the inputs it was created from.
_preloaded: list[tuple[object, ssl.SSLContext]] = []


def preload_context() -> None:
    """Create a context for processes that are forked from this one, as that takes long."""
    _preloaded[:] = [(_context_inputs(), ssl.create_default_context())]


def take_preloaded_context() -> ssl.SSLContext | None:
    """Return the preloaded context, at most once: what a connection adds to its trust is not for others."""
    inputs, context = _preloaded.pop() if _preloaded else (None, None)
    return context if context and inputs == _context_inputs() else None


def _context_inputs() -> object:
    """Return all that a new context depends on, to detect changes."""
    paths = ssl.get_default_verify_paths()
    stats = [os.stat(path) for path in (paths.cafile, paths.capath) if path]
    return (
        [os.environ.get(name) for name in CONTEXT_VARIABLES],
        [(stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats],
    )


@dataclass(frozen=True)
class TlsConfig:
    """How to connect over TLS. C(ca_cert), from C(option), adds to the system's authorities."""

    validate_certs: bool
    ca_cert: str | None
    option: str
    client_cert: str | None = None
    client_key: str | None = None

    def adapter(self) -> TlsAdapter:
        """Return the adapter. :raises CommandError: of kind configuration, naming the file."""
        context = take_preloaded_context()
        # OpenSSL completes the chain of a client certificate from all authorities, so read them at once.
        if context is None and self.validate_certs and self.ca_cert and not self.client_cert:
            return LazySystemTrustAdapter(with_authorities(None, self.ca_cert, self.option))
        context = context or ssl.create_default_context()
        if not self.validate_certs:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif self.ca_cert:
            with_authorities(context, self.ca_cert, self.option)
        else:
            _add_system_authorities(context)
        if self.client_cert:
            _load_client_certificate(context, self.client_cert, self.client_key)
        return TlsAdapter(context)


def _add_system_authorities(context: ssl.SSLContext) -> None:
    """Add the bundle that the environment names, or that of requests if the system has none."""
    variable = next((name for name in BUNDLE_VARIABLES if os.environ.get(name)), None)
    paths = ssl.get_default_verify_paths()
    if variable:
        with_authorities(context, os.environ[variable], f"environment variable {variable}")
    elif not paths.cafile and not paths.capath:
        context.load_verify_locations(cafile=requests.utils.DEFAULT_CA_BUNDLE_PATH)


def with_authorities(context: ssl.SSLContext | None, ca_cert: str, origin: str) -> ssl.SSLContext:
    """Add authorities to the context, or to a new one that trusts no others."""
    subject = f"The file {ca_cert}"
    location: dict[str, Any]
    if "-----BEGIN" in ca_cert:
        subject, location = "The text", {"cadata": ca_cert}
    elif os.path.isdir(ca_cert):
        location = {"capath": ca_cert}
    else:
        location = {"cafile": check_file(ca_cert, origin)}
    try:
        if context is None:
            return ssl.create_default_context(**location)
        context.load_verify_locations(**location)
    # Without a certificate: SSLError or, in some versions of Python, ValueError. TypeError: not ASCII.
    except (ssl.SSLError, ValueError, TypeError):
        raise configuration_error(
            f"{subject} of {origin} holds no CA certificate that can be read. "
            f"It must be PEM: one or more blocks of BEGIN CERTIFICATE."
        ) from None
    return context


def _load_client_certificate(context: ssl.SSLContext, cert: str, key: str | None) -> None:
    def no_password() -> str:
        raise configuration_error(
            f"The private key in {key or cert} is encrypted, and there is no option for its "
            f"password. Give client_key a key without a password, readable by its owner only."
        )

    check_file(cert, "client_cert")
    check_file(key or cert, "client_key")
    try:
        context.load_cert_chain(cert, key, password=no_password)
    except (ssl.SSLError, ValueError) as error:
        mismatch = "KEY_VALUES_MISMATCH" in str(error)
        problem = "do not belong together" if mismatch else "are not a PEM certificate and its key"
        files = f"client_cert {cert} and client_key {key or '(the same file)'}"
        raise configuration_error(f"{files} {problem}.") from None


class TlsAdapter(HTTPAdapter):
    """Uses the context for every connection of a session, to proxies as well."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        # With TLS 1.3, IIS can ask for a client certificate after the handshake. Without this, it
        # closes the connection; with it, it says that it wants one.
        context.post_handshake_auth = True
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_context"] = self.context
        super().init_poolmanager(*args, **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["ssl_context"] = self.context
        return super().proxy_manager_for(*args, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave trust to the context, to which requests would add a bundle of its own."""
        conn.cert_reqs = self.context.verify_mode.name


class LazySystemTrustAdapter(TlsAdapter):
    """Adds the system's authorities only if those of the context do not vouch for the server.

    Most often they do, and reading the system's authorities takes longer than the rest of a call.
    """

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        try:
            return super().send(request, *args, **kwargs)
        # Includes the ProxyError of a proxy that is reached over TLS. Nothing was sent yet.
        except requests.exceptions.ConnectionError as error:
            from .transport_errors import first_of

            if first_of(error, ssl.SSLCertVerificationError) is None:
                raise
        self.context.load_default_certs()
        return super().send(request, *args, **kwargs)
