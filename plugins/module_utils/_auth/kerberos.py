# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kerberos over HTTP (Negotiate, RFC 4559), with the tickets of a keytab, a password or a cache."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from .._deps import require_library
from .._errors import check_file, configuration_error
from .._http.deadline import run_with_deadline
from .._sanitize import quote_untrusted
from . import kerberos_tickets as tickets
from .base import Auth
from .kerberos_account import KerberosAccount, check_spn
from .kerberos_errors import KerberosContext, explain, kdc_timeout
from .kerberos_tickets import gssapi, requests_gssapi

if TYPE_CHECKING:
    from requests import PreparedRequest

    from .._http.response import Response
    from .base import AuthFlow

T = TypeVar("T")
SERVER_TOKEN = re.compile(r"(?:^|,)\s*Negotiate +[^\s,]", re.I)


class Kerberos(Auth):
    """A ticket for the web server, sent with the first request.

    The tokens are those of requests-gssapi's HTTPSPNEGOAuth. Its own handling of a 401 is not
    used: it reads responses of any size, and takes a missing ticket for a refusal by the server.
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
        self.account = KerberosAccount.from_values(values)
        self.host = urlsplit(url).hostname or ""
        self.spn = check_spn(spn) if spn else f"HTTP@{self.host}"
        self.config = check_file(config, "kerberos_config") if config else None
        self.timeout = timeout
        self.negotiate: Any = None
        self.hint = (
            f"Check that this account may log on there, and that kerberos_spn (now {self.spn}) "
            f"is the web server's own"
        )
        self.context = KerberosContext(
            principal=self.account.principal or "this account",
            credential_source=self.account.credential_source,
            hint=self.account.hint,
            spn=self.spn,
            config=config or quote_untrusted(os.environ.get("KRB5_CONFIG", ""), ()) or "krb5.conf",
        )
        keytab = self.account.keytab
        if keytab:
            self._guarded(lambda: tickets.check_keytab(keytab, self.account.principal))

    def flow(self) -> AuthFlow:
        """Get the tickets once, sign the request, and check the server's proof of identity."""
        if self.negotiate is None:
            self.negotiate = self._guarded(self._get_tickets)
        response = yield self.sign
        self._check_server(response)

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        # Each attempt has a token of its own: the server takes a second one for a replay.
        request.headers["Authorization"] = self._guarded(
            lambda: self.negotiate.generate_request_header(None, self.host, is_preemptive=True)
        )
        return request

    def _check_server(self, response: Response) -> None:
        token = response.headers.get("WWW-Authenticate", "")
        if response.status == HTTPStatus.UNAUTHORIZED or not SERVER_TOKEN.search(token):
            return
        if not self._guarded(lambda: self._is_proof(response)):
            message = (
                f"{response.url} could not prove with Kerberos that it is {self.spn}. "
                f"Check kerberos_spn, and what is between this machine and the server."
            )
            raise response.error("authentication", message)

    def _get_tickets(self) -> Any:
        """Get the tickets, and return what makes tokens with them."""
        account = self.account
        if account.keytab:
            credentials = tickets.from_keytab(account.keytab, account.principal)
        elif account.password is not None:
            credentials = tickets.from_password(account.principal, account.password)
        else:
            credentials = tickets.from_cache(account.ccache, account.principal)
        name = str(credentials.name)
        self.account_label = f"principal {name}"
        self.context = replace(self.context, principal=name)
        target = tickets.service(self.spn)
        tickets.get_service_ticket(credentials, target)
        return requests_gssapi.HTTPSPNEGOAuth(
            mutual_authentication=requests_gssapi.OPTIONAL, target_name=target, creds=credentials
        )

    def _is_proof(self, response: Response) -> bool:
        try:
            answered = self.negotiate.authenticate_server(response)
            # True for many a wrong proof as well: gssapi keeps some errors back until then.
            return bool(answered and self.negotiate.context[self.host].complete)
        # ValueError: the token is not Base64.
        except (gssapi.exceptions.GSSError, ValueError):
            return False

    def _guarded(self, work: Callable[[], T]) -> T:
        """Run the work in time and with the right krb5.conf, and explain its failures."""
        with tickets.krb5_config(self.config):
            try:
                return run_with_deadline(self.timeout, lambda: self._explained(work))
            except TimeoutError:
                raise kdc_timeout(self.context, self.timeout) from None

    def _explained(self, work: Callable[[], T]) -> T:
        # In the thread of the work: GSSAPI keeps the messages of an error per thread.
        try:
            return work()
        except requests_gssapi.exceptions.SPNEGOExchangeError as error:
            raise explain(error.__context__, self.context) from None
        except gssapi.exceptions.GSSError as error:
            raise explain(error, self.context, self.account.secrets) from None
        except NotImplementedError:
            raise configuration_error(
                "The GSSAPI library of this machine cannot take tickets in this way. "
                "Use that of MIT Kerberos, or get a ticket with kinit."
            ) from None
