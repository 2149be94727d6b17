# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake of the AWX API that refuses what AWX 24.6.1 refuses. It does not run anything, but tells
which jobs AWX would start, and with which variables.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.integration.support.awx.access import TOKENS, may_change
from tests.integration.support.awx.checks import RefusedError, check, check_association
from tests.integration.support.awx.fields import FIELDS, UNIQUE, clean
from tests.integration.support.awx.projects import TRIGGERS
from tests.integration.support.awx.store import ASSOCIATIONS, Store
from tests.integration.support.awx.survey import Prompts, check_survey
from tests.integration.support.awx.workflow import run

Item = dict[str, Any]
Response = tuple[int, Any]
NOT_FOUND: Response = (404, {"detail": "Not found."})
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
PAGE = 25
VERSION = "24.6.1"


class AwxServer(Store):
    """The API server, with its objects, and the changes that were requested.

    :param prefix: the path of the API. Behind the gateway of Automation Platform it is another.
    """

    def __init__(self, prefix: str = "/api/") -> None:
        self.prefix, self.root = prefix, f"{prefix}v2/"
        super().__init__(self.root)
        self.changes: list[str] = []
        self.jobs: list[Item] = []
        # Called after each change.
        self.on_change: Callable[[], None] = lambda: None
        self.add("organizations", {"name": "Default"})
        self.add("organizations", {"name": "Other"})
        handler = type("Bound", (_Handler,), {"awx": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def variables(self, item: Item, template: Item | None = None) -> Item:
        """Return the variables of the job that a schedule, a node or a launch starts."""
        template = template or self.all_of("job_templates")[item["unified_job_template"]]
        prompts = Prompts(template, self.surveys.get(template["id"], {}))
        return prompts.variables(prompts.accept(item)[0])

    def started(self, workflow: Item, outcome: Callable[[Item], str]) -> list[Item]:
        """Return the nodes that a job of the workflow starts."""
        return run(self.nodes(workflow["id"]), outcome)

    def respond(self, method: str, target: str, token: str, data: Item) -> Response:
        """Return the status and body of a response. An unknown path is a 404."""
        split = urlsplit(target)
        if token not in TOKENS:
            return 401, {"detail": "Authentication credentials were not provided."}
        if not split.path.startswith(self.root):
            return NOT_FOUND
        with self._lock:
            try:
                status, body = self._route(
                    method, split.path, dict(parse_qsl(split.query)), token, data
                )
            except RefusedError as refused:
                return refused.status, refused.body
            if method != "GET" and status < 400:
                self.changes.append(f"{method} {split.path}")
                self.on_change()
        return status, body

    def _route(
        self, method: str, path: str, filters: dict[str, str], token: str, data: Item
    ) -> Response:
        endpoint, *rest = path.removeprefix(self.root).strip("/").split("/")
        if endpoint == "project_updates" and method == "GET" and rest:
            # A project has at most one update, which has the project's ID.
            project = self._read("projects", self.all_of("projects")[int(rest[0])])
            return 200, {"id": project["id"], "status": project["status"]}
        if endpoint == "config" and method == "GET":
            return 200, {"version": VERSION}
        if endpoint == "jobs" and method == "GET":
            ids = filters.get("id__in", "").split(",")
            found = [job for job in self.jobs if str(job["id"]) in ids]
            return 200, {"count": len(found), "next": None, "results": found}
        if endpoint not in (*FIELDS, "unified_job_templates"):
            return NOT_FOUND
        if not rest:
            return self._list(method, endpoint, path, filters, token, data)
        item = self.all_of(endpoint).get(int(rest[0]))
        if item is None:
            return NOT_FOUND
        if len(rest) > 1:
            return self._related(method, endpoint, item, rest[1], token, data)
        if method == "GET":
            return 200, self._read(endpoint, item)
        self._require(token, endpoint, item)
        if method == "DELETE":
            self.delete(endpoint, item["id"])
            return 204, None
        return 200, self._save(endpoint, item, token, data)

    def _read(self, endpoint: str, item: Item) -> Item:
        shown = self.show(endpoint, item)
        if endpoint == "projects":
            self.projects.advance(item)
        return shown

    def _require(self, token: str, endpoint: str, item: Item) -> None:
        if not may_change(self, token, endpoint, item):
            raise RefusedError(403, FORBIDDEN)

    def _save(self, endpoint: str, old: Item | None, token: str, data: Item) -> Item:
        values, errors = clean(endpoint, data, self.exists, creates=old is None)
        if endpoint == "credentials" and old and "inputs" in values:
            values["inputs"] = {
                name: old["inputs"].get(name) if value == "$encrypted$" else value
                for name, value in values["inputs"].items()
            }
        if errors:
            raise RefusedError(400, errors)
        self._require(token, endpoint, {**(old or {}), **values})
        check(self, endpoint, old, values)
        moved = endpoint == "projects" and any(
            values.get(name, (old or {}).get(name)) != (old or {}).get(name) for name in TRIGGERS
        )
        item = self.add(endpoint, values) if old is None else old
        item |= values
        if moved:
            self.projects.start(item)
        return self.show(endpoint, item)

    def _list(
        self,
        method: str,
        endpoint: str,
        path: str,
        filters: dict[str, str],
        token: str,
        data: Item,
    ) -> Response:
        if method == "POST":
            if endpoint == "unified_job_templates":
                return 405, {"detail": 'Method "POST" not allowed.'}
            return 201, self._save(endpoint, None, token, data)
        page, size = int(filters.pop("page", 1)), int(filters.pop("page_size", PAGE))
        known = {"id", "type", *FIELDS.get(endpoint, FIELDS["job_templates"]), "organization"}
        alternatives: dict[str, str] = {}
        exact: dict[str, str] = {}
        for name, value in filters.items():
            (alternatives if name.startswith("or__") else exact)[name.removeprefix("or__")] = value
        for name in (*alternatives, *exact):
            if name not in known:
                return 400, {"detail": f"{endpoint} has no field named '{name}'"}
        found = [
            self._read(self._endpoint_of(item), item)
            for item in self.all_of(endpoint).values()
            if all(str(item.get(name)) == value for name, value in exact.items())
            and (
                not alternatives
                or any(str(item.get(name)) == value for name, value in alternatives.items())
            )
        ]
        more = len(found) > page * size
        query = urlencode({**filters, "page": page + 1, "page_size": size})
        results = found[(page - 1) * size : page * size]
        following = f"{path}?{query}" if more else None
        return 200, {"count": len(found), "next": following, "results": results}

    def _endpoint_of(self, item: Item) -> str:
        return next(name for name, items in self.objects.items() if item["id"] in items)

    def _related(
        self, method: str, endpoint: str, item: Item, name: str, token: str, data: Item
    ) -> Response:
        if endpoint == "credential_types" and name == "credentials":
            filters = {"credential_type": str(item["id"])}
            return self._list("GET", "credentials", item["url"], filters, token, {})
        if name == "launch" and endpoint == "job_templates" and method == "POST":
            return self._launch(item, data)
        if method != "GET":
            self._require(token, endpoint, item)
        if name == "survey_spec" and endpoint.endswith("job_templates"):
            if method == "POST":
                if error := check_survey(data):
                    raise RefusedError(400, error)
                self.surveys[item["id"]] = data
            return 200, self.surveys.get(item["id"], {})
        if name == "create_approval_template" and endpoint == "workflow_job_template_nodes":
            values, errors = clean("workflow_approval_templates", data, self.exists, creates=True)
            if errors:
                raise RefusedError(400, errors)
            approval = self.add("workflow_approval_templates", values)
            item["unified_job_template"] = approval["id"]
            return 201, self.show("workflow_approval_templates", approval)
        if name not in ASSOCIATIONS.get(endpoint, ()):
            return NOT_FOUND
        if method == "POST":
            return self._associate(item, name, data)
        results = [self.show(self._endpoint_of(each), each) for each in self.associated(item, name)]
        return 200, {"count": len(results), "next": None, "results": results}

    def _associate(self, item: Item, name: str, data: Item) -> Response:
        sub = data.get("id")
        if not isinstance(sub, int):
            return 400, {"msg": "'id' is required."}
        if data.get("disassociate"):
            if sub in item[name]:
                item[name].remove(sub)
        elif sub not in item[name]:
            check_association(self, item, name, sub)
            item[name].append(sub)
        return 204, None

    def _launch(self, template: Item, data: Item) -> Response:
        """Launch a job, which ends at once. Prompts that are not allowed are ignored."""
        prompted = {"extra_data": data.get("extra_vars") or {}, "limit": data.get("limit")}
        prompts = Prompts(template, self.surveys.get(template["id"], {}))
        accepted, ignored, errors = prompts.accept(prompted)
        needed = errors.get("variables_needed_to_start")
        if needed:
            return 400, {"variables_needed_to_start": needed}
        project = self.all_of("projects")[template["project"]]
        if project["status"] == "failed":
            return 400, {"playbook": "Last project update failed."}
        number = len(self.jobs) + 1
        job = {
            "id": number,
            "url": f"{self.root}jobs/{number}/",
            "status": "successful",
            "created": "2027-01-04T06:00:00Z",
            "extra_vars": json.dumps(prompts.variables(accepted)),
            "limit": template["limit"] if "limit" in ignored else data.get("limit") or "",
        }
        self.jobs.append(job)
        return 201, {**job, "job": number, "ignored_fields": ignored, "status": "pending"}


assert set(UNIQUE) <= set(FIELDS)


class _Handler(BaseHTTPRequestHandler):
    awx: AwxServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""

    def _reply(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        data = json.loads(self.rfile.read(length) or b"{}")
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        status, content = self.awx.respond(self.command, self.path, token, data)
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", VERSION)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = _reply
