# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the JSON Schemas that editors use, docs/{policy,expectations}.schema.json.

The first is a copy of the one that the collection itself uses. The second describes a file of
variables, and holds the first one's definitions, as no editor needs a second file then.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Path("plugins/plugin_utils/_expected/policy.schema.json")
# What the collection takes as text for a number or a boolean, as surveys bring it.
TEXT = {
    "integer": {"type": "string", "pattern": "^-?[0-9]{1,9}$"},
    "boolean": {"enum": ["true", "false", "yes", "no"]},
}
TEMPLATE = {"$ref": "#/$defs/template"}
DEFINITIONS: dict[str, Any] = {
    "template": {"type": "string", "pattern": r"\{[{%]"},
    "empty": {"type": ["object", "null"], "maxProperties": 0},
    "waiver": {
        "type": "object",
        "properties": {
            "setting": {
                "description": "The setting, or policy. and the name of a rule of the policy.",
                "type": "string",
            },
            "reason": {
                "description": "Why the difference is accepted.",
                "type": "string",
                "minLength": 1,
            },
            "owner": {"description": "Who answers for it.", "type": "string", "minLength": 1},
            "expires": {
                "description": "The last day on which it holds, in UTC, such as 2026-12-31.",
                "type": "string",
                "anyOf": [{"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, TEMPLATE],
            },
        },
        "required": ["setting", "reason", "owner", "expires"],
        "additionalProperties": False,
    },
}
VARIABLES: dict[str, Any] = {
    "verify_smtp_expected": {
        "description": "The settings that are expected. A list means any of its values, null means "
        "unset, and a mapping is a JSON Schema for the value.",
        "anyOf": [TEMPLATE, {"$ref": "#/$defs/expected"}],
    },
    "verify_smtp_policy": {
        "description": "A JSON Schema for the whole profile. Each member of allOf is a rule of its "
        "own, named by its title.",
        "anyOf": [TEMPLATE, {"$ref": "#/$defs/empty"}, {"$ref": "#/$defs/profile"}],
    },
    "verify_smtp_waivers": {
        "description": "Differences that are accepted until a day.",
        "anyOf": [TEMPLATE, {"type": "array", "items": {"$ref": "#/$defs/waiver"}}],
    },
    "verify_smtp_reference": {
        "description": "The environment whose live profile is expected of the others.",
        "type": "string",
    },
    "verify_smtp_reference_exclude": {
        "description": "The settings that may differ from the reference.",
        "anyOf": [
            {"type": "string"},
            {"type": "array", "maxItems": 0},
            {"$ref": "#/$defs/setting_names"},
        ],
    },
    "verify_smtp_environments": {
        "description": "The names of environments that must all be verified in a run.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    },
}


def expectations(policy: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a file of variables. Those of other roles may be in it too."""
    kinds = {
        setting: schema["$ref"].rpartition("/")[2]
        for setting, schema in policy["$defs"]["settings"]["properties"].items()
    }
    expected = {
        "type": ["object", "null"],
        "properties": {
            setting: {"$ref": f"#/$defs/expected_{kind}"} for setting, kind in kinds.items()
        },
        "additionalProperties": False,
    }
    by_kind = {
        f"expected_{kind}": _expected(kind, policy["$defs"][kind]["properties"])
        for kind in dict.fromkeys(kinds.values())
    }
    return {
        "$schema": policy["$schema"],
        "title": "Variables of the role keyfactor.command.verify_smtp",
        "description": "What a file of variables may say of the expected SMTP profile.",
        "type": ["object", "null"],
        "properties": VARIABLES,
        "$defs": {**DEFINITIONS, "expected": expected, **by_kind, **policy["$defs"]},
    }


def _expected(kind: str, keywords: Iterable[str]) -> dict[str, Any]:
    """Return what may be expected of a setting: a value, any of some values, or a schema.

    An editor says that no alternative fits, and not why. So the schema is no alternative, but only
    a mapping of its keywords is, which makes editors complete them.
    """
    value = {"$ref": f"#/$defs/{kind}/properties/const"}
    values = [value, TEMPLATE, *([TEXT[kind]] if kind in TEXT else [])]
    any_of: dict[str, Any] = {"type": "array", "minItems": 1, "items": {"anyOf": values}}
    if kind == "names":
        any_of = {"type": "array", "contains": {"type": "array"}, "items": value}
    mapping = {"type": "object", "properties": dict.fromkeys(keywords, True)}
    return {
        "anyOf": [*values, any_of, mapping],
        "if": {"type": "object"},
        "then": {"$ref": f"#/$defs/{kind}"},
    }


def published(root: Path) -> dict[Path, str]:
    """Return the files to publish, with their content."""
    source = (root / SOURCE).read_text(encoding="utf-8")
    generated = json.dumps(expectations(json.loads(source)), indent=2)
    return {
        root / "docs/policy.schema.json": source,
        root / "docs/expectations.schema.json": f"{generated}\n",
    }


def main(check: bool, root: Path = ROOT) -> int:
    """Write the files, or tell whether they are up to date. Return the exit code."""
    status = 0
    for path, content in published(root).items():
        if path.is_file() and path.read_text(encoding="utf-8") == content:
            continue
        if check:
            print(f"{path.relative_to(root)} is out of date. Run: python -m tools.schemas")
            status = 1
        else:
            path.write_text(content, encoding="utf-8")
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    sys.exit(main(parser.parse_args().check))
