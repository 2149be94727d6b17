# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render a live profile as expectations to commit: readable YAML that is the same each time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable

# A number that the server assigns.
NOT_RECORDED = frozenset(("id",))
TEMPLATE = re.compile(r"\{[{%#]")


class _Unsafe(str):
    """Text that Ansible must not evaluate as a template."""


class _Dumper(yaml.SafeDumper):
    """Indents lists below their names, as ansible-lint expects it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_unsafe(dumper: yaml.SafeDumper, value: _Unsafe) -> yaml.Node:
    return dumper.represent_scalar("!unsafe", str(value), style='"')


_Dumper.add_representer(_Unsafe, _represent_unsafe)


def render_baseline(
    profile: Mapping[str, Any], unavailable: Mapping[str, str], module_result: Mapping[str, Any]
) -> str:
    """Return the profile as YAML with C(verify_smtp_expected).

    :param unavailable: the settings whose value cannot be known, each with the reason.
    :param module_result: the module's registered result.
    """
    lines = [f"# Recorded from {escape_unprintable(str(module_result.get('url')))}"]
    version = module_result.get("product_version")
    if version:
        lines[0] += f", Command {escape_unprintable(str(version))}"
    settings = [setting for setting in SETTINGS if setting not in NOT_RECORDED]
    lines += [
        f"# {setting} is not recorded: {unavailable[setting]}"
        for setting in settings
        if setting in unavailable
    ]
    expected = {
        setting: _mark_unsafe(profile[setting])
        for setting in settings
        if setting not in unavailable
    }
    text = yaml.dump(
        {"verify_smtp_expected": expected},
        Dumper=_Dumper,
        sort_keys=False,
        # Characters that could rewrite a reviewer's line are escaped; then so is all but ASCII.
        allow_unicode=all(text.isprintable() for text in _texts(expected)),
        width=1000,
    )
    return "---\n" + "\n".join(lines) + "\n" + text


def _mark_unsafe(value: Any) -> Any:
    if isinstance(value, list):
        return [_mark_unsafe(item) for item in value]
    return _Unsafe(value) if isinstance(value, str) and TEMPLATE.search(value) else value


def _texts(expected: Mapping[str, Any]) -> list[str]:
    texts = []
    for value in expected.values():
        texts += value if isinstance(value, list) else [value]
    return [text for text in texts if isinstance(text, str)]
