"""Every page is valid HTML, and every badge valid SVG, by the Nu Html Checker."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, missing

VERSION = "26.9.27"
FOLDER = ROOT / ".cache/npm"


@pytest.fixture(scope="module")
def checker() -> list[str]:
    """The command of the checker, which is installed on first use."""
    java, npm = shutil.which("java"), shutil.which("npm")
    if java is None:
        missing("Java")
    jar = FOLDER / "node_modules/vnu-jar/build/dist/vnu.jar"
    if not jar.exists():
        if npm is None:
            missing("npm")
        install = [npm, "install", "--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund"]
        FOLDER.mkdir(parents=True, exist_ok=True)
        if subprocess.run([*install, f"vnu-jar@{VERSION}"], check=False, timeout=300, capture_output=True).returncode:
            missing("the HTML checker vnu-jar")
    return [java, "-jar", str(jar)]


def test_every_page_is_valid_html(checker: list[str], site_folder: Path) -> None:
    ran = subprocess.run(
        [*checker, "--format", "json", "--stdout", "--skip-non-html", "--also-check-svg", str(site_folder)],
        check=False,
        timeout=400,
        capture_output=True,
        text=True,
    )
    messages = json.loads(ran.stdout)["messages"]
    # The checker holds no file to be of the origin of another, so 'self' allows nothing; browsers are asked elsewhere.
    wrong = (one for one in messages if "blocked by “img-src” directive" not in one["message"])
    told = [f"{one.get('url')}:{one.get('lastLine')}: {one['type']}: {one['message']}" for one in wrong]
    assert told == []
