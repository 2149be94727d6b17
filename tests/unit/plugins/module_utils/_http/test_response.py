# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a response is by its first bytes, its members, and the failure that it means."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from ansible_collections.keyfactor.command.plugins.module_utils._http.response import (
    Response,
)

URL = "https://command.example.com/KeyfactorAPI/SMTP"


def response(body: bytes, content_type: str | None = None) -> Response:
    headers = {"content-type": content_type} if content_type else {}
    return Response(URL, 200, CaseInsensitiveDict(headers), body)


def test_response_counts_one_attempt_by_default() -> None:
    assert response(b"").attempts == 1


def test_text_prefix_of_a_short_body_is_all_of_it() -> None:
    assert response("Größe".encode()).text_prefix == "Größe"


def test_text_prefix_of_a_long_body_is_cut() -> None:
    assert response(b"a" * 65536 + b"b").text_prefix == "a" * 65536


def test_text_prefix_replaces_bytes_that_are_not_utf8() -> None:
    assert response(b"a\xffb").text_prefix == "a\ufffdb"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "text/html"),
        (b'{"Port": 25}', "Text/HTML; charset=utf-8"),
        (b"<p>", "application/xhtml+xml"),
        (b"<!DOCTYPE html>", None),
        (b"\r\n\t <!doctype HTML public>", "application/json"),
        (b"<html lang='en'>", None),
        (b"<HTML>\xff", "text/plain"),
    ],
)
def test_html_is_recognized_by_its_type_or_its_start(body: bytes, content_type: str) -> None:
    assert response(body, content_type).is_html is True


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", None),
        (b'{"SenderName": "<html>"}', "application/json"),
        (b"<?xml version='1.0'?>", "text/xml"),
        (b"See <!DOCTYPE html>", "text/plain"),
    ],
)
def test_anything_else_is_not_html(body: bytes, content_type: str) -> None:
    assert response(body, content_type).is_html is False


def test_members_of_a_json_object() -> None:
    assert response(b' {"error": "invalid_client"}').json_members() == {"error": "invalid_client"}


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b'"text"', b"null", b"\xff", b"[" * 100000, b'{"a": ']
)
def test_any_other_body_has_no_members(body: bytes) -> None:
    assert response(body).json_members() == {}


def test_error_has_the_details_of_the_response() -> None:
    failed = Response(URL, 503, CaseInsensitiveDict(), b"", 3, "0f8fad5b")
    error = failed.error("server", "It failed.", "Soon.")
    assert error.as_result() == {
        "msg": "It failed. Correlation ID: 0f8fad5b.",
        "error": {
            "kind": "server",
            "status": 503,
            "url": URL,
            "detail": "Soon.",
            "attempts": 3,
            "correlation_id": "0f8fad5b",
        },
    }
    assert failed.error("server", "It failed.").detail is None
