# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files around the code: workflows, issue forms, owners, sessions, and what they refer to."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(
    path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"
)
USES = re.compile(r"^\s*(?:- )?uses:\s*(\S.*)$", re.M)
PINNED = re.compile(r"[\w-]+(?:/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
TARGETS = set(re.findall(r"^\.PHONY: (\w+)$", (ROOT / "Makefile").read_text(), re.M))


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def unpinned(text: str) -> list[str]:
    """Return the actions that are not named by a commit with its version beside it."""
    return [each for each in USES.findall(text) if not PINNED.fullmatch(each)]


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def keeps_credentials(step: dict[str, Any]) -> bool:
    """Tell whether a step leaves a token in .git/config, where the code under test can read it."""
    options = step.get("with", {})
    checkout = step.get("uses", "").startswith("actions/checkout@")
    return checkout and options.get("persist-credentials") is not False


def missing_owned_paths(text: str) -> list[str]:
    """Return the patterns of a CODEOWNERS file that match nothing."""
    patterns = [line.split()[0] for line in text.splitlines() if line and not line.startswith("#")]
    return [each for each in patterns if not any(ROOT.glob(each.strip("/")))]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit(path: Path) -> None:
    assert USES.findall(path.read_text())
    assert unpinned(path.read_text()) == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_only_read(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    assert [step for step in steps(workflow) if keeps_credentials(step)] == []
    # YAML takes the key "on" for a boolean.
    assert "pull_request_target" not in workflow[True]


def test_only_the_attestation_may_write() -> None:
    """No code of the project, and nothing that it installs, runs with these permissions."""
    jobs = {
        (path.name, name): job for path in WORKFLOWS for name, job in load(path)["jobs"].items()
    }
    permitted = {key: job for key, job in jobs.items() if "permissions" in job}
    assert set(permitted) == {("release.yml", "attest")}
    attest = permitted["release.yml", "attest"]
    assert attest["permissions"] == {
        "contents": "read",
        "id-token": "write",
        "attestations": "write",
    }
    used = [step["uses"].partition("@")[0] for step in attest["steps"]]
    assert used == ["actions/download-artifact", "actions/attest-build-provenance"]


def test_release_workflow_starts_with_tags_and_needs_no_secret() -> None:
    assert not any("secrets." in path.read_text() for path in WORKFLOWS)
    workflow = load(GITHUB / "workflows/release.yml")
    assert workflow[True] == {"push": {"tags": ["[0-9]+.[0-9]+.[0-9]+*"]}}
    (build,) = (step for step in workflow["jobs"]["build"]["steps"] if "run" in step)
    # A name of a tag in the command itself would be run by the shell.
    assert build == {"run": "make artifact", "env": {"VERSION": "${{ github.ref_name }}"}}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_run_what_is_there(path: Path) -> None:
    commands = [step["run"].split() for step in steps(load(path)) if "run" in step]
    for words in commands:
        if words[0] == "make":
            assert words[1] in TARGETS
        else:
            assert (ROOT / words[1]).is_file(), words


def test_one_version_of_each_action() -> None:
    used = {each for path in WORKFLOWS for each in USES.findall(path.read_text())}
    names = [each.partition("@")[0] for each in used]
    assert sorted(names) == sorted(set(names))


def test_what_is_not_pinned_is_found() -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    assert unpinned(f"- uses: actions/checkout@{commit} # v7.0.1\n") == []
    for each in ("v7", "main", commit, f"{commit} # v7", f"{commit[:-1]} # v7.0.1"):
        assert unpinned(f"  uses: actions/checkout@{each}\n") == [f"actions/checkout@{each}"]
    assert keeps_credentials({"uses": f"actions/checkout@{commit}"})
    assert missing_owned_paths("# a comment\n* @a\n/plugins/ @b\n/gone/ @c\n") == ["/gone/"]


def test_dependabot_looks_where_something_is_pinned() -> None:
    updates = {
        each["package-ecosystem"]: each for each in load(GITHUB / "dependabot.yml")["updates"]
    }
    assert set(updates) == {"github-actions", "uv"}
    folder = ROOT / updates["uv"]["directory"].strip("/")
    assert "==" in (folder / "requirements.in").read_text()


def test_owners() -> None:
    text = (GITHUB / "CODEOWNERS").read_text()
    assert re.search(r"^\* +@\S+", text, re.M)
    assert missing_owned_paths(text) == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_issue_forms(path: Path) -> None:
    form = load(path)
    assert form["name"] and form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["attributes"]["label"] for field in fields)
    names = [field["id"] for field in fields]
    assert len(set(names)) == len(names)


def test_bug_reports_say_what_is_needed_to_reproduce() -> None:
    fields = {
        field.get("id"): field for field in load(GITHUB / "ISSUE_TEMPLATE/bug_report.yml")["body"]
    }
    versions = {"collection-version", "ansible-core-version", "python-version", "command-version"}
    assert versions | {"error-kind", "playbook"} <= set(fields)
    assert "secrets removed" in fields["playbook"]["attributes"]["description"]


def test_security_reports_do_not_become_issues() -> None:
    config = load(GITHUB / "ISSUE_TEMPLATE/config.yml")
    assert config["blank_issues_enabled"] is False
    repository = load(ROOT / "galaxy.yml")["repository"]
    links = [link["url"] for link in config["contact_links"]]
    assert f"{repository}/security/policy" in links
    # Without private reporting, people ask for a contact.
    assert "security_contact.yml" in [path.name for path in FORMS]
    security = " ".join((ROOT / "SECURITY.md").read_text().split())
    assert load(GITHUB / "ISSUE_TEMPLATE/security_contact.yml")["name"] in security
    for link in links:
        assert link.startswith(f"{repository}/")
        page = link.partition("/blob/main/")[2]
        assert not page or (ROOT / page).is_file()


class Session:
    """A session of nox that writes down what it is asked to run."""

    def __init__(self, *posargs: str) -> None:
        self.posargs = list(posargs)
        self.commands: list[tuple[str, ...]] = []

    def run(self, *command: str, external: bool = False) -> None:
        assert external
        self.commands.append(command)


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[Session], None]]:
    """The sessions of noxfile.py, read without nox, which the tests do not need otherwise."""
    found: dict[str, Callable[[Session], None]] = {}

    def session(function: Any = None, *, name: str | None = None, default: bool = True) -> Any:
        if function is None:
            return lambda decorated: found.setdefault(name or decorated.__name__, decorated)
        return found.setdefault(function.__name__, function)

    nox = ModuleType("nox")
    vars(nox).update(session=session, Session=Session, options=SimpleNamespace())
    monkeypatch.setitem(sys.modules, "nox", nox)
    specification = importlib.util.spec_from_file_location("noxfile", ROOT / "noxfile.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    assert nox.options.default_venv_backend == "none"
    return found


def test_sessions_call_make(sessions: dict[str, Callable[[Session], None]]) -> None:
    assert set(sessions) == {"lint", "sanity", "units", "integration", "ee-check"}
    for function in sessions.values():
        session = Session()
        function(session)
        ((program, target, *_options),) = session.commands
        assert program == "make"
        assert target in TARGETS


def test_options_of_a_session_reach_the_tool(
    sessions: dict[str, Callable[[Session], None]],
) -> None:
    session = Session("-k", "a or b")
    sessions["units"](session)
    assert session.commands == [("make", "unit", "ARGS=-k 'a or b'")]


def test_pre_commit_needs_nothing_but_the_environment() -> None:
    (local,) = load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    lint = (ROOT / "tests/requirements-lint.in").read_text()
    for hook in local["hooks"]:
        assert hook["language"] == "system"
        program = hook["entry"].split()[0]
        assert program.startswith(".venv/bin/")
        assert f"\n{Path(program).name} ==" in lint


def test_the_dev_container_calls_what_is_there() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    prepare, venv = container["postCreateCommand"].split(" && ")
    assert (ROOT / prepare.removeprefix("sudo ")).is_file()
    assert venv.removeprefix("make ") in TARGETS


def test_revisions_that_git_blame_ignores() -> None:
    lines = (ROOT / ".git-blame-ignore-revs").read_text().splitlines()
    revisions = [line for line in lines if line and not line.startswith("#")]
    assert revisions
    assert [each for each in revisions if not re.fullmatch("[0-9a-f]{40}", each)] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "TESTING.md"])
def test_guides_name_what_is_there(name: str) -> None:
    text = (ROOT / name).read_text()
    targets = set(re.findall(r"(?:`|^|\n)make (\w+)", text))
    assert targets
    assert targets <= TARGETS
    paths = re.findall(r"\b(?:tests|tools|plugins)/[\w./-]*\w", text)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []
