# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may change what in AWX: a system administrator everything, an organization's administrator
the objects of that organization, but no credential types.
"""

from __future__ import annotations

from typing import Any

from tests.integration.support.awx.store import Store

Item = dict[str, Any]
SYSTEM, ORGANIZATION = "system-token-4711", "organization-token-4711"
# Names of the organizations whose administrator a token belongs to. None is every one.
TOKENS: dict[str, set[str] | None] = {SYSTEM: None, ORGANIZATION: {"Default"}}


def may_change(store: Store, token: str, endpoint: str, item: Item) -> bool:
    """Whether the user of the token may create, change or delete an object like this."""
    organizations = TOKENS[token]
    if organizations is None:
        return True
    if endpoint in ("credential_types", "organizations"):
        return False
    organization = _organization(store, endpoint, item)
    return organization is not None and organization["name"] in organizations


def _organization(store: Store, endpoint: str, item: Item) -> Item | None:
    for name, parent in (
        ("organization", "organizations"),
        ("project", "projects"),
        ("inventory", "inventories"),
        ("workflow_job_template", "workflow_job_templates"),
        ("unified_job_template", "unified_job_templates"),
    ):
        found = store.all_of(parent).get(item.get(name) or 0)
        if found is not None:
            return found if name == "organization" else _organization(store, parent, found)
    if endpoint == "workflow_approval_templates":
        for node in store.all_of("workflow_job_template_nodes").values():
            if node["unified_job_template"] == item.get("id"):
                return _organization(store, "workflow_job_template_nodes", node)
    return None
