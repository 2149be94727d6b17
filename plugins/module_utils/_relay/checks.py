# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks of a probe: their names, their statuses, and their results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .._errors import escape_unprintable

# In the order in which they are made and returned.
NAMES = (
    "resolve",
    "connect",
    "greeting",
    "tls",
    "certificate",
    "authentication",
    "login",
    "sender",
    "recipient",
    "sender_domain",
    "spf",
    "dmarc",
)
# Those about the domain of the sender, which need no relay.
DOMAIN_CHECKS = ("sender_domain", "spf", "dmarc")
# unknown: this machine cannot tell, for example because a firewall is in its way.
STATUSES = PASSED, WARNING, FAILED, UNKNOWN, SKIPPED = (
    "passed",
    "warning",
    "failed",
    "unknown",
    "skipped",
)


class StepError(Exception):
    """A step ended with this status, and the steps after it cannot be made.

    :param status: C(failed) or C(unknown).
    """

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Checks:
    """The results of the checks made so far."""

    def __init__(self) -> None:
        self._results: dict[str, tuple[str, str]] = {}
        self._ended_by: str | None = None

    def record(self, name: str, status: str, message: str) -> None:
        """Record the result of a check, or replace it."""
        # Addresses in messages come from the profile, which is text of a server.
        self._results[name] = status, escape_unprintable(message)

    def status(self, name: str) -> str | None:
        """Return the status of a check, None if it has no result."""
        return self._results.get(name, (None, ""))[0]

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Record a StepError as the result of this check, and raise it again."""
        try:
            yield
        except StepError as error:
            self.record(name, error.status, error.message)
            self._ended_by = name
            raise

    def as_list(self) -> list[dict[str, str]]:
        """Return all checks in their order. Those without a result are skipped."""
        reason = f"Not made, because of the check {self._ended_by}."
        return [
            {"name": name, "status": status, "message": message}
            for name in NAMES
            for status, message in [self._results.get(name, (SKIPPED, reason))]
        ]

    def ok(self) -> bool:
        """Return whether no check failed or is unknown."""
        return not any(status in (FAILED, UNKNOWN) for status, _message in self._results.values())
