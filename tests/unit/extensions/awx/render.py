# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX makes of a credential: environment variables and files, by its rules in our words.

An empty text is as good as none. A boolean that is left out is false, a text that is left out
undefined, which renders as nothing. Files are written before the variables that name them.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

TYPES = Path(__file__).parents[4] / "extensions" / "awx" / "credential_types"


def load(name: str) -> dict[str, Any]:
    """Return a credential type of the kit."""
    return yaml.safe_load((TYPES / f"{name}.yml").read_text())  # type: ignore[no-any-return]


def inject(
    kind: dict[str, Any],
    inputs: dict[str, Any],
    directory: Path,
    undefined: type[Undefined] = Undefined,
) -> dict[str, str]:
    """Write the files of a credential into the directory, and return its variables."""
    names = SimpleNamespace(filename=SimpleNamespace())
    values = {name: value for name, value in inputs.items() if value != ""}
    for field in kind["inputs"]["fields"]:
        if field.get("type") == "boolean":
            values.setdefault(field["id"], False)
    jinja = ImmutableSandboxedEnvironment(undefined=undefined)

    def render(template: str) -> str:
        return jinja.from_string(template).render({**values, "tower": names})

    injectors = kind["injectors"]
    for label, template in injectors.get("file", {}).items():
        path = directory / f"tmp_{label}"
        path.write_text(render(template))
        path.chmod(0o600)
        setattr(names.filename, label.partition(".")[2], str(path))
    return {name: render(template) for name, template in injectors.get("env", {}).items()}


def check_names(kind: dict[str, Any], directory: Path) -> None:
    """Render with every field set, and nothing else. :raises UndefinedError: for other names."""
    inputs = {field["id"]: "EXAMPLE" for field in kind["inputs"]["fields"]}
    inject(kind, inputs, directory, StrictUndefined)
