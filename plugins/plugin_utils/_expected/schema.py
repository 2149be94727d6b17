# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON Schema 2020-12, with the library jsonschema. No other file needs that library.

JSON Schema ignores keywords that it does not know or that do not apply to a value's type. A check
that has no effect must never look like a pass, so the meta-schema in policy.schema.json allows
only keywords that have an effect. Its copy in docs/ is for editors.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...module_utils._sanitize import escape_unprintable
from .._format import did_you_mean, format_list, format_value
from .schema_messages import describe_keywords, describe_schema
from .setting_types import NAME, is_list, json_type, to_instance

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, FormatChecker
else:
    try:
        from jsonschema import Draft202012Validator, FormatChecker
    except ImportError:
        Draft202012Validator = None

META_SCHEMA = Path(__file__).with_name("policy.schema.json")
# Read in Ansible's parent process, once.
DEFINITIONS = json.loads(META_SCHEMA.read_text(encoding="utf-8"))["$defs"]
# The subject of a schema that is not about a setting.
PROFILE = "the profile"
# Keywords that check nothing.
NOTES = {"title", "description", "$comment", "$schema", "examples", "deprecated"}


def require_jsonschema() -> None:
    """Raise ValueError if the library is missing, saying for which Python."""
    if Draft202012Validator is None:
        raise ValueError(
            f"a JSON Schema needs the Python library jsonschema, which is missing for "
            f"{sys.executable}. Install it there, for example with: "
            f"{sys.executable} -m pip install jsonschema"
        )


def compile_schema(schema: Any, subject: str) -> dict[str, Any]:
    """Return a schema of the profile or of a setting, ready to be applied.

    :raises ValueError: naming all of its parts that are wrong or have no effect.
    """
    require_jsonschema()
    errors = _meta_validator(subject).iter_errors(schema)
    messages = [message for error in errors for message in _messages(error, subject)]
    if messages:
        raise ValueError("; ".join(dict.fromkeys(messages)))
    return _compile(schema, subject) if subject == PROFILE else _compile_setting(schema, subject)


def validate(
    schema: Any, instance: Any, format_message: Callable[[list[str], list[str]], str]
) -> list[str]:
    """Return how an instance fails a compiled schema, one line each, nothing if it meets it.

    :param format_message: makes a line of a path in the instance, and of what is required there.
    """
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    lines = []
    for error in validator.iter_errors(instance):
        # An unset value fails by its type alone, which hides the other requirements.
        is_unset = error.instance is None and error.validator == "type"
        failed = error.schema if is_unset else {error.validator: error.validator_value}
        path = [str(step) for step in error.absolute_path]
        lines.append(format_message(path, describe_keywords(failed)))
    return list(dict.fromkeys(lines))


@cache
def _meta_validator(subject: str) -> Draft202012Validator:
    definition = "profile" if subject == PROFILE else f"settings/properties/{subject}"
    formats = FormatChecker()
    # The library's own check does not catch the OverflowError of some patterns.
    check = formats.checks("regex", raises=(re.error, OverflowError))
    check(lambda text: not isinstance(text, str) or bool(re.compile(text)))
    meta_schema = {"$ref": f"#/$defs/{definition}", "$defs": DEFINITIONS}
    return Draft202012Validator(meta_schema, format_checker=formats)


def _messages(error: Any, subject: str) -> Iterator[str]:
    """Yield where a schema is wrong, by the path of the keyword, and what fits there."""
    path = [str(step) for step in error.absolute_path]
    if error.validator == "additionalProperties":
        fitting = error.schema["properties"]
        for keyword in error.instance:
            if keyword not in fitting:
                problem = _why_not_fitting(keyword, fitting, path, subject)
                yield escape_unprintable(f"{'.'.join([*path, keyword])} {problem}")
        return
    steps = list(error.absolute_schema_path)
    if "dependentSchemas" in steps:
        # The keyword that needs another one.
        path.append(steps[steps.index("dependentSchemas") + 1])
    message = error.schema.get("errorMessage")
    if error.instance in ("", [], {}) and error.validator.startswith("min"):
        message = "is empty"
    elif not message:
        message = f"must {describe_schema({error.validator: error.validator_value})}"
    if message.startswith("must "):
        message += f", and is {format_value(error.instance)}"
    choices = map(str, error.schema.get("enum", ()))
    hint = error.cause or did_you_mean(str(error.instance), choices)
    message = f"{'.'.join(path) or 'it'} {message}" + (f" ({hint})" if hint else "")
    yield escape_unprintable(message)


