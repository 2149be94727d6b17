# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Optional libraries, and the message if one is missing."""

from __future__ import annotations

import sys

import pytest
import requests

from ansible_collections.keyfactor.command.plugins.module_utils import _deps as deps
from tests.unit.support import load_anew, refusal


def test_missing_library_is_named_with_python_and_purpose() -> None:
    error = refusal(lambda: deps.require_library(None, "requests", "every call"))
    assert error.message == (
        f"The Python library requests is missing for {sys.executable}, and every call needs it. "
        f"Install it there, for example with: {sys.executable} -m pip install requests"
    )


def test_library_that_is_there_is_accepted() -> None:
    deps.require_library(requests, "requests", "every call")


def test_module_has_the_classes_of_requests() -> None:
    found = (deps.requests, deps.Session, deps.HTTPAdapter)
    classes = (requests.Session, requests.adapters.HTTPAdapter)
    assert found == (requests, *classes)


def test_module_can_be_imported_without_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load_anew(monkeypatch, deps, requests=None)
    assert loaded.requests is None
    assert (loaded.Session, loaded.HTTPAdapter) == (object, object)
