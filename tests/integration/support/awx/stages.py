# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow of the kit in the fake AWX: its chain of stages, and what AWX would verify."""

from __future__ import annotations

from typing import Any

from tests.integration.support.awx.server import AwxServer


class Watch:
    """Launches the workflow after each change of AWX, and remembers what it verifies."""

    def __init__(self, awx: AwxServer) -> None:
        self.awx = awx
        self.without_approval: set[str] = set()
        self.after_drift: set[str] = set()
        self.changes = 0
        awx.on_change = self.look

    def look(self) -> None:
        self.changes += 1
        for workflow in self.awx.all_of("workflow_job_templates").values():
            # Pending, or denied, which counts as failed.
            for approval in ("pending", "failed"):
                self.without_approval |= self.verified(workflow, "successful", approval)
            self.after_drift |= self.verified(workflow, "failed", "successful")

    def verified(self, workflow: dict[str, Any], job: str, approval: str) -> set[str]:
        approvals = self.awx.all_of("workflow_approval_templates")
        started = self.awx.started(
            workflow,
            lambda node: approval if node["unified_job_template"] in approvals else job,
        )
        names: set[str] = set()
        for node in started:
            if node["unified_job_template"] not in approvals:
                # Without the variable, a job would verify every environment.
                names |= set(self.awx.variables(node).get("verify_smtp_environments", ["all"]))
        return names


def chain(awx: AwxServer) -> list[str]:
    """Return the nodes of the workflow, which must be a chain, with what each of them runs."""
    nodes = awx.all_of("workflow_job_template_nodes")
    children = {child for node in nodes.values() for child in node["success_nodes"]}
    (node,) = (node for id_, node in nodes.items() if id_ not in children)
    path = []
    while node:
        template = awx.all_of("unified_job_templates")[node["unified_job_template"]]
        environments = node["extra_data"].get("verify_smtp_environments", [])
        path.append(" ".join([node["identifier"], ":", template["name"], *environments]))
        assert node["failure_nodes"] + node["always_nodes"] == []
        assert len(node["success_nodes"]) < 2
        node = next(iter(awx.associated(node, "success_nodes")), {})
    assert len(path) == len(nodes)
    assert len(awx.all_of("workflow_approval_templates")) == len(path) // 2
    return path
