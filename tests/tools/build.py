# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection's artifact and install it, unless that was done for these very files.

The artifact goes to build/, the installed collection to build/collections/.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import sources

BUILD = sources.ROOT / "build"
INSTALLED = BUILD / "collections"
STATE = INSTALLED / ".built-from"
ARTIFACTS = "keyfactor-command-*.tar.gz"
GALAXY = [str(Path(sys.executable).with_name("ansible-galaxy")), "collection"]

# No user's configuration may change what is built, and none of their files are touched.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
ENVIRONMENT["HOME"] = str(BUILD / "home")


def galaxy(*arguments: str) -> None:
    done = subprocess.run(
        [*GALAXY, *arguments],
        cwd=BUILD,
        env=ENVIRONMENT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"ansible-galaxy collection {arguments[0]} failed:\n{done.stdout}")


def main() -> None:
    # Nothing of the tests and no dot file is ever part of the artifact.
    paths = sources.files(":!tests", ":!.*")
    state = sources.digest(paths)
    if STATE.is_file() and STATE.read_text() == state and list(BUILD.glob(ARTIFACTS)):
        return

    source = BUILD / "source"
    sources.copy(paths, source)
    for stale in BUILD.glob(ARTIFACTS):
        stale.unlink()
    galaxy("build", str(source), "--output-path", str(BUILD))
    (artifact,) = BUILD.glob(ARTIFACTS)

    # Installed aside and then swapped, so that nothing of an older build is left.
    fresh = BUILD / "collections.new"
    shutil.rmtree(fresh, ignore_errors=True)
    galaxy("install", str(artifact), "--offline", "--no-deps", "--collections-path", str(fresh))
    shutil.rmtree(INSTALLED, ignore_errors=True)
    fresh.rename(INSTALLED)
    STATE.write_text(state)
    print(
        f"Built {artifact.relative_to(sources.ROOT)}, installed in {INSTALLED.relative_to(sources.ROOT)}"
    )


if __name__ == "__main__":
    (BUILD / "home").mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at the same time
        main()
