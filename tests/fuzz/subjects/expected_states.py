# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expectations, policies, waivers and what belongs to them, as playbooks and surveys have them."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    VERDICTS,
    entry_messages,
    summarize,
)
from tests.emulator.wire import Release, SmtpProfile, render
from tests.fuzz.checks import QUOTED, has_sentences
from tests.fuzz.values import mutate, random_value, random_yaml_value
from tests.unit.schemas import KEYWORDS, OTHERS
from tests.unit.support import evaluate_profile, expected_state, sentences

PROFILE = normalize_profile(render(SmtpProfile(), Release.parse("25.3"), 2), 2).values
MODULE_RESULT = {"smtp": PROFILE, "api_version": 2, "url": "https://command.example.com/API/SMTP"}
GOOD: dict[str, Any] = {
    "expected": {
        "host": ["smtp.example.com", "relay.example.com"],
        "port": {"enum": [465, 587]},
        "use_ssl": True,
        "sender_account": {"pattern": "@keyexample\\.com$", "maxLength": 60},
        "request_headers": {"contains": {"const": "X-Relay-Key"}, "maxItems": 3},
        "scope": None,
        "relay_authentication": "basic",
    },
    "policy": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [
            {
                "title": "no-anonymous-relay",
                "description": "The relay must authenticate the sender.",
                "not": {"properties": {"relay_authentication": {"const": "anonymous"}}},
            },
            {
                "title": "ports",
                "if": {"properties": {"use_ssl": {"const": True}}},
                "then": {"properties": {"port": {"minimum": 465, "multipleOf": 5}}},
                "else": {"required": ["scope"]},
            },
        ],
        "dependentRequired": {"client_id": ["token_endpoint", "scope"]},
    },
    "waivers": [
        {
            "setting": "use_ssl",
            "reason": "Its relay has no certificate yet",
            "owner": "PKI team",
            "expires": "2030-12-31",
        },
        {"setting": "policy.ports", "reason": "a", "owner": "b", "expires": "2020-01-01"},
    ],
    "waiver_warning_days": 14,
    "today": "2026-12-31",
    "reference": "production",
    "reference_exclude": ["id", "sender_name"],
    "environments": ["production", "staging"],
    "saved_profile": dict(PROFILE),
}
WORDS = (*SETTINGS, *KEYWORDS, *OTHERS, "policy.ports", "string", "integer", "null", "email", 587)
# Patterns that are no regular expressions, or unusual ones.
PATTERNS = ("(", "[", "a{99999999999}", "(?P<a>", "\\", "(?i)a", "\\Z", "^.*$", "x*", "\u0130")


class ExpectedStates:
    """Parse random expected states, and evaluate a profile with those that can be used."""

    name = "expected_states"

    def generate(self, rng: Random) -> dict[str, Any]:
        """Return the parts of an expected state, some of them left out."""
        case = {}
        for name, good in GOOD.items():
            kind = rng.random()
            if kind < 0.7 or name == "environments":
                case[name] = copy.deepcopy(good)
            elif kind < 0.8:
                case[name] = mutate(rng, good, (*WORDS, rng.choice(PATTERNS)), 2)
            elif kind < 0.82:
                case[name] = random_value(rng, WORDS, 4)
            elif kind < 0.84:
                case[name] = _with_yaml_value(rng, good)
        return {"expected": None, **case}

    def check(self, case: Any) -> str:
        """Return C(refused), or the verdict."""
        arguments = {name: value for name, value in case.items() if name != "expected"}
        try:
            state = expected_state(case["expected"], **arguments)
        except ExpectedStateError as error:
            message = str(error)
            assert message.isprintable(), message
            unquoted = QUOTED.sub("", message)
            assert has_sentences(case) or sentences(unquoted) <= 2, message
            state = None
        entry = evaluate_profile("staging", PROFILE, case["expected"], MODULE_RESULT, **arguments)
        assert entry["verdict"] in VERDICTS
        assert json.loads(json.dumps(entry, allow_nan=False)) == entry
        lines = [summarize(entry), *entry_messages(entry)]
        assert all(line.isprintable() for line in lines), lines
        refused = entry["error"] is not None and entry["error"]["kind"] == "configuration"
        assert refused == (state is None), entry["error"]
        if entry["verdict"] == "compliant":
            assert {finding["status"] for finding in entry["findings"]} <= {"match", "waived"}
        for finding in entry["findings"]:
            assert re.fullmatch(r"policy\..+|reference|" + "|".join(SETTINGS), finding["setting"])
        return "refused" if state is None else str(entry["verdict"])


def _with_yaml_value(rng: Random, good: Any) -> Any:
    if isinstance(good, dict):
        return {**good, rng.choice(list(good)): random_yaml_value(rng, WORDS)}
    if isinstance(good, list):
        return [*good, random_yaml_value(rng, WORDS)]
    return random_yaml_value(rng, WORDS)
