# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Keyfactor Command would authenticate to the relay, and the login with a password."""

from __future__ import annotations

import base64

from .checks import FAILED, PASSED, SKIPPED, UNKNOWN, WARNING
from .options import ProbeOptions
from .session import Reply, Session

# What the relay must offer one of, for each way to authenticate.
MECHANISMS = {"basic": ("LOGIN", "PLAIN"), "oauth": ("XOAUTH2", "OAUTHBEARER")}
BASIC_IS_LEAVING = ("smtp.office365.com",)
BASIC_WARNING = (
    "Exchange Online turns Basic authentication off at the end of December 2026. Set the profile "
    "to OAuth, or to another relay"
)


def offered_methods(session: Session) -> list[str]:
    """Return the mechanisms that the relay offers, in its order."""
    return session.extensions.get("AUTH", [])


def check_offer(options: ProbeOptions, session: Session) -> tuple[str, str]:
    """Return whether the relay offers what the profile needs, as status and message."""
    way, label = options.relay_authentication, session.label
    methods = offered_methods(session)
    over = "without TLS" if options.tls == "none" else "over TLS"
    offer = f"offers {', '.join(methods)} {over}" if methods else f"offers no login {over}"
    if way == "anonymous":
        return SKIPPED, f"The profile does not authenticate. {label} {offer}."
    if way not in MECHANISMS:
        return SKIPPED, f"It is not known how to authenticate. {label} {offer}."
    fitting = [method for method in MECHANISMS[way] if method in methods]
    needs = f"{way} authentication needs {' or '.join(MECHANISMS[way])}"
    if not fitting:
        hint = "Enable it on the relay, or change how the profile authenticates."
        if options.tls == "none":
            hint = "Many relays offer a login only over TLS: set use_ssl of the profile to true."
        return FAILED, f"{label} {offer}, and {needs}. {hint}"
    if way == "basic" and (options.host or "").lower() in BASIC_IS_LEAVING:
        return WARNING, f"{label} {offer}. {BASIC_WARNING}."
    if way == "basic" and options.tls == "none":
        hint = "Set use_ssl of the profile to true."
        return WARNING, f"{label} {offer}: the password travels in plain text. {hint}"
    return PASSED, f"{label} {offer}, and {needs}."


def why_no_login(options: ProbeOptions, offer: str | None, certificate: str | None) -> str | None:
    """Return why no login is tried, None if it is.

    :param offer: the status of the check of the relay's offer.
    :param certificate: the status of the check of its certificate.
    """
    if options.relay_authentication == "anonymous":
        return "The profile does not authenticate."
    if options.relay_authentication != "basic":
        return "Only a login with user name and password can be tried."
    if not options.password:
        return "No password was given to try the login."
    if options.tls == "none":
        return "A password is never sent without TLS, and use_ssl is false."
    if certificate == FAILED:
        return "A password is never sent to a relay whose certificate is not accepted."
    if offer == FAILED:
        return "The relay does not offer the login."
    return None


def log_in(options: ProbeOptions, session: Session) -> tuple[str, str]:
    """Return the outcome of a login as status and message. The session must have TLS."""
    user, password = options.username or "", options.password or ""
    if "PLAIN" in offered_methods(session):
        reply = session.command(f"AUTH PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
    else:
        reply = session.command("AUTH LOGIN")
        for text in (user, password):
            if reply.code == 334:
                reply = session.command(_base64(text))
    if reply.code == 235:
        return PASSED, f"{session.label} accepts the login of {user}."
    return _refused_login(reply, session.label, session.here, user)


def _refused_login(reply: Reply, label: str, here: str, user: str) -> tuple[str, str]:
    if reply.temporary:
        message = f"{label} cannot judge the login of {user} from {here} now: {reply.quoted}."
        return UNKNOWN, f"{message} Repeat the probe later."
    hint = "Check username and password, and whether the relay still allows Basic authentication."
    return FAILED, f"{label} refuses the login of {user}: {reply.quoted}. {hint}"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