def _why_not_fitting(keyword: str, fitting: Iterable[str], path: list[str], subject: str) -> str:
    """Return why a keyword cannot be there: JSON Schema has it for other types, or not at all."""
    what_fits = f"what fits: {format_list(name for name in fitting if name not in NOTES)}"
    hint = did_you_mean(keyword, fitting) or what_fits
    if path and path[-1] in ("properties", "dependentRequired"):
        return f"is not a setting ({hint})"
    if keyword not in Draft202012Validator.VALIDATORS:
        return f"has no effect here ({hint})"
    for parent, step in zip(path, path[1:]):
        subject = step if parent == "properties" else subject
    subject = NAME if {"items", "contains"} & set(path) else subject
    return f"does not apply to {subject} ({what_fits})"


def _compile_setting(schema: Mapping[str, Any], setting: str) -> dict[str, Any]:
    """Return a setting's schema, which an unset value meets only if it allows null.

    Most keywords ignore null, so an unset value would meet them. A list is empty, never null.
    """
    compiled = _compile(schema, setting)
    if is_list(setting) or {"type", "const", "enum"} & set(compiled) or _allows_null(compiled):
        return compiled
    return {"type": json_type(setting), **compiled}


def _compile(schema: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return a schema with values in the form of instances.

    A profile has every setting, null if it is unset, so C(required) becomes types.
    """
    compiled = {
        keyword: _compile_value(keyword, value, subject)
        for keyword, value in schema.items()
        if keyword not in NOTES
    }
    are_set = [_are_set(compiled.pop("required"))] if "required" in compiled else []
    for setting, others in compiled.pop("dependentRequired", {}).items():
        are_set.append({"if": _are_set([setting]), "then": _are_set(others)})
    return {**compiled, "allOf": compiled.get("allOf", []) + are_set} if are_set else compiled


def _compile_value(keyword: str, value: Any, subject: str) -> Any:
    if keyword in ("not", "if", "then", "else"):
        return _compile(value, subject)
    if keyword in ("allOf", "anyOf", "oneOf"):
        return [_compile(part, subject) for part in value]
    if keyword in ("items", "contains"):
        return _compile(value, NAME)
    if keyword == "properties":
        return {setting: _compile_setting(part, setting) for setting, part in value.items()}
    if keyword == "enum":
        return [to_instance(subject, item) for item in value]
    return to_instance(subject, value) if keyword == "const" else value


def _are_set(settings: Sequence[str]) -> dict[str, Any]:
    """Return the schema of a profile in which these settings are set."""
    properties: dict[str, Any] = {setting: {"type": json_type(setting)} for setting in settings}
    properties.update({setting: {"minItems": 1} for setting in settings if is_list(setting)})
    return {"properties": properties}


def _allows_null(compiled: Any) -> bool:
    """Tell whether a schema allows null somewhere, other than to exclude it."""
    if isinstance(compiled, list):
        return any(_allows_null(part) for part in compiled)
    values = [*compiled.get("enum", ()), compiled.get("const", 0)]
    # A type in one word contains "null" only as a whole: no other has these letters.
    if "null" in compiled.get("type", ()) or None in values:
        return True
    parts = ("allOf", "anyOf", "oneOf", "then", "else")
    return any(_allows_null(compiled[keyword]) for keyword in parts if keyword in compiled)
