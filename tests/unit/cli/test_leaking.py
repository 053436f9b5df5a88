"""Whoever pastes what must stay in is told where it stands, by every command, and never what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.root import cli

CHECKS = """\
group: Web
components: [{id: web, name: Web, checks: [{tcp: 'db.internal:1', connect_to: 127.0.0.1, timeout: 1s}]}]
"""
POST = """\
---
title: How to
published: 2022-11-01T00:00Z
---
It is at db.internal, behind 10.0.0.5.

The word is planted-word-of-ours.
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUR_TOKEN", "planted-word-of-ours")
    (tmp_path / "checks").mkdir()
    (tmp_path / "content/posts").mkdir(parents=True)
    (tmp_path / "statusgen.yaml").write_text("site: {name: Example}\nconfirm_after: 1ms\n")
    (tmp_path / "checks/web.yaml").write_text(CHECKS)
    (tmp_path / "content/posts/how-to.md").write_text(POST)
    return tmp_path


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--project", str(root)])


@pytest.mark.parametrize("command", ["publish", "build"])
def test_the_rest_is_published_and_file_rule_and_line_are_told(root: Path, command: str) -> None:
    result = run(root, command)
    assert result.exit_code == 5
    assert (root / "public/index.html").is_file()
    assert not (root / "public/posts/how-to.html").exists()
    for line in (
        "    posts/how-to.html: holds a private address\n",
        "    posts/how-to.html: holds the name of an internal host\n",
        "    posts/how-to.html: holds the value of OUR_TOKEN\n",
        "    it stands in content/posts/how-to.md:5 (a private address)\n",
        "    it stands in content/posts/how-to.md:5 (the name of an internal host)\n",
        "    it stands in content/posts/how-to.md:7 (the value of OUR_TOKEN)\n",
    ):
        assert line in result.stderr
    assert "checks/web.yaml" not in result.stderr, "a host's place is in checks"
    assert not any(word in result.output for word in ("planted-word", "10.0.0.5", "db.internal"))


def test_validate_warns_before(root: Path) -> None:
    result = run(root, "validate", "--format", "json")
    assert result.exit_code == 0
    found = [(one["file"], one["line"], one["message"]) for one in json.loads(result.stdout)["problems"]]
    assert found == [
        ("content/posts/how-to.md", 5, "this holds a private address, and would not be published"),
        ("content/posts/how-to.md", 5, "this holds the name of an internal host, and would not be published"),
        ("content/posts/how-to.md", 7, "this holds the value of OUR_TOKEN, and would not be published"),
    ]


def test_a_secret_in_settings_is_found_there_and_what_is_allowed_is_not(root: Path) -> None:
    settings = "site: {name: Example}\nconfirm_after: 1ms\nleaks: {allow: [10.0.0.0/8, DB.internal]}\n"
    (root / "statusgen.yaml").write_text(settings)
    (root / "content/posts/how-to.md").write_text(POST.replace("planted-word-of-ours", "none"))
    (root / "content/posts/unreadable.md").symlink_to("nowhere")
    assert run(root, "build").exit_code == 0
    assert "db.internal, behind 10.0.0.5" in (root / "public/posts/how-to.html").read_text()
    (root / "statusgen.yaml").write_text(settings.replace("Example", "planted-word-of-ours"))
    result = run(root, "build")
    assert result.exit_code == 5
    assert "it stands in statusgen.yaml:1 (the value of OUR_TOKEN)" in result.stderr


def test_what_may_be_allowed_is_an_address_or_a_name(root: Path) -> None:
    (root / "statusgen.yaml").write_text("site: {name: Example}\nleaks: {allow: [not a host]}\n")
    result = run(root, "validate")
    assert result.exit_code == 3
    assert (
        "expected an address, a network such as '192.168.0.0/16' or the name of a host, got 'not a host'"
        in result.output
    )
