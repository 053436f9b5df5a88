"""The whole project: secrets are named with their places, and a long history loads quickly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from statusgen import crew
from statusgen.config import load, unset_secrets
from statusgen.config.report import as_github, as_json, as_text
from statusgen.crew import Hands
from statusgen.errors import Place, Problem, ProjectError
from statusgen.model.project import Project, SecretUse
from statusgen.probes import KINDS
from tests.work import calls

Reader = Callable[[Mapping[str, str]], Project]

WITH_SECRETS = {
    "statusgen.yaml": """site: {name: Hachyderm}
target:
  url: s3://bucket
  access_key_env: KEY
  secret_key_env: SECRET
locations:
  - id: oslo
    controls: [{http: https://example.org/, headers_env: {X-Auth: TOKEN}}]
""",
    "checks/a.yaml": """group: A
components:
  - id: a
    name: A
    checks:
      - http: https://example.org/
        headers_env: {X-Auth: TOKEN}
""",
}
UNTIL_THEN = "\n    hint: set it where statusgen runs; until then what needs it is unknown"


def test_every_name_of_a_secret_is_known_with_its_place(read: Reader) -> None:
    assert read(WITH_SECRETS).secrets == (
        SecretUse(name="TOKEN", at=Place("checks/a.yaml", 7, 31)),
        SecretUse(name="KEY", at=Place("statusgen.yaml", 4, 19)),
        SecretUse(name="SECRET", at=Place("statusgen.yaml", 5, 19)),
        SecretUse(name="TOKEN", at=Place("statusgen.yaml", 8, 67)),
    )


def test_a_variable_that_is_unset_or_empty_is_warned_of_once(read: Reader) -> None:
    warnings = unset_secrets(read(WITH_SECRETS), {"KEY": "a", "SECRET": ""})
    assert [str(warning) for warning in warnings] == [
        f"checks/a.yaml:7:31: warning: the environment variable 'TOKEN' is not set{UNTIL_THEN}",
        f"statusgen.yaml:5:19: warning: the environment variable 'SECRET' is not set{UNTIL_THEN}",
    ]


def test_nothing_is_warned_of_when_all_are_set(read: Reader) -> None:
    assert unset_secrets(read(WITH_SECRETS), {"KEY": "a", "SECRET": "b", "TOKEN": "c"}) == ()


def test_several_hands_find_what_one_finds(tmp_path: Path, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "WORTH", 1)
    front = "title: A\nstarted: 2022-12-01T10:00Z\nimpact: minor\n"
    files = {
        "content/incidents/a.md": f"---\n{front}aliases: [b]\n---\nText.\n",
        "content/incidents/b.md": f"---\n{front}---\n## soon\n",
        "content/incidents/c.md": f"---\n{front}affects: [nothing]\n---\n```\n",
        "content/maintenance/d.md": "---\ntitle: D\nrepeats: {every: never}\n---\n",
        "content/posts/e.md": "Nothing in front.\n",
    }
    with pytest.raises(ProjectError) as alone:
        read(files)
    with pytest.raises(ProjectError) as together:
        load(tmp_path, kinds=KINDS, crew=Hands(2))
    assert together.value.problems == alone.value.problems
    assert len(alone.value.problems) > len(files)


def test_folders_that_are_links_or_shut_are_not_entered(tmp_path: Path, read: Reader) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.md").write_text("nothing of ours", encoding="utf-8")
    (tmp_path / "content/posts").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert read({}).announcements == ()


def test_twice_the_announcements_are_about_twice_the_work(read: Reader) -> None:
    text = "---\ntitle: Slow\nimpact: minor\naffects: [web]\n---\nSlow.\n\n## 2022-12-01T10:00Z identified\nWe know.\n"

    def loading(number: int) -> int:
        read({f"content/incidents/{index:03}.md": text for index in range(number)})
        return calls(lambda: read({}))

    loading(1)
    assert loading(40) < 2.2 * loading(20)


PROBLEMS = (
    Problem(Place("a,b:c%.yaml", 3, 5), "check.timeout", "100 % wrong,\r\nreally: yes", "write '5s'"),
    Problem(Place("a.yaml"), "", "is odd", warning=True),
)


def test_github_gets_its_escapes() -> None:
    assert as_github(PROBLEMS).split("\n") == [
        (
            "::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,title=check.timeout"
            "::100 %25 wrong,%0D%0Areally: yes%0Ahint: write '5s'"
        ),
        "::warning file=a.yaml::is odd",
    ]


def test_programs_get_an_object() -> None:
    assert '"level": "warning"' in as_json(PROBLEMS)
    assert as_json(()) == '{\n  "problems": []\n}'


def test_people_get_lines() -> None:
    assert as_text(PROBLEMS[1:]) == "a.yaml: warning: is odd"
    assert not as_text(())
