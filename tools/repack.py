# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make an artifact of ansible-galaxy the same, byte for byte, wherever and whenever it is built.

ansible-galaxy packs files in the order in which the disk lists them, with the times, the modes and
the owner that they happen to have.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

LISTING, MANIFEST = "FILES.json", "MANIFEST.json"


def normalise(artifact: Path, epoch: int) -> None:
    """Rewrite the artifact in place, with this time (in seconds since 1970) on everything in it."""
    with tarfile.open(artifact) as archive:
        members = {each.name: each for each in archive.getmembers()}
        # A link to a file has no content of its own.
        plain = {name: each for name, each in members.items() if each.isreg()}
        content = {
            n: file.read() for n, each in plain.items() if (file := archive.extractfile(each))
        }
    _order_listing(content)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        # The manifest comes first, as ansible-galaxy writes it, so that it is found soon.
        for name in sorted(members, key=lambda name: (name not in (MANIFEST, LISTING), name)):
            archive.addfile(*_entry(members[name], content.get(name), epoch))
    with artifact.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=epoch) as compressed:
        compressed.write(packed.getvalue())


def _order_listing(content: dict[str, bytes]) -> None:
    """Order the list of files, and give the manifest its new checksum."""
    listing = json.loads(content[LISTING])
    listing["files"].sort(key=lambda each: each["name"])
    content[LISTING] = _json(listing)
    manifest = json.loads(content[MANIFEST])
    digest = hashlib.sha256(content[LISTING]).hexdigest()
    manifest["file_manifest_file"]["chksum_sha256"] = digest
    content[MANIFEST] = _json(manifest)


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode() + b"\n"


def _entry(
    was: tarfile.TarInfo, content: bytes | None, epoch: int
) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
    entry = tarfile.TarInfo(was.name)
    entry.type, entry.linkname, entry.mtime = was.type, was.linkname, epoch
    entry.mode = 0o755 if was.isdir() or was.mode & 0o100 else 0o644
    if content is None:
        return entry, None
    entry.size = len(content)
    return entry, io.BytesIO(content)
