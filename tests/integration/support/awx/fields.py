# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of the objects in AWX: what a request may set, and of which type.

As in AWX, fields that do not exist are ignored, so a test that reads one back notices it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Item = dict[str, Any]
# Whether an object with this ID exists at an endpoint.
Exists = Callable[[str, int], bool]
MISSING = object()
TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


@dataclass(frozen=True)
class Field:
    """A field of an object.

    :param kind: text, integer, boolean, json, or the endpoint to whose objects it refers.
    :param default: its value if the request that creates the object does not set it.
    :param fixed: whether it can only be set when the object is created.
    :param read_only: whether requests cannot set it at all.
    """

    kind: str = "text"
    default: Any = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    fixed: bool = False
    read_only: bool = False

    def convert(self, value: Any, exists: Exists) -> Any:
        """Return the value as it is stored. :raises ValueError: with the message of AWX."""
        if self.kind == "text":
            return self._text(value)
        if self.kind == "integer":
            if isinstance(value, bool) or not str(value).lstrip("-").isdigit():
                raise ValueError("A valid integer is required.")
            return int(value)
        if self.kind == "boolean":
            if str(value).lower() not in TRUE | FALSE:
                raise ValueError("Must be a valid boolean.")
            return str(value).lower() in TRUE
        if self.kind == "json":
            return value
        if value in (None, ""):
            return None
        if isinstance(value, bool) or not str(value).isdigit():
            raise ValueError(f"Incorrect type. Expected pk value, received {type(value).__name__}.")
        if not exists(self.kind, int(value)):
            raise ValueError(f'Invalid pk "{value}" - object does not exist.')
        return int(value)

    def _text(self, value: Any) -> str:
        if isinstance(value, (bool, dict, list)) or value is None:
            raise ValueError("Not a valid string.")
        if self.required and not str(value).strip():
            raise ValueError("This field may not be blank.")
        if self.choices and str(value) not in self.choices:
            raise ValueError(f'"{value}" is not a valid choice.')
        return str(value)


def _reference(endpoint: str, *, required: bool = False, fixed: bool = False) -> Field:
    return Field(endpoint, None, required, fixed=fixed)


NAME, TEXT, YES_NO = Field(required=True), Field(), Field("boolean", False)
NUMBER = Field("integer", 0)
ORGANIZATION = _reference("organizations")
_NAMED = {"name": NAME, "description": TEXT}
_PROMPTS = (
    *("credential", "inventory", "labels", "limit", "tags", "skip_tags", "variables"),
    "scm_branch",
)
# What a schedule, a node of a workflow or a launch may set if the template asks for it.
PROMPTED = {"extra_data": Field("json", None), "limit": Field(default=None)}
FIELDS: dict[str, dict[str, Field]] = {
    "organizations": _NAMED,
    "credential_types": {
        **_NAMED,
        "kind": Field(required=True),
        "inputs": Field("json", None),
        "injectors": Field("json", None),
        "managed": Field("boolean", False, read_only=True),
    },
    "credentials": {
        **_NAMED,
        "organization": ORGANIZATION,
        "credential_type": _reference("credential_types", required=True),
        "inputs": Field("json", None),
    },
    "execution_environments": {
        **_NAMED,
        "organization": ORGANIZATION,
        "image": NAME,
        "pull": Field(choices=("", "always", "missing", "never")),
        "credential": _reference("credentials"),
    },
    "projects": {
        **_NAMED,
        "organization": ORGANIZATION,
        "scm_type": Field(choices=("", "git", "svn", "insights", "archive")),
        "scm_url": TEXT,
        "scm_branch": TEXT,
        "credential": _reference("credentials"),
        "scm_update_on_launch": YES_NO,
        "scm_revision": Field(read_only=True),
        "status": Field(default="pending", read_only=True),
        "allow_override": YES_NO,
    },
    "inventories": {
        **_NAMED,
        "organization": _reference("organizations", required=True),
        "kind": Field(choices=("", "smart", "constructed")),
    },
    "inventory_sources": {
        **_NAMED,
        "inventory": _reference("inventories", required=True, fixed=True),
        "source": Field(required=True, choices=("scm", "ec2", "file")),
        "source_project": _reference("projects"),
        "source_path": TEXT,
        "credential": _reference("credentials"),
        "execution_environment": _reference("execution_environments"),
        "overwrite": YES_NO,
        "overwrite_vars": YES_NO,
        "update_on_launch": YES_NO,
    },
    "notification_templates": {
        **_NAMED,
        "organization": ORGANIZATION,
        "notification_type": Field(
            required=True,
            choices=("email", "slack", "webhook", "mattermost", "pagerduty", "grafana", "irc"),
        ),
        "notification_configuration": Field("json", None),
    },
    "job_templates": {
        **_NAMED,
        "job_type": Field(choices=("run", "check"), default="run"),
        "inventory": _reference("inventories"),
        "project": _reference("projects", required=True),
        "playbook": TEXT,
        "execution_environment": _reference("execution_environments"),
        "extra_vars": TEXT,
        "limit": TEXT,
        "survey_enabled": YES_NO,
        "use_fact_cache": YES_NO,
        "job_slice_count": Field("integer", 1),
        "timeout": NUMBER,
        **{f"ask_{name}_on_launch": YES_NO for name in _PROMPTS},
    },
    "workflow_job_templates": {
        **_NAMED,
        "organization": ORGANIZATION,
        "extra_vars": TEXT,
        "survey_enabled": YES_NO,
        **{f"ask_{name}_on_launch": YES_NO for name in _PROMPTS},
    },
    "workflow_job_template_nodes": {
        "identifier": NAME,
        "workflow_job_template": _reference("workflow_job_templates", required=True, fixed=True),
        "unified_job_template": _reference("unified_job_templates"),
        "all_parents_must_converge": YES_NO,
        **PROMPTED,
    },
    "workflow_approval_templates": {**_NAMED, "timeout": NUMBER},
    "schedules": {
        **_NAMED,
        "rrule": NAME,
        "enabled": Field("boolean", True),
        "unified_job_template": _reference("unified_job_templates", required=True),
        **PROMPTED,
    },
}
# The fields that must differ between two objects of an endpoint.
UNIQUE: dict[str, tuple[str, ...]] = {
    "organizations": ("name",),
    "credential_types": ("name", "kind"),
    "credentials": ("organization", "name", "credential_type"),
    "execution_environments": ("name",),
    "projects": ("name", "organization"),
    "inventories": ("name", "organization"),
    "inventory_sources": ("name", "inventory"),
    "notification_templates": ("organization", "name"),
    "job_templates": ("name", "organization"),
    "workflow_job_templates": ("name", "organization"),
    "workflow_job_template_nodes": ("identifier", "workflow_job_template"),
    "schedules": ("unified_job_template", "name"),
}


def clean(endpoint: str, data: Item, exists: Exists, *, creates: bool) -> tuple[Item, Item]:
    """Return the values that a request sets, and the errors of AWX by field."""
    values: Item = {}
    errors: Item = {}
    for name, field in FIELDS[endpoint].items():
        value = MISSING if field.read_only else data.get(name, MISSING)
        if value is MISSING:
            if creates and field.required:
                errors[name] = ["This field is required."]
            elif creates:
                values[name] = {} if field.kind == "json" else field.default
            continue
        if field.fixed and not creates:
            continue
        if value is None and not field.required and field.kind not in ("integer", "boolean"):
            values[name] = {} if field.kind == "json" else field.default
            continue
        try:
            values[name] = field.convert(value, exists)
        except ValueError as error:
            errors[name] = [str(error)]
    return values, errors
