# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the published artifact holds: what its users need, and nothing else."""

from __future__ import annotations

import hashlib
import re
import tarfile
from pathlib import Path

from tests.integration.support.ansible import ROOT

NEEDED = (
    "COPYING",
    "README.md",
    "docs/awx.md",
    "docs/expectations.md",
    "docs/expectations.schema.json",
    "docs/getting-started.md",
    "docs/inventory.md",
    "docs/performance.md",
    "docs/policy.schema.json",
    "docs/report.schema.json",
    "extensions/awx/apply.yml",
    "extensions/awx/credential_types/config_file.yml",
    "extensions/awx/project/inventory/environments.yml",
    "extensions/awx/tasks/credentials.yml",
    "meta/ee-bindep.txt",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "playbooks/record_smtp.yml",
    "playbooks/verify_smtp.yml",
    "plugins/inventory/environments.py",
    "plugins/module_utils/_api/smtp.py",
    "plugins/modules/keyfactor_smtp_info.py",
    "plugins/plugin_utils/_expected/policy.schema.json",
    "requirements.txt",
    "roles/verify_smtp/meta/argument_specs.yml",
    "roles/verify_smtp/README.md",
)
FOLDERS = {"LICENSES", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles"}
DOCS = {".md", ".svg", ".json"}
FILES = {"CHANGELOG.rst", "COPYING", "FILES.json", "MANIFEST.json", "README.md", "requirements.txt"}
# The bytes of the artifact: half of it is documentation.
LARGEST = 180_000


def test_artifact_holds_what_its_users_need_and_nothing_else() -> None:
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    with tarfile.open(artifact) as archive:
        names = [each.name for each in archive.getmembers() if each.isfile()]
    assert [name for name in NEEDED if name not in names] == []
    strange = [n for n in names if n.split("/")[0] not in FOLDERS and n not in FILES]
    assert strange == []
    # Every guide is there, with its pictures and schemas and nothing else.
    guides = {str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")}
    assert guides <= set(names)
    shown = [name for name in names if name.startswith("docs/")]
    assert [name for name in shown if Path(name).suffix not in DOCS] == []
    assert [name for name in names if re.search(r"(^|/)\.|__pycache__|\.pyc$", name)] == []
    assert artifact.stat().st_size < LARGEST


def test_checksum_of_the_artifact() -> None:
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    digest = hashlib.sha256(artifact.read_bytes()).hexdigest()
    assert Path(f"{artifact}.sha256").read_text() == f"{digest}  {artifact.name}\n"
