"""A publisher that is killed while it uploads leaves a site of a real server in which every link leads somewhere."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from statusgen.demo.services import SeaweedFS
from tests.crawler import broken
from tests.integration.operating import Operator

pytestmark = pytest.mark.services

MOMENTS = 8
STEP = 0.04
"""Seconds that it lives longer each time, once it has built the site."""


def test_wherever_a_publisher_is_killed_readers_find_no_broken_link(s3: SeaweedFS, tmp_path: Path) -> None:
    operator = Operator(tmp_path, s3, "public/killed")
    operator.write_project(tls=False)
    first = operator.run("publish")
    assert first.returncode == 0, first.stderr
    settings = (tmp_path / "statusgen.yaml").read_text(encoding="utf-8")

    def fetch(path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(s3.public_url(f"killed/site/{path}"), timeout=10) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            if error.code in {403, 404}:
                return None
            raise

    killed = 0
    for moment in range(MOMENTS):
        change(tmp_path, settings, moment)
        killed += kill_when_built(operator, moment * STEP)
        assert not broken(fetch, ["index.html", "about.html"], "https://status.example.org"), moment
    assert killed, "all of them were done before they could be killed"
    last = operator.run("publish", "--allow-deletes")
    assert last.returncode == 0, last.stderr
    after = json.loads(operator.run("publish", "--format", "json").stdout)
    assert {one["path"] for one in after["uploads"]} <= {
        "api/v2/status.json",
        "api/v2/summary.json",
        "de/index.html",
        "index.html",
        "status.json",
    }
    assert (after["deletions"], after["held"], after["foreign"]) == ([], [], [])
    assert not broken(fetch, ["index.html", "about.html"], "https://status.example.org")


def change(root: Path, settings: str, moment: int) -> None:
    """Let a page come or go, one be renamed, and from time to time a language come or go."""
    posts = root / "content/posts"
    posts.mkdir(parents=True, exist_ok=True)
    old = posts / f"2022-12-01-post-{moment - 2}.md"
    if old.exists():
        old.unlink()
    last = posts / f"2022-12-01-post-{moment - 1}.md"
    if last.exists() and moment % 3 == 0:
        body = last.read_text(encoding="utf-8").replace("---\n", f"---\naliases: [post-{moment - 1}]\n", 1)
        last.with_name(f"2022-12-01-renamed-{moment}.md").write_text(body, encoding="utf-8")
        last.unlink()
    for number in range(2):
        (posts / f"2022-12-01-post-{moment + 100 * number}.md").write_text(
            f"---\ntitle: Post {moment}\n---\nNumber {number}.\n", encoding="utf-8"
        )
    spoken = settings if moment % 4 < 2 else settings.replace("site: {", "site: {languages: [de], ")
    (root / "statusgen.yaml").write_text(spoken, encoding="utf-8")


def kill_when_built(operator: Operator, seconds: float) -> bool:
    """Publish, and kill that so long after the site is built; return whether it was still at it."""
    with subprocess.Popen(
        [sys.executable, "-m", "statusgen", "publish"],
        cwd=operator.root,
        env=operator.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("building: "):
                break
        time.sleep(seconds)
        running = process.poll() is None
        process.kill()
    return running
