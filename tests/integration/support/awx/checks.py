# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX refuses although every field has the right type."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import UndefinedError
from jsonschema import Draft202012Validator

from tests.integration.support.awx.fields import PROMPTED, UNIQUE
from tests.integration.support.awx.rrule import check_rule
from tests.integration.support.awx.store import Store
from tests.integration.support.awx.survey import Prompts
from tests.integration.support.awx.workflow import LINKS, has_cycle
from tests.unit.extensions.awx.render import TYPES, check_names

Item = dict[str, Any]
_ROOT = Path(__file__).parents[4]
_SCHEMA = Draft202012Validator(
    json.loads((_ROOT / "tests/unit/extensions/awx/credential_type.json").read_text())
)
assert TYPES.is_dir()


class RefusedError(Exception):
    """A response with an error of AWX."""

    def __init__(self, status: int, body: Item) -> None:
        super().__init__(body)
        self.status, self.body = status, body


def check(store: Store, endpoint: str, old: Item | None, changes: Item) -> None:
    """Check an object that is created, or changed. :raises RefusedError: as AWX refuses it."""
    new = {**(old or {}), **changes}
    _check_unique(store, endpoint, old, new)
    if checker := _CHECKS.get(endpoint):
        checker(store, old, new, changes)


def _check_unique(store: Store, endpoint: str, old: Item | None, new: Item) -> None:
    names = UNIQUE.get(endpoint, ())
    for item in store.all_of(endpoint).values():
        if names and item is not old and all(item.get(name) == new.get(name) for name in names):
            label = endpoint[:-1].replace("_", " ").capitalize()
            fields = ", ".join(names)
            error = f"{label} with this ({fields}) combination already exists."
            raise RefusedError(400, {"__all__": [error]})


def _check_credential_type(store: Store, old: Item | None, new: Item, changes: Item) -> None:
    for field in new["inputs"].get("fields", []):
        # AWX adds the type where it is missing.
        field.setdefault("type", "string")
    used = old and any(
        credential["credential_type"] == old["id"]
        for credential in store.all_of("credentials").values()
    )
    if used and "inputs" in changes and old and changes["inputs"] != old["inputs"]:
        detail = "Modifications to inputs are not allowed for credential types that are in use"
        raise RefusedError(403, {"detail": detail})
    kind = {name: new[name] for name in ("name", "description", "kind", "inputs", "injectors")}
    for error in _SCHEMA.iter_errors(kind):
        raise RefusedError(400, {str(error.absolute_path[0]): [error.message]})
    try:
        with tempfile.TemporaryDirectory() as directory:
            check_names(kind, Path(directory))
    except UndefinedError as error:
        message = f"injectors use an undefined field ({error.message})"
        raise RefusedError(400, {"injectors": [message]}) from None


def _check_credential(store: Store, old: Item | None, new: Item, changes: Item) -> None:
    if not new["organization"]:
        raise RefusedError(400, {"detail": "Missing 'user', 'team', or 'organization'."})
    fields = {
        field["id"]: field
        for field in store.all_of("credential_types")[new["credential_type"]]["inputs"]["fields"]
    }
    for name, value in new["inputs"].items():
        if name not in fields:
            error = f"Additional properties are not allowed ('{name}' was unexpected)"
            raise RefusedError(400, {"inputs": [error]})
        kind = {"string": str, "boolean": bool}[fields[name]["type"]]
        if not isinstance(value, kind):
            error = f"{value!r} is not of type '{fields[name]['type']}'"
            raise RefusedError(400, {"inputs": {name: [error]}})
        if fields[name].get("choices") and value not in fields[name]["choices"]:
            error = f"{value!r} is not one of {fields[name]['choices']}"
            raise RefusedError(400, {"inputs": {name: [error]}})
        if old is None and fields[name].get("secret") and value == "$encrypted$":
            error = f"$encrypted$ is a reserved keyword, and cannot be used for {name}."
            raise RefusedError(400, {"inputs": [error]})


def _check_project(store: Store, old: Item | None, new: Item, changes: Item) -> None:
    if not new["scm_type"] and new["scm_update_on_launch"]:
        error = "Update options must be set to false for manual projects."
        raise RefusedError(400, {"scm_update_on_launch": [error]})


