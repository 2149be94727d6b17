# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects whose updates end later, and the git servers that they are cloned from."""

from __future__ import annotations

from typing import Any

Item = dict[str, Any]
PLAYBOOKS = {"verify_smtp.yml"}
# A change of one of these fields starts an update.
TRIGGERS = ("scm_url", "scm_branch", "scm_type")
UNFINISHED = "running"


class Projects:
    """The states of updates. An update has ended when it is read for the second time.

    :param unreachable: whether git servers do not answer, so that updates do not end.
    """

    def __init__(self) -> None:
        self.unreachable = False
        self.refuses = False
        self._playbooks: dict[int, set[str]] = {}

    def start(self, project: Item) -> None:
        project["status"] = UNFINISHED
        self._playbooks.pop(project["id"], None)

    def advance(self, project: Item) -> None:
        """Go on with the update of a project that was read."""
        if project["status"] != UNFINISHED or self.unreachable:
            return
        if self.refuses:
            project["status"] = "failed"
            return
        project |= {"status": "successful", "scm_revision": "4711"}
        self._playbooks[project["id"]] = PLAYBOOKS

    def playbooks(self, project: Item) -> set[str]:
        return self._playbooks.get(project["id"], set())
