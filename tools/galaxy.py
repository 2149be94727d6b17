# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Import the artifact as Galaxy and Automation Hub do, and fail on any warning or error."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tools import sources

BUILD = sources.ROOT / "build"
PROBLEM = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b", re.M)


def main() -> None:
    (artifact,) = BUILD.glob("keyfactor-command-*.tar.gz")
    environ = {name: text for name, text in os.environ.items() if not name.startswith("ANSIBLE_")}
    home = BUILD / "home"
    home.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    process = subprocess.run(
        [sys.executable, "-m", "galaxy_importer.main", str(artifact)],
        cwd=BUILD,
        env={**environ, "HOME": str(home), "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if process.returncode or PROBLEM.search(process.stdout):
        sys.exit(process.stdout)
    if "Importer processing completed successfully" not in process.stdout:
        sys.exit(f"galaxy-importer did not finish:\n{process.stdout}")
    print(f"galaxy-importer found no problems in {artifact.name}")


if __name__ == "__main__":
    main()
