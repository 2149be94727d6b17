# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A live profile as YAML: the profile that was recorded meets it, whatever is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils.profile import KEYS
from ansible_collections.keyfactor.command.plugins.plugin_utils import findings, unknown
from ansible_collections.keyfactor.command.plugins.plugin_utils.recorded import record

from .profiles import profile, read, verdict

# What a reader of YAML takes for something else, or a template, or another line.
WORDS = ("yes", "no", "null", "~", "1", "1.5", "2026-12-31", "", " a ", "%YAML", "Zürich")
MARKS = (
    "{{ 7 * 7 }}",
    "{% x %}",
    "{# x #}",
    "a: b",
    "# c",
    "- d",
    "!unsafe x",
    "&a",
    "*a",
    "'",
    '"',
)
CONTROLS = ("\\", "\n", "\r\n", "\x1b[2J", "\u202e", "\x00", "\x85", "\u2028", "\ufeff")
TRICKY = st.sampled_from(WORDS + MARKS + CONTROLS)
TEXT = TRICKY | st.text(st.characters(exclude_categories=["Cs"]))
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "host": TEXT,
        "sender_name": TEXT | st.none(),
        "sender_account": TEXT,
        "relay_username": TEXT,
        "port": st.integers(0, 65535) | st.none(),
        "use_ssl": st.booleans() | st.none(),
        "request_headers": st.lists(TEXT, max_size=3) | st.none(),
    },
)


def loaded(text: str, directory: Path) -> Any:
    """Return what Ansible's own loader makes of the file."""
    file = directory / "verify_smtp.yml"
    file.write_text(text, encoding="utf-8")
    return DataLoader().load_from_file(str(file))["verify_smtp_expected"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recorded")


@given(changes=CHANGES)
def test_a_profile_meets_its_record(place: Path, changes: dict[str, Any]) -> None:
    found = profile(**changes)
    text = record(found, read(found))
    assert text == record(dict(reversed(found.items())), read(found))
    assert all(line.isprintable() for line in text.splitlines())
    expected = loaded(text, place)
    assert set(expected) == set(KEYS) - {"id"}
    assert verdict(found, expected)["verdict"] == "compliant"


def test_the_text() -> None:
    found = profile(sender_name="{{ 7 * 7 }}")
    text = record(found, read(found, product_version="25.3"))
    assert text.startswith(
        "---\n# Recorded from https://a, Command 25.3\nverify_smtp_expected:\n"
        "  host: SMTP.example.com\n  port: 587\n  use_ssl: true\n"
    )
    assert '  sender_name: !unsafe "{{ 7 * 7 }}"\n' in text
    assert "  request_headers:\n    - X-Relay\n" in text


def test_what_cannot_be_known_is_left_out_and_told() -> None:
    found = profile(relay_username=None, relay_username_source="pam")
    text = record(found, read(found, api_version=1))
    assert "# relay_username is not recorded: it is kept in a privileged access management" in text
    for setting in unknown.ONLY_IN_VERSION_2:
        assert f"# {setting} is not recorded: version 1 of the API does not tell it" in text
    assert "  relay_username:" not in text


def test_a_finding_has_the_shape_of_the_report() -> None:
    assert list(findings.unknown("port", 25, "words")) == [
        "setting",
        "status",
        "expected",
        "actual",
        "message",
        "waiver",
    ]
