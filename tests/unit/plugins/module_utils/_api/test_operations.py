# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What messages say of operations."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import CommandClient
from ansible_collections.keyfactor.command.plugins.module_utils._api.operations import (
    READ,
    TEST,
    WRITE,
    Operation,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import resolve
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from tests.unit.support import TOKEN

CLIENT = CommandClient(resolve({"host": "command.example.com", "access_token": TOKEN}, {}))


@pytest.mark.parametrize(
    ("operation", "permission"),
    [
        (
            READ,
            "read the SMTP profile (403 Forbidden). Give a security role of that account the permission /system_settings/read/",
        ),
        (
            WRITE,
            "change the SMTP profile (403 Forbidden). Give a security role of that account the permission /system_settings/modify/",
        ),
        (
            TEST,
            "send a test mail (403 Forbidden). Give a security role of that account the permission /system_settings/modify/",
        ),
    ],
)
def test_permission(operation: Operation, permission: str) -> None:
    error = CLIENT.status_error(Response("https://a", 403, {}, b""), operation)
    assert (error.kind, permission in error.message) == ("permission", True)


@pytest.mark.parametrize(
    ("operation", "status", "kind"),
    [
        (READ, 400, "protocol"),
        (WRITE, 400, "rejected"),
        (WRITE, 500, "server"),
        (TEST, 400, "delivery"),
        (TEST, 500, "delivery"),
        (TEST, 502, "server"),
    ],
)
def test_kind(operation: Operation, status: int, kind: str) -> None:
    assert CLIENT.status_error(Response("https://a", status, {}, b""), operation).kind == kind
