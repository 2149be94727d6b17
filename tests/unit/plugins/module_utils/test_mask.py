# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are masked in every form in which a server may echo them."""

from __future__ import annotations

import base64
import html
import json
import re
import time
import timeit
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._mask import MASK, mask
from tests.fuzz.encodings import ENCODERS

SECRET = 'pass/w ö+rd"\\é&='
LETTERS = st.characters(codec="utf-8", exclude_characters="*")
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
    "percent of Latin-1": quote(SECRET, safe="", encoding="latin-1"),
    "html": html.escape(SECRET),
    "html twice": html.escape(html.escape(SECRET)),
    "html decimal": escape(SECRET, "&#{};"),
    "html hexadecimal": escape(SECRET, "&#x{:X};"),
    "html with names": html.escape(SECRET).replace("é", "&eacute;").replace("+", "&plus;"),
    "json of .NET": escape(SECRET, "\\u{:04X}"),
    "json of .NET, nested": json.dumps(escape(SECRET, "\\u{:04X}"))[1:-1],
    "utf-8 as latin-1": SECRET.encode().decode("latin-1"),
    "utf-8 as latin-1, twice": SECRET.encode().decode("latin-1").encode().decode("latin-1"),
    "percent": quote(SECRET, safe=""),
    "percent in small letters": re.sub(
        r"%..", lambda code: code.group().lower(), quote(SECRET, safe="")
    ),
    "form": quote_plus(SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "json": json.dumps(SECRET)[1:-1],
    "json with unicode": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "header in json in html": html.escape(json.dumps(quote(SECRET)))[6:-6],
}
PAIRS = {
    f"{encode.__name__} of {encoding}": encode(PAIR.encode(encoding)).decode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode)
    for encoding in ("utf-8", "latin-1")
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_secret_is_masked(form: str) -> None:
    assert mask(f"you sent <{FORMS[form]}> to me", [SECRET]) == f"you sent <{MASK}> to me"


@pytest.mark.parametrize("secret", [PAIR, SECRET])
@pytest.mark.parametrize("form", PAIRS)
def test_base64_is_masked_whole_with_what_else_it_holds(form: str, secret: str) -> None:
    for text in (PAIRS[form], PAIRS[form].rstrip("="), quote(PAIRS[form], safe="")):
        line = mask(f"you sent <{text}> to me", [secret])
        assert line == f"you sent <{MASK}> to me"


# Secrets have no line breaks that JSON could escape, and nothing changes the case of UTF-8's octets.
NOT_MASKED = {
    ("lines", "JSON"),
    ("lines", "JSON in JSON"),
    ("UTF-8 as Latin-1", "upper case"),
    ("UTF-8 as Latin-1", "swapped case"),
}


@pytest.mark.parametrize("first", ENCODERS)
def test_one_encoding_after_another(first: str) -> None:
    """All pairs are masked, but those of NOT_MASKED. The padding of Base64 may stay."""
    secret = 'pass/w õ+rd"\\é&=%2B'
    for second in ENCODERS:
        text = f"you sent <{ENCODERS[second](ENCODERS[first](secret))}> to me"
        line = mask(text, [secret])
        masked = re.fullmatch(r"you sent <\*{8}=*> to me", line)
        assert bool(masked) is ((first, second) not in NOT_MASKED), (first, second, line)


def test_more_than_two_encodings() -> None:
    header = base64.b64encode(f"user:{SECRET}".encode()).decode()
    for secret in (SECRET, header):
        text = json.dumps({"headers": {"Authorization": f"Basic {header}", "Cookie": secret}})
        text = quote(html.escape(json.dumps({"request": text}) * 2))
        assert quote(header) not in mask(text, [SECRET])
        assert mask(text, [SECRET]).count(MASK) == 4


def test_text_around_a_secret_stays() -> None:
    secret = "hidden & more"
    text = "a%20b &lt;hidden &amp; more&gt; c\\u0064 hidden%20%26+more%3E"
    assert mask(text, [secret]) == f"a%20b &lt;{MASK}&gt; c\\u0064 {MASK}%3E"
    assert mask("no%20secret &amp; d\\u0065 QUJDREVGR0g=", [secret]) == (
        "no%20secret &amp; d\\u0065 QUJDREVGR0g="
    )


@pytest.mark.parametrize(
    ("text", "secrets", "masked"),
    [
        ("", ["secret"], ""),
        ("text", [], "text"),
        ("text", [""], "text"),
        ("secret", ["secret"], MASK),
        ("secretsecret", ["secret"], 2 * MASK),
        ("xSECRETx", ["secret"], f"x{MASK}x"),
        ("abcdef.", ["abcd", "cdef"], f"{MASK}."),
        ("abcdef.", ["bc", "abcdef"], f"{MASK}."),
        # What is no text of its own when it is decoded is masked as it is.
        ("a + + b", [" + + "], f"a{MASK}b"),
        ("a\\\\b", ["\\\\"], f"a{MASK}b"),
        # A percent sign, an ampersand or a backslash before a secret belongs to no escape.
        ("100%41abc", ["41abc"], f"100{'%'}{MASK}"),
        ("a\\u0041bc", ["u0041bc"], f"a\\{MASK}"),
        ("two\r\n\twords", ["two words"], MASK),
        ("two\x00words", ["two words"], MASK),
        ("İsecret", ["secret"], f"İ{MASK}"),
        ("l\ud800ne", ["l\ud800ne"], MASK),
        ("a \u00e0\u0080 b", ["secret"], "a \u00e0\u0080 b"),
        (
            "&#0;&#1114112;&nothing;&#x110000;%00",
            ["secret"],
            "&#0;&#1114112;&nothing;&#x110000;%00",
        ),
        ("a&nothing;b", ["a&nothing;b"], MASK),
        ("a?b", ["a岡b"], MASK),
    ],
)
def test_what_is_masked(text: str, secrets: list[str], masked: str) -> None:
    assert mask(text, secrets) == masked


@pytest.mark.parametrize("text", ["a", "%25", "\\", "&amp;", "\\u", "%", "+", "<title", "@", "Ã¶"])
def test_search_is_linear(text: str) -> None:
    """Sixteen times as much text may take 16 times as long, and not 256 times."""
    secrets = ["%" * 20 + "b", "\\" * 10 + "b", "&amp;" * 5 + "b", "a" * 30 + "b", "T" * 2000]

    def seconds(length: int) -> float:
        hostile = text * (length // len(text))
        search = timeit.Timer(lambda: mask(hostile, secrets), timer=time.process_time)
        return min(search.repeat(repeat=2, number=1))

    assert seconds(32768) < 50 * seconds(2048) + 0.1


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_and_any_secret(text: str, secrets: list[str]) -> None:
    """What is not masked is in the text, in the same order."""
    parts = mask(text, secrets).split(MASK)
    for part in parts:
        assert part in text
        text = text[text.index(part) + len(part) :]


@given(
    st.text(LETTERS, min_size=4).filter(str.isprintable),
    st.sampled_from(["Base64", "percent", "HTML", "JSON", ".NET JSON"]),
    st.sampled_from(["percent twice", "escaped entities", "JSON in JSON", "form", "plain"]),
)
def test_any_secret_in_two_encodings(secret: str, first: str, second: str) -> None:
    encoded = ENCODERS[second](ENCODERS[first](secret))
    if re.search(r"[^\s+\\]", secret):
        assert MASK in mask(f"<{encoded}>", [secret])
