# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execution environments: requirements, definitions, and system packages."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from tests.integration.support.ansible import COLLECTIONS, INSTALLED, ROOT
from tests.integration.support.command import run_command

# Many processes run one after the other, which takes long on a busy machine.
pytestmark = pytest.mark.timeout(400)

BINDEP_FILE = INSTALLED / "meta" / "ee-bindep.txt"
DEFINITIONS = INSTALLED / "extensions" / "awx" / "execution_environment"
BUILDER = Path(sys.executable).with_name("ansible-builder")
BINDEP = Path(sys.executable).with_name("bindep")
CORE = next(
    line
    for line in (ROOT / "tests" / "requirements.in").read_text().splitlines()
    if line.startswith("ansible-core")
)


def run(*command: object, directory: Path, **environ: str) -> str:
    """Run a command that must succeed, and return its output."""
    environ = {**os.environ, "HOME": str(directory), **environ}
    return run_command(command, directory, environ)


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    """The requirements file that ansible-builder creates from the installed collection."""
    path = tmp_path / "requirements.txt"
    run(BUILDER, "introspect", COLLECTIONS, f"--write-pip={path}", directory=tmp_path)
    return path


def test_builder_finds_python_requirements(requirements: Path) -> None:
    lines = [line.partition("#")[0].strip() for line in requirements.read_text().splitlines()]
    assert [line for line in lines if line] == ["requests >= 2.25.1", "jsonschema >= 4.10.3"]
    meta = yaml.safe_load((INSTALLED / "meta" / "execution-environment.yml").read_text())
    assert (INSTALLED / meta["dependencies"]["python"]).is_file()


def packages(*atoms: str) -> set[str]:
    """Return the packages that bindep installs with these platforms and profiles."""
    names = set()
    for line in BINDEP_FILE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, _separator, selectors = line.rstrip("]").partition(" [")
            if set(selectors.split()) <= set(atoms):
                names.add(name)
    return names


def test_builder_installs_system_packages_only_on_request(tmp_path: Path) -> None:
    """Kerberos is optional. Without it, an image needs no compiler."""
    path = tmp_path / "bindep.txt"
    introspect = (BUILDER, "introspect", COLLECTIONS, f"--write-bindep={path}")
    run(*introspect, directory=tmp_path)
    assert not path.exists()
    run(*introspect, f"--user-bindep={BINDEP_FILE}", directory=tmp_path)
    names = {line.split()[0] for line in path.read_text().splitlines() if line}
    assert {"gcc", "krb5-devel", "libkrb5-dev"} <= names


def test_only_build_stage_installs_compilers_and_headers(tmp_path: Path) -> None:
    for platform in ("platform:rpm", "platform:dpkg"):
        assert packages(platform)
        build_only = packages(platform, "compile") - packages(platform)
        assert "gcc" in build_only
        assert build_only == {
            name for name in packages(platform, "compile") if re.search(r"^gcc|-dev(el)?$", name)
        }


def test_bindep_lists_packages_of_this_platform(tmp_path: Path) -> None:
    profiles = run(BINDEP, "--file", BINDEP_FILE, "--profiles", directory=tmp_path).split()
    platforms = [profile for profile in profiles if profile.startswith("platform:")]
    for profile in ((), ("compile",)):
        listed = run(
            BINDEP, "--file", BINDEP_FILE, "--list_all", "newline", *profile, directory=tmp_path
        )
        assert set(listed.split()) == packages(*platforms, *profile)


def test_tests_install_the_debian_packages() -> None:
    tested = (ROOT / "tests" / "debian-packages.txt").read_text().splitlines()
    # krb5-user depends on this library.
    assert packages("platform:dpkg", "compile") - set(tested) == {"libgssapi-krb5-2"}


def test_python_headers_match_interpreter_of_image() -> None:
    definition = DEFINITIONS / "execution-environment-kerberos.yml"
    dependencies = yaml.safe_load(definition.read_text())["dependencies"]
    python = Path(dependencies["python_interpreter"]["python_path"]).name
    assert f"{python}-devel" in packages("platform:rpm", "compile")


@pytest.mark.parametrize("name", sorted(path.stem for path in DEFINITIONS.glob("*.yml")))
def test_builder_creates_context_of_definition(name: str, tmp_path: Path) -> None:
    """The collection can be installed from the build context."""
    shutil.copy(DEFINITIONS / f"{name}.yml", tmp_path / "execution-environment.yml")
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    shutil.copy(artifact, tmp_path)
    (tmp_path / "example-ca.pem").touch()
    shutil.copy(BINDEP_FILE, tmp_path)
    run(BUILDER, "create", "--output-filename", "Containerfile", directory=tmp_path)
    # The build argument replaces the name of the base image.
    container = (tmp_path / "context" / "Containerfile").read_text()
    image = r'^ARG EE_BASE_IMAGE="registry\.example\.com/(\S+)"$'
    (base,) = re.findall(image, container, re.M)
    if name.startswith("automation-platform"):
        assert base.endswith(f"/ee-minimal-rhel9:{name.rpartition('-')[2]}")
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


def test_demo_runs_with_these_requirements(requirements: Path, tmp_path: Path) -> None:
    """In a virtual environment with only ansible-core and the Python requirements."""
    base = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    run(base, "-m", "venv", tmp_path / "venv", directory=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    # Use the pip configuration and cache of the user who runs the tests.
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
    assert "5 environments: 2 compliant, 2 drifted, 1 indeterminate" in output
