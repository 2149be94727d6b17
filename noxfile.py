# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions that contributors to community collections know. Each calls make, which does the work."""

from __future__ import annotations

import shlex

import nox

# make keeps the virtual environments.
nox.options.default_venv_backend = "none"


def make(session: nox.Session, target: str, *arguments: str) -> None:
    """Run make. What follows -- on the command line goes to the tool, as with ARGS."""
    options = shlex.join([*arguments, *session.posargs])
    session.run("make", target, *([f"ARGS={options}"] if options else []), external=True)


@nox.session
def lint(session: nox.Session) -> None:
    """ruff, mypy, shellcheck, ansible-lint, changelog, licenses"""
    session.run("make", "lint", external=True)


@nox.session
def sanity(session: nox.Session) -> None:
    """ansible-test sanity"""
    make(session, "sanity")


@nox.session
def units(session: nox.Session) -> None:
    """unit tests, with pytest"""
    make(session, "unit")


@nox.session
def integration(session: nox.Session) -> None:
    """playbooks against the emulator"""
    make(session, "integration")


# Not by default: it is a part of the session integration.
@nox.session(name="ee-check", default=False)
def ee_check(session: nox.Session) -> None:
    """what ansible-builder finds in the collection and prepares for an execution environment"""
    make(session, "integration", "-k", "awx and test_environment.py")
