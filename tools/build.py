# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection's artifact and install it, unless that was done for these very files.

The artifact goes to build/ with its SHA-256 beside it, the installed collection to
build/collections/. The same commit makes the same bytes: the times in the artifact are those of
SOURCE_DATE_EPOCH, or of the last commit.
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


def epoch() -> int:
    """Return the seconds since 1970 that the files in the artifact bear."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    command = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(command, cwd=sources.ROOT, check=False, capture_output=True, text=True)
    # A checkout without a commit has no time of its own: the start of 1970 will do.
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else 0


def main() -> None:
    # None of these, and no dot file, is ever part of the artifact.
    paths = sources.files(":!benchmarks", ":!demo", ":!docs/site", ":!tests", ":!tools", ":!.*")
    state = f"{sources.digest(paths)} {epoch()}"
    if STATE.is_file() and STATE.read_text() == state and list(BUILD.glob(ARTIFACTS)):
        return

    source = BUILD / "source"
    sources.copy(paths, source)
    for stale in BUILD.glob(ARTIFACTS):
        stale.unlink()
        Path(f"{stale}.sha256").unlink(missing_ok=True)
    galaxy("build", str(source), "--output-path", str(BUILD))
    (artifact,) = BUILD.glob(ARTIFACTS)
    repack.normalise(artifact, epoch())
    digest = hashlib.sha256(artifact.read_bytes()).hexdigest()
    Path(f"{artifact}.sha256").write_text(f"{digest}  {artifact.name}\n")

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
