# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execution environments: what ansible-builder reads and makes, and that no more is needed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.integration.support.ansible import COLLECTIONS, INSTALLED, ROOT

# Many processes, one after the other, take their time on a busy machine.
pytestmark = pytest.mark.timeout(400)

BINDEP_FILE = INSTALLED / "meta" / "ee-bindep.txt"
DEFINITIONS = INSTALLED / "extensions" / "awx" / "execution_environment"
BUILDER = Path(sys.executable).with_name("ansible-builder")
BINDEP = Path(sys.executable).with_name("bindep")
CORE = next(
    line
    for line in (ROOT / "tests" / "requirements.txt").read_text().splitlines()
    if line.startswith("ansible-core")
)


def run(*command: object, directory: Path, **environment: str) -> str:
    """Run a command that must end well, and return what it wrote."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=directory,
        env={**os.environ, "HOME": str(directory), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    """What the builder finds in the installed collection, as it gives it to pip."""
    path = tmp_path / "found.txt"
    run(BUILDER, "introspect", COLLECTIONS, f"--write-pip={path}", directory=tmp_path)
    return path


def test_the_builder_finds_the_python_requirements(requirements: Path) -> None:
    found = [line.partition("#")[0].strip() for line in requirements.read_text().splitlines()]
    assert [name for name in found if name] == ["requests", "jsonschema"]
    meta = yaml.safe_load((INSTALLED / "meta" / "execution-environment.yml").read_text())
    assert (INSTALLED / meta["dependencies"]["python"]).is_file()


def packages(*atoms: str) -> set[str]:
    """What bindep would install with exactly these platforms and profiles."""
    found = set()
    for line in BINDEP_FILE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, _separator, selectors = line.rstrip("]").partition(" [")
            if set(selectors.split()) <= set(atoms):
                found.add(name)
    return found


def test_the_builder_takes_system_packages_only_where_asked(tmp_path: Path) -> None:
    """Kerberos is optional: an image of the collection alone gets no compiler."""
    found = tmp_path / "bindep.txt"
    introspect = (BUILDER, "introspect", COLLECTIONS, f"--write-bindep={found}")
    run(*introspect, directory=tmp_path)
    assert not found.exists()
    run(*introspect, f"--user-bindep={BINDEP_FILE}", directory=tmp_path)
    kept = {line.split()[0] for line in found.read_text().splitlines() if line}
    assert {"gcc", "krb5-devel", "libkrb5-dev"} <= kept


def test_compilers_and_headers_are_for_the_build_stage_only(tmp_path: Path) -> None:
    for platform in ("platform:rpm", "platform:dpkg"):
        assert packages(platform)
        built = packages(platform, "compile") - packages(platform)
        assert "gcc" in built
        assert built == {
            name for name in packages(platform, "compile") if re.search(r"^gcc|-dev(el)?$", name)
        }


def test_bindep_understands_the_file(tmp_path: Path) -> None:
    """On this machine, whichever platform it is."""
    profiles = run(BINDEP, "--file", BINDEP_FILE, "--profiles", directory=tmp_path).split()
    platforms = [each for each in profiles if each.startswith("platform:")]
    for profile in ((), ("compile",)):
        listed = run(
            BINDEP, "--file", BINDEP_FILE, "--list_all", "newline", *profile, directory=tmp_path
        )
        assert set(listed.split()) == packages(*platforms, *profile)


def test_the_packages_of_debian_are_those_that_the_tests_install() -> None:
    tested = (ROOT / "tests" / "debian-packages.txt").read_text().splitlines()
    # A library that krb5-user depends on.
    assert packages("platform:dpkg", "compile") - set(tested) == {"libgssapi-krb5-2"}


def test_the_headers_fit_the_python_of_the_image() -> None:
    definition = DEFINITIONS / "execution-environment-kerberos.yml"
    dependencies = yaml.safe_load(definition.read_text())["dependencies"]
    python = Path(dependencies["python_interpreter"]["python_path"]).name
    assert f"{python}-devel" in packages("platform:rpm", "compile")


@pytest.mark.parametrize("name", sorted(path.stem for path in DEFINITIONS.glob("*.yml")))
def test_the_builder_takes_the_definition(name: str, tmp_path: Path) -> None:
    """And what it prepares installs the collection, from where the image has it."""
    shutil.copy(DEFINITIONS / f"{name}.yml", tmp_path / "execution-environment.yml")
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    shutil.copy(artifact, tmp_path)
    (tmp_path / "example-ca.pem").touch()
    shutil.copy(BINDEP_FILE, tmp_path)
    run(BUILDER, "create", directory=tmp_path)
    build = tmp_path / "context" / "_build"
    assert (build / "files" / artifact.name).is_file()
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    install = (galaxy, "collection", "install", "-r", "requirements.yml", "--offline")
    run(*install, "--collections-path", tmp_path / "installed", directory=build)
    kerberos = name.endswith("kerberos")
    assert (build / "requirements.txt").is_file() is kerberos
    assert (build / "bindep.txt").is_file() is kerberos
    if kerberos:
        assert "requests-gssapi" in (build / "requirements.txt").read_text()
        assert (build / "bindep.txt").read_bytes() == BINDEP_FILE.read_bytes()


def test_the_demo_needs_no_more(requirements: Path, tmp_path: Path) -> None:
    """In a virtual environment of ansible-core and these files, and nothing else."""
    base = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    run(base, "-m", "venv", tmp_path / "venv", directory=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    # With the pip of whoever runs the tests, its index and its cache.
    home = {"HOME": os.environ["HOME"]}
    run(*pip, "install", "--quiet", CORE, "-r", requirements, directory=tmp_path, **home)
    output = run(
        sys.executable,
        "-m",
        "demo",
        tmp_path / "demo",
        python,
        directory=ROOT,
        HOME=str(tmp_path),
    )
    assert "4 environments: 2 compliant, 1 drifted, 1 indeterminate" in output
