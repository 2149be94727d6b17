# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow of the AWX kit after its stages changed, and what a job that is launched in the
meantime would verify.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.awx.access import ORGANIZATION
from tests.integration.support.awx.kit import JOB, WORKFLOW, Kit
from tests.integration.support.awx.prepared import PreparedAwx
from tests.integration.support.awx.stages import Watch, chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.support.ansible import Ansible

# Many processes run one after the other, which takes long on a busy machine.
pytestmark = pytest.mark.timeout(600)

STAGES = ("development", "staging", "production", "live", "recovery")


def stages(*names: str) -> dict[str, Any]:
    return {"kit_stages": [{"name": name, "environments": [f"env-{name}"]} for name in names]}


class Prepared(PreparedAwx):
    """An AWX with the job template of the kit, and its workflow with three stages."""

    def __init__(self) -> None:
        super().__init__(*(f"env-{name}" for name in STAGES))
        self.workflow = self.post(
            "workflow_job_templates", name=WORKFLOW, organization=self.organization
        )
        before = self.add_node("verify development", "env-development")
        for name in STAGES[1:3]:
            approval = self.add_node(f"approve {name}")
            path = f"workflow_job_template_nodes/{approval['id']}/create_approval_template"
            self.post(path, name=f"Go on with {name}?")
            node = self.add_node(f"verify {name}", f"env-{name}")
            self.link(before, approval)
            self.link(approval, node)
            before = node

    def add_node(self, identifier: str, *environments: str) -> dict[str, Any]:
        run = {
            "unified_job_template": self.job["id"],
            "extra_data": {"verify_smtp_environments": list(environments)},
        }
        return self.post(
            "workflow_job_template_nodes",
            identifier=identifier,
            workflow_job_template=self.workflow["id"],
            **(run if environments else {}),
        )

    def link(self, node: dict[str, Any], other: dict[str, Any], **data: Any) -> None:
        path = f"{node['url']}success_nodes/"
        assert self.respond("POST", path, ORGANIZATION, {"id": other["id"], **data})[0] == 204


@pytest.fixture
def awx() -> Iterator[Prepared]:
    server = Prepared()
    yield server
    server.stop()


def test_stages_follow_the_settings(ansible: Ansible, awx: Prepared) -> None:
    """One is dropped, one renamed, one added in between, and then the first is dropped."""
    kit = Kit(ansible, awx)
    # Somebody has added a node, and a link around the approvals, which Watch notices.
    first = awx.get("workflow_job_template_nodes", "verify development")
    last = awx.get("workflow_job_template_nodes", "verify production")
    awx.link(awx.add_node("by hand", "env-development"), first)
    watch = Watch(awx)
    awx.link(first, last)
    assert watch.without_approval == {"env-development", "env-production"}
    awx.link(first, last, disassociate=True)

    def check(*names: str, roots: set[str]) -> None:
        watch = Watch(awx)
        status, output = kit.run_tasks("workflow", **stages(*names))
        assert status == 0, output
        wanted = [f"verify {names[0]} : {JOB} env-{names[0]}"]
        for name in names[1:]:
            wanted += [f"approve {name} : Go on with {name}?", f"verify {name} : {JOB} env-{name}"]
        assert chain(awx) == wanted
        # At no moment is another stage verified without its approval, or after an earlier one
        # drifted.
        assert watch.changes > 1
        assert watch.without_approval == watch.after_drift == roots

    check("development", "production", roots={"env-development"})
    check("development", "live", roots={"env-development"})
    # The part of the chain that was right is still the same.
    assert awx.get("workflow_job_template_nodes", "verify development")["id"] == first["id"]
    check("development", "recovery", "live", roots={"env-development"})
    check("recovery", "live", roots={"env-development", "env-recovery"})
