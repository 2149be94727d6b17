# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the artifact of ansible-galaxy reproducible.

ansible-galaxy packs files in the order of the file system, with their times, modes and owners.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

FILES, MANIFEST = "FILES.json", "MANIFEST.json"


def normalize(artifact: Path, epoch: int) -> None:
    """Rewrite the artifact in place with this timestamp, in seconds since 1970, on all entries."""
    with tarfile.open(artifact) as archive:
        members = {member.name: member for member in archive.getmembers()}
        # Links have no content.
        content = {
            name: file.read()
            for name, member in members.items()
            if member.isreg() and (file := archive.extractfile(member))
        }
    _order_listing(content)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        # The manifest comes first, as in ansible-galaxy's order, so that readers find it early.
        for name in sorted(members, key=lambda name: (name not in (MANIFEST, FILES), name)):
            archive.addfile(*_entry(members[name], content.get(name), epoch))
    with artifact.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=epoch) as compressed:
        compressed.write(packed.getvalue())


def _order_listing(content: dict[str, bytes]) -> None:
    """Sort the list of files and update its checksum in the manifest."""
    listing = json.loads(content[FILES])
    listing["files"].sort(key=lambda file: file["name"])
    content[FILES] = _json(listing)
    manifest = json.loads(content[MANIFEST])
    digest = hashlib.sha256(content[FILES]).hexdigest()
    manifest["file_manifest_file"]["chksum_sha256"] = digest
    content[MANIFEST] = _json(manifest)


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode() + b"\n"


def _entry(
    original: tarfile.TarInfo, content: bytes | None, epoch: int
) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
    entry = tarfile.TarInfo(original.name)
    entry.type, entry.linkname, entry.mtime = original.type, original.linkname, epoch
    entry.mode = 0o755 if original.isdir() or original.mode & 0o100 else 0o644
    if content is None:
        return entry, None
    entry.size = len(content)
    return entry, io.BytesIO(content)
