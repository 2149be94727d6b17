# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the published artifact holds: what its users need, and nothing else."""

from __future__ import annotations

import re
import tarfile

from tests.integration.ansible import ROOT

NEEDED = (
    "COPYING",
    "README.md",
    "docs/awx.md",
    "docs/expectations.md",
    "docs/inventory.md",
    "docs/performance.md",
    "docs/report.schema.json",
    "extensions/awx/apply.yml",
    "extensions/awx/credential_types/profile_file.yml",
    "extensions/awx/project/inventory/environments.yml",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "playbooks/record_smtp.yml",
    "playbooks/verify_smtp.yml",
    "plugins/inventory/environments.py",
    "plugins/module_utils/smtp.py",
    "plugins/modules/keyfactor_smtp_info.py",
    "requirements.txt",
    "roles/verify_smtp/meta/argument_specs.yml",
)
FOLDERS = {"LICENSES", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles"}
FILES = {"CHANGELOG.rst", "COPYING", "FILES.json", "MANIFEST.json", "README.md", "requirements.txt"}
LARGEST = 150_000


def test_artifact_holds_what_its_users_need_and_nothing_else() -> None:
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    with tarfile.open(artifact) as archive:
        names = [each.name for each in archive.getmembers() if each.isfile()]
    assert [name for name in NEEDED if name not in names] == []
    strange = [n for n in names if n.split("/")[0] not in FOLDERS and n not in FILES]
    assert strange == []
    assert [name for name in names if re.search(r"(^|/)\.|__pycache__|\.pyc$", name)] == []
    assert artifact.stat().st_size < LARGEST
