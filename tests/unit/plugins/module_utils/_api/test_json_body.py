# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A response's body as one JSON object, or what it is instead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.json_body import (
    JSON_TYPES,
    JsonBodyError,
    NotAnObjectError,
    parse_object,
)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"{}", {}),
        (b' {"Port": 25}\r\n', {"Port": 25}),
        (b'\xef\xbb\xbf{"Host": "a"}', {"Host": "a"}),
        ('{"SenderName": "Größe 岡"}'.encode(), {"SenderName": "Größe 岡"}),
        ('{"Host": "a"}'.encode("utf-16"), {"Host": "a"}),
        (b'{"a": {"Port": 1}, "b": {"Port": 2}}', {"a": {"Port": 1}, "b": {"Port": 2}}),
    ],
)
def test_object_is_returned(body: bytes, content: dict[str, Any]) -> None:
    assert parse_object(body) == content


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "an empty reply"),
        (b" \r\n\t", "an empty reply"),
        (b"\xff\xfe\xff", "text that is not JSON"),
        (b'{"Host": "\xe9"}', "text that is not JSON"),
        (b"This is not JSON.", "text that is not JSON (line 1, column 1)"),
        (b'{\n  "Port": 25,\n  Host}', "text that is not JSON (line 3, column 3)"),
        (b'{"Port": 25} and more', "text that is not JSON (line 1, column 14)"),
        (b'{"Host": "smtp.example.com", "Po', "JSON that ends in the middle"),
        (b'{"Port": 5', "JSON that ends in the middle"),
        (b'{"Port":  \n', "JSON that ends in the middle"),
        (b"{", "JSON that ends in the middle"),
        (b'{"Port": 1, "Port": 1}', "bad JSON (a member is there twice)"),
        (b'{"a": [{"Port": 1, "Port": 2}]}', "bad JSON (a member is there twice)"),
        (b'{"Port": NaN}', "bad JSON (NaN is not JSON)"),
        (b'{"Port": Infinity}', "bad JSON (Infinity is not JSON)"),
        (b'{"Port": -Infinity}', "bad JSON (-Infinity is not JSON)"),
    ],
)
def test_message_says_what_the_body_is_instead(body: bytes, message: str) -> None:
    with pytest.raises(JsonBodyError) as caught:
        parse_object(body)
    assert str(caught.value) == message
    assert not isinstance(caught.value, NotAnObjectError)


@pytest.mark.parametrize(
    "body",
    [b"[" * 100000, b'{"Port": ' + b"9" * 5000 + b"}", b'{"Rate": 1e400}'],
    ids=["too deep", "too many digits", "too large"],
)
def test_body_beyond_the_limits_of_the_parser_is_bad_json(body: bytes) -> None:
    with pytest.raises(JsonBodyError, match=r"^bad JSON \("):
        parse_object(body)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"null", "null"),
        (b"true", "a boolean"),
        (b"5", "a whole number"),
        (b"1.5", "a number"),
        (b'"Host"', "text"),
        (b"[{}]", "a list"),
    ],
)
def test_any_other_json_is_not_an_object(body: bytes, name: str) -> None:
    with pytest.raises(NotAnObjectError) as caught:
        parse_object(body)
    assert str(caught.value) == f"{name} where a JSON object belongs"
    assert JSON_TYPES[type(json.loads(body))] == name


def test_name_of_an_object() -> None:
    assert JSON_TYPES[type({"Port": 25})] == "an object"
