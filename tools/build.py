# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the artifact of the collection and install it, unless both are up to date.

The artifact and its SHA-256 checksum go to build/, the installed collection to build/collections/.
Builds are reproducible: the artifact's timestamps are SOURCE_DATE_EPOCH or the time of the last
commit.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import repack, sources

BUILD = sources.ROOT / "build"
INSTALLED = BUILD / "collections"
STATE = INSTALLED / ".built-from"
ARTIFACTS = "keyfactor-command-*.tar.gz"
GALAXY = [str(Path(sys.executable).with_name("ansible-galaxy")), "collection"]

# Ignore the user's Ansible configuration and leave their home directory alone.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
ENVIRONMENT["HOME"] = str(BUILD / "home")


def galaxy(*arguments: str) -> None:
    process = subprocess.run(
        [*GALAXY, *arguments],
        cwd=BUILD,
        env=ENVIRONMENT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if process.returncode:
        sys.exit(f"ansible-galaxy collection {arguments[0]} failed:\n{process.stdout}")


def epoch() -> int:
    """Return the timestamp of the files in the artifact, in seconds since 1970."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    command = ["git", "log", "-1", "--format=%ct"]
    process = subprocess.run(command, cwd=sources.ROOT, check=False, capture_output=True, text=True)
    # A checkout without commits gets the start of 1970.
    return int(process.stdout) if process.returncode == 0 and process.stdout.strip() else 0


def main() -> None:
    # The artifact contains none of these directories and no dotfiles.
    paths = sources.files(":!benchmarks", ":!demo", ":!docs/site", ":!tests", ":!tools", ":!.*")
    state = f"{sources.digest(paths)} {epoch()}"
    if STATE.is_file() and STATE.read_text() == state and list(BUILD.glob(ARTIFACTS)):
        return

    source = BUILD / "source"
    sources.copy(paths, source)
    for old in BUILD.glob(ARTIFACTS):
        old.unlink()
        Path(f"{old}.sha256").unlink(missing_ok=True)
    galaxy("build", str(source), "--output-path", str(BUILD))
    (artifact,) = BUILD.glob(ARTIFACTS)
    repack.normalize(artifact, epoch())
    digest = hashlib.sha256(artifact.read_bytes()).hexdigest()
    Path(f"{artifact}.sha256").write_text(f"{digest}  {artifact.name}\n")

    # Install to a new directory and replace the old one, so that no stale files remain.
    new = BUILD / "collections.new"
    shutil.rmtree(new, ignore_errors=True)
    galaxy("install", str(artifact), "--offline", "--no-deps", "--collections-path", str(new))
    shutil.rmtree(INSTALLED, ignore_errors=True)
    new.rename(INSTALLED)
    STATE.write_text(state)
    print(
        f"Built {artifact.relative_to(sources.ROOT)}, installed in {INSTALLED.relative_to(sources.ROOT)}"
    )


if __name__ == "__main__":
    (BUILD / "home").mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several make processes at the same time
        main()
