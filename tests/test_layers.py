"""The architecture is a test: the layers of `pyproject.toml` hold, and no module stands outside them."""

from __future__ import annotations

import ast
import tomllib
from typing import Any

from importlinter.application import use_cases
from importlinter.configuration import configure

from tests.conftest import ROOT

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
LAYERS, CORE = CONTRACTS


def test_every_import_goes_down_the_layers_and_the_core_imports_nothing_that_touches_the_world() -> None:
    configure()
    kept = use_cases.lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert kept is use_cases.SUCCESS, "a contract is broken: run `make check` to see which import"


def test_every_top_level_module_is_placed_in_exactly_one_layer() -> None:
    placed = [name.strip() for layer in LAYERS["layers"] for name in layer.split("|")]
    present = [
        path.stem
        for path in (ROOT / "statusgen").iterdir()
        if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists())
    ]
    assert sorted(placed) == sorted(set(present) - {"__init__", "__main__"})


def test_the_core_of_the_contract_is_the_core_that_must_be_covered_whole() -> None:
    """The ban on I/O and the 100 % branch coverage of `make test` speak of the same packages, `config` aside."""
    line = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("CORE "))
    covered = {word.removesuffix("/*").removesuffix(".py").removesuffix("*") for word in line.split(":=")[1].split()}
    pure = {name.removeprefix("statusgen.") for name in CORE["source_modules"]}
    assert covered - {"config"} == pure - {"ports"}


def test_the_core_takes_urls_apart_and_opens_none() -> None:
    """import-linter cannot tell `urllib.parse` from `urllib.request`; of the two, the core imports the former alone."""
    found = set()
    for name in CORE["source_modules"]:
        path = ROOT / name.replace(".", "/")
        for file in [*path.rglob("*.py"), *path.parent.glob(f"{path.name}.py")]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    found.add(node.module)
                elif isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
    assert {name for name in found if name and name.startswith(("urllib", "http."))} <= {"urllib.parse"}


def test_only_the_clock_module_asks_for_the_time() -> None:
    """`datetime.now`, `time.time` and their kin are called in `clock.py` and nowhere else in the package."""
    asking = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "gmtime", "localtime"}
    modules = {"datetime", "date", "time", "dt"}
    found = []
    for path in sorted((ROOT / "statusgen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
                    if owner in modules and name in asking:
                        found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
                case _:
                    pass
    elsewhere = [place for place in found if not place.startswith(("statusgen/clock.py:", "statusgen/demo/"))]
    assert elsewhere == []
