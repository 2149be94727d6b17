# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of the endpoint is requested, from what the server says of its versions."""

from __future__ import annotations

import json

import pytest
from requests.structures import CaseInsensitiveDict

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._api.versions import (
    is_version_refusal,
    lacks_version,
    newer_version_warning,
    served_version,
    supported_versions,
    version_refusal_hint,
)
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from tests.emulator import Command, Emulator, Fault
from tests.unit.support import TOKEN, Connect, failure, sent

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


def test_deprecated_versions_are_offered_too() -> None:
    headers = {"Api-Supported-Versions": "2.0", "api-deprecated-versions": "1.0"}
    both = Response("https://command.example.com/", 200, CaseInsensitiveDict(headers), b"")
    assert supported_versions(both) == [1, 2]


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("content", [PROBLEM, ERROR, {"type": "https://a/problems#unsupported"}])
def test_either_body_refuses_a_version(status: int, content: dict[str, object]) -> None:
    body = json.dumps(content).encode()
    assert is_version_refusal(response(status, None, body), 2)
    assert is_version_refusal(response(status, "1.0", body), 2)
    # The library says so of a media type, too. The versions of the server decide.
    assert not is_version_refusal(response(status, "1.0, 2", body), 2)
    assert not is_version_refusal(response(500, None, body), 2)


def test_header_alone_refuses_a_version() -> None:
    assert is_version_refusal(response(404, "1.0"), 2)
    assert not is_version_refusal(response(404), 2)
    assert not is_version_refusal(response(400, None, b'{"error": "UnsupportedApiVersion"}'), 2)


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("1.0", "It offers version 1: set api_version to 1 or to auto."),
        ("1.0, 2, 3", "It offers version 2: set api_version to 2 or to auto."),
        ("3.0, 4.0", "It offers 3 and 4: use a newer version of this collection."),
        (None, None),
    ],
)
def test_hint_names_the_versions_of_the_server(header: str | None, hint: str | None) -> None:
    assert version_refusal_hint(response(400, header)) == hint


@pytest.mark.parametrize(
    ("header", "requested", "served"),
    [("1.0", 2, 1), ("1.0, 2", 2, 2), ("1.0, 2", 1, 1), (None, 2, 2), ("3", 2, 2)],
)
def test_server_cannot_have_served_a_version_that_it_lacks(
    header: str | None, requested: int, served: int
) -> None:
    assert served_version(response(200, header), requested) == served


@pytest.mark.parametrize(
    ("product", "served"), [("24.4.0.0", 1), ("25.1.0.0", 2), ("new", 2), ("", 2)]
)
def test_release_without_version_2_ignores_the_version(product: str, served: int) -> None:
    headers = CaseInsensitiveDict({"X-Keyfactor-Product-Version": product})
    good = Response("https://command.example.com", 200, headers, b"{}")
    assert served_version(good, 2) == served


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


@pytest.mark.parametrize("refusal", ["error-400", "problem-400", "problem-404", "empty-404"])
@pytest.mark.parametrize("reported", [True, False])
def test_four_answers_of_the_versioning_library(
    emulator: Emulator, connect: Connect, refusal: str, reported: bool
) -> None:
    command = emulator.command(
        tokens=[TOKEN], release="24.4", version_refusal=refusal, reports_versions=reported
    )
    assert read_smtp_profile(connect(command))["api_version"] == 1
    assert sent(command, "x-keyfactor-api-version") == [("2",), ("1",)]
    hint = (
        "offers version 1: set api_version to 1 or to auto" if reported else "api_version to auto"
    )
    phrases = ("does not have version 2 of the API", hint)
    if refusal == "empty-404" and not reported:
        # Nothing says that the path is right.
        phrases = ("There is nothing at", "Check api_path")
    error = failure(lambda: read_smtp_profile(connect(command, api_version="2")), *phrases)
    assert error.status == int(refusal[-3:])
    if not refusal.startswith("empty"):
        assert "UnsupportedApiVersion" in str(error.detail)


def test_server_with_newer_versions_alone(command: Command, connect: Connect) -> None:
    command.faults = [Fault.status(400, body=ERROR, headers={"Api-Supported-Versions": "3"})]
    error = failure(lambda: read_smtp_profile(connect(command)), "It offers 3: use a newer version")
    assert (error.kind, len(command.requests)) == ("protocol", 2)


def test_server_that_ignores_the_version_is_known_by_its_header(
    command: Command, connect: Connect
) -> None:
    """An anonymous relay has no user name by whose type the version could be known."""
    headers = {"Api-Supported-Versions": "1.0"}
    command.faults = [Fault.status(200, body={**PROFILE, "RelayUsername": None}, headers=headers)]
    assert read_smtp_profile(connect(command))["api_version"] == 1


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
