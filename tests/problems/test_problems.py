"""Every mistake in a project's files is told with its place, what is wrong, and what to do; one case for each message.

A case is a folder: its files lie over those of `base/` (without the ones that `without.txt` names), and `expected.txt`
is all that is said of the project. `pytest tests/problems --update-golden` writes those files; their diff is reviewed.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from statusgen.config import load, report
from statusgen.errors import Problem, ProjectError
from statusgen.probes import KINDS

HERE = Path(__file__).parent
CASES = sorted(
    folder.name for folder in HERE.iterdir() if folder.is_dir() and folder.name not in {"base", "__pycache__"}
)
PLANTED = ("hunter2", "wJalrXUtnFEMIK7MDENGbPxRfiCY", "AKIAIOSFODNN7EXAMPLE")


def project_of(case: str, folder: Path) -> Path:
    """Return a case's project, laid out in a folder of its own."""
    shutil.copytree(HERE / "base", folder, dirs_exist_ok=True)
    shutil.copytree(HERE / case, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.txt"))
    without = HERE / case / "without.txt"
    for name in without.read_text().split() if without.exists() else ():
        (folder / name).unlink()
    return folder


def problems_of(case: str, folder: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a case's project."""
    with pytest.raises(ProjectError) as caught:
        load(project_of(case, folder), kinds=KINDS)
    return caught.value.problems


def test_the_base_of_every_case_is_right(tmp_path: Path) -> None:
    shutil.copytree(HERE / "base", tmp_path, dirs_exist_ok=True)
    assert [component.id for component in load(tmp_path, kinds=KINDS).components] == ["web", "database", "streaming"]


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_told_in_these_words(case: str, tmp_path: Path, update_golden: bool) -> None:
    text = report.as_text(problems_of(case, tmp_path)) + "\n"
    expected = HERE / case / "expected.txt"
    if update_golden:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_a_message_follows_the_house_style(case: str, tmp_path: Path) -> None:
    for problem in problems_of(case, tmp_path):
        assert not problem.message.endswith((".", "!"))
        assert problem.message[0].islower() or problem.message[0] in "'\""
        assert not any(secret in str(problem) for secret in PLANTED)
        assert str(tmp_path) not in str(problem)


def test_programs_read_problems_as_json(tmp_path: Path) -> None:
    assert json.loads(report.as_json(problems_of("settings-unknown-key-misspelt", tmp_path))) == {
        "problems": [
            {
                "file": "statusgen.yaml",
                "line": 3,
                "column": 1,
                "level": "error",
                "key": "intervall",
                "message": "unknown key",
                "hint": "did you mean 'interval'?",
            }
        ]
    }


def test_github_annotates_the_line(tmp_path: Path) -> None:
    assert report.as_github(problems_of("settings-unknown-key-misspelt", tmp_path)) == (
        "::error file=statusgen.yaml,line=3,col=1,title=intervall::unknown key%0Ahint: did you mean 'interval'?"
    )


def test_github_annotates_a_file_as_a_whole(tmp_path: Path) -> None:
    assert report.as_github(problems_of("settings-misnamed", tmp_path)) == (
        "::error file=statusgen.yaml::the file is missing%0Ahint: rename 'statusgen.yml'"
    )
