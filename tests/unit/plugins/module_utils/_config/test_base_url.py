# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The address of Keyfactor Command, from every form in which people give it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from tests.unit.support import TOKEN, failure, refusal, source


def settings(environ: dict[str, str] | None = None, **options: Any) -> ConnectionSettings:
    return resolve({"access_token": TOKEN, **options}, environ or {})


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({"host": "a.example.com"}, "https://a.example.com/KeyfactorAPI"),
        ({"host": " a.example.com "}, "https://a.example.com/KeyfactorAPI"),
        ({"host": "a.example.com:8443"}, "https://a.example.com:8443/KeyfactorAPI"),
        ({"host": "a.example.com:443"}, "https://a.example.com/KeyfactorAPI"),
        ({"host": "a.example.com/Keyfactor/API"}, "https://a.example.com/Keyfactor/API"),
        ({"host": "https://a.example.com"}, "https://a.example.com/KeyfactorAPI"),
        ({"host": "HTTPS://A.example.com/"}, "https://a.example.com/KeyfactorAPI"),
        ({"host": "https://a.example.com:8443/API/"}, "https://a.example.com:8443/API"),
        ({"host": "a.example.com", "port": 8443}, "https://a.example.com:8443/KeyfactorAPI"),
        (
            {"host": "a.example.com", "api_path": "/Keyfactor/API/"},
            "https://a.example.com/Keyfactor/API",
        ),
        ({"host": "a.example.com", "api_path": "/"}, "https://a.example.com"),
        (
            {"host": "https://a.example.com:8443", "port": 8443},
            "https://a.example.com:8443/KeyfactorAPI",
        ),
        ({"host": "https://a.example.com/API", "api_path": "/API"}, "https://a.example.com/API"),
        ({"host": "192.0.2.10"}, "https://192.0.2.10/KeyfactorAPI"),
        ({"host": "2001:db8::1"}, "https://[2001:db8::1]/KeyfactorAPI"),
        ({"host": "[2001:db8::1]:8443"}, "https://[2001:db8::1]:8443/KeyfactorAPI"),
        ({"host": "http://a.example.com", "allow_http": True}, "http://a.example.com/KeyfactorAPI"),
        (
            {"host": "http://a.example.com:8080", "allow_http": True},
            "http://a.example.com:8080/KeyfactorAPI",
        ),
        (
            {"host": "http://a.example.com", "port": 8080, "allow_http": True},
            "http://a.example.com:8080/KeyfactorAPI",
        ),
        ({"host": "bücher.example.com"}, "https://bücher.example.com/KeyfactorAPI"),
    ],
)
def test_what_people_give(options: dict[str, Any], url: str) -> None:
    assert settings(**options).url == url


SCHEME = "it must begin with https:// (or http://)"
USER = "it must not carry a user or a password"
QUERY = "it must not have a part after '?' or '#'"
PORT = "its port is not a number from 1 to 65535, or its brackets do not match"
NAME = " is not a host's name or address"
PATH = "it may hold only letters, digits and . _ ~ - /"
STEP = "it must not step out with '..'"


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("ftp://a.example.com", SCHEME),
        ("https://user:pass@a.example.com", USER),
        ("svc@a.example.com", USER),
        ("https://a.example.com/?x=1", QUERY),
        ("a.example.com#top", QUERY),
        ("a.example.com:0", PORT),
        ("a.example.com:65536", PORT),
        ("a.example.com:https", PORT),
        ("a.example.com:80:81", PORT),
        ("https://", "it" + NAME),
        ("https://:8443", "it" + NAME),
        ("[2001:db8::1", PORT),
        ("a b.example.com", "a b.example.com" + NAME),
        ("-a.example.com", "-a.example.com" + NAME),
        ("a" * 64 + ".com", "a" * 64 + ".com" + NAME),
        ("a..com", "a..com" + NAME),
        ("a.example.com/../b", STEP),
        ("a.example.com/./b", STEP),
        ("a.example.com/%2e%2e/b", STEP),
        ("a.example.com/a b", PATH),
        ("a_b;c", "a_b;c" + NAME),
    ],
)
def test_what_is_no_address(host: str, reason: str) -> None:
    error = refusal(lambda: settings(host=host))
    assert error.message == f"The value of option host cannot be used: {reason}."


@pytest.mark.parametrize("host", ["a" * 63 + ".com", "a.com.", "a_b", "0.com"])
def test_names_that_hosts_can_have(host: str) -> None:
    assert settings(host=host).url == f"https://{host}/KeyfactorAPI"


@pytest.mark.parametrize("host", ["a..example.com", "a" * 64 + ".example.com"])
def test_a_name_that_no_host_can_have(host: str) -> None:
    """Refused at the latest when it is called, never with a traceback."""
    error = failure(lambda: read_smtp_profile(settings(host=host, timeout="5s")), "host")
    assert error.kind in ("configuration", "resolve")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"host": "a.example.com:8443", "port": 443},
            "option port says 443, and the URL in option host says 8443. Give the port once.",
        ),
        (
            {"host": "https://a.example.com/API", "api_path": "KeyfactorAPI"},
            "option api_path says KeyfactorAPI, and the URL in option host says API. Give the api_path "
            "once.",
        ),
    ],
)
def test_a_contradiction_within_one_source(options: dict[str, Any], message: str) -> None:
    assert refusal(partial(settings, **options)).message == message


@pytest.mark.parametrize(
    ("options", "environ", "port", "path", "origins"),
    [
        (
            {"host": "https://a.example.com:8443/API"},
            {"KEYFACTOR_PORT": "1", "KEYFACTOR_API_PATH": "Other"},
            8443,
            "API",
            ("option host", "option host"),
        ),
        (
            {"port": 9443, "api_path": "Mine"},
            {"KEYFACTOR_HOSTNAME": "https://a.example.com:8443/API"},
            9443,
            "Mine",
            ("option port", "option api_path"),
        ),
        (
            {"host": "a.example.com"},
            {"KEYFACTOR_PORT": "7443", "KEYFACTOR_API_PATH": "Other"},
            7443,
            "Other",
            ("environment variable KEYFACTOR_PORT", "environment variable KEYFACTOR_API_PATH"),
        ),
    ],
)
def test_between_sources_the_earlier_wins(
    options: dict[str, Any],
    environ: dict[str, str],
    port: int,
    path: str,
    origins: tuple[str, str],
) -> None:
    found = settings(environ, **options)
    assert found.url == f"https://a.example.com:{port}/{path}"
    assert (source(found, "port"), source(found, "api_path")) == origins
    assert (found.effective["port"]["value"], found.api_path) == (port, path)


@pytest.mark.parametrize("allowed", [None, False])
def test_plain_http_is_refused(allowed: bool | None) -> None:
    error = refusal(lambda: settings(host="http://a.example.com", allow_http=allowed))
    assert error.message == (
        "The host's URL begins with http://, so credentials would travel unprotected. Use https://, "
        "or set allow_http if that is what you want."
    )


def test_there_must_be_a_host() -> None:
    error = refusal(settings)
    assert error.message == (
        "There is no host to connect to. Set the option host, the environment variable "
        "KEYFACTOR_HOSTNAME, or host in a config file."
    )


def test_pem_text_is_not_repeated_in_the_settings() -> None:
    pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
    found = settings(host="a.example.com", ca_cert=pem)
    assert found.ca_cert == pem
    assert found.effective["ca_cert"] == {"value": "PEM text", "source": "option ca_cert"}
