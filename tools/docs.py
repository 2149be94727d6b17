# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the documentation site in build/docs/html/, where a warning is a failure.

Its front page is README.md, its guides are docs/*.md and those for contributors, and the pages of
plugins, roles and options are generated from their documentation. It is run by the Python that has
Sphinx.
With --lint the documentation is only checked.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import links, sources

PLACE = sources.ROOT / "build" / "docs"
SOURCE, SITE = PLACE / "source", PLACE / "html"
REFERENCE = SOURCE / "reference"
INSTALLED = sources.ROOT / "build" / "collections"
BIN = Path(sys.executable).parent
COLLECTION = "keyfactor.command"
# A guide in the README's list of documentation.
LISTED = r"^- \[[^]]*\]\(docs/([\w-]+)\.md\)"
# The README links to these.
FOR_CONTRIBUTORS = ("CONTRIBUTING", "TESTING", "CODE_OF_CONDUCT", "SECURITY")


def environment() -> dict[str, str]:
    """Return an environment with ansible-doc on PATH and the collection that was built."""
    path = [str(BIN), str(sources.ROOT / ".venv" / "bin"), os.environ["PATH"]]
    return {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(INSTALLED),
        "PATH": os.pathsep.join(path),
    }


def run(program: str, *arguments: str | Path) -> None:
    command = [BIN / program, *arguments]
    status = subprocess.run(command, cwd=sources.ROOT, env=environment(), check=False).returncode
    if status:
        sys.exit(status)


def guides() -> list[str]:
    """Return the guides in the order of the README. Sphinx complains of one that it leaves out."""
    return re.findall(LISTED, (sources.ROOT / "README.md").read_text(), re.M)


def lint() -> None:
    """Check the documentation of plugins and roles as strictly as antsibull-docs can."""
    # The checkout: antsibull-docs takes what git knows, so of what is below build/ it takes nothing.
    strict = ["--plugin-docs", "--validate-collection-refs=all", "--check-extra-docs-refs"]
    unknown = ["--disallow-unknown-collection-refs"]
    run("antsibull-docs", "lint-collection-docs", *strict, *unknown, sources.ROOT)
    print("antsibull-docs has nothing to say")


def build() -> None:
    for folder in (SOURCE, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    pages = [f"{name}.md" for name in ("README", *FOR_CONTRIBUTORS)]
    sources.copy(sources.files("docs", ":!docs/site", *pages), SOURCE)
    listed = "\n".join([*(f"docs/{name}" for name in guides()), *FOR_CONTRIBUTORS])
    with (SOURCE / "README.md").open("a") as front:
        front.write(f"\n```{{toctree}}\n:hidden:\n\n{listed}\nReference <reference/index>\n```\n")
    REFERENCE.mkdir(mode=0o755)
    options = ["--use-current", "--fail-on-error", "--squash-hierarchy"]
    plain = ["--no-add-antsibull-docs-version"]
    run("antsibull-docs", "collection", *options, *plain, "--dest-dir", REFERENCE, COLLECTION)
    # A page that no other leads to. It says to list all variables and has those of inventories only.
    (REFERENCE / "environment_variables.rst").unlink()
    settings = sources.ROOT / "docs" / "site"
    run("sphinx-build", "-W", "--keep-going", "-q", "-c", settings, SOURCE, SITE)
    # What a web server shows first.
    shutil.copy(SITE / "README.html", SITE / "index.html")
    broken = links.broken(SITE)
    if broken:
        sys.exit("Links that lead nowhere:\n" + "\n".join(broken))
    print(f"The site is in {(SITE / 'index.html').relative_to(sources.ROOT)}")


if __name__ == "__main__":
    os.umask(0o022)  # antsibull-docs writes nothing where others may write
    (lint if "--lint" in sys.argv else build)()
