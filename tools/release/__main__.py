# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare a release without publishing it. Exit with 1 and a message on errors."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.sources import ROOT

from . import version
from .artifact import build_twice
from .version import ReleaseError

# The make targets that must succeed, with the new version in documentation and artifact.
CHECKS = ("test", "matrix", "galaxy", "docs")
UNDO = "git restore . && git clean -d --force"
NEXT = """
Two builds are identical:
{digest}  {artifact}

The release {version} is ready to publish. Next:
  git diff  # review the version and the changelog; to undo: {undo}
  git add --all && git commit -m "Release {version}"
  # The artifact contains the time of the commit. Publish this build:
  make build && cat {artifact}.sha256
  git tag --annotate {version} --message "Release {version}"
  git push --follow-tags
  # The workflow Release builds it again and attests it. Its checksum must be the same.
  ansible-galaxy collection publish {artifact}
"""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        release(ROOT, options.version or version.read(ROOT), options.checks)
    except ReleaseError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


def release(root: Path, number: str, checks: Sequence[str]) -> None:
    """Set the version, write the changelog, run the checks, build twice and print the next steps."""
    if _output(root, "git", "status", "--porcelain"):
        raise ReleaseError("There are uncommitted changes. Commit them first.")
    if not list((root / "changelogs" / "fragments").glob("*.yml")):
        raise ReleaseError("changelogs/fragments is empty. Add a changelog fragment.")
    version.write(root, number)
    _make(root, "changelog")
    for target in checks:
        _make(root, target)
    digest = build_twice(root).split()[0]
    artifact = f"build/keyfactor-command-{number}.tar.gz"
    print(NEXT.format(artifact=artifact, digest=digest, version=number, undo=UNDO))


def _make(root: Path, target: str) -> None:
    print(f"--- make {target}", flush=True)
    # Do not pass on the flags of the make that runs this.
    environ = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    process = subprocess.run(["make", target], cwd=root, env=environ, check=False)
    if process.returncode:
        raise ReleaseError(
            f"make {target} failed. Undo with {UNDO}, fix it, commit and start again."
        )


def _output(root: Path, *command: str) -> str:
    return subprocess.run(
        command, cwd=root, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make release", description=__doc__)
    parser.add_argument("version", nargs="?", help="default: the one in galaxy.yml")
    parser.add_argument(
        "--checks", nargs="*", choices=CHECKS, default=CHECKS, help="run only these (for a dry run)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
