# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's words in our messages: one line, short, and without our secrets."""

from __future__ import annotations

import base64
import html
import json
import re
import time
import timeit
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import (
    MASK,
    escape_unprintable,
    quote_untrusted,
    redact_url,
)

SECRET = 'pass/w ö+rd"\\é&='
PAIR = f"KEYEXAMPLE\\svc-ansible:{SECRET}"


def escape(text: str, template: str) -> str:
    """Escape all but letters and digits of ASCII, as HTML and JSON writers do."""
    return "".join(
        char if char.isascii() and char.isalnum() else template.format(ord(char)) for char in text
    )


FORMS = {
    "plain": SECRET,
    "percent without slash": quote(SECRET, safe="/"),
    "percent twice": quote(quote(SECRET, safe=""), safe=""),
    "html": html.escape(SECRET),
    "html twice": html.escape(html.escape(SECRET)),
    "html decimal": escape(SECRET, "&#{};"),
    "html hexadecimal": escape(SECRET, "&#x{:X};"),
    "json of .NET": escape(SECRET, "\\u{:04X}"),
    "json of .NET, nested": json.dumps(escape(SECRET, "\\u{:04X}"))[1:-1],
    "utf-8 as latin-1": SECRET.encode().decode("latin-1"),
    "percent": quote(SECRET, safe=""),
    "percent in small letters": re.sub(
        r"%..", lambda code: code.group().lower(), quote(SECRET, safe="")
    ),
    "form": quote_plus(SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "json": json.dumps(SECRET)[1:-1],
    "json with unicode": json.dumps(SECRET, ensure_ascii=False)[1:-1],
}
PAIRS = {
    f"{encode.__name__} of {encoding}": encode(PAIR.encode(encoding)).decode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode)
    for encoding in ("utf-8", "latin-1")
}
LETTERS = st.characters(codec="utf-8", exclude_characters="*.")
SECRETS = st.text(LETTERS, min_size=4, max_size=20)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_secret_is_masked(form: str) -> None:
    assert (
        quote_untrusted(f"you sent <{FORMS[form]}> to me", [SECRET]) == f"you sent <{MASK}> to me"
    )


@pytest.mark.parametrize("form", PAIRS)
def test_base64_of_user_and_password_is_masked(form: str) -> None:
    for text in (PAIRS[form], PAIRS[form].rstrip("="), quote(PAIRS[form], safe="")):
        line = quote_untrusted(f"you sent <{text}> to me", [PAIR])
        assert re.fullmatch(r"you sent <\*{8}(=|%3D)*> to me", line)


@pytest.mark.parametrize("text", ["a", "%25", "\\", "&amp;", "\\u", "%", "+", "<title", "@"])
def test_search_for_secrets_is_linear(text: str) -> None:
    """Sixteen times as much text may take 16 times as long, and not 256 times."""
    secrets = ["%" * 20 + "b", "\\" * 10 + "b", "&amp;" * 5 + "b", "a" * 30 + "b", "T" * 2000]

    def seconds(length: int) -> float:
        hostile = text * (length // len(text))
        search = timeit.Timer(lambda: quote_untrusted(hostile, secrets), timer=time.process_time)
        return min(search.repeat(repeat=3, number=1))

    assert seconds(65536) < 100 * seconds(4096) + 0.1


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