def _check_inventory_source(store: Store, old: Item | None, new: Item, changes: Item) -> None:
    if new["source"] == "scm" and new["source_project"] is None:
        raise RefusedError(400, {"source_project": ["Project required for scm type sources."]})
    if new["source"] != "scm" and (new["source_project"] or new["source_path"]):
        error = "Cannot set source_project source_path if not SCM type."
        raise RefusedError(400, {"detail": [error]})


def _check_job_template(store: Store, old: Item | None, new: Item, changes: Item) -> None:
    project = store.all_of("projects")[new["project"]]
    new["organization"] = changes["organization"] = project["organization"]
    if not new["playbook"]:
        raise RefusedError(400, {"playbook": ["Must select playbook for project."]})
    if not project["allow_override"] and new["playbook"] not in store.projects.playbooks(project):
        raise RefusedError(400, {"playbook": ["Playbook not found for project."]})
    if new["inventory"] is None and not new["ask_inventory_on_launch"]:
        error = "You must either set a default value or ask to prompt on launch."
        raise RefusedError(400, {"inventory": [error]})
    if new["ask_scm_branch_on_launch"] and not project["allow_override"]:
        error = "Project does not allow overriding branch."
        raise RefusedError(400, {"ask_scm_branch_on_launch": [error]})
    try:
        json.loads(new["extra_vars"] or "{}")
    except ValueError:
        raise RefusedError(400, {"extra_vars": ["Cannot parse as JSON."]}) from None
    _check_unique(store, "job_templates", old, new)


def _check_prompts(store: Store, new: Item, changes: Item, *, complete: bool) -> None:
    template = store.all_of("job_templates").get(new["unified_job_template"])
    if template is None or not set(PROMPTED) & set(changes):
        return
    prompts = Prompts(template, store.surveys.get(template["id"], {}))
    _accepted, _ignored, errors = prompts.accept(new, complete=complete)
    if errors:
        raise RefusedError(400, errors)


def _check_node(store: Store, old: Item | None, new: Item, changes: Item) -> None:
    # A required variable may also be provided by the workflow.
    _check_prompts(store, new, changes, complete=False)


def _check_schedule(store: Store, old: Item | None, new: Item, changes: Item) -> None:
    if errors := check_rule(new["rrule"]):
        raise RefusedError(400, {"rrule": errors})
    _check_prompts(store, new, changes, complete=True)


_CHECKS: dict[str, Callable[[Store, Item | None, Item, Item], None]] = {
    "credential_types": _check_credential_type,
    "credentials": _check_credential,
    "projects": _check_project,
    "inventory_sources": _check_inventory_source,
    "job_templates": _check_job_template,
    "workflow_job_template_nodes": _check_node,
    "schedules": _check_schedule,
}


def check_association(store: Store, item: Item, name: str, sub: int) -> None:
    """Check a link that is added. :raises RefusedError: as AWX refuses it."""
    endpoint = {
        "credentials": "credentials",
        **dict.fromkeys(LINKS, "workflow_job_template_nodes"),
    }.get(name, "notification_templates")
    other = store.all_of(endpoint).get(sub)
    if other is None:
        raise RefusedError(400, {"msg": f"{endpoint} {sub} does not exist."})
    if name == "credentials":
        kinds = [each["credential_type"] for each in store.associated(item, "credentials")]
        if other["credential_type"] in kinds:
            raise RefusedError(400, {"error": "Cannot assign multiple credentials of this type."})
    if name in LINKS:
        if other["workflow_job_template"] != item["workflow_job_template"]:
            raise RefusedError(403, {"detail": "Not in the same workflow."})
        if any(sub in item[link] for link in LINKS if link != name):
            raise RefusedError(400, {"Error": "Relationship not allowed."})
        nodes = store.nodes(item["workflow_job_template"])
        linked = {**item, name: [*item[name], sub]}
        if sub == item["id"] or has_cycle({**nodes, item["id"]: linked}):
            raise RefusedError(400, {"Error": "Cycle detected."})
