"""What others import and install: every module loads by itself, is typed, and the version is said once."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

import statusgen
from tests.conftest import ROOT

MODULES = sorted(
    info.name for info in pkgutil.walk_packages(statusgen.__path__, "statusgen.") if info.name != "statusgen.__main__"
)
HEAVY = (
    "boto3",
    "botocore",
    "cryptography",
    "feedgen",
    "httpcore",
    "httpx",
    "lxml",
    "psycopg",
    "pydantic",
    "redis",
    "rich.progress",
)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_imports_and_says_what_belongs_in_it(name: str) -> None:
    module = importlib.import_module(name)
    empty = module.__file__ is not None and not Path(module.__file__).read_text(encoding="utf-8").strip()
    assert empty or (module.__doc__ or "").strip()


def test_the_package_is_marked_as_typed() -> None:
    assert (ROOT / "statusgen" / "py.typed").is_file()


def test_the_version_is_the_same_in_the_package_in_pyproject_and_in_the_installed_metadata() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert statusgen.__version__ == declared == version("statusgen")


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## {statusgen.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_asking_for_help_loads_no_heavy_library() -> None:
    """Drivers and clients are imported where they are used, so that the command line starts at once."""
    program = "import sys, statusgen.cli; print(*sorted(sys.modules))"
    clean = {"PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=clean)
    assert set(done.stdout.split()) & set(HEAVY) == set()


def stable() -> Iterator[tuple[str, str]]:
    """Yield the module and the name of everything that the guide promises to packages of others."""
    text = (ROOT / "docs/how-to/add-a-kind-of-check.md").read_text(encoding="utf-8")
    for module, names in re.findall(r"^\| `(statusgen\.[\w.]+)` \| (.+) \|$", text, re.MULTILINE):
        for name in re.findall(r"`(\w+)`", names):
            yield module, name


def test_what_packages_of_others_may_build_on_is_there() -> None:
    promised = set(stable())
    assert {name for _, name in promised} >= {"ProbeKind", "CheckDocument", "Finding", "Outcome", "Secrets", "wrong"}
    assert [(module, name) for module, name in promised if not hasattr(importlib.import_module(module), name)] == []


def test_the_example_package_builds_on_nothing_else() -> None:
    text = (ROOT / "tests/examples/statusgen-banner/statusgen_banner.py").read_text(encoding="utf-8")
    used = {
        (module, name)
        for module, names in re.findall(r"^from (statusgen[\w.]*) import (.+)$", text, re.MULTILINE)
        for name in names.split(", ")
    }
    assert used
    assert used <= set(stable())
