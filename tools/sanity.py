# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ansible-test sanity on a copy of the project's files.

ansible-test requires a path with ansible_collections/ and scans virtual
environments inside, hence the copy. build/home/ keeps its own virtual
environments between runs.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

from tools import sources

HOME = sources.ROOT / "build" / "home"

# ansible-test downloads get-pip.py, which fails on restricted networks. It prefers a
# cached copy, so this replacement goes to the cache: it installs the pip that comes
# with Python. One file each for ansible-core 2.16 and 2.17, 2.18 and 2.19, and 2.20
# and later.
GET_PIP_NAMES = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")
GET_PIP = """\
import subprocess
import sys

command = [sys.executable, "-m", "ensurepip", "--default-pip"]
subprocess.check_call(command, stdout=subprocess.DEVNULL)
"""


def prepare_home() -> None:
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in GET_PIP_NAMES:
        (cache / name).write_text(GET_PIP)


def prepare_pip() -> None:
    """Copy pip's settings, such as a mirror, because ansible-test gets another HOME."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    settings = {"disable-pip-version-check": "1", "quiet": "1"}
    proxy = os.environ.get("https_proxy") or os.environ.get("HTTPS_PROXY")
    if proxy:
        settings["proxy"] = proxy
    # Lines like global.index-url='https://...'. Environment variables take precedence.
    for line in sorted(output.splitlines(), key=lambda line: line.startswith(":env:")):
        name, value = line.split("=", 1)
        settings[name.rpartition(".")[2]] = " ".join(ast.literal_eval(value).split())
    text = "[global]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())

    target = HOME / ".config" / "pip" / "pip.conf"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)  # the URL of a mirror may contain a password
    target.write_text(text)


def main() -> int:
    prepare_home()
    prepare_pip()
    copy = sources.ROOT / "build" / "sanity" / sources.COLLECTION
    sources.copy(sources.files(), copy)
    # ansible-test lists the files with git. Without this repository, git would use the
    # checkout's, which ignores build/.
    subprocess.run(["git", "init", "--quiet", str(copy)], check=True)

    # Only the virtual environment, the directory of its interpreter and the system's
    # directories: the wrappers of version managers break the compile test.
    path = [
        str(Path(sys.executable).parent),
        str(Path(sys.base_prefix) / "bin"),
        "/usr/local/bin",
        "/usr/bin",
        "/bin",
    ]
    environment = {
        "HOME": str(HOME),
        "LC_ALL": "C.UTF-8",
        "PATH": os.pathsep.join(path),
    }
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    ansible_test = str(Path(sys.executable).with_name("ansible-test"))
    command = [
        ansible_test,
        "sanity",
        "--local",
        "--python",
        python,
        "--color",
        "no",
        *sys.argv[1:],
    ]
    return subprocess.run(command, cwd=copy, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
