# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the first bytes of a response say it is."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from ansible_collections.keyfactor.command.plugins.module_utils._http.response import (
    PREFIX_LENGTH,
    Response,
    is_html,
    text_prefix,
)

URL = "https://command.example.com/KeyfactorAPI/SMTP"


def response(body: bytes, content_type: str | None = None) -> Response:
    headers = {"content-type": content_type} if content_type else {}
    return Response(URL, 200, CaseInsensitiveDict(headers), body)


def test_response_counts_one_attempt_by_default() -> None:
    assert response(b"").attempts == 1


def test_text_prefix_of_a_short_body_is_all_of_it() -> None:
    assert text_prefix(response("Größe".encode())) == "Größe"


def test_text_prefix_of_a_long_body_is_cut() -> None:
    assert text_prefix(response(b"a" * PREFIX_LENGTH + b"b")) == "a" * PREFIX_LENGTH


def test_text_prefix_replaces_bytes_that_are_not_utf8() -> None:
    assert text_prefix(response(b"a\xffb")) == "a\ufffdb"


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
    assert is_html(response(body, content_type)) is True


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
    assert is_html(response(body, content_type)) is False
