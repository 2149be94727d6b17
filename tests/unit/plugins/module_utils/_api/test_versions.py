# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of the endpoint is requested, from what the server says of its versions."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._api.versions import (
    lacks_version,
    newer_version_warning,
    supported_versions,
)
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from tests.emulator import Command, Fault
from tests.unit.support import Connect, failure, sent

PROFILE = {"Host": "smtp.example.com", "Port": 587}
PROBLEM = {"title": "Unsupported API version", "status": 400, "code": "UnsupportedApiVersion"}
ERROR = {"error": {"code": "UnsupportedApiVersion", "message": "The version is not supported."}}


def response(status: int, versions: str | None = None, body: bytes = b"") -> Response:
    headers = {} if versions is None else {"api-supported-versions": versions}
    url = "https://command.example.com/KeyfactorAPI/SMTP"
    return Response(url, status, CaseInsensitiveDict(headers), body)


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ("1.0, 2", [1, 2]),
        ("1.0", [1]),
        ("1.0,2.0, 3.1", [1, 2, 3]),
        ("", []),
        (None, []),
        ("2024-01-01, beta, 1.0-preview", []),
        ("1.0, ²", [1]),
    ],
)
def test_versions_that_the_server_offers(header: str | None, versions: list[int]) -> None:
    assert supported_versions(response(200, header)) == versions


@pytest.mark.parametrize("status", [400, 404, 405, 406, 501])
def test_what_the_server_says_decides(status: int) -> None:
    assert lacks_version(response(status), 2)
    assert lacks_version(response(status, "1.0"), 2)
    assert not lacks_version(response(status, "1.0, 2"), 2)


@pytest.mark.parametrize("status", [200, 401, 403, 429, 500, 503])
def test_refusals_and_failures_do_not_mean_an_old_server(status: int) -> None:
    assert not lacks_version(response(status, "1.0"), 2)


def test_missing_client_certificate_does_not_mean_an_old_server() -> None:
    body = b"<title>400 No required SSL certificate was sent</title>"
    assert not lacks_version(response(400, None, body), 2)


@pytest.mark.parametrize(("header", "newest"), [("1.0, 2, 3", 3), ("2, 4.0, 3", 4)])
def test_newer_version_is_a_warning_with_the_numbers(header: str, newest: int) -> None:
    warning = newer_version_warning(response(200, header), 2)
    assert warning == (
        f"https://command.example.com/KeyfactorAPI/SMTP offers version {newest} of the API. This "
        "version of the collection knows versions 1 and 2, and used 2."
    )
    assert newer_version_warning(response(200, "1.0, 2"), 2) is None
    assert newer_version_warning(response(200), 2) is None


@pytest.mark.parametrize(
    "fault",
    [
        Fault.status(400, body=ERROR, headers={"Api-Supported-Versions": "1.0"}, times=1),
        Fault.status(400, body=PROBLEM, times=1),
        Fault.status(404, body=PROBLEM, times=1),
        Fault.status(404, body=b"", headers={"Api-Supported-Versions": "1.0"}, times=1),
    ],
)
def test_old_server_is_asked_for_version_1(
    command: Command, connect: Connect, fault: Fault
) -> None:
    """The four answers of the versioning library to a version that it lacks."""
    command.faults = [fault]
    result = read_smtp_profile(connect(command))
    assert result["api_version"] == 1
    assert sent(command, "x-keyfactor-api-version") == [("2",), ("1",)]


def test_server_that_offers_version_2_is_not_asked_again(
    command: Command, connect: Connect
) -> None:
    command.faults = [Fault.status(404, headers={"Api-Supported-Versions": "1.0, 2"})]
    error = failure(lambda: read_smtp_profile(connect(command)), "There is nothing at")
    assert (error.kind, len(command.requests)) == ("not_found", 1)


def test_newer_version_is_one_warning_of_the_result(command: Command, connect: Connect) -> None:
    headers = {"Api-Supported-Versions": "1.0, 2, 3"}
    command.faults = [Fault.status(200, body=PROFILE, headers=headers)]
    result = read_smtp_profile(connect(command))
    assert len(result["warnings"]) == 1
    assert "offers version 3 of the API" in result["warnings"][0]
    command.faults = [Fault.status(200, body=PROFILE)]
    assert "warnings" not in read_smtp_profile(connect(command))
