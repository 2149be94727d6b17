# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy: a JSON Schema for the whole profile, as rules that are met or not, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._format import format_value, one_line
from . import schema
from .setting_types import to_instance

WHERE = "verify_smtp_policy"


@dataclass(frozen=True)
class Rule:
    """One rule of the policy: a JSON Schema of the profile, as it is written and compiled."""

    name: str
    expected: Mapping[str, Any]
    compiled: Mapping[str, Any]

    @property
    def setting(self) -> str:
        """What findings and waivers call it."""
        return f"policy.{self.name}"

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that it looks at."""
        return tuple(sorted(set(_settings(self.compiled)), key=SETTINGS.index))

    def actual(self, profile: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the rule looks at."""
        return {name: profile.get(name) for name in self.settings}

    def mismatch(self, profile: Mapping[str, Any]) -> str | None:
        """Say in what a profile breaks the rule, None if it keeps it."""

        def say(place: list[str], wanted: list[str]) -> str:
            looked_at = place[:1] or self.settings
            found = ", ".join(f"{name} is {format_value(profile.get(name))}" for name in looked_at)
            return f"{found}, must {' and '.join(wanted)}"

        seen = {key: to_instance(key, profile.get(key)) for key in SETTINGS}
        found = schema.problems(self.compiled, seen, say)
        return f"{self.label}: {'; '.join(found)}" if found else None

    @property
    def label(self) -> str:
        """The rule for messages."""
        description = one_line(self.expected.get("description", "")).rstrip(".")
        return f"policy rule {format_value(self.name)}" + (description and f": {description}")


def parse_policy(policy: Any) -> tuple[list[Rule], list[str]]:
    """Return the policy's rules, and all that is wrong with it."""
    if not policy:
        return [], []
    if not isinstance(policy, Mapping):
        return [], [f"{WHERE} must be a mapping, a JSON Schema of the whole profile"]
    if schema.missing_library():
        return [], [f"{WHERE}: {schema.missing_library()}"]
    rules: dict[str, Rule] = {}
    problems = []
    for name, part in _parts(policy):
        try:
            rule = Rule(name, part, schema.compile_schema(part, schema.PROFILE))
        except ValueError as error:
            problems.append(f"{WHERE}, rule {format_value(name)}: {error}")
            continue
        if name in rules:
            problems.append(f"{WHERE}, rule {format_value(name)} is there twice")
        rules[name] = rule
    if not problems:
        # What stands beside the rules, such as $schema, has to be right too.
        try:
            schema.compile_schema(policy, schema.PROFILE)
        except ValueError as error:
            problems.append(f"{WHERE}: {error}")
    return list(rules.values()), problems


def _parts(policy: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Return the rules by name: those in C(allOf), and what else the policy says."""
    members = policy.get("allOf")
    for number, part in enumerate(members if isinstance(members, list) else [], 1):
        title = part.get("title", "") if isinstance(part, Mapping) else ""
        yield one_line(str(title)) or f"rule {number}", part
    rest = {keyword: policy[keyword] for keyword in policy if keyword != "allOf"}
    if set(rest) - schema.NOTES - {"type"}:
        yield one_line(str(policy.get("title", ""))) or "profile", rest


def _settings(compiled: Any) -> Iterator[str]:
    """Yield the settings that a compiled schema names."""
    if isinstance(compiled, list):
        for each in compiled:
            yield from _settings(each)
    elif isinstance(compiled, Mapping):
        for keyword, value in compiled.items():
            yield from value if keyword == "properties" else _settings(value)
