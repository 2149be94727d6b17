# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What continuous integration runs, in what order, and what it ends with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Instead of make: it says what it was asked for, and ends with what the test wants.
MAKE = """\
#!/bin/sh
echo "make $*, CI=$CI, input: $(cat)"
case $1 in
    matrix) exit {matrix} ;;
    test) exit {test} ;;
esac
"""


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.mark.parametrize(("matrix", "test", "status"), [(0, 0, 0), (2, 0, 2), (0, 2, 2), (2, 2, 2)])
def test_both_run_and_either_fails(tmp_path: Path, matrix: int, test: int, status: int) -> None:
    run = tmp_path / ".ci" / "run"
    run.parent.mkdir()
    shutil.copy(ROOT / ".ci" / "run", run)
    put(tmp_path / "bin" / "make", MAKE.format(matrix=matrix, test=test))
    # Packages that cannot be had are no reason to test nothing.
    put(tmp_path / "tools/install_debian_packages", "#!/bin/sh\nexit 1\n")
    done = subprocess.run(
        [run],
        input="typed",
        env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert done.stdout.splitlines() == [
        "make matrix ARGS=--ends --brief, CI=true, input: ",
        "make test, CI=true, input: ",
    ]
