"""What is handed out works where it lands: the wheel holds theme and types, starts, and is the same each time."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from tests.conftest import ROOT

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the working tree."""
    [built] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"])
    return Path(built)


@pytest.fixture(scope="module")
def inside(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the wheel and sees the libraries of this one, but not the working tree."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    [packages] = (folder / "lib").glob("python3*/site-packages")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder / "bin/python"]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, env=clean_environment())
    # A path file adds the folder alone: the path file of the editable install inside it is not followed.
    (packages / "libraries.pth").write_text(f"{Path(pytest.__file__).parent.parent}\n")
    return folder


def clean_environment() -> dict[str, str]:
    """Return an environment in which nothing points back to the working tree."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=clean_environment())


def imported_by_the_package() -> set[str]:
    """Return the distributions whose modules the package imports, the demonstration aside."""
    owners = packages_distributions()
    names: set[str] = set()
    for path in (ROOT / "statusgen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
    tops = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"statusgen"}
    return {re.sub(r"[-_.]+", "-", owner).lower() for top in tops for owner in owners.get(top, [f"nobody's {top}"])}


def test_every_library_that_is_imported_is_declared_and_every_one_declared_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]

    def named(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=;! ]", one)[0] for one in requirements}

    needed, optional = (
        named(project["dependencies"]),
        named([*extras["postgres"], *extras["redis"], *extras["websocket"], *extras["dns"], *extras["demo"]]),
    )
    imported = imported_by_the_package()
    come_along = {"botocore", "pydantic-core", "markupsafe"}  # parts of boto3, pydantic and jinja2 that those hand out
    for_types = {"mypy-boto3-s3"}  # only while types are checked
    assert imported - come_along - for_types <= needed | optional
    asked_for_by_others = {"sniffio", "tzdata"}  # by httpcore, and by zoneinfo where there are no zones
    assert needed - asked_for_by_others <= imported


def test_the_wheel_carries_every_file_of_the_default_theme(inside: set[str]) -> None:
    theme = {path.relative_to(ROOT) for path in (ROOT / "themes/default").rglob("*") if path.is_file()}
    assert theme
    assert {f"statusgen/{path.as_posix()}" for path in theme} <= inside


def test_the_wheel_is_marked_as_typed_and_carries_its_license(inside: set[str]) -> None:
    assert {"statusgen/py.typed", f"statusgen-{VERSION}.dist-info/licenses/LICENSE"} <= inside


def test_the_wheel_holds_the_package_and_nothing_beside_it(inside: set[str]) -> None:
    assert {name.split("/")[0] for name in inside} == {"statusgen", f"statusgen-{VERSION}.dist-info"}
    assert [name for name in inside if "__pycache__" in name or "tests" in name.split("/")] == []


def test_the_metadata_names_python_the_license_and_the_extras(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = Parser().parsestr(archive.read(f"statusgen-{VERSION}.dist-info/METADATA").decode())
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert set(metadata.get_all("Provides-Extra")) == {"postgres", "redis", "dns", "websocket", "all", "demo"}


def test_two_builds_are_the_same_byte_for_byte(wheel: Path, tmp_path: Path) -> None:
    [again] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    assert Path(again).read_bytes() == wheel.read_bytes()


def test_the_source_archive_can_be_tested_and_built_by_others(tmp_path: Path) -> None:
    [built] = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(built) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"pyproject.toml", "README.md", "LICENSE", "Makefile", "statusgen.yaml", "tests/conftest.py", "PKG-INFO"}
    assert needed <= names
    assert {name.split("/")[0] for name in names} >= {"statusgen", "themes", "checks", "content", "docs", "tests"}
    assert [name for name in names if name.startswith((".venv", "public", ".statusgen", ".cache"))] == []


def test_an_installed_wheel_answers_as_a_command_and_as_a_module(installed: Path, tmp_path: Path) -> None:
    command = run(installed / "bin/statusgen", "--help", cwd=tmp_path)
    module = run(installed / "bin/python", "-m", "statusgen", "--help", cwd=tmp_path)
    assert (command.returncode, module.returncode) == (0, 0), command.stderr + module.stderr
    assert command.stdout.startswith("Usage: ")
    assert command.stdout.partition("\n")[2] == module.stdout.partition("\n")[2]


def test_an_installed_wheel_builds_a_site_with_the_theme_it_carries(installed: Path, tmp_path: Path) -> None:
    """No working tree is in reach: package and theme both come from the wheel."""
    for name in ("statusgen.yaml", "checks", "content"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    where = run(installed / "bin/python", "-c", "import statusgen; print(statusgen.__file__)", cwd=tmp_path)
    assert where.stdout.startswith(str(installed))
    built = run(installed / "bin/statusgen", "build", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    assert "<title>" in (tmp_path / "public/index.html").read_text(encoding="utf-8")
