# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the report's files atomically: stage all of them, then rename."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import html, junit, markdown

FORMATS: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "json": ("report.json", lambda report: json.dumps(report, indent=2, ensure_ascii=False) + "\n"),
    "html": ("report.html", html.render),
    "junit": ("report.xml", junit.render),
    "markdown": ("report.md", markdown.render),
}
MODE = 0o644
STAGING = ".report."


class WriteError(Exception):
    """The report could not be written. Existing files are unchanged."""


def write_report(report: Mapping[str, Any], directory: Path, formats: Collection[str]) -> list[str]:
    """Write the report in these formats, and return the paths of its files.

    :raises WriteError: naming the path that cannot be written, and the reason.
    """
    texts = {name: render(report) for key, (name, render) in FORMATS.items() if key in formats}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack, ExitStack() as undo:
            stack.enter_context(_locked(directory))
            staging = stack.enter_context(TemporaryDirectory(prefix=STAGING, dir=directory))
            for name, text in texts.items():
                _stage(Path(staging, name), text)
            for name in texts:
                undo.callback(_replace(Path(staging, name), directory / name))
            undo.pop_all()
    except OSError as error:
        path = error.filename2 or error.filename
        raise WriteError(
            f"The report cannot be written to {directory}: {error.strerror or error}"
            f"{f' ({path})' if path else ''}. "
            f"Check verify_smtp_report_dir and the permissions of that directory."
        ) from error
    return [str(directory / name) for name in texts]


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Keep other writers out, and remove what a killed one has left."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        # A file system without locks gets its report too.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
            for left in directory.glob(f"{STAGING}*"):
                shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(handle)


def _stage(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(MODE)


def _replace(staged: Path, target: Path) -> Callable[[], None]:
    """Rename a staged file to its target, and return what undoes that."""
    existed = target.exists()
    backup = staged.with_name(f"{staged.name}.old")
    # A file system without hard links gets its report too, but cannot undo.
    with suppress(OSError):
        os.link(target, backup)
    os.replace(staged, target)

    def undo() -> None:
        with suppress(OSError):
            if existed:
                os.replace(backup, target)
            else:
                target.unlink()

    return undo
