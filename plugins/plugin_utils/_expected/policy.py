# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy: a JSON Schema for the whole profile, as rules that are met or not, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._format import format_value, one_line
from . import schema, schema_strict
from .schema_keywords import NOTES, PROFILE
from .setting_types import to_instance

WHERE = "verify_smtp_policy"
# What the parts of a schema beside its list of rules are called.
REST = "profile"


@dataclass(frozen=True)
class Rule:
    """One rule of the policy.

    :param settings: those that it looks at.
    :param compiled: its schema, prepared.
    """

    name: str
    description: str
    expected: Mapping[str, Any]
    compiled: Mapping[str, Any]
    settings: tuple[str, ...]

    @property
    def setting(self) -> str:
        """What findings and waivers call it."""
        return f"policy.{self.name}"

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
        about = f": {self.description}" if self.description else ""
        return f"policy rule {format_value(self.name)}{about}"


def parse_policy(policy: Any) -> tuple[list[Rule], list[str]]:
    """Return the policy's rules, and all that is wrong with it."""
    if not policy:
        return [], []
    if not isinstance(policy, Mapping):
        return [], [f"{WHERE} must be a mapping, a JSON Schema of the whole profile"]
    try:
        schema.check(policy)
    except ValueError as error:
        return [], [f"{WHERE}: {error}"]
    rules: list[Rule] = []
    problems = []
    preparation = schema_strict.Preparation(policy)
    for name, part in _parts(policy):
        where = f"{WHERE}, rule {format_value(name)}"
        try:
            ready = preparation.of(part, PROFILE)
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        if name in (rule.name for rule in rules):
            problems.append(f"{where} is there twice")
        description = one_line(str(_notes(policy, part, "description"))).rstrip(".")
        rules.append(Rule(name, description, part, ready, _settings_of(ready)))
    if not rules and not problems:
        problems.append(f"{WHERE} has no rule")
    if not problems:
        try:
            preparation.check_definitions()
        except ValueError as error:
            problems.append(f"{WHERE}: {error}")
    return rules, problems


def _parts(policy: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the rules by name: those in C(allOf), and what else the policy says."""
    for number, part in enumerate(policy.get("allOf", []), 1):
        if not isinstance(part, Mapping):
            part = {"allOf": [part]}
        reference = re.search(r"[^/#]+$", str(part.get("$ref", "")))
        named = _notes(policy, part, "title") or (reference.group() if reference else "")
        yield one_line(str(named)) or f"rule {number}", part
    rest = {k: each for k, each in policy.items() if k not in ("allOf", "$defs")}
    if rest.get("type") == "object":
        del rest["type"]
    if set(rest) - NOTES:
        yield one_line(str(policy.get("title", ""))) or REST, rest


def _notes(policy: Mapping[str, Any], part: Mapping[str, Any], keyword: str) -> str:
    """Return a note of a rule, or of the definition that the rule refers to."""
    found = part.get(keyword, "")
    if not found and str(part.get("$ref", "")).startswith("#/$defs/"):
        definition = policy.get("$defs", {}).get(part["$ref"].rpartition("/")[2])
        found = definition.get(keyword, "") if isinstance(definition, Mapping) else ""
    return str(found)


def _settings_of(ready: Any) -> tuple[str, ...]:
    """Return the settings that a prepared schema names, in the profile's order."""
    named = set(_named(ready))
    return tuple(key for key in SETTINGS if key in named)


def _named(ready: Any) -> Iterator[str]:
    if isinstance(ready, list):
        for each in ready:
            yield from _named(each)
    if not isinstance(ready, Mapping):
        return
    for keyword, value in ready.items():
        if keyword == "properties":
            yield from value
            value = list(value.values())
        yield from _named(value)
