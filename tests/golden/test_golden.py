"""Whole sites, byte for byte: what a case's files must become, and that nothing else has a say in it.

`pytest tests/golden --update-golden` rewrites what is expected; the difference is reviewed with the change.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.golden.sites import CASES, HERE, digest, kept, make


def expected(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by their path within it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("case", CASES)
def test_a_site_is_what_it_was(case: str, update_golden: bool) -> None:
    folder = HERE / case / "expected"
    made = kept(case, make(case))
    if update_golden:
        shutil.rmtree(folder, ignore_errors=True)
        for path, body in made.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(body)
    there = expected(folder)
    assert sorted(made) == sorted(there)
    for path, body in made.items():
        assert body.decode() == there[path].decode(), path


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    ],
)
def test_locale_time_zone_and_hash_seed_have_no_say(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tests.golden.sites"]
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True, text=True, timeout=120
    )
    assert ran.stdout.splitlines() == [f"{case} {digest(case)}" for case in CASES]
