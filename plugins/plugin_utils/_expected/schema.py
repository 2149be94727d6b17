# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON Schema 2020-12, by the library jsonschema: this file is the only one that needs it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable

from .._format import format_value
from .schema_messages import describe_keywords

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import SchemaError
else:
    try:
        from jsonschema import Draft202012Validator, FormatChecker
        from jsonschema.exceptions import SchemaError
    except ImportError:
        Draft202012Validator = None

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def check(schema: Mapping[str, Any]) -> None:
    """Check a schema by the rules of JSON Schema itself. :raises ValueError: saying what is wrong."""
    if Draft202012Validator is None:
        raise ValueError(
            f"a JSON Schema needs the Python library jsonschema, which is missing for "
            f"{sys.executable}. Install it there, for example with: "
            f"{sys.executable} -m pip install jsonschema"
        )
    dialect = schema.get("$schema", DIALECT)
    if dialect != DIALECT:
        raise ValueError(f"$schema must be {DIALECT}, and is {format_value(dialect)}")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        place = ".".join(map(str, error.absolute_path))
        where = f", at {escape_unprintable(place)}" if place else ""
        message = escape_unprintable(error.message)
        raise ValueError(f"it is no valid JSON Schema{where}: {message}") from None
    except OverflowError as error:
        raise ValueError(f"a pattern of it is no regular expression: {error}") from None


def can_check_format(name: object) -> bool:
    """Tell whether a C(format) has any effect here. Some need further libraries."""
    return name in FormatChecker.checkers


def problems(schema: Any, instance: Any, say: Callable[[list[str], list[str]], str]) -> list[str]:
    """Return how an instance fails a prepared schema, each in one line, nothing if it meets it.

    :param say: makes the line of the place in the instance, and of what must be there.
    """
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    found = []
    for error in validator.iter_errors(instance):
        wanted = {str(error.validator): error.validator_value}
        # What is unset fails by its type alone, which hides what else is wanted of it.
        if error.instance is None and error.validator == "type":
            wanted = dict(error.schema)
        found.append(say([str(each) for each in error.absolute_path], describe_keywords(wanted)))
    return list(dict.fromkeys(found))
