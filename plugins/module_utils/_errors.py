# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exception of the collection: what was tried, what came back, and what to do next."""

from __future__ import annotations

from typing import Any, Literal

from ._sanitize import escape_unprintable

# The kinds of failures, for playbooks to decide on.
ErrorKind = Literal[
    "configuration",  # the options cannot be used, or contradict each other; no call was made
    "resolve",  # the name of the server or of its proxy was not found
    "connect",  # no connection, or it was closed without a response
    "tls",  # the server's certificate, or ours, was not accepted
    "timeout",  # no complete response within the timeout
    "token",  # the identity provider gave no access token
    "authentication",  # the credentials were refused (401), or Kerberos failed
    "permission",  # the account lacks a permission (403)
    "not_found",  # there is nothing at the address (404)
    "rate_limited",  # the server asks to slow down (429)
    "redirect",  # the server redirects, often to a login page
    "server",  # the server failed (5xx)
    "protocol",  # the response is not what the API answers
    "too_large",  # the response is larger than 1 MiB
    # Only of modules that write or send mail:
    "rejected",  # the server does not take the settings (400, 409, 422)
    "conflict",  # the server has other settings than were written, or they changed meanwhile
    "delivery",  # Command could not send the test mail
]


class CommandError(Exception):
    """A failure whose message is shown to the user as it is.

    :param message: one or two plain sentences, free of secrets.
    :param status: the HTTP status, None if there was no response.
    :param url: the address that was called, None if there was no call.
    :param detail: the server's or the system's own message, if there is one.
    :param correlation_id: what the server calls the request in its log, if it says so.
    :param transient: whether a retry may help.
    :param unsent: whether the request certainly did not reach the server.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        status: int | None = None,
        url: str | None = None,
        detail: str | None = None,
        attempts: int = 0,
        correlation_id: str | None = None,
        transient: bool = False,
        unsent: bool = False,
    ) -> None:
        # Control characters in a path or a name must not reach a terminal.
        self.message = escape_unprintable(message)
        super().__init__(self.message)
        self.set_correlation_id(correlation_id)
        self.kind = kind
        self.status = status
        self.url = url
        self.detail = detail
        self.attempts = attempts
        self.transient = transient
        self.unsent = unsent

    def __str__(self) -> str:
        return self.message

    def set_correlation_id(self, correlation_id: str | None) -> None:
        """Keep the ID of the request, and end the message with it."""
        self.correlation_id = correlation_id
        if correlation_id:
            self.message += f" Correlation ID: {escape_unprintable(correlation_id)}."

    def as_result(self) -> dict[str, Any]:
        """Return the failure as an Ansible result, C(msg) and C(error)."""
        names = ("kind", "status", "url", "detail", "attempts", "correlation_id")
        return {"msg": self.message, "error": {name: getattr(self, name) for name in names}}


def configuration_error(message: str, url: str | None = None) -> CommandError:
    """Return the failure of options that cannot be used."""
    return CommandError("configuration", message, url=url)


def unusable_value_error(name: str, reason: object) -> CommandError:
    """Return the failure of an option whose value cannot be used."""
    return configuration_error(f"The value of {name} cannot be used: {reason}.")


def check_file(path: str, option: str) -> str:
    """Return the path of a readable file. :raises CommandError: if it is not one."""
    try:
        with open(path, "rb"):
            return path
    except OSError as error:
        raise unreadable_file_error(path, option, error) from None


def unreadable_file_error(path: str, option: str, error: OSError) -> CommandError:
    """Return the failure of a file that an option names."""
    return configuration_error(
        f"The file {path} of {option} cannot be read: {error.strerror}. "
        f"Check its path and its mode on the machine that makes the call."
    )
