"""`publish --verify` opens the public address as readers do, over a real web server in front of the target."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.root import cli
from statusgen.publish import seen
from statusgen.reader import MOST_BYTES, WebReader

CHECKS = "group: Web\ncomponents: [{id: web, name: Web, checks: [{tcp: '127.0.0.1:1', timeout: 1s}]}]\n"


class Quiet(SimpleHTTPRequestHandler):
    """A web server like that of a bucket, with a fault on some addresses."""

    def log_message(self, *_args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 65536)
        elif self.path == "/around":
            self.send_response(302)
            self.send_header("Location", "/around")
            self.end_headers()
        elif self.path == "/broken":
            self.wfile.write(b"no HTTP at all\r\n\r\n")
        elif self.path == "/aged":
            self.send_response(200)
            self.send_header("Age", "17")
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(gzip.compress(b"packed"))
        else:
            super().do_GET()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "public").mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "public"))) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def publish(root: Path, url: str) -> Result:
    (root / "checks").mkdir(exist_ok=True)
    (root / "checks/web.yaml").write_text(CHECKS)
    site = f"{{name: Example, url: '{url}'}}" if url else "{name: Example}"
    (root / "statusgen.yaml").write_text(f"site: {site}\nconfirm_after: 1ms\n")
    return CliRunner().invoke(cli, ["publish", "--project", str(root), "--verify"])


def test_what_readers_get_is_what_was_sent(tmp_path: Path, server: str) -> None:
    result = publish(tmp_path, server)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1].startswith("readers see the page of 20")
    assert "looking as readers do: 17 files as they were sent" in result.stderr
    assert "index.html: Cache-Control is '', and was sent as 'public, max-age=30" in result.stderr


def test_a_cache_that_does_not_follow_is_told(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "WAITS", (0.01, 0.01))
    (tmp_path / "elsewhere").mkdir()
    result = publish(tmp_path / "elsewhere", server)
    assert result.exit_code == 5
    assert f"error: everything was sent, but readers do not get it at {server}:\n" in result.stderr
    assert "    index.html: the answer is 404\n" in result.stderr
    assert (tmp_path / "elsewhere/public/index.html").is_file()


def test_it_waits_for_caches_to_follow(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "public/index.html"
    get = WebReader.get
    bodies: list[bytes] = []

    def late(self: WebReader, urls: list[str]) -> object:
        if not bodies:
            bodies.append(page.read_bytes())
            page.write_bytes(b"of the cache")
            found = get(self, urls)
            page.write_bytes(bodies[0])
            return found
        return get(self, urls)

    monkeypatch.setattr(WebReader, "get", late)
    monkeypatch.setattr(seen, "WAITS", (0.01, 30.0))
    assert publish(tmp_path, server).exit_code == 0


def test_without_a_public_address_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    result = publish(tmp_path, "")
    assert result.exit_code == 2
    assert "the site has no 'url' in statusgen.yaml to look at" in result.stderr
    assert not (tmp_path / "public").exists()


def test_whatever_an_address_does_is_told_in_words(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr("statusgen.reader.PATIENCE", 1.0)
        closed = "http://127.0.0.1:1/"
        mute = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        replies = WebReader().get(
            [
                f"{server}/endless",
                f"{server}/around",
                f"{server}/broken",
                f"{server}/aged",
                closed,
                mute,
                "http://none.invalid/",
            ]
        )
    assert [one.trouble for one in replies.values()] == [
        "the answer does not end",
        "the redirects do not end",
        "the answer broke off, or is no HTTP",
        "",
        "the connection was refused, or nothing is there",
        "no answer within 1 s",
        "the name is not in the DNS",
    ]
    aged = replies[f"{server}/aged"]
    assert (aged.age, aged.encoding, aged.body) == (17, "gzip", b"packed")
    assert MOST_BYTES > 1024 * 1024
