# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the config file of Keyfactor's own tools: JSON or YAML, by its content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .._deps import require_library
from .config_keys import find_entries

if TYPE_CHECKING:
    import yaml
else:
    try:
        import yaml
    except ImportError:
        yaml = None


def parse_config_profiles(text: str) -> dict[str, Any]:
    """Return the config profiles by name. :raises ValueError: without quoting the text."""
    content = _parse(text)
    entries = find_entries(content, ("servers",)) if isinstance(content, dict) else {}
    servers = entries["servers"].value if entries else None
    if not isinstance(servers, dict):
        raise ValueError("it has no mapping 'servers' of profiles")
    # To YAML a profile named 1 is a number.
    return {str(name): entries for name, entries in servers.items()}


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        problem = f"line {error.lineno}"
    except RecursionError:
        problem = "too deep"
    except ValueError:
        problem = "a number is too long"
    json_problem = f"it is not valid JSON ({problem})"
    require_library(yaml, "PyYAML", f"a config file that is not JSON ({json_problem})")
    try:
        return yaml.safe_load(text)
    # Values that PyYAML cannot construct raise exceptions of any type.
    except Exception as error:
        if text.lstrip().startswith(("{", "[")):
            raise ValueError(json_problem) from None
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise ValueError(f"it is neither JSON nor YAML{line}") from None
