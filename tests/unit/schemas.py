# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The meta-schema of expectations, and what tests make schemas of."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected import schema

META_SCHEMA: dict[str, Any] = json.loads(schema.META_SCHEMA.read_text(encoding="utf-8"))
# The kind of schema of each setting.
KINDS = {
    setting: str(each["$ref"]).rpartition("/")[2]
    for setting, each in META_SCHEMA["$defs"]["settings"]["properties"].items()
}
# Every keyword that some schema may have.
KEYWORDS = sorted(
    {
        keyword
        for definition in META_SCHEMA["$defs"].values()
        if "title" in definition.get("properties", {})
        for keyword in definition["properties"]
    }
)
# Keywords of JSON Schema that none may have.
OTHERS = (
    "$ref",
    "$defs",
    "$id",
    "patternProperties",
    "additionalProperties",
    "dependentSchemas",
    "prefixItems",
)
