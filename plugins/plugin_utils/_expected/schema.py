# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON Schema 2020-12, by the library jsonschema: this file is the only one that needs it.

JSON Schema ignores keywords that it does not know or that do not fit a value's type. An expectation
that checks nothing would look like one that is met, so the meta-schema in policy.schema.json allows
only keywords that have an effect. docs/ has it too, for editors.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable

from .._format import format_list, format_value
from .schema_messages import describe_keywords, describe_schema
from .setting_types import LISTS, NAME, did_you_mean, json_type, to_instance

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, FormatChecker
else:
    try:
        from jsonschema import Draft202012Validator, FormatChecker
    except ImportError:
        Draft202012Validator = None

META_SCHEMA = Path(__file__).with_name("policy.schema.json")
# What a schema is about, if it is not about a setting.
PROFILE = "the profile"
# Keywords that check nothing.
NOTES = {"title", "description", "$comment", "$schema", "examples", "deprecated"}


def missing_library() -> str:
    """Say that the library is missing, and for which Python. Empty if it is there."""
    if Draft202012Validator is not None:
        return ""
    return (
        f"a JSON Schema needs the Python library jsonschema, which is missing for {sys.executable}. "
        f"Install it there, for example with: {sys.executable} -m pip install jsonschema"
    )


def compile_schema(schema: Any, subject: str) -> dict[str, Any]:
    """Return a schema of the profile or of a setting, ready to be applied.

    :raises ValueError: naming all of its parts that are wrong or have no effect.
    """
    if missing_library():
        raise ValueError(missing_library())
    messages: list[str] = []
    for error in _meta_validator(subject).iter_errors(schema):
        messages += _messages(error, subject)
    if messages:
        raise ValueError("; ".join(dict.fromkeys(messages)))
    return _compile(schema, subject) if subject == PROFILE else _compile_setting(schema, subject)


def problems(schema: Any, instance: Any, say: Callable[[list[str], list[str]], str]) -> list[str]:
    """Return how an instance fails a compiled schema, each in one line, nothing if it meets it.

    :param say: makes the line of the path in the instance, and of what must be there.
    """
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    lines = []
    for error in validator.iter_errors(instance):
        # What is unset fails by its type alone, which hides what else is wanted of it.
        whole = error.instance is None and error.validator == "type"
        wanted = error.schema if whole else {error.validator: error.validator_value}
        lines.append(say([str(each) for each in error.absolute_path], describe_keywords(wanted)))
    return list(dict.fromkeys(lines))


@cache
def _meta_validator(subject: str) -> Draft202012Validator:
    definitions = json.loads(META_SCHEMA.read_text(encoding="utf-8"))["$defs"]
    place = "profile" if subject == PROFILE else f"settings/properties/{subject}"
    formats = FormatChecker()
    # The library's own check lets the OverflowError of some patterns pass.
    formats.checks("regex", raises=(re.error, OverflowError))(
        lambda text: not isinstance(text, str) or bool(re.compile(text))
    )
    meta_schema = {"$ref": f"#/$defs/{place}", "$defs": definitions}
    return Draft202012Validator(meta_schema, format_checker=formats)


def _messages(error: Any, subject: str) -> Iterator[str]:
    """Yield where a schema is wrong, by the path of the keyword, and what fits there."""
    path = [str(step) for step in error.absolute_path]
    if error.validator == "additionalProperties":
        fitting = error.schema["properties"]
        for keyword in (each for each in error.instance if each not in fitting):
            why = _misfit(keyword, fitting, path, subject)
            yield escape_unprintable(f"{'.'.join([*path, keyword])} {why}")
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


def _misfit(keyword: str, fitting: Iterable[str], path: Sequence[str], subject: str) -> str:
    """Return why there can be no such keyword: JSON Schema has it for other types, or not at all."""
    what_fits = f"what fits: {format_list(each for each in fitting if each not in NOTES)}"
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
    """Return a setting's schema, which an unset value meets only if it says so.

    Most keywords ignore null, so what is unset would meet them. A list is never null, but empty.
    """
    compiled = _compile(schema, setting)
    if setting in LISTS or {"type", "const", "enum"} & set(compiled) or _allows_null(compiled):
        return compiled
    return {"type": json_type(setting), **compiled}


def _compile(schema: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return a schema with values as instances have them.

    A profile has every setting, null where it is unset, so C(required) is said by types.
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
        return [_compile(each, subject) for each in value]
    if keyword in ("items", "contains"):
        return _compile(value, NAME)
    if keyword == "properties":
        return {setting: _compile_setting(each, setting) for setting, each in value.items()}
    if keyword == "enum":
        return [to_instance(subject, each) for each in value]
    return to_instance(subject, value) if keyword == "const" else value


def _are_set(settings: Sequence[str]) -> dict[str, Any]:
    """Return the schema of a profile in which some settings are set."""
    types = {name: {"type": json_type(name)} for name in settings}
    return {"properties": {k: {"minItems": 1} if k in LISTS else v for k, v in types.items()}}


def _allows_null(compiled: Any) -> bool:
    """Tell whether a schema says somewhere, and not to exclude it, that null is right."""
    if isinstance(compiled, list):
        return any(_allows_null(each) for each in compiled)
    values = [*compiled.get("enum", ()), compiled.get("const", 0)]
    # A type that is one word holds "null" only as a whole: no other has these letters in it.
    if "null" in compiled.get("type", ()) or None in values:
        return True
    inner = ("allOf", "anyOf", "oneOf", "then", "else")
    return any(_allows_null(compiled[keyword]) for keyword in inner if keyword in compiled)
