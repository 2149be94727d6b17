# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What calls do on the server, as far as the messages about their failures depend on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .._errors import ErrorKind

READ_PERMISSION = "/system_settings/read/"
MODIFY_PERMISSION = "/system_settings/modify/"


@dataclass(frozen=True)
class Operation:
    """What a call does, and the permission that it needs.

    :param description: completes "does not let this account ...".
    :param failures: the statuses that mean that the server did not want to do it, each with the
        problem and with what to do.
    """

    description: str
    permission: str
    failure_kind: ErrorKind = "protocol"
    failures: Mapping[int, tuple[str, str]] = field(default_factory=dict)


REJECTED = (
    "rejected the settings",
    "Change the settings that it names, or look at the server's log",
)
NOT_DELIVERED = (
    "could not deliver the test mail",
    "Check the settings of the mail server and its secrets, and the way there from Command",
)
READ = Operation("read the SMTP profile", READ_PERMISSION)
WRITE = Operation(
    "change the SMTP profile",
    MODIFY_PERMISSION,
    "rejected",
    dict.fromkeys((400, 409, 422), REJECTED),
)
TEST = Operation(
    "send a test mail",
    MODIFY_PERMISSION,
    "delivery",
    # Undocumented: these are what ASP.NET applications answer if work fails.
    dict.fromkeys((400, 409, 422, 424, 500), NOT_DELIVERED),
)
