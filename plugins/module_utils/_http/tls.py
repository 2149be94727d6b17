# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which servers to trust, and the client certificate to show them, as an adapter of requests."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._deps import HTTPAdapter, requests
from .._errors import CommandError, unreadable_file_error

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

# What requests would read in place of the system's trust.
BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# What Python makes its contexts of, beside files.
CONTEXT_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
# A context that nobody uses yet, with what it was made of.
_preloaded: list[tuple[object, ssl.SSLContext]] = []


def preload_context() -> None:
    """Make a context ahead, for processes that are forked from this one.

    To read the system's authorities takes longer than all else that a call does.
    """
    _preloaded[:] = [(_context_inputs(), ssl.create_default_context())]


@dataclass(frozen=True)
class TlsConfig:
    """How to meet a server over TLS.

    :param ca_cert: path or PEM text of certificate authorities to trust beside the system's.
    :param option: the name of the option that ca_cert comes from.
    """

    validate_certs: bool
    ca_cert: str | None
    option: str
    client_cert: str | None = None
    client_key: str | None = None

    def adapter(self) -> TlsAdapter:
        """Return the adapter. :raises CommandError: of kind configuration, naming the file."""
        context = _take_preloaded()
        # OpenSSL completes a client certificate from all that is trusted, so that is needed at once.
        if context is None and self.validate_certs and self.ca_cert and not self.client_cert:
            with _readable(self.ca_cert, self.option):
                return LazySystemTrustAdapter(ssl.create_default_context(**_place(self.ca_cert)))
        return TlsAdapter(self._completed(context or ssl.create_default_context()))

    def _completed(self, context: ssl.SSLContext) -> ssl.SSLContext:
        if not self.validate_certs:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif self.ca_cert:
            _add(context, self.ca_cert, self.option)
        else:
            _add_system(context)
        if self.client_cert:
            _load_client_certificate(context, self.client_cert, self.client_key)
        return context


def _take_preloaded() -> ssl.SSLContext | None:
    """Return a context that trusts the system, and that nobody else has, if one was made ahead."""
    if _preloaded:
        # Taken, not shared: what one connection adds to its trust is not for another.
        sources, context = _preloaded.pop()
        if sources == _context_inputs():
            return context
    return None


def _context_inputs() -> object:
    """Return all that a new context depends on, to tell whether it has changed."""
    paths = ssl.get_default_verify_paths()
    files = [os.stat(path) for path in (paths.cafile, paths.capath) if path]
    return (
        [os.environ.get(name) for name in CONTEXT_VARIABLES],
        [(each.st_dev, each.st_ino, each.st_size, each.st_mtime_ns) for each in files],
    )


def _add_system(context: ssl.SSLContext) -> None:
    """Add the bundle that the environment names, or that of requests where the system has none."""
    for variable in BUNDLE_VARIABLES:
        if os.environ.get(variable):
            _add(context, os.environ[variable], f"environment variable {variable}")
            return
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not paths.capath:
        context.load_verify_locations(cafile=requests.utils.DEFAULT_CA_BUNDLE_PATH)


def _add(context: ssl.SSLContext, ca_cert: str, origin: str) -> None:
    with _readable(ca_cert, origin):
        context.load_verify_locations(**_place(ca_cert))


def _place(ca_cert: str) -> dict[str, Any]:
    """Return where authorities are, as the ssl library names it."""
    if "-----BEGIN" in ca_cert:
        return {"cadata": ca_cert}
    return {"capath" if os.path.isdir(ca_cert) else "cafile": ca_cert}


@contextmanager
def _readable(ca_cert: str, origin: str) -> Iterator[None]:
    """Say in words why authorities cannot be read."""
    try:
        yield
    # No certificate in it is an SSLError or, in some Pythons, a ValueError; TypeError: not ASCII.
    except (ssl.SSLError, ValueError, TypeError):
        what = "The text" if "-----BEGIN" in ca_cert else f"The file {ca_cert}"
        raise CommandError(
            "configuration",
            f"{what} of {origin} holds no CA certificate that can be read. "
            f"It must be PEM: one or more blocks of BEGIN CERTIFICATE.",
        ) from None
    except OSError as error:
        raise unreadable_file_error(ca_cert, origin, error) from None


def _load_client_certificate(context: ssl.SSLContext, cert: str, key: str | None) -> None:
    def no_password() -> str:
        raise CommandError(
            "configuration",
            f"The private key in {key or cert} is encrypted, and there is no option for its "
            f"password. Give client_key a key without a password, readable by its owner only.",
        )

    for option, file in (("client_cert", cert), ("client_key", key)):
        try:
            with open(file or cert, "rb"):
                pass
        except OSError as error:
            raise unreadable_file_error(file or cert, option, error) from None
    try:
        context.load_cert_chain(cert, key, password=no_password)
    except (ssl.SSLError, ValueError) as error:
        mismatch = "KEY_VALUES_MISMATCH" in str(error)
        why = "do not belong together" if mismatch else "are not a PEM certificate and its key"
        raise CommandError(
            "configuration",
            f"client_cert {cert} and client_key {key or '(the same file)'} {why}.",
        ) from None


class TlsAdapter(HTTPAdapter):
    """Gives every connection of a session the context, to proxies as well."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_context"] = self.context
        super().init_poolmanager(*args, **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["ssl_context"] = self.context
        return super().proxy_manager_for(*args, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave trust to the context; requests would add a bundle of its own to it."""
        conn.cert_reqs = (
            "CERT_NONE" if self.context.verify_mode == ssl.CERT_NONE else "CERT_REQUIRED"
        )


class LazySystemTrustAdapter(TlsAdapter):
    """Trusts the system as well, once a server is not of the authorities that the context has.

    Most are, and to read the system's authorities takes longer than all else that a call does.
    """

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        try:
            return super().send(request, *args, **kwargs)
        # Also the ProxyError of a proxy that is met over TLS. Nothing was sent yet.
        except requests.exceptions.ConnectionError as error:
            from .transport_errors import first_of

            if first_of(error, ssl.SSLCertVerificationError) is None:
                raise
        self.context.load_default_certs()
        return super().send(request, *args, **kwargs)
