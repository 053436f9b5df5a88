"""`publish` tells a real web server what changed, tries again while that may help, and never tells the token."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen import purge
from statusgen.cli.root import cli
from statusgen.poster import WebPoster
from tests.integration.test_verify import CHECKS

TOKEN = "planted-token-of-the-cdn"


class Hook(ThreadingHTTPServer):
    """A webhook that answers what it is told to, the last answer again and again."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers = [200]
        self.heard: list[tuple[str | None, bytes]] = []


class Answering(BaseHTTPRequestHandler):
    server: Hook

    def log_message(self, *_args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.headers.get("Authorization"), body))
        answers = self.server.answers
        self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    with Hook() as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        monkeypatch.setenv("PURGE_URL", f"http://127.0.0.1:{serving.server_port}/zones/1/planted-path")
        monkeypatch.setenv("PURGE_TOKEN", TOKEN)
        monkeypatch.setattr(purge, "WAITS", (0.01, 0.01))
        yield serving
        serving.shutdown()


def publish(root: Path, *options: str) -> Result:
    (root / "checks").mkdir(exist_ok=True)
    (root / "checks/web.yaml").write_text(CHECKS)
    (root / "statusgen.yaml").write_text(
        "site: {name: Example, url: 'https://status.example.org'}\nconfirm_after: 1ms\n"
        "purge: {url_env: PURGE_URL, token_env: PURGE_TOKEN}\n"
    )
    return CliRunner().invoke(cli, ["publish", "--project", str(root), *options])


def test_what_changed_is_told_after_it_was_published(tmp_path: Path, hook: Hook) -> None:
    assert publish(tmp_path).exit_code == 0
    [(token, body)] = hook.heard
    assert token == f"Bearer {TOKEN}"
    urls = json.loads(body)["purge"]
    assert urls[0] == "https://status.example.org/"
    assert "https://status.example.org/feed.xml" in urls
    assert publish(tmp_path).exit_code == 0
    assert len(json.loads(hook.heard[1][1])["purge"]) < len(urls), "only what changed"


def test_a_rehearsal_tells_nobody(tmp_path: Path, hook: Hook) -> None:
    assert publish(tmp_path, "--dry-run").exit_code == 0
    assert hook.heard == []


def test_it_is_told_again_while_that_may_help(tmp_path: Path, hook: Hook) -> None:
    hook.answers = [503, 429, 200]
    assert publish(tmp_path).exit_code == 0
    assert len(hook.heard) == 3


@pytest.mark.parametrize(("answer", "tries"), [(403, 1), (302, 1), (500, 3)])
def test_a_cache_that_would_not_be_told_ends_in_7_and_the_page_is_out(
    tmp_path: Path, hook: Hook, answer: int, tries: int
) -> None:
    hook.answers = [answer]
    result = publish(tmp_path)
    assert result.exit_code == 7
    assert len(hook.heard) == tries
    told = f"error: the page is out, but its cache was not told what changed: the answer is {answer}\n    hint: "
    assert told in result.stderr
    assert (tmp_path / "public/index.html").is_file()
    assert "planted" not in result.output


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("http://127.0.0.1:1/", "nothing answers there"),
        ("ftp://status.example", "the variables hold no http or https address, or no token that can be sent"),
        ("", "the variables hold no http or https address, or no token that can be sent"),
    ],
)
def test_trouble_is_told_in_words(url: str, trouble: str) -> None:
    assert WebPoster().post(url, {}, b"").trouble == trouble


def test_a_mute_one_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statusgen.poster.PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert WebPoster().post(mute, {}, b"").trouble == "no answer within 1 s"


def test_who_knows_no_address_of_the_page_can_tell_nobody(tmp_path: Path, hook: Hook) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks/web.yaml").write_text(CHECKS)
    (tmp_path / "statusgen.yaml").write_text("site: {name: Example}\npurge: {url_env: PURGE_URL}\n")
    result = CliRunner().invoke(cli, ["validate", "--project", str(tmp_path)])
    assert result.exit_code == 3
    assert "purge: nobody can be told which addresses changed, for the site has no 'url'" in result.stdout
