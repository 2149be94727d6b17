# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict readers: the right type from every spelling, and a refusal of all else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config import converters as values
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import OPTIONS
from tests.unit.support import PASSWORD

ACCEPTED = [
    *((values.boolean, word, True) for word in (True, 1, "true", "True", "YES", "on", "1", " y ")),
    *((values.boolean, word, False) for word in (False, 0, "false", "No", "OFF", "0", "n")),
    *((values.port, port, 8443) for port in (8443, "8443", " 8443 ")),
    (values.port, 1, 1),
    (values.port, 65535, 65535),
    (values.retries, 0, 0),
    (values.retries, "100", 100),
    (values.seconds, 60, 60.0),
    (values.seconds, 0.5, 0.5),
    (values.seconds, "60", 60.0),
    (values.seconds, "60s", 60.0),
    (values.seconds, "2m", 120.0),
    (values.seconds, "1.5m", 90.0),
    (values.seconds, "500ms", 0.5),
    (values.seconds, "24h", 86400.0),
    (values.word_list, "read,write", ("read", "write")),
    (values.word_list, " read write , ", ("read", "write")),
    (values.word_list, ["read", "api://command/.default"], ("read", "api://command/.default")),
    (values.word_list, [" read ", ""], ("read",)),
    (values.word_list, [], ()),
    (values.api_version, "auto", None),
    (values.api_version, " AUTO ", None),
    (values.api_version, 1, 1),
    (values.api_version, "2", 2),
    (values.auth_type, "OAuth", "oauth"),
    (values.text, "0123", "0123"),
]

REFUSED: list[tuple[Any, list[Any], str]] = [
    (values.text, [123, 1.5, True, None, ["a"], {}], "it must be text (write it in quotes)"),
    (
        values.boolean,
        ["maybe", "", 2, 1.0, "truefalse", ["true"], None, "falsch"],
        "it must be true or false",
    ),
    (
        values.port,
        [0, 65536, -1, "", "443x", "4 4", 443.0, True, "٤٤٣", "9" * 5000, None],
        "it must be a whole number from 1 to 65535",
    ),
    (
        values.retries,
        [-1, 101, "3.0", "three", False, []],
        "it must be a whole number from 0 to 100",
    ),
    (
        values.seconds,
        [
            0,
            "0s",
            "-5",
            "60 sec",
            "1d",
            "25h",
            "86401",
            "1e3",
            "inf",
            "nan",
            True,
            "",
            None,
            "s",
            [],
        ],
        "it must be a time above 0 and up to 24h, like 60, 60s or 2m",
    ),
    (values.word_list, [5, {"a": 1}, [1], [None], None], "it must be a list of words"),
    (
        values.word_list,
        [["two words"], ["a,b"], 'quo"ted', ["back\\slash"]],
        "each of its entries must be one word",
    ),
    (values.api_version, [3, "v2", "", True, 2.0, None], "it must be one of auto, 1, 2"),
    (
        values.auth_type,
        ["ntlm", "", None, 1],
        "it must be one of auto, basic, oauth, token, kerberos, certificate",
    ),
]


@pytest.mark.parametrize(("read", "value", "meant"), ACCEPTED)
def test_accepted(read: Any, value: object, meant: object) -> None:
    found = read(value)
    assert (type(found), found) == (type(meant), meant)


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [(read, value, expected) for read, many, expected in REFUSED for value in many],
)
def test_refused_with_expected_form(read: Any, value: object, expected: str) -> None:
    with pytest.raises(ValueError) as caught:
        read(value)
    assert str(caught.value) == expected


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
@pytest.mark.parametrize("rubbish", [PASSWORD, [PASSWORD, 5], {PASSWORD: 1}])
def test_a_refusal_never_repeats_the_value(option: Any, rubbish: object) -> None:
    try:
        option.convert(rubbish)
    except ValueError as error:
        assert PASSWORD not in str(error)


def test_paths_are_filled_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PKI", "pki")
    assert values.path("~/$PKI/ca.pem") == f"{tmp_path}/pki/ca.pem"
    assert values.path_or_pem("~/ca.pem") == f"{tmp_path}/ca.pem"


def test_pem_text_is_left_as_it_is() -> None:
    pem = "-----BEGIN CERTIFICATE-----\n$HOME~\n-----END CERTIFICATE-----\n"
    assert values.path_or_pem(pem) == pem


@pytest.mark.parametrize("read", [values.path, values.path_or_pem])
def test_a_path_is_text(read: Any) -> None:
    with pytest.raises(ValueError, match="text"):
        read(5)


def test_path_of_a_credential_cache_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/svc")
    monkeypatch.setenv("RUN", "/run/svc")
    assert values.ccache("~/ticket") == "/home/svc/ticket"
    assert values.ccache("FILE:~/ticket") == "FILE:/home/svc/ticket"
    assert values.ccache("DIR:$RUN/tickets") == "DIR:/run/svc/tickets"
    for name in ("KCM:1000", "KEYRING:persistent:1000", "MEMORY:$RUN", "/tmp/krb5cc_1000"):
        assert values.ccache(name) == name
    with pytest.raises(ValueError, match="text"):
        values.ccache(5)


PEM = "-----BEGIN PRIVATE KEY-----\nunique-private-key-91b2\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "option", [each for each in OPTIONS if each.convert in (values.path, values.ccache)]
)
@pytest.mark.parametrize("text", [PEM, "Bag Attributes\n" + PEM])
def test_pem_text_is_not_a_path(option: Any, text: str) -> None:
    """A likely mistake, as ca_cert takes PEM text: the key must not stand in a message."""
    if option.convert is values.ccache and not text.startswith("-----BEGIN"):
        return
    with pytest.raises(
        ValueError, match=r"^it must be the path of a file, not PEM text$"
    ) as caught:
        option.convert(text)
    assert "unique-private-key" not in str(caught.value)
