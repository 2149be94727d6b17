# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the documentation site in build/docs/html/ and treat warnings as errors.

The front page is README.md, the guides are docs/*.md and those for contributors, and the reference
is generated from the documentation of plugins and roles. Run it with the Python that has Sphinx.
With --lint, only check the documentation.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import links, sources

OUTPUT = sources.ROOT / "build" / "docs"
SOURCE, SITE = OUTPUT / "source", OUTPUT / "html"
REFERENCE = SOURCE / "reference"
INSTALLED = sources.ROOT / "build" / "collections"
BIN = Path(sys.executable).parent
COLLECTION = "keyfactor.command"
# An entry of the list of guides in README.md.
GUIDE_LINK = r"^- \[[^]]*\]\(docs/([\w-]+)\.md\)"
# README.md links to these.
CONTRIBUTOR_PAGES = ("CONTRIBUTING", "TESTING", "CODE_OF_CONDUCT", "SECURITY")


def environment() -> dict[str, str]:
    """Return environment variables for ansible-doc and the built collection."""
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
    """Return the guides in the order of README.md. Sphinx warns about guides that it omits."""
    return re.findall(GUIDE_LINK, (sources.ROOT / "README.md").read_text(), re.M)


def lint() -> None:
    """Check the documentation of plugins and roles with all checks of antsibull-docs."""
    # Check the checkout: antsibull-docs only reads files in git, and build/ is ignored.
    strict = ["--plugin-docs", "--validate-collection-refs=all", "--check-extra-docs-refs"]
    unknown = ["--disallow-unknown-collection-refs"]
    run("antsibull-docs", "lint-collection-docs", *strict, *unknown, sources.ROOT)
    print("antsibull-docs found no problems")


def build() -> None:
    for folder in (SOURCE, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    pages = [f"{name}.md" for name in ("README", *CONTRIBUTOR_PAGES)]
    sources.copy(sources.files("docs", ":!docs/site", *pages), SOURCE)
    toctree = "\n".join([*(f"docs/{name}" for name in guides()), *CONTRIBUTOR_PAGES])
    with (SOURCE / "README.md").open("a") as front:
        front.write(f"\n```{{toctree}}\n:hidden:\n\n{toctree}\nReference <reference/index>\n```\n")
    REFERENCE.mkdir(mode=0o755)
    options = ["--use-current", "--fail-on-error", "--squash-hierarchy"]
    options += ["--no-add-antsibull-docs-version"]
    run("antsibull-docs", "collection", *options, "--dest-dir", REFERENCE, COLLECTION)
    # Nothing links to this page, and it lists only the variables of inventory plugins.
    (REFERENCE / "environment_variables.rst").unlink()
    config = sources.ROOT / "docs" / "site"
    run("sphinx-build", "-W", "--keep-going", "-q", "-c", config, SOURCE, SITE)
    # The page that web servers show for the directory.
    shutil.copy(SITE / "README.html", SITE / "index.html")
    broken = links.broken(SITE)
    if broken:
        sys.exit("Broken links:\n" + "\n".join(broken))
    print(f"The site is in {(SITE / 'index.html').relative_to(sources.ROOT)}")


if __name__ == "__main__":
    os.umask(0o022)  # antsibull-docs refuses directories that others can write to
    (lint if "--lint" in sys.argv else build)()
