# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake AWX refuses what AWX refuses, with the same status and in the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.awx.access import ORGANIZATION, SYSTEM
from tests.integration.support.awx.server import AwxServer
from tests.integration.support.awx.workflow import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Item = dict[str, Any]
RULE = "DTSTART;TZID=Etc/UTC:20270104T060000 RRULE:FREQ=DAILY;INTERVAL=1"
SURVEY = {
    "name": "s",
    "description": "",
    "spec": [
        {
            "question_name": "?",
            "type": "multiselect",
            "variable": "names",
            "required": True,
            "choices": ["a", "b"],
            "default": "a\nb",
        },
        {
            "question_name": "?",
            "type": "multiplechoice",
            "variable": "fail",
            "required": True,
            "choices": ["yes", "no"],
            "default": "yes",
        },
    ],
}
ANSWERS = {"names": ["a"], "fail": "yes"}
FIELDS = {"fields": [{"id": "user", "label": "User"}, {"id": "key", "label": "K", "secret": True}]}


class Awx:
    """An AWX with one object of each kind, created by those who may."""

    def __init__(self) -> None:
        self.server = AwxServer()
        self.kind = self.post(
            "credential_types", SYSTEM, name="t", kind="cloud", inputs=FIELDS, injectors={}
        )
        self.credential = self.post(
            "credentials", name="c", organization=1, credential_type=self.kind["id"], inputs={}
        )
        self.project = self.post(
            "projects", name="p", organization=1, scm_type="git", scm_url="https://git.example.com"
        )
        for _read in range(2):
            self.call("GET", self.project["url"])
        self.inventory = self.post("inventories", name="i", organization=1)
        self.job = self.post(
            "job_templates",
            name="j",
            project=self.project["id"],
            inventory=self.inventory["id"],
            playbook="verify_smtp.yml",
            survey_enabled=True,
        )
        assert self.call("POST", f"{self.job['url']}survey_spec/", **SURVEY)[0] == 200
        self.workflow = self.post("workflow_job_templates", name="w", organization=1)
        self.node = self.add_node("n")

    def call(self, method: str, path: str, token: str = ORGANIZATION, **data: Any) -> Any:
        path = path if path.startswith("/") else f"{self.server.root}{path}"
        return self.server.respond(method, path, token, data)

    def post(self, endpoint: str, token: str = ORGANIZATION, **data: Any) -> Item:
        status, body = self.call("POST", f"{endpoint}/", token, **data)
        assert status == 201, body
        return body  # type: ignore[no-any-return]

    def add_node(self, identifier: str, **data: Any) -> Item:
        workflow = self.workflow["id"]
        nodes = "workflow_job_template_nodes"
        return self.post(nodes, identifier=identifier, workflow_job_template=workflow, **data)

    def schedule(self, **data: Any) -> Any:
        fields = {"unified_job_template": self.job["id"], "rrule": RULE, "extra_data": ANSWERS}
        return self.call("POST", "schedules/", **{"name": "s", **fields, **data})


@pytest.fixture(scope="module")
def awx() -> Iterator[Awx]:
    awx = Awx()
    yield awx
    awx.server.stop()


