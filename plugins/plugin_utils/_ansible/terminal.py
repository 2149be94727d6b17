# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show tables on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible import constants

from .._report.table import Line

COLORS = {
    "compliant": constants.COLOR_OK,
    "drifted": constants.COLOR_ERROR,
    "indeterminate": constants.COLOR_WARN,
    "ok": constants.COLOR_OK,
    "changed": constants.COLOR_CHANGED,
    "failed": constants.COLOR_ERROR,
}


def show_lines(lines: Sequence[Line], display: Callable[..., None]) -> list[str]:
    """Show the lines, and return them as text.

    :param display: shows text in a C(color).
    """
    # Other text would break the output of these callback plugins.
    if not str(constants.DEFAULT_STDOUT_CALLBACK).endswith(("json", "jsonl")):
        for line in lines:
            display(line.text, color=COLORS.get(str(line.status)))
    return [line.text for line in lines]
