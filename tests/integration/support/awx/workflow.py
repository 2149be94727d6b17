# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX makes of a workflow: which nodes run, by its rules in our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Item = dict[str, Any]
LINKS = ("success_nodes", "failure_nodes", "always_nodes")
# Links that lead on, by how a node ended. A node without a template counts as failed.
_LEADS = {
    "successful": {"success_nodes", "always_nodes"},
    "failed": {"failure_nodes", "always_nodes"},
    "skipped": set[str](),
}


def has_cycle(nodes: Mapping[int, Item]) -> bool:
    """Whether a node can be reached from itself."""
    left = dict(nodes)
    while left:
        leaves = [
            id_ for id_, node in left.items() if not any(child in left for child in children(node))
        ]
        if not leaves:
            return True
        for id_ in leaves:
            del left[id_]
    return False


def children(node: Item) -> list[int]:
    return [child for link in LINKS for child in node[link]]


def run(nodes: Mapping[int, Item], outcome: Callable[[Item], str]) -> list[Item]:
    """Return the nodes that start, in order.

    A node starts when all nodes that lead to it have ended, and one of them leads on. It is skipped
    if none does.

    :param outcome: tells how a node ends: successful, failed, or pending, which is never.
    """
    ended: dict[int, str] = {}
    started: list[Item] = []
    progress = True
    while progress:
        progress = False
        for id_, node in nodes.items():
            if id_ in ended or node in started:
                continue
            parents = [parent for parent in nodes.values() if id_ in children(parent)]
            if any(parent["id"] not in ended for parent in parents):
                continue
            progress = True
            leading = [
                parent
                for parent in parents
                if any(id_ in parent[link] for link in _LEADS[ended[parent["id"]]])
            ]
            if parents and not leading:
                ended[id_] = "skipped"
            elif node["unified_job_template"] is None:
                ended[id_] = "failed"
            else:
                started.append(node)
                if (result := outcome(node)) != "pending":
                    ended[id_] = result
    return started
