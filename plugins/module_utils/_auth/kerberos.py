# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kerberos over HTTP (Negotiate, RFC 4559), with the tickets of a keytab, a password or a cache."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from .._deps import require_library
from .._errors import CommandError
from .._http.deadline import run_with_deadline
from .._sanitize import quote_untrusted
from . import kerberos_tickets as tickets
from .base import Auth
from .kerberos_account import Account, check_file, check_spn
from .kerberos_errors import KerberosContext, explain, kdc_timeout
from .kerberos_libraries import gssapi, requests_gssapi

if TYPE_CHECKING:
    from requests import PreparedRequest

    from .._http.transport import Response

T = TypeVar("T")
TOKEN = re.compile(r"(?:^|,)\s*Negotiate +[^\s,]", re.I)


class Kerberos(Auth):
    """A ticket for the web server, sent with the first request.

    The tokens are those of requests-gssapi's HTTPSPNEGOAuth, but not its way to answer a 401: that
    reads replies of any size, and takes a missing ticket for a refusal by the server.

    :param values: the credentials, by the names of their options.
    :param timeout: seconds that getting the tickets may take as a whole.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        *,
        url: str,
        config: str | None,
        spn: str | None,
        timeout: float,
    ) -> None:
        require_library(requests_gssapi, "requests-gssapi", "Kerberos authentication")
        self.account = Account.of(values)
        self.host = urlsplit(url).hostname or ""
        self.spn = check_spn(spn) if spn else f"HTTP@{self.host}"
        self.config = check_file("kerberos_config", config) if config else None
        self.timeout = timeout
        self.negotiate: Any = None
        self.hint = (
            f"Check that this account may log on there, and that kerberos_spn (now {self.spn}) "
            f"is the web server's own"
        )
        self.context = KerberosContext(
            account_label=self.account.name or "this account",
            credential_source=self.account.credential_source,
            hint=self.account.hint,
            spn=self.spn,
            config=config or quote_untrusted(os.environ.get("KRB5_CONFIG", ""), ()) or "krb5.conf",
        )
        keytab = self.account.keytab
        if keytab:
            self._guarded(lambda: tickets.check_keytab(keytab, self.account.name))

    def obtain(self) -> None:
        """Get the tickets, unless they are there."""
        if self.negotiate is None:
            self.negotiate = self._guarded(self._negotiate)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        # Each request has a token of its own: the server takes a second one for a replay.
        request.headers["Authorization"] = self._guarded(
            lambda: self.negotiate.generate_request_header(None, self.host, is_preemptive=True)
        )
        return request

    def check(self, reply: Response) -> None:
        """Check the server's proof that it has the service's key, where it sends one."""
        if reply.status == 401 or not TOKEN.search(reply.headers.get("WWW-Authenticate", "")):
            return
        if not self._guarded(lambda: self._proved(reply)):
            raise CommandError(
                "authentication",
                f"{reply.url} could not prove with Kerberos that it is {self.spn}. "
                f"Check kerberos_spn, and what is between this machine and the server.",
                status=reply.status,
                url=reply.url,
                attempts=reply.attempts,
            )

    def _negotiate(self) -> Any:
        """Return the way to make tokens, once the tickets for them are there."""
        account = self.account
        if account.keytab:
            credentials = tickets.from_keytab(account.keytab, account.name)
        elif account.password is not None:
            credentials = tickets.from_password(account.name, account.password)
        else:
            credentials = tickets.from_cache(account.ccache, account.name)
        name = str(credentials.name)
        self.account_label = f"principal {name}"
        self.context = replace(self.context, account_label=name)
        target = tickets.service(self.spn)
        tickets.visit(credentials, target)
        return requests_gssapi.HTTPSPNEGOAuth(
            mutual_authentication=requests_gssapi.OPTIONAL, target_name=target, creds=credentials
        )

    def _proved(self, reply: Response) -> bool:
        try:
            answered = self.negotiate.authenticate_server(reply)
            # That is true of many a wrong proof too: gssapi keeps some errors back until then.
            return bool(answered and self.negotiate.context[self.host].complete)
        # ValueError: what should be base64 is not.
        except (gssapi.exceptions.GSSError, ValueError):
            return False

    def _guarded(self, work: Callable[[], T]) -> T:
        """Do the work in time and with the right krb5.conf, and tell its failures in words."""
        with tickets.configured(self.config):
            try:
                return run_with_deadline(self.timeout, lambda: self._told(work))
            except TimeoutError:
                raise kdc_timeout(self.context, self.timeout) from None

    def _told(self, work: Callable[[], T]) -> T:
        # GSSAPI keeps its words for the thread that an error belongs to.
        try:
            return work()
        except requests_gssapi.exceptions.SPNEGOExchangeError as error:
            raise explain(error.__context__, self.context) from None
        except gssapi.exceptions.GSSError as error:
            raise explain(error, self.context, self.account.secrets) from None
        except NotImplementedError:
            raise CommandError(
                "configuration",
                "The GSSAPI library of this machine cannot take tickets in this way. "
                "Use that of MIT Kerberos, or get a ticket with kinit.",
            ) from None
