# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one exception of the collection: what was tried, what came back, what to do next."""

from __future__ import annotations

from typing import Any, Literal

from ._sanitize import escape_unprintable

ErrorKind = Literal[
    "configuration",
    "resolve",
    "connect",
    "tls",
    "timeout",
    "token",
    "authentication",
    "permission",
    "not_found",
    "rate_limited",
    "redirect",
    "server",
    "protocol",
    "too_large",
]


class CommandError(Exception):
    """A failure that is told to the user as it is.

    :param kind: what sort of failure it is, for playbooks to decide on.
    :param message: one or two plain sentences, free of secrets.
    :param status: the HTTP status that came back, if one came.
    :param url: the address that was called, if the failure came from a call.
    :param detail: the server's or the system's own words, if there are any.
    :param attempts: how many times the call was tried.
    :param transient: whether trying again may help.
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
        transient: bool = False,
    ) -> None:
        # What a path or a name brings in must not move the cursor of who reads it.
        self.message = escape_unprintable(message)
        super().__init__(self.message)
        self.kind = kind
        self.status = status
        self.url = url
        self.detail = detail
        self.attempts = attempts
        self.transient = transient

    def as_result(self) -> dict[str, Any]:
        """Return the failure as an Ansible result: C(msg) and C(error)."""
        return {
            "msg": self.message,
            "error": {
                "kind": self.kind,
                "status": self.status,
                "url": self.url,
                "detail": self.detail,
                "attempts": self.attempts,
            },
        }


def unreadable_file_error(path: str, option: str, error: Exception) -> CommandError:
    """Return the failure of an option's file that cannot be opened."""
    why = getattr(error, "strerror", None) or "it is not a path"
    return CommandError(
        "configuration",
        f"The file {path} of {option} cannot be read: {why}. "
        f"Check its path and its mode on the machine that makes the call.",
    )
