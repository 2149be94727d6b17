# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Import the artifact as Galaxy and Automation Hub do. What they would complain of is a failure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tools import sources

BUILD = sources.ROOT / "build"
COMPLAINT = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b", re.M)


def main() -> None:
    (artifact,) = BUILD.glob("keyfactor-command-*.tar.gz")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("ANSIBLE_")}
    home = BUILD / "home"
    home.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "galaxy_importer.main", str(artifact)],
        cwd=BUILD,
        env={**kept, "HOME": str(home), "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode or COMPLAINT.search(done.stdout):
        sys.exit(done.stdout)
    if "Importer processing completed successfully" not in done.stdout:
        sys.exit(f"galaxy-importer did not come to its end:\n{done.stdout}")
    print(f"galaxy-importer has nothing to say about {artifact.name}")


if __name__ == "__main__":
    main()
