# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake of the AWX API that stores the objects which the modules of awx.awx create.

It supports objects, associations, surveys, and approvals. It does not run anything.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Item = dict[str, Any]
API = "/api/v2/"
# Lists of associated objects.
ASSOCIATIONS = (
    "credentials",
    "labels",
    "success_nodes",
    "always_nodes",
    "failure_nodes",
    "notification_templates_started",
    "notification_templates_success",
    "notification_templates_error",
    "notification_templates_approvals",
)


class AwxServer:
    """The API server, with its objects by endpoint and ID, and the changes that were requested."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[int, Item]] = {}
        self.lists: dict[str, list[int]] = {}
        self.surveys: dict[str, Item] = {}
        self.changes: list[str] = []
        self._count = 0
        self.add("organizations", {"name": "Default"})
        handler = type("Bound", (_Handler,), {"awx": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add(self, endpoint: str, content: Item) -> Item:
        """Create an object."""
        self._count += 1
        url = f"{API}{endpoint}/{self._count}/"
        related = {name: f"{url}{name}/" for name in (*ASSOCIATIONS, "survey_spec")}
        kind = endpoint[:-3] + "y" if endpoint.endswith("ies") else endpoint[:-1]
        # Fields of an up-to-date project, which the module for projects reads.
        defaults = {"scm_revision": "4711", "summary_fields": {}}
        item = {**defaults, "type": kind, **content}
        item |= {"id": self._count, "url": url, "related": related}
        self.objects.setdefault(endpoint, {})[self._count] = item
        return item

    def get(self, endpoint: str, name: str) -> Item:
        """Return the object with this name or identifier."""
        (result,) = (
            item
            for item in self.objects.get(endpoint, {}).values()
            if name in (item.get("name"), item.get("identifier"))
        )
        return result

    def associated(self, item: Item, association: str) -> list[Item]:
        """Return the objects that are associated with an object."""
        items = {item["id"]: item for item in self._all_items()}
        return [items[id_] for id_ in self.lists.get(item["related"][association], [])]

    def _all_items(self) -> list[Item]:
        return [item for items in self.objects.values() for item in items.values()]

    def _items(self, endpoint: str) -> list[Item]:
        if endpoint == "unified_job_templates":
            return [item for item in self._all_items() if item["type"].endswith("job_template")]
        return list(self.objects.get(endpoint, {}).values())

    def respond(self, method: str, target: str, data: Item) -> tuple[int, Any]:
        """Return the status and body of a response. An unknown path is a 404."""
        split = urlsplit(target)
        endpoint, *rest = split.path.removeprefix(API).strip("/").split("/")
        if method != "GET":
            self.changes.append(f"{method} {split.path}")
        if not rest:
            return self._respond_list(method, endpoint, dict(parse_qsl(split.query)), data)
        item = self.objects.get(endpoint, {}).get(int(rest[0]))
        if item is None:
            return 404, {"detail": "Not found."}
        if len(rest) == 1:
            if method == "PATCH":
                item |= data
            return 200, _masked(item)
        return self._respond_related(method, item, rest[1], data)

    def _respond_list(
        self, method: str, endpoint: str, filters: dict[str, str], data: Item
    ) -> tuple[int, Any]:
        if method == "POST":
            return 201, _masked(self.add(endpoint, data))
        results = [
            _masked(item)
            for item in self._items(endpoint)
            if all(str(item.get(key)) == value for key, value in filters.items())
        ]
        return 200, {"count": len(results), "next": None, "results": results}

    def _respond_related(self, method: str, item: Item, name: str, data: Item) -> tuple[int, Any]:
        if name == "survey_spec":
            if method == "POST":
                self.surveys[item["url"]] = data
            return 200, self.surveys.get(item["url"], {})
        if name == "create_approval_template":
            approval = self.add("workflow_approval_templates", data)
            item["unified_job_template"] = approval["id"]
            item["related"]["unified_job_template"] = approval["url"]
            return 201, approval
        if name not in ASSOCIATIONS:
            return 404, {"detail": "Not found."}
        ids = self.lists.setdefault(f"{item['url']}{name}/", [])
        if method == "POST":
            (ids.remove if data.get("disassociate") else ids.append)(data["id"])
            return 204, None
        return 200, {"count": len(ids), "next": None, "results": [{"id": id_} for id_ in ids]}


def _masked(item: Item) -> Item:
    """Return an object as the API does, with the inputs of a credential masked."""
    if item["type"] != "credential" or not item.get("inputs"):
        return item
    return {**item, "inputs": dict.fromkeys(item["inputs"], "$encrypted$")}


class _Handler(BaseHTTPRequestHandler):
    awx: AwxServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""

    def _reply(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        data = json.loads(self.rfile.read(length) or b"{}")
        status, content = self.awx.respond(self.command, self.path, data)
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = _reply
