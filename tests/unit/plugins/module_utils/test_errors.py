# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exception of the collection: its kinds, its message and its result."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils import _errors as errors
from ansible_collections.keyfactor.command.plugins.module_utils._errors import (
    CommandError,
    check_file,
    unusable_value_error,
)
from tests.unit.support import refusal

KINDS = get_args(errors.ErrorKind)


def test_result_has_the_message_and_all_details() -> None:
    error = CommandError(
        "server",
        "It failed.",
        status=503,
        url="https://command.example.com/",
        detail="Soon.",
        attempts=2,
        correlation_id="0f8fad5b",
        transient=True,
    )
    assert error.as_result() == {
        "msg": "It failed. Correlation ID: 0f8fad5b.",
        "error": {
            "kind": "server",
            "status": 503,
            "url": "https://command.example.com/",
            "detail": "Soon.",
            "attempts": 2,
            "correlation_id": "0f8fad5b",
        },
    }
    assert error.transient is True


def test_details_default_to_none() -> None:
    error = CommandError("configuration", "It cannot be used.")
    details = {"status": None, "url": None, "detail": None, "attempts": 0, "correlation_id": None}
    assert error.as_result()["error"] == {"kind": "configuration", **details}
    assert error.transient is False


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("The file a\x1b[2J is missing.", "The file a\\u001b[2J is missing."),
        ("two\nlines", "two\\u000alines"),
        ("left\u202eright", "left\\u202eright"),
        ("Größe 岡", "Größe 岡"),
    ],
)
def test_unprintable_characters_are_escaped(message: str, shown: str) -> None:
    error = CommandError("configuration", message)
    assert (error.message, str(error), error.as_result()["msg"]) == (shown, shown, shown)


def test_value_that_cannot_be_used_names_option_and_reason() -> None:
    error = unusable_value_error("token_url", "it must be an https:// URL")
    assert error.kind == "configuration"
    assert error.message == "The value of token_url cannot be used: it must be an https:// URL."


def test_path_of_a_readable_file_is_returned(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.touch()
    assert check_file(str(file), "ca_cert") == str(file)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nonexistent/ca.pem", "No such file or directory"),
        ("", "No such file or directory"),
        ("/", "Is a directory"),
        ("/dev/null/ca.pem", "Not a directory"),
        ("/" + "a" * 300, "File name too long"),
    ],
)
def test_unreadable_file_names_path_option_and_reason(path: str, reason: str) -> None:
    phrase = f"The file {path} of ca_cert cannot be read: {reason}. "
    refusal(lambda: check_file(path, "ca_cert"), phrase, "on the machine that makes the call")


def test_comments_explain_every_kind() -> None:
    source = Path(str(errors.__file__)).read_text()
    assert re.findall(r'^    "(\w+)",  # \w', source, re.M) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_raised_somewhere(kind: Any) -> None:
    files = Path(str(errors.__file__)).parent.glob("**/*.py")
    assert any(f'"{kind}"' in path.read_text() for path in files if path.name != "_errors.py")
