# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of the fake AWX, the links between them, and how the API shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.integration.support.awx.projects import Projects
from tests.integration.support.awx.workflow import LINKS

Item = dict[str, Any]
_NOTIFICATIONS = tuple(
    f"notification_templates_{event}" for event in ("started", "success", "error")
)
_CONFIG = ("credentials", "labels", "instance_groups")
# Lists of linked objects. Approvals have none.
ASSOCIATIONS: dict[str, tuple[str, ...]] = {
    "job_templates": (*_CONFIG, *_NOTIFICATIONS),
    "workflow_job_templates": ("labels", *_NOTIFICATIONS, "notification_templates_approvals"),
    "workflow_job_template_nodes": (*_CONFIG, *LINKS),
    "inventory_sources": _NOTIFICATIONS,
    "projects": _NOTIFICATIONS,
    "schedules": _CONFIG,
}
_OTHER_RELATED = {
    "job_templates": ("survey_spec", "launch"),
    "workflow_job_templates": ("survey_spec",),
    "workflow_job_template_nodes": ("create_approval_template",),
    "credential_types": ("credentials",),
    "projects": ("update",),
}
# Templates of these endpoints can be scheduled, or be nodes of a workflow.
UNIFIED = (
    "job_templates",
    "workflow_job_templates",
    "workflow_approval_templates",
    "projects",
    "inventory_sources",
)


class Store:
    """All objects by endpoint and ID."""

    def __init__(self, root: str) -> None:
        self.objects: dict[str, dict[int, Item]] = {}
        self.surveys: dict[int, Item] = {}
        self.projects = Projects()
        self._root = root
        self._count = 0

    def add(self, endpoint: str, values: Item) -> Item:
        """Create an object."""
        self._count += 1
        kind = endpoint[:-3] + "y" if endpoint.endswith("ies") else endpoint[:-1]
        lists: Item = {name: [] for name in ASSOCIATIONS.get(endpoint, ())}
        item = {**values, **lists, "id": self._count, "type": kind}
        item["url"] = f"{self._root}{endpoint}/{self._count}/"
        self.objects.setdefault(endpoint, {})[self._count] = item
        return item

    def all_of(self, endpoint: str) -> dict[int, Item]:
        if endpoint == "unified_job_templates":
            return {id_: item for name in UNIFIED for id_, item in self.all_of(name).items()}
        return self.objects.get(endpoint, {})

    def exists(self, endpoint: str, id_: int) -> bool:
        return id_ in self.all_of(endpoint)

    def get(self, endpoint: str, name: str) -> Item:
        """Return the object with this name or identifier."""
        found = [
            item
            for item in self.all_of(endpoint).values()
            if name in (item.get("name"), item.get("identifier"))
        ]
        assert len(found) == 1, f"{len(found)} {endpoint} are named {name!r}"
        return found[0]

    def associated(self, item: Item, association: str) -> list[Item]:
        """Return the objects that are linked to an object."""
        items = {id_: each for items in self.objects.values() for id_, each in items.items()}
        return [items[id_] for id_ in item[association]]

    def nodes(self, workflow: int) -> dict[int, Item]:
        nodes = self.all_of("workflow_job_template_nodes").items()
        return {id_: node for id_, node in nodes if node["workflow_job_template"] == workflow}

    def delete(self, endpoint: str, id_: int) -> None:
        """Delete an object, and what cannot be without it."""
        item = self.objects[endpoint].pop(id_)
        for _endpoint, other in self._everything():
            for name, value in other.items():
                if isinstance(value, list) and name in (*_CONFIG, *LINKS, *_NOTIFICATIONS):
                    other[name] = [each for each in value if each != id_]
            if other.get("unified_job_template") == id_:
                other["unified_job_template"] = None
        if endpoint == "workflow_job_templates":
            for node in list(self.nodes(id_)):
                self.delete("workflow_job_template_nodes", node)
        approval = item.get("unified_job_template") or 0
        if endpoint == "workflow_job_template_nodes" and self.exists(
            "workflow_approval_templates", approval
        ):
            self.delete("workflow_approval_templates", approval)

    def _everything(self) -> Iterator[tuple[str, Item]]:
        for endpoint, items in self.objects.items():
            for item in items.values():
                yield endpoint, item

    def show(self, endpoint: str, item: Item) -> Item:
        """Return an object as the API shows it, with secrets masked."""
        names = (*ASSOCIATIONS.get(endpoint, ()), *_OTHER_RELATED.get(endpoint, ()))
        related = {name: f"{item['url']}{name}/" for name in names}
        template = item.get("unified_job_template")
        if template in self.all_of("unified_job_templates"):
            related["unified_job_template"] = self.all_of("unified_job_templates")[template]["url"]
        hidden = [name for name in ASSOCIATIONS.get(endpoint, ()) if name not in LINKS]
        shown = {name: value for name, value in item.items() if name not in hidden}
        organization = self.all_of("organizations").get(item.get("organization") or 0)
        summary = {"organization": {"name": organization["name"]}} if organization else {}
        shown |= {"related": related, "summary_fields": summary}
        if endpoint == "credentials":
            secret = self.secret_fields(item["credential_type"])
            shown["inputs"] = {
                name: "$encrypted$" if name in secret and value else value
                for name, value in item["inputs"].items()
            }
        if endpoint == "projects" and item.get("status") == "running":
            shown["summary_fields"]["current_update"] = {"id": item["id"], "status": "running"}
        return shown

    def secret_fields(self, credential_type: int) -> set[str]:
        fields = self.objects["credential_types"][credential_type]["inputs"]["fields"]
        return {field["id"] for field in fields if field.get("secret")}
