# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for AWX's API: it keeps what the modules of awx.awx make, and finds it again.

It knows objects, associations, surveys and approvals, and nothing of what AWX does with them.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Item = dict[str, Any]
API = "/api/v2/"
# Lists of other objects that an object refers to.
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
    """Objects by endpoint and number, and the changes that were asked for."""

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
        self._count += 1
        url = f"{API}{endpoint}/{self._count}/"
        related = {name: f"{url}{name}/" for name in (*ASSOCIATIONS, "survey_spec")}
        kind = endpoint[:-3] + "y" if endpoint.endswith("ies") else endpoint[:-1]
        # What the module for projects looks at, as of one that is up to date.
        known = {"scm_revision": "4711", "summary_fields": {}}
        item = {**known, "type": kind, **content}
        item |= {"id": self._count, "url": url, "related": related}
        self.objects.setdefault(endpoint, {})[self._count] = item
        return item

    def named(self, endpoint: str, name: str) -> Item:
        """Return the object of this name, or identifier."""
        found = self.objects.get(endpoint, {}).values()
        (item,) = (each for each in found if name in (each.get("name"), each.get("identifier")))
        return item

    def associated(self, item: Item, association: str) -> list[Item]:
        """Return the objects that an object refers to."""
        numbers = self.lists.get(item["related"][association], [])
        return [each for number in numbers for each in self._everything() if each["id"] == number]

    def _everything(self) -> list[Item]:
        return [item for items in self.objects.values() for item in items.values()]

    def _pool(self, endpoint: str) -> list[Item]:
        if endpoint == "unified_job_templates":
            return [e for e in self._everything() if e["type"].endswith("job_template")]
        return list(self.objects.get(endpoint, {}).values())

    def answer(self, method: str, target: str, sent: Item) -> tuple[int, Any]:
        """Return status and reply. Anything that is not known is a 404."""
        split = urlsplit(target)
        endpoint, *rest = split.path.removeprefix(API).strip("/").split("/")
        if method != "GET":
            self.changes.append(f"{method} {split.path}")
        if not rest:
            return self._collection(method, endpoint, dict(parse_qsl(split.query)), sent)
        item = self.objects.get(endpoint, {}).get(int(rest[0]))
        if item is None:
            return 404, {"detail": "Not found."}
        if len(rest) == 1:
            if method == "PATCH":
                item |= sent
            return 200, _shown(item)
        return self._below(method, item, rest[1], sent)

    def _collection(
        self, method: str, endpoint: str, wanted: dict[str, str], sent: Item
    ) -> tuple[int, Any]:
        if method == "POST":
            return 201, _shown(self.add(endpoint, sent))
        found = [
            _shown(each)
            for each in self._pool(endpoint)
            if all(str(each.get(key)) == value for key, value in wanted.items())
        ]
        return 200, {"count": len(found), "next": None, "results": found}

    def _below(self, method: str, item: Item, part: str, sent: Item) -> tuple[int, Any]:
        place = f"{item['url']}{part}/"
        if part == "survey_spec":
            if method == "POST":
                self.surveys[item["url"]] = sent
            return 200, self.surveys.get(item["url"], {})
        if part == "create_approval_template":
            approval = self.add("workflow_approval_templates", sent)
            item["unified_job_template"] = approval["id"]
            item["related"]["unified_job_template"] = approval["url"]
            return 201, approval
        if part not in ASSOCIATIONS:
            return 404, {"detail": "Not found."}
        numbers = self.lists.setdefault(place, [])
        if method == "POST":
            (numbers.remove if sent.get("disassociate") else numbers.append)(sent["id"])
            return 204, None
        return 200, {"count": len(numbers), "next": None, "results": [{"id": n} for n in numbers]}


def _shown(item: Item) -> Item:
    """Return an object as AWX shows it: without what is secret in a credential."""
    if item["type"] != "credential" or not item.get("inputs"):
        return item
    return {**item, "inputs": dict.fromkeys(item["inputs"], "$encrypted$")}


class _Handler(BaseHTTPRequestHandler):
    awx: AwxServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""

    def _reply(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length) or b"{}")
        status, content = self.awx.answer(self.command, self.path, sent)
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = _reply
