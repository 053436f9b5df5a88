"""A site served while it is written, and the command that does it as a process of its own."""

from __future__ import annotations

import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from statusgen.authoring.preview import CHANGES, Preview, snapshot
from statusgen.model.artifact import Artifact, Stage

PAGE = b'<!doctype html>\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n<p>Hello</p>\n'


def artifact(path: str, body: bytes, content_type: str = "text/html; charset=utf-8") -> Artifact:
    """Return a file of a site."""
    return Artifact(path=path, parts=(body,), content_type=content_type, cache_control="no-store", stage=Stage.PAGE)


@pytest.fixture
def preview() -> Iterator[Preview]:
    """A preview on a free port."""
    made = Preview(0)
    yield made
    made.close()


def get(preview: Preview, path: str = "") -> tuple[int, str, str]:
    """Return status, type and body of an answer."""
    return fetch(preview.address + path)


def fetch(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


class TestServed:
    def test_a_page_is_served_with_a_script_that_hears_of_news_and_no_policy_that_forbids_it(
        self, preview: Preview
    ) -> None:
        preview.show([artifact("index.html", PAGE), artifact("feed.xml", b"<rss/>", "application/rss+xml")])
        status, content_type, body = get(preview)
        assert (status, content_type) == (200, "text/html; charset=utf-8")
        assert "<p>Hello</p>" in body
        assert "Content-Security-Policy" not in body
        assert CHANGES in body
        assert get(preview, "feed.xml") == (200, "application/rss+xml", "<rss/>")

    def test_whoever_asks_before_the_first_site_is_built_gets_it_when_it_is(self, preview: Preview) -> None:
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(get, preview)
            with pytest.raises(TimeoutError):
                asked.result(timeout=0.3)
            preview.show([artifact("index.html", PAGE)])
            assert asked.result(timeout=10)[0] == 200

    def test_what_is_not_there_is_answered_with_the_sites_own_page(self, preview: Preview) -> None:
        preview.show([artifact("404.html", b"<p>gone</p>")])
        status, _, body = get(preview, "nothing.html")
        assert status == 404
        assert "<p>gone</p>" in body

    def test_news_are_told_to_whoever_waits_for_them(self, preview: Preview) -> None:
        preview.show([artifact("index.html", PAGE)])
        told: list[str] = []
        waiting = threading.Thread(target=lambda: told.append(get(preview, f"{CHANGES[1:]}?1")[2]))
        waiting.start()
        waiting.join(0.5)
        assert told == [], "there is nothing new yet"
        preview.show([artifact("index.html", b"<p>Bye</p>")])
        waiting.join()
        assert told == ["2"]
        assert "<p>Bye</p>" in get(preview)[2]

    def test_somebody_elses_page_that_has_our_address_for_its_name_reads_nothing(self, preview: Preview) -> None:
        preview.show([artifact("index.html", PAGE)])
        request = urllib.request.Request(preview.address, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        assert caught.value.code == 421
        assert b"Hello" not in caught.value.read()

    def test_whoever_went_away_while_waiting_leaves_no_trace(
        self, preview: Preview, capfd: pytest.CaptureFixture[str]
    ) -> None:
        port = int(preview.address.rpartition(":")[2].strip("/"))
        with socket.create_connection(("127.0.0.1", port)) as gone:
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            gone.sendall(f"GET {CHANGES}?0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        for _ in range(3):
            preview.show([artifact("index.html", PAGE)])
            assert "Hello" in get(preview)[2]
        assert capfd.readouterr().err == ""

    def test_what_is_wrong_stands_in_place_of_every_page_until_it_is_mended(self, preview: Preview) -> None:
        preview.show([artifact("index.html", PAGE)])
        preview.show_wrong("Not yet", "content/a.md:1:1: <b>")
        assert "<h1>Not yet</h1><pre>content/a.md:1:1: &lt;b&gt;</pre>" in get(preview, "posts/a.html")[2]
        preview.show([artifact("index.html", PAGE)])
        assert "<p>Hello</p>" in get(preview)[2]


@pytest.mark.parametrize(
    "name", ["statusgen.yaml", "logo.svg", "checks/web.yaml", "content/posts/2022/a.md", "themes/mine/style.css"]
)
def test_a_change_of_any_file_of_the_project_is_seen(name: str, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("one")
    after = snapshot(tmp_path)
    file.write_text("other")
    assert len({before, after, snapshot(tmp_path)}) == 3


def test_folders_that_come_and_go_meanwhile_are_no_error(tmp_path: Path) -> None:
    """As when another branch is checked out."""
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            (tmp_path / "content/posts/2022/12").mkdir(parents=True)
            shutil.rmtree(tmp_path / "content")

    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(come_and_go)
        try:
            for _ in range(2000):
                snapshot(tmp_path)
        finally:
            over.set()
        going.result()


def test_what_statusgen_writes_itself_is_no_change(tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    for name in ("public/index.html", ".statusgen/raw/a.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("not written by people")
    assert snapshot(tmp_path) == before


SETTINGS = "site:\n  name: Example Social\n"
CHECKS = "group: Core\ncomponents:\n  - id: web\n    name: Web\n"
POST = "---\ntitle: {title}\npublished: 2022-12-01T10:00Z\n---\nText.\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], None]:
    """Write a file of the project."""

    def written(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    written("statusgen.yaml", SETTINGS)
    written("checks/core.yaml", CHECKS)
    written("content/posts/a.md", POST.format(title="First words"))
    return written


def start(root: Path, *more: str) -> subprocess.Popen[str]:
    """Start the command."""
    command = [sys.executable, "-m", "statusgen", "serve", *more]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def version(address: str, since: str) -> str:
    """Wait for something newer than a version, as a page does."""
    return fetch(f"{address}{CHANGES[1:]}?{since}")[2]


def test_the_command_shows_each_change_and_each_mistake(tmp_path: Path, write: Callable[[str, str], None]) -> None:
    with start(tmp_path, "--port", "0", "--now", "2022-12-01T12:00Z") as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        first = version(address, "0")
        assert "First words" in fetch(f"{address}posts/a.html")[2]
        write("content/posts/a.md", POST.format(title="Other words"))
        second = version(address, first)
        assert "Other words" in fetch(f"{address}posts/a.html")[2]
        write("content/posts/a.md", "no front matter")
        third = version(address, second)
        assert "content/posts/a.md:1:1: expected" in fetch(address)[2]
        write("content/posts/a.md", POST.format(title="Last words"))
        version(address, third)
        assert "Last words" in fetch(f"{address}posts/a.html")[2]
        assert list(tmp_path.glob("public")) == []
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_a_port_that_is_taken_is_said(preview: Preview, tmp_path: Path, write: Callable[[str, str], None]) -> None:
    port = preview.address.rpartition(":")[2].strip("/")
    with start(tmp_path, "--port", port) as process:
        assert process.wait(30) == 2
        assert process.stderr
        assert f"port {port} cannot be used: it is taken; give another one, or 0 for any" in process.stderr.read()
