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
    unreadable_file_error,
)

KINDS = get_args(errors.ErrorKind)


def test_result_has_the_message_and_all_details() -> None:
    error = CommandError(
        "server",
        "It failed.",
        status=503,
        url="https://command.example.com/",
        detail="Soon.",
        attempts=2,
        transient=True,
    )
    assert error.as_result() == {
        "msg": "It failed.",
        "error": {
            "kind": "server",
            "status": 503,
            "url": "https://command.example.com/",
            "detail": "Soon.",
            "attempts": 2,
        },
    }
    assert error.transient is True


def test_details_default_to_none() -> None:
    error = CommandError("configuration", "It cannot be used.")
    details = {"status": None, "url": None, "detail": None, "attempts": 0}
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


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (FileNotFoundError(2, "No such file or directory"), "No such file or directory"),
        (OSError("without an errno"), "it is not a path"),
        (ValueError("embedded null byte"), "it is not a path"),
    ],
)
def test_unreadable_file_names_path_option_and_reason(cause: Exception, reason: str) -> None:
    error = unreadable_file_error("/etc/ca.pem", "ca_cert", cause)
    assert error.kind == "configuration"
    assert error.message.startswith(f"The file /etc/ca.pem of ca_cert cannot be read: {reason}. ")
    assert "on the machine that makes the call" in error.message


def test_head_of_the_file_explains_every_kind() -> None:
    assert re.findall(r"^- (\w+): .", str(errors.__doc__), re.M) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_raised_somewhere(kind: Any) -> None:
    files = Path(str(errors.__file__)).parent.glob("**/*.py")
    assert any(f'"{kind}"' in path.read_text() for path in files if path.name != "_errors.py")
