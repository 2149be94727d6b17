# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of options is updated from options.py, and outdated documentation is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    OPTIONS,
    OPTIONS_BY_NAME,
    Option,
)
from tools import generate, sources

FRAGMENT, PAGE = generate.FRAGMENT, generate.PAGE


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the files, up to date."""
    for path in (FRAGMENT, PAGE):
        (tmp_path / path).parent.mkdir(parents=True)
        shutil.copy(sources.ROOT / path, tmp_path / path)
    generate.main([], tmp_path)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def changed(name: str, **facts: Any) -> list[Option]:
    """Return the options with other facts for one of them."""
    return [option._replace(**facts) if option.name == name else option for option in OPTIONS]


def diff(checkout: Path, options: list[Option]) -> str:
    return generate.differences(checkout, generate.generate(checkout, options))


def documented(checkout: Path) -> dict[str, Any]:
    found = generate.OPTIONS_OF_FRAGMENT.search((checkout / FRAGMENT).read_text())
    assert found
    return dict(yaml.safe_load(found.group()))


def row(checkout: Path, name: str) -> str:
    lines = (checkout / PAGE).read_text().splitlines()
    (found,) = (line for line in lines if line.startswith(f"| `{name}` |"))
    return found


def test_generating_again_changes_nothing(checkout: Path) -> None:
    assert diff(checkout, list(OPTIONS)) == ""
    generate.main(["--check"], checkout)


def test_every_option_is_documented_with_its_facts(checkout: Path) -> None:
    options = documented(checkout)
    assert list(options) == [option.name for option in OPTIONS]
    for option in OPTIONS:
        shown = {key: value for key, value in options[option.name].items() if key != "description"}
        assert shown == {key: value for key, value in option.spec.items() if key != "no_log"}
        description = options[option.name]["description"]
        facts = description if isinstance(description, str) else description[-1]
        for name in option.environment_variables:
            assert f"E({name})" in facts
            assert f"`{name}`" in row(checkout, option.name)
        for key in option.config_keys:
            assert (f"C({key})" in facts) is (option.config_keys != (option.name,))
            assert f"`{key}`" in row(checkout, option.name)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("port", "Defaults to V(443). Environment variable E(KEYFACTOR_PORT)."),
        ("host", "Environment variable E(KEYFACTOR_HOSTNAME), then E(KEYFACTOR_ADDR)."),
        (
            "password",
            "Environment variable E(KEYFACTOR_PASSWORD); for Kerberos only "
            "E(KEYFACTOR_AUTH_KRB_PASSWORD).",
        ),
        (
            "ca_cert",
            "Environment variable E(KEYFACTOR_CA_CERT), then E(CERTIFICATE_STORE_PATH). "
            "Config file key C(ca_cert_path), then C(ca_cert).",
        ),
        (
            "validate_certs",
            "Defaults to V(true). Environment variable E(KEYFACTOR_SKIP_VERIFY), then "
            "E(KEYFACTOR_IGNORE_SSL). Config file key C(skip_tls_verify). "
            "In the environment and in the config file the meaning is the opposite.",
        ),
        (
            "config_profile",
            "Defaults to V(default). Environment variable E(KEYFACTOR_AUTH_CONFIG_PROFILE).",
        ),
    ],
)
def test_facts(name: str, facts: str) -> None:
    assert generate.facts(OPTIONS_BY_NAME[name]) == facts


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("host", ""),
        ("scopes", ""),
        ("timeout", "60"),
        ("allow_http", "false"),
        ("auth_type", "auto"),
        ("api_version", "auto"),
        ("config_file", "~/.keyfactor/command_config.json"),
    ],
)
def test_default(name: str, default: str) -> None:
    assert generate.default_text(OPTIONS_BY_NAME[name]) == default


def test_row(checkout: Path) -> None:
    assert row(checkout, "domain") == (
        "| `domain` | | `KEYFACTOR_DOMAIN` | `domain` "
        "| Active Directory domain of `username`, if the user name does not contain it |"
    )
    assert r"`DOMAIN\user`" in row(checkout, "username")
    assert "`KEYFACTOR_IGNORE_SSL` (opposite) | `skip_tls_verify` (opposite)" in row(
        checkout, "validate_certs"
    )


@pytest.mark.parametrize(
    ("name", "facts", "lines"),
    [
        ("port", {"default": 8443}, ["Defaults to V(8443). Environment", "| `port` | `8443` |"]),
        (
            "audience",
            {"environment_variables": ("KEYFACTOR_AUDIENCE",)},
            ["E(KEYFACTOR_AUDIENCE)", "`KEYFACTOR_AUDIENCE`"],
        ),
        ("domain", {"config_keys": ("realm",)}, ["C(realm)", "`realm`"]),
        (
            "audience",
            {"spec": {"type": "list", "elements": "str"}},
            ["type: list", "elements: str"],
        ),
        ("host", {"spec": {"type": "str", "aliases": ["address"]}}, ["aliases: [address]"]),
    ],
)
def test_changed_fact_is_found(
    checkout: Path, name: str, facts: dict[str, Any], lines: list[str]
) -> None:
    changes = diff(checkout, changed(name, **facts))
    added = [line for line in changes.splitlines() if line.startswith("+")]
    for text in lines:
        assert any(text in line for line in added), changes


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (FRAGMENT, "E(KEYFACTOR_DOMAIN)", "E(KEYFACTOR_DOMAINS)"),
        (FRAGMENT, "Defaults to V(443)", "Defaults to V(80)"),
        (FRAGMENT, "    aliases: [hostname, url]\n", ""),
        (FRAGMENT, "TCP port of the server", "Port of the server"),
        (PAGE, "| TCP port of the server |", "| port |"),
    ],
)
def test_edited_documentation_is_found_and_repaired(
    checkout: Path, path: Path, old: str, new: str
) -> None:
    edit(checkout / path, old, new)
    with pytest.raises(SystemExit, match="Run: make generate") as failure:
        generate.main(["--check"], checkout)
    assert new in str(failure.value)
    generate.main([], checkout)
    generate.main(["--check"], checkout)


def test_order_is_that_of_the_options(checkout: Path) -> None:
    for path, content in generate.generate(checkout, [*OPTIONS[1:], OPTIONS[0]]).items():
        (checkout / path).write_text(content)
    assert list(documented(checkout))[-1] == "host"
    assert diff(checkout, list(OPTIONS)) != ""


def test_other_keys_of_an_option_are_kept(checkout: Path) -> None:
    edit(
        checkout / FRAGMENT,
        "    aliases: [hostname, url]\n",
        "    version_added: 1.1.0\n    aliases: [hostname, url]\n    default: localhost\n",
    )
    generate.main([], checkout)
    assert documented(checkout)["host"]["version_added"] == "1.1.0"
    # The argument spec decides, and it has no default.
    assert "default" not in documented(checkout)["host"]


def remove_option(checkout: Path) -> None:
    edit(checkout / FRAGMENT, "  domain:\n", "")


def rename_option(checkout: Path) -> None:
    edit(checkout / FRAGMENT, "  kerberos_spn:\n", "  kerberos_spn:\n    description: x\n  spn:\n")


def remove_description(checkout: Path) -> None:
    edit(checkout / FRAGMENT, "TCP port of the server. ", "")


def add_colon(checkout: Path) -> None:
    edit(checkout / FRAGMENT, "TCP port of the server", "TCP port: of the server")


def remove_markers(checkout: Path) -> None:
    edit(checkout / PAGE, "<!-- End of the table -->", "")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (remove_option, "describe the option domain"),
        (rename_option, "remove the option spn"),
        (remove_description, "port needs a description"),
        (add_colon, "port needs a description, without ': '"),
        (remove_markers, "the comments around the table of options are missing"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["write", "check"])
def test_what_cannot_be_generated_is_explained(
    checkout: Path, change: Callable[[Path], None], message: str, arguments: list[str]
) -> None:
    change(checkout)
    before = [(checkout / path).read_text() for path in (FRAGMENT, PAGE)]
    with pytest.raises(SystemExit, match=message):
        generate.main(arguments, checkout)
    assert [(checkout / path).read_text() for path in (FRAGMENT, PAGE)] == before


def test_names_are_negated_together() -> None:
    option = OPTIONS_BY_NAME["validate_certs"]._replace(config_keys=("validate_certs",))
    with pytest.raises(generate.GenerateError, match="names of validate_certs"):
        generate.facts(option)
