# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake AWX that has the job template of the kit, without applying the kit."""

from __future__ import annotations

from typing import Any

from tests.integration.support.awx.access import ORGANIZATION, SYSTEM
from tests.integration.support.awx.kit import JOB
from tests.integration.support.awx.server import AwxServer


class PreparedAwx(AwxServer):
    """An AWX with the job template of the kit.

    :param environments: the choices of its survey.
    """

    def __init__(self, *environments: str) -> None:
        super().__init__()
        self.organization = self.get("organizations", "Default")["id"]
        url = "https://git.example.com/p.git"
        project = self.post(
            "projects", name="p", organization=self.organization, scm_type="git", scm_url=url
        )
        for _read in range(2):
            self.respond("GET", project["url"], SYSTEM, {})
        self.job = self.post(
            "job_templates",
            name=JOB,
            project=project["id"],
            inventory=self.post("inventories", name="i", organization=self.organization)["id"],
            playbook="verify_smtp.yml",
            survey_enabled=True,
            ask_limit_on_launch=True,
            extra_vars='{"verify_smtp_environments": []}',
        )
        multiple = {"type": "multiselect", "choices": list(environments)}
        single = {"type": "multiplechoice", "choices": ["yes", "no"]}
        spec = [
            {**question, "question_name": "?", "required": True, "variable": variable}
            for variable, question in (
                ("verify_smtp_environments", multiple),
                ("verify_smtp_fail", single),
            )
        ]
        self.post(
            f"job_templates/{self.job['id']}/survey_spec", name="s", description="", spec=spec
        )

    def post(self, path: str, **data: Any) -> dict[str, Any]:
        """Create an object as an administrator of the organization."""
        status, body = self.respond("POST", f"{self.root}{path}/", ORGANIZATION, data)
        assert status in (200, 201), body
        return body  # type: ignore[no-any-return]
