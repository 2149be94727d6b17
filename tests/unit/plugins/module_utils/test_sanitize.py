# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's words in our messages: one line, short, and without our secrets."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._mask import MASK
from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import (
    escape_unprintable,
    quote_untrusted,
    redact_url,
)

LETTERS = st.characters(codec="utf-8", exclude_characters="*.")
SECRETS = st.text(LETTERS, min_size=4, max_size=20)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("  two\r\n lines\t here ", "two lines here"),
        ("a\x1b[31mred\x1b[0m", "a [31mred [0m"),
        ("a\u202eb\u2028c\x00d\x85e", "a b c d e"),
        ("岡 ö 🔑", "岡 ö 🔑"),
        ("", ""),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 197 + "..."),
    ],
)
def test_one_short_line(words: str, line: str) -> None:
    assert quote_untrusted(words, []) == line


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example.com/path?code=hidden#top", "https://a.example.com/path"),
        ("https://user:hidden@a.example.com:8443/", "https://a.example.com:8443/"),
        ("https://us@er:hidden@a.example.com/", "https://a.example.com/"),
        ("/path?token=hidden", "/path"),
        ("//a.example.com/path", "://a.example.com/path"),
        ("", ""),
        ("https://[::1", "an address that cannot be read"),
        ("https://a.example.com/hidden/x", f"https://a.example.com/{MASK}/x"),
    ],
)
def test_an_address_without_what_may_be_secret(url: str, shown: str) -> None:
    assert redact_url(url, ["hidden"]).lstrip(":") == shown.lstrip(":")


@given(st.lists(SECRETS, min_size=1, max_size=3), st.lists(st.text(LETTERS), min_size=1), st.data())
@example(["my pass word"], ["<my\npass\tword>"], None)
@example(["tail "], ["x tail  "], None)
def test_no_secret_is_ever_quoted(
    secrets: list[str], words: list[str], data: st.DataObject | None
) -> None:
    if data is not None:
        between = data.draw(st.sampled_from(secrets))
        words = [between.join(words), between, *words]
    for each in words:
        line = quote_untrusted(each, secrets)
        assert not any(secret in line for secret in secrets)
        assert len(line) <= 200
        assert line.isprintable()


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_words_make_one_printable_line(words: str, secrets: list[str]) -> None:
    for line in (quote_untrusted(words, secrets), redact_url(words, secrets)):
        assert len(line) <= 200
        assert line.isprintable()


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("", ""),
        ("Größe 岡 🔑", "Größe 岡 🔑"),
        ("a\nb\x1b[2J", "a\\u000ab\\u001b[2J"),
        ("left\u202eright", "left\\u202eright"),
        ("lone\ud800", "lone\\ud800"),
    ],
)
def test_unprintable_characters_are_escaped(text: str, escaped: str) -> None:
    assert escape_unprintable(text) == escaped
