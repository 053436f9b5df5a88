"""A site served on this machine while it is written: each change of the project's files shows in the browser at once.

What is served differs from what is published in two things: pages have no Content-Security-Policy, and a script that
loads them again when there is something new.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from stat import S_ISREG
from urllib.parse import unquote, urlsplit

from statusgen.model.artifact import Artifact

CHANGES = "/~changes"
"""What a page asks for to hear of something new; the answer comes when there is, or after `PATIENCE`."""

PATIENCE = 25.0
"""Seconds that such a question waits."""

_FOLDERS = ("checks", "content", "themes")
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_RELOAD = """<script>
(async () => {
  for (;;) {
    try {
      if (await (await fetch("%s?%d")).text() != %d) location.reload();
    } catch { await new Promise(done => setTimeout(done, 1000)); }
  }
})();
</script>
"""
_WRONG = "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1><pre>{text}</pre>"


class Preview:
    """Serves what it was last told to show, on loopback; `port` 0 takes a free one. Raises OSError when it is taken."""

    def __init__(self, port: int) -> None:
        self._news = threading.Condition()
        self._version = 0
        self._files: Mapping[str, tuple[str, bytes]] = {}
        self._wrong = b""
        preview = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                preview.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
                """Say nothing: the terminal is for what is wrong."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._names = {f"{name}:{self._server.server_port}" for name in ("127.0.0.1", "localhost")}
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def show(self, artifacts: Iterable[Artifact]) -> None:
        """Serve a site from now on."""
        with self._news:
            self._files = {one.path: (one.content_type, one.body) for one in artifacts}
            self._wrong = b""
            self._tell()

    def show_wrong(self, title: str, text: str) -> None:
        """Serve what is wrong in place of every page, until there is a site again."""
        with self._news:
            self._wrong = _WRONG.format(title=escape(title), text=escape(text)).encode()
            self._tell()

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request; from a page of somebody else's, which may have our address for its own name, none."""
        if request.headers.get("Host") not in self._names:
            _send(request, HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"this is for this machine only")
            return
        parts = urlsplit(request.path)
        if parts.path == CHANGES:
            _send(request, HTTPStatus.OK, "text/plain", str(self._wait(parts.query)).encode())
            return
        with self._news:
            self._news.wait_for(lambda: self._version, PATIENCE)  # the first site is still being built
            path = unquote(parts.path).lstrip("/") or "index.html"
            status = HTTPStatus.OK if path in self._files else HTTPStatus.NOT_FOUND
            content_type, body = self._files.get(path) or self._files.get("404.html", ("text/html", b"not found"))
            if self._wrong:
                status, content_type, body = HTTPStatus.OK, "text/html; charset=utf-8", self._wrong
            if content_type.startswith("text/html"):
                body = _POLICY.sub(b"", body) + (_RELOAD % (CHANGES, self._version, self._version)).encode()
        _send(request, status, content_type, body)

    def _tell(self) -> None:
        self._version += 1
        self._news.notify_all()

    def _wait(self, since: str) -> int:
        """Return the version, once it is another one than `since`."""
        with self._news:
            self._news.wait_for(lambda: str(self._version) != since, PATIENCE)
            return self._version


def snapshot(root: Path) -> frozenset[tuple[str, int, int]]:
    """Return what tells one state of the project's files from another: their names, sizes and times.

    The project's are those directly in its folder, such as a logo, and all in the folders that people write.
    """
    found = set()
    for path in _files(root):
        with suppress(FileNotFoundError):  # an editor renames what it has just written
            told = path.stat()
            if S_ISREG(told.st_mode):
                found.add((str(path), told.st_size, told.st_mtime_ns))
    return frozenset(found)


def _files(root: Path) -> Iterator[Path]:
    """Yield what may be a file of the project; a folder that goes away meanwhile has none."""
    yield from root.iterdir()
    for folder in _FOLDERS:
        for place, _, names in os.walk(root / folder):
            yield from (Path(place, name) for name in names)


def _send(request: BaseHTTPRequestHandler, status: HTTPStatus, content_type: str, body: bytes) -> None:
    with suppress(ConnectionError):  # whoever asked has gone, as a page does that is loaded anew
        request.send_response(status)
        request.send_header("Content-Type", content_type)
        request.send_header("Content-Length", str(len(body)))
        request.send_header("Cache-Control", "no-store")
        request.end_headers()
        request.wfile.write(body)
