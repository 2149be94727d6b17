# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy: a JSON Schema for the whole profile, as rules with a finding each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._api.smtp_profile import SETTINGS
from .._format import format_value, one_line
from . import schema
from .setting_types import to_instance

WHERE = "verify_smtp_policy"


@dataclass(frozen=True)
class Rule:
    """One rule of the policy: a JSON Schema of the profile, as written and compiled."""

    name: str
    expected: Mapping[str, Any]
    compiled: Mapping[str, Any]

    @property
    def setting(self) -> str:
        """The name in findings and waivers."""
        return f"policy.{self.name}"

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that the rule is about."""
        return tuple(sorted(set(_settings(self.compiled)), key=SETTINGS.index))

    def mismatch(self, profile: Mapping[str, Any]) -> str | None:
        """Return in what a profile breaks the rule, None if it does not."""

        def format_message(path: list[str], requirements: list[str]) -> str:
            settings = path[:1] or self.settings
            values = ", ".join(f"{name} is {format_value(profile.get(name))}" for name in settings)
            return f"{values}, must {' and '.join(requirements)}"

        instance = {key: to_instance(key, profile.get(key)) for key in SETTINGS}
        problems = schema.validate(self.compiled, instance, format_message)
        return f"{self.label}: {'; '.join(problems)}" if problems else None

    @property
    def label(self) -> str:
        """The rule in messages."""
        description = one_line(self.expected.get("description", "")).rstrip(".")
        return f"policy rule {format_value(self.name)}" + (description and f": {description}")


def parse_policy(policy: Any) -> tuple[list[Rule], list[str]]:
    """Return the policy's rules, and everything that is wrong with it."""
    if not policy:
        return [], []
    if not isinstance(policy, Mapping):
        return [], [f"{WHERE} must be a mapping, a JSON Schema of the whole profile"]
    try:
        schema.require_jsonschema()
    except ValueError as error:
        return [], [f"{WHERE}: {error}"]
    rules: dict[str, Rule] = {}
    problems = []
    for name, part in _parts(policy):
        if name in rules:
            problems.append(f"{WHERE}, rule {format_value(name)} is there twice")
        try:
            rules[name] = Rule(name, part, schema.compile_schema(part, schema.PROFILE))
        except ValueError as error:
            problems.append(f"{WHERE}, rule {format_value(name)}: {error}")
    if not problems:
        # The other keywords, such as $schema, must be right as well.
        try:
            schema.compile_schema(policy, schema.PROFILE)
        except ValueError as error:
            problems.append(f"{WHERE}: {error}")
    return list(rules.values()), problems


def _parts(policy: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the rules by name: the members of C(allOf), and the other keywords together."""
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
        for part in compiled:
            yield from _settings(part)
    elif isinstance(compiled, Mapping):
        for keyword, value in compiled.items():
            yield from value if keyword == "properties" else _settings(value)
