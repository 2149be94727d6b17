# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that artifacts are reproducible on every file system and at any time."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

from tools import repack

FILES = {"README.md": (b"# x\n", 0o644), "plugins/x.py": (b"x = 1\n", 0o600)}
EPOCH = 1_700_000_000


def build_artifact(path: Path, order: Sequence[str], time: int, mode: int) -> Path:
    """Pack as ansible-galaxy does, in the order of the file system and with its times and modes."""
    listing = json.dumps({"files": [{"name": name, "ftype": "file"} for name in order]})
    manifest = {"file_manifest_file": {"chksum_sha256": "of the original order"}}
    content = {"MANIFEST.json": json.dumps(manifest).encode(), "FILES.json": listing.encode()}
    content |= {name: FILES[name][0] for name in order}
    with tarfile.open(path, "w:gz") as archive:
        folder = tarfile.TarInfo("plugins")
        folder.type, folder.mtime, folder.mode = tarfile.DIRTYPE, time, 0o700
        link = tarfile.TarInfo("link")
        link.type, link.linkname, link.mtime = tarfile.SYMTYPE, "README.md", time
        for entry in (folder, link):
            archive.addfile(entry)
        for name, data in content.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode, entry.uid = len(data), time, mode, time % 1000
            archive.addfile(entry, io.BytesIO(data))
    repack.normalize(path, EPOCH)
    return path


def test_artifacts_are_identical(tmp_path: Path) -> None:
    one = build_artifact(tmp_path / "one.tar.gz", list(FILES), 1, 0o600)
    other = build_artifact(tmp_path / "other.tar.gz", list(reversed(FILES)), 2_000_000_001, 0o664)
    assert one.read_bytes() == other.read_bytes()


def test_artifact_is_complete(tmp_path: Path) -> None:
    with tarfile.open(build_artifact(tmp_path / "one.tar.gz", list(FILES), 1, 0o600)) as archive:
        names = archive.getnames()
        assert names[:2] == ["FILES.json", "MANIFEST.json"]
        assert set(names) == {*FILES, "MANIFEST.json", "FILES.json", "plugins", "link"}
        content = {name: archive.extractfile(name) for name in (*FILES, "FILES.json")}
        files = {name: file.read() for name, file in content.items() if file}
        manifest = json.load(archive.extractfile("MANIFEST.json") or io.BytesIO())
        assert {name: files[name] for name in FILES} == {
            name: data for name, (data, _mode) in FILES.items()
        }
        digest = hashlib.sha256(files["FILES.json"]).hexdigest()
        assert manifest["file_manifest_file"]["chksum_sha256"] == digest
        assert archive.getmember("link").linkname == "README.md"
        assert {member.mtime for member in archive.getmembers()} == {EPOCH}
        assert {member.uid for member in archive.getmembers()} == {0}