REFUSED: dict[str, tuple[Callable[[Awx], Any], int, str]] = {
    "no token": (lambda awx: awx.call("GET", "projects/", ""), 401, "Authentication"),
    "type by organization": (
        lambda awx: awx.call("POST", "credential_types/", name="u", kind="cloud"),
        403,
        "permission",
    ),
    "type by organization, nothing new": (
        lambda awx: awx.call("PATCH", awx.kind["url"], name="t"),
        403,
        "permission",
    ),
    "inputs of a type in use": (
        lambda awx: awx.call(
            "PATCH", awx.kind["url"], SYSTEM, inputs={"fields": FIELDS["fields"][:1]}
        ),
        403,
        "not allowed for credential types that are in use",
    ),
    "kind of a type": (
        lambda awx: awx.call(
            "POST", "credential_types/", SYSTEM, name="u", kind="ssh", inputs=FIELDS, injectors={}
        ),
        400,
        "kind",
    ),
    "injector of a field that does not exist": (
        lambda awx: awx.call(
            "PATCH", awx.kind["url"], SYSTEM, injectors={"env": {"A": "{{ nothing }}"}}
        ),
        400,
        "undefined field",
    ),
    "input that does not exist": (
        lambda awx: awx.call("PATCH", awx.credential["url"], inputs={"nothing": "x"}),
        400,
        "unexpected",
    ),
    "input of another type": (
        lambda awx: awx.call("PATCH", awx.credential["url"], inputs={"user": {"a": 1}}),
        400,
        "not of type",
    ),
    "other organization": (
        lambda awx: awx.call("POST", "inventories/", name="o", organization=2),
        403,
        "permission",
    ),
    "object that does not exist": (
        lambda awx: awx.call("PATCH", awx.job["url"], inventory=4711),
        400,
        'Invalid pk "4711"',
    ),
    "same name": (
        lambda awx: awx.call("POST", "inventories/", name="i", organization=1),
        400,
        "already exists",
    ),
    "playbook": (
        lambda awx: awx.call("PATCH", awx.job["url"], playbook="missing.yml"),
        400,
        "Playbook not found for project.",
    ),
    "boolean": (
        lambda awx: awx.call("PATCH", awx.job["url"], use_fact_cache="maybe"),
        400,
        "Must be a valid boolean.",
    ),
    "filter": (lambda awx: awx.call("GET", "projects/?nothing=1"), 400, "no field named"),
    "survey default": (
        lambda awx: awx.call(
            "POST",
            f"{awx.job['url']}survey_spec/",
            **{**SURVEY, "spec": [{**SURVEY["spec"][0], "default": ["a"]}]},  # type: ignore[dict-item]
        ),
        400,
        "wrong type",
    ),
    "schedule without answers": (
        lambda awx: awx.schedule(extra_data={}),
        400,
        "'names' value missing",
    ),
    "schedule without one answer": (
        lambda awx: awx.schedule(extra_data={"names": ["a"]}),
        400,
        "'fail' value missing",
    ),
    "answer of another type": (
        lambda awx: awx.schedule(extra_data={**ANSWERS, "names": "a"}),
        400,
        "expected to be a list",
    ),
    "answer that is no choice": (
        lambda awx: awx.schedule(extra_data={**ANSWERS, "names": ["c"]}),
        400,
        "expected to be one of",
    ),
    "variable that nobody asks for": (
        lambda awx: awx.schedule(extra_data={**ANSWERS, "other": 1}),
        400,
        "Variables other are not allowed on launch",
    ),
    "limit that is not asked for": (
        lambda awx: awx.schedule(limit="a"),
        400,
        "not configured to prompt",
    ),
    "rule without interval": (
        lambda awx: awx.schedule(rrule="DTSTART;TZID=Etc/UTC:20270104T060000 RRULE:FREQ=DAILY"),
        400,
        "INTERVAL required in rrule",
    ),
    "rule without zone": (
        lambda awx: awx.schedule(rrule=RULE.replace(";TZID=Etc/UTC", "")),
        400,
        "naive",
    ),
    "rule with an unknown zone": (
        lambda awx: awx.schedule(rrule=RULE.replace("Etc/UTC", "Mars/Base")),
        400,
        "rrule parsing failed",
    ),
    "answer of a node": (
        lambda awx: awx.call(
            "PATCH",
            awx.node["url"],
            unified_job_template=awx.job["id"],
            extra_data={"names": ["c"]},
        ),
        400,
        "expected to be one of",
    ),
    "link to itself": (
        lambda awx: awx.call("POST", f"{awx.node['url']}success_nodes/", id=awx.node["id"]),
        400,
        "Cycle detected.",
    ),
    "launch without answers": (
        lambda awx: awx.call("POST", f"{awx.job['url']}launch/"),
        400,
        "'fail' value missing",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses(awx: Awx, case: str) -> None:
    request, status, message = REFUSED[case]
    before = len(awx.server.changes)
    answer = request(awx)
    assert answer[0] == status, answer
    assert message in str(answer[1])
    assert len(awx.server.changes) == before


def test_accepts_what_awx_accepts(awx: Awx) -> None:
    """An empty list for a required question, a node without answers, and unknown fields."""
    launch = f"{awx.job['url']}launch/"
    assert awx.call("POST", launch, extra_vars={**ANSWERS, "names": []})[0] == 201
    status, launched = awx.call("POST", launch, extra_vars={**ANSWERS, "other": 1}, limit="a")
    assert (status, launched["ignored_fields"]) == (201, {"other": 1, "limit": "a"})
    node = awx.add_node("lazy", unified_job_template=awx.job["id"])
    assert "nothing" not in awx.call("PATCH", node["url"], nothing=1)[1]
    assert awx.schedule()[0] == 201
    renamed = awx.call("PATCH", awx.kind["url"], SYSTEM, name="t (old)", managed=False)
    assert renamed[0] == 200


def test_approval_has_no_links_and_goes_with_its_node(awx: Awx) -> None:
    node = awx.add_node("approve")
    status, approval = awx.call("POST", f"{node['url']}create_approval_template/", name="?")
    assert status == 201
    path = f"{approval['url']}success_nodes/"
    assert awx.call("POST", path, id=node["id"])[0] == 404
    assert awx.call("DELETE", node["url"]) == (204, None)
    assert awx.call("GET", approval["url"])[0] == 404


def test_nodes_that_awx_runs() -> None:
    """A node waits for all that lead to it. One whose template is gone leads on as if it failed."""

    def node(id_: int, *success: int, template: int | None = 9) -> Item:
        links = {"success_nodes": list(success), "failure_nodes": [], "always_nodes": []}
        return {"id": id_, "unified_job_template": template, **links}

    def started(*nodes: Item, **outcomes: str) -> list[int]:
        by_id = {node["id"]: node for node in nodes}
        return [
            node["id"]
            for node in run(by_id, lambda node: outcomes.get(f"n{node['id']}", "successful"))
        ]

    assert started(node(1, 2), node(2, 3), node(3)) == [1, 2, 3]
    assert started(node(1, 2), node(2, 3), node(3), n2="pending") == [1, 2]
    assert started(node(1, 2), node(2, 3), node(3), n1="failed") == [1]
    # Two parents: it waits for both, and one that leads on is enough.
    assert started(node(1, 3), node(2, 3), node(3), n2="pending") == [1, 2]
    assert started(node(1, 3), node(2, 3), node(3), n2="failed") == [1, 2, 3]
    assert started(node(1, 2, template=None), node(2)) == []
