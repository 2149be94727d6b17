# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A live profile as expectations to commit: YAML that reads well and comes out the same each time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable

from .._ansible.builtins import to_builtins
from .._verdict.availability import why_not_comparable

# A number that the server gives, and nobody decides on.
NOT_RECORDED = frozenset(("id",))
TEMPLATE = re.compile(r"\{[{%#]")


class _Unsafe(str):
    """Text that Ansible must not read as a template."""


class _Dumper(yaml.SafeDumper):
    """Writes lists below their names with an indent, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_unsafe(dumper: yaml.SafeDumper, value: _Unsafe) -> yaml.Node:
    return dumper.represent_scalar("!unsafe", str(value), style='"')


_Dumper.add_representer(_Unsafe, _represent_unsafe)


def render_baseline(profile: Mapping[str, Any], read: Mapping[str, Any]) -> str:
    """Return the profile as YAML with C(verify_smtp_expected).

    :param read: the module's registered result.
    """
    profile = to_builtins(profile)
    lines = [f"# Recorded from {escape_unprintable(str(read.get('url')))}"]
    if read.get("product_version"):
        lines[0] += f", Command {escape_unprintable(str(read['product_version']))}"
    expected = {}
    for setting in SETTINGS:
        if setting in NOT_RECORDED:
            continue
        why = why_not_comparable(setting, profile, read.get("api_version"))
        if why:
            lines.append(f"# {setting} is not recorded: {why}")
        else:
            expected[setting] = _safe(profile[setting])
    text = yaml.dump(
        {"verify_smtp_expected": expected},
        Dumper=_Dumper,
        sort_keys=False,
        # What could rewrite a reviewer's line is written out; then so is all that is not ASCII.
        allow_unicode=all(text.isprintable() for text in _texts(expected)),
        width=1000,
    )
    return "---\n" + "\n".join(lines) + "\n" + text


def _safe(value: Any) -> Any:
    if isinstance(value, list):
        return [_safe(each) for each in value]
    return _Unsafe(value) if isinstance(value, str) and TEMPLATE.search(value) else value


def _texts(expected: Mapping[str, Any]) -> list[str]:
    texts = []
    for value in expected.values():
        texts += value if isinstance(value, list) else [value]
    return [each for each in texts if isinstance(each, str)]
