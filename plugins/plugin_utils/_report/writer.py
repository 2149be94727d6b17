# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report's files: written beside their places first, then all put there."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from errno import EISDIR
from functools import partial
from pathlib import Path
from typing import Any

from . import html as report_html
from . import junit as report_junit
from . import markdown as report_markdown

Render = Callable[[Mapping[str, Any]], str]


def _json(report: Mapping[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, tuple[str, Render]] = {
    "json": ("report.json", _json),
    "html": ("report.html", report_html.render),
    "junit": ("report.xml", report_junit.render),
    "markdown": ("report.md", report_markdown.render),
}
MODE = 0o644
# What is put to the name of a new file for that of the one that it replaces.
OLD = ".old"


class WriteError(Exception):
    """The report could not be written. The files that were there are as they were."""


def write_report(report: Mapping[str, Any], directory: Path, formats: Iterable[str]) -> list[str]:
    """Write the report in these formats, and return the paths of its files.

    :raises WriteError: saying which place cannot be written, and why.
    """
    wanted = [FORMATS[name] for name in FORMATS if name in set(formats)]
    texts = [(directory / name, render(report)) for name, render in wanted]
    waiting: list[tuple[str, Path]] = []
    undo: list[Callable[[], object]] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for target, text in texts:
            if target.is_dir():
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(target))
            waiting.append((_stage(target, text), target))
        for temporary, target in waiting:
            undo.append(_replace(temporary, target))
    except OSError as error:
        for back in undo:
            with suppress(OSError):
                back()
        raise WriteError(
            f"The report cannot be written to {directory}: {error.strerror or error}"
            f"{f' ({error.filename})' if error.filename else ''}. "
            f"Check verify_smtp_report_dir and the permissions of that directory."
        ) from error
    finally:
        for temporary, _target in waiting:
            for left in (temporary, temporary + OLD):
                with suppress(OSError):
                    os.unlink(left)
    return [str(target) for target, _text in texts]


def _stage(target: Path, text: str) -> str:
    """Write a text to a new file in the target's directory, and return its path."""
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, MODE)
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def _replace(temporary: str, target: Path) -> Callable[[], object]:
    """Put a file in its place, and return what undoes that."""
    there = target.exists()
    # A file system without links has no way back, and gets its report all the same.
    with suppress(OSError):
        os.link(target, temporary + OLD)
    os.replace(temporary, target)
    return partial(os.replace, temporary + OLD, target) if there else target.unlink
