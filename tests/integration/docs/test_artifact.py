# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contents of the release artifact."""

from __future__ import annotations

import hashlib
import re
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.support.ansible import ROOT
from tests.integration.support.pages import Page
from tests.integration.support.shell import Shell

if TYPE_CHECKING:
    from tests.integration.support.ansible import Ansible

VERIFY = Page(ROOT / "docs" / "support.md").files["verify.sh"]

REQUIRED = (
    "COPYING",
    "README.md",
    "SECURITY.md",
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
    "extensions/eda/plugins/event_source/smtp_drift.py",
    "extensions/eda/rulebooks/smtp_drift.yml",
    "extensions/patterns/verify_smtp/meta/pattern.json",
    "meta/ee-bindep.txt",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "playbooks/apply_smtp.yml",
    "playbooks/record_smtp.yml",
    "playbooks/verify_smtp.yml",
    "plugins/inventory/environments.py",
    "plugins/module_utils/_api/smtp.py",
    "plugins/modules/keyfactor_smtp.py",
    "plugins/modules/keyfactor_smtp_info.py",
    "plugins/plugin_utils/_expected/policy.schema.json",
    "requirements.txt",
    "roles/verify_smtp/meta/argument_specs.yml",
    "roles/verify_smtp/README.md",
)
FOLDERS = {"LICENSES", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles"}
DOCS = {".md", ".svg", ".json"}
FILES = {
    "CHANGELOG.rst",
    "COPYING",
    "FILES.json",
    "MANIFEST.json",
    "README.md",
    "SECURITY.md",
    "requirements.txt",
}
# In bytes. Half of the artifact is documentation.
MAX_SIZE = 260_000


def test_artifact_has_required_files_and_no_others() -> None:
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    with tarfile.open(artifact) as archive:
        names = [member.name for member in archive.getmembers() if member.isfile()]
    assert [name for name in REQUIRED if name not in names] == []
    assert [name for name in names if name.split("/")[0] not in FOLDERS and name not in FILES] == []
    # docs/ has all guides, pictures, and schemas, and no other files.
    guides = {str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")}
    assert guides <= set(names)
    docs = [name for name in names if name.startswith("docs/")]
    assert [name for name in docs if Path(name).suffix not in DOCS] == []
    assert [name for name in names if re.search(r"(^|/)\.|__pycache__|\.pyc$", name)] == []
    assert artifact.stat().st_size < MAX_SIZE


def test_checksum_of_the_artifact() -> None:
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    digest = hashlib.sha256(artifact.read_bytes()).hexdigest()
    assert Path(f"{artifact}.sha256").read_text() == f"{digest}  {artifact.name}\n"


@pytest.mark.parametrize("damaged", [False, True], ids=["complete", "damaged"])
def test_verify_a_release(ansible: Ansible, damaged: bool) -> None:
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    shutil.copy(f"{artifact}.sha256", ansible.directory)
    content = artifact.read_bytes()
    (ansible.directory / artifact.name).write_bytes(content[:-1] if damaged else content)
    shell = Shell(ansible)
    shell.add_stub("gh")
    process = shell.run(VERIFY)
    assert (process.returncode != 0) is damaged, process.stdout
    verify = f"gh attestation verify {artifact.name} --repo example/keyfactor.command"
    assert shell.calls() == ([] if damaged else [verify])
