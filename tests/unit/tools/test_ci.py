# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of .ci/run: its commands, their order and its exit status."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# A fake make that prints its arguments and exits with the given status.
MAKE = """\
#!/bin/sh
echo "make $*, CI=$CI, input: $(cat)"
case $1 in
    matrix) exit {matrix} ;;
    test) exit {test} ;;
esac
"""


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.mark.parametrize(("matrix", "test", "status"), [(0, 0, 0), (2, 0, 2), (0, 2, 2), (2, 2, 2)])
def test_runs_both_and_fails_if_either_fails(
    tmp_path: Path, matrix: int, test: int, status: int
) -> None:
    run = tmp_path / ".ci" / "run"
    run.parent.mkdir()
    shutil.copy(ROOT / ".ci" / "run", run)
    write_program(tmp_path / "bin" / "make", MAKE.format(matrix=matrix, test=test))
    # The tests run even if packages cannot be installed.
    write_program(tmp_path / "tools/install_debian_packages", "#!/bin/sh\nexit 1\n")
    process = subprocess.run(
        [run],
        input="typed",
        env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == status, process.stderr
    assert process.stdout.splitlines() == [
        "make matrix ARGS=--ends --brief, CI=true, input: ",
        "make test, CI=true, input: ",
    ]
