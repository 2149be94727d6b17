# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render a live profile as expectations to commit: readable, reproducible YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from ...module_utils._api.smtp_profile import SETTINGS
from ...module_utils._sanitize import escape_unprintable
from .._format import format_version

# The server assigns the ID.
RECORDED = [setting for setting in SETTINGS if setting != "id"]
SECRETS = "# Secrets and references to PAM are not recorded: they belong in verify_smtp_secrets"
REMEDY = "give verify_smtp_secrets.relay_username_pam to restore it"
TEMPLATE = re.compile(r"\{[{%#]")


class _Dumper(yaml.SafeDumper):
    """Indent lists below their names, as ansible-lint expects."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if TEMPLATE.search(text):
        # Ansible must not evaluate it.
        return dumper.represent_scalar("!unsafe", text, style='"')
    return dumper.represent_str(text)


_Dumper.add_representer(str, _represent_text)


def render_baseline(
    profile: Mapping[str, Any], unavailable: Mapping[str, str], module_result: Mapping[str, Any]
) -> str:
    """Return the profile as YAML with C(verify_smtp_expected).

    :param unavailable: the settings that cannot be compared, each with the reason.
    :param module_result: the module's registered result.
    """
    lines = [f"# Recorded from {escape_unprintable(str(module_result.get('url')))}"]
    version = module_result.get("product_version")
    if version:
        lines[0] += f", Command {escape_unprintable(format_version(str(version)))}"
    if profile.get("relay_authentication") != "anonymous":
        lines.append(SECRETS)
    expected = {}
    for setting in RECORDED:
        if setting in unavailable:
            line = f"# {setting} is not recorded: {unavailable[setting]}"
            is_in_pam = (setting, profile.get("relay_username_source")) == ("relay_username", "pam")
            lines.append(f"{line}, so {REMEDY}" if is_in_pam else line)
        else:
            expected[setting] = profile[setting]
    text = _dump(expected, allow_unicode=True)
    if not text.replace("\n", "").isprintable():
        # Escape characters that could rewrite a reviewer's line, and thereby all but ASCII.
        text = _dump(expected, allow_unicode=False)
    return "\n".join(["---", *lines, text])


def _dump(expected: dict[str, Any], allow_unicode: bool) -> str:
    options: dict[str, Any] = {"sort_keys": False, "width": 1000, "allow_unicode": allow_unicode}
    return str(yaml.dump({"verify_smtp_expected": expected}, Dumper=_Dumper, **options))
