"""Whatever befalls a bucket, `publish` succeeds after a few tries, or ends with 5 and says what arrived and what to do.

The faults are those that no good server can be made to show at a certain moment; a bucket over http that has them when
told stands in for it. The page that was there works on, and what was observed is kept.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
from botocore.retries.standard import ExponentialBackoff

from tests.conftest import ROOT
from tests.crawler import broken
from tests.unit.cli.conftest import Statusgen, WriteFile

SECRET = "hunter2-of-the-bucket"
LATER = "2022-12-01T12:05Z"
HTML = b"<html><body>Log in to go on.</body></html>"
MOST_TRIES = 4
FIRST = 3
"""Which upload it is from which on a fault shows."""


@dataclass(frozen=True)
class Fault:
    """What a bucket does, and what is to be said of it.

    `code` is what it answers, as an S3 error; without one it cuts the connection after half of a request. With `times`
    each key meets it so often, otherwise always. `tries` is how often one key is asked for at most.
    """

    said: str
    status: int = 0
    code: str = ""
    body: bytes = b""
    off: timedelta = timedelta()
    times: int = 0
    tries: int = MOST_TRIES


FAULTS = {
    "500 once": Fault("", 500, "InternalError", times=1),
    "SlowDown twice": Fault("", 503, "SlowDown", times=2),
    "a connection that is cut once": Fault("", times=1),
    "500 for ever": Fault("the server failed (HTTP 500)", 500, "InternalError"),
    "SlowDown for ever": Fault("the server asked to slow down", 503, "SlowDown"),
    "a connection that is always cut": Fault("the server cut the connection"),
    "a clock that is wrong": Fault(
        "this machine's clock is off by 15 min (it is slow): set it right",
        403,
        "RequestTimeTooSkewed",
        off=timedelta(minutes=15),
        tries=2,
    ),
    "expired credentials": Fault(
        "the temporary credentials have expired: fetch new ones", 400, "ExpiredToken", tries=1
    ),
    "a full bucket": Fault(
        "the quota of the account is used up: make room, or raise it", 403, "QuotaExceeded", tries=1
    ),
    "a full disk": Fault("the server has no space left: make room on it", 507, "Full"),
    "a bucket that is read-only": Fault("access denied: the key may not do this here", 403, "AccessDenied", tries=1),
    "a bucket that disappears": Fault("the bucket does not exist", 404, "NoSuchBucket", tries=1),
    "a proxy that says yes": Fault("what answered is no object store", 200, body=HTML, tries=1),
    "a proxy that says no": Fault("what answered is no object store", 502, body=HTML),
}
LASTING = [name for name, fault in FAULTS.items() if fault.said]


class Bucket(ThreadingHTTPServer):
    """A bucket in memory, which has a fault from a certain upload on, or at everything."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.objects: dict[str, bytes] = {}
        self.fault: Fault | None = None
        self.everywhere = False
        self.asked: Counter[str] = Counter()
        self._uploads: set[str] = set()
        self._turn = threading.Lock()

    def begin(self, fault: Fault | None, *, everywhere: bool = False) -> None:
        self.fault, self.everywhere = fault, everywhere
        self.asked.clear()
        self._uploads.clear()

    def fails(self, method: str, path: str) -> Fault | None:
        with self._turn:
            key = f"{method} {path}"
            self.asked[key] += 1
            if method == "PUT":
                self._uploads.add(key)
            due = self.everywhere or (method == "PUT" and len(self._uploads) >= FIRST)
            met = self.fault and self.fault.times and self.asked[key] > self.fault.times
            return self.fault if due and not met else None


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        address = urlsplit(self.path)
        fault = self.server.fails(self.command, address.path)
        if fault and not fault.status:
            self.rfile.read(length // 2)
            self.close_connection = True
            return
        body = self.rfile.read(length)
        if fault:
            self._answer(fault.status, fault.body or _error(fault.code), fault=fault)
            return
        key = unquote(address.path).removeprefix("/bucket").removeprefix("/")
        objects = self.server.objects
        if self.command == "PUT":
            objects[key] = body
            self._answer(200, b"", etag=_md5(body))
        elif self.command == "POST":
            for gone in re.findall(r"<Key>(.*?)</Key>", body.decode()):
                objects.pop(gone, None)
            self._answer(200, b"<DeleteResult></DeleteResult>")
        elif not key:
            self._answer(200, _listing(objects, parse_qs(address.query).get("prefix", [""])[0]))
        elif key in objects:
            self._answer(200, objects[key], etag=_md5(objects[key]))
        else:
            self._answer(404, _error("NoSuchKey"))

    do_PUT = do_POST = do_GET  # noqa: N815 - the names that the base class looks for

    def _answer(self, status: int, body: bytes, *, etag: str = "", fault: Fault | None = None) -> None:
        self.send_response_only(status)
        date = datetime.now(UTC) + (fault.off if fault else timedelta())
        kind = "text/html" if body == HTML else "application/xml"
        headers = {"Date": format_datetime(date, usegmt=True), "ETag": etag, "Content-Type": kind}
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>{SECRET} at db.internal.example</Message></Error>".encode()


def _md5(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _listing(objects: dict[str, bytes], prefix: str) -> bytes:
    found = (
        f"<Contents><Key>{escape(key)}</Key><Size>{len(body)}</Size><ETag>{_md5(body)}</ETag>"
        "<LastModified>2022-12-01T12:00:00.000Z</LastModified></Contents>"
        for key, body in sorted(objects.items())
        if key.startswith(prefix)
    )
    return f"<ListBucketResult>{''.join(found)}</ListBucketResult>".encode()


@pytest.fixture
def bucket(statusgen: Statusgen, write: WriteFile, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """The bucket that the project publishes to. A client does not rest between its tries."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    monkeypatch.setenv("S3_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("S3_SECRET", SECRET)
    with Bucket() as server:
        settings = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
        write("statusgen.yaml", settings + target(f"http://127.0.0.1:{server.server_port}"))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        assert statusgen("publish").exit_code == 0
        yield server
        server.shutdown()
        thread.join()


def target(endpoint: str) -> str:
    return (
        f"target:\n  url: s3://bucket/site\n  endpoint: {endpoint}\n  addressing: path\n"
        "  access_key_env: S3_ID\n  secret_key_env: S3_SECRET\nstate: {url: 'file:state'}\nconfirm_after: 1ms\n"
    )


def runs(root: Path) -> int:
    """Return how many runs are remembered."""
    return len({line for file in (root / "state/raw").rglob("*.jsonl") for line in [file.name]})


def page_of(server: Bucket) -> Callable[[str], bytes | None]:
    return lambda path: server.objects.get(f"site/{path}")


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_on_the_way_ends_well_or_is_told_and_the_page_works_on(
    name: str, statusgen: Statusgen, write: WriteFile, bucket: Bucket
) -> None:
    fault, before, known = FAULTS[name], dict(bucket.objects), runs(statusgen.root)
    write("content/posts/2022-12-01-thanks.md", "---\ntitle: Thank you\n---\nYou carried us.\n")
    bucket.begin(fault)
    began = time.monotonic()
    done = statusgen("publish", now=LATER)
    assert time.monotonic() - began < 30
    assert max(bucket.asked.values()) <= fault.tries
    assert SECRET not in done.output
    assert "Traceback" not in done.output
    assert "internal.example" not in done.output
    assert not broken(page_of(bucket), ["index.html"], "https://status.example.org")
    assert before.keys() <= bucket.objects.keys()
    assert runs(statusgen.root) == known + 1
    if fault.times:
        assert done.exit_code == 0, done.output
        assert re.search(r"^uploading: .* sent, \d+ retries$", done.stderr, re.MULTILINE)
        return
    assert done.exit_code == 5, done.output
    assert "error: publishing to 's3://bucket/site' stopped: cannot write " in done.stderr
    assert fault.said in done.stderr
    assert re.search(r"\n    sent: \d+ of \d+ files\n    not sent: .*\n    hint: nothing was deleted", done.stderr)
    assert before["site/index.html"] == bucket.objects["site/index.html"]
    bucket.begin(None)
    assert statusgen("publish", now=LATER).exit_code == 0
    assert b"Thank you" in bucket.objects["site/index.html"]


@pytest.mark.parametrize("name", LASTING)
def test_a_fault_from_the_beginning_sends_nothing_and_keeps_what_was_observed(
    name: str, statusgen: Statusgen, bucket: Bucket
) -> None:
    fault, before, known = FAULTS[name], dict(bucket.objects), runs(statusgen.root)
    bucket.begin(fault, everywhere=True)
    done = statusgen("publish", now=LATER)
    assert done.exit_code == 5, done.output
    assert f"error: the target 's3://bucket/site' cannot be read: {fault.said}" in done.stderr
    assert "hint: nothing was sent; the page that was there stays, and observations are kept" in done.stderr
    assert max(bucket.asked.values()) <= MOST_TRIES
    assert SECRET not in done.output
    assert "Traceback" not in done.output
    assert bucket.objects == before
    assert runs(statusgen.root) == known + 1


def test_a_name_that_nobody_knows_any_more_is_told(statusgen: Statusgen, write: WriteFile, bucket: Bucket) -> None:
    settings = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
    here = f"http://127.0.0.1:{bucket.server_port}"
    write("statusgen.yaml", settings.replace(here, "http://gone.invalid"))
    known = runs(statusgen.root)
    done = statusgen("publish", now=LATER)
    assert done.exit_code == 5
    assert "cannot be read: cannot connect to the server\n" in done.stderr
    assert runs(statusgen.root) == known + 1


def test_the_reference_tells_of_every_fault() -> None:
    text = (ROOT / "docs/reference/stores.md").read_text(encoding="utf-8")
    for fault in FAULTS.values():
        assert f"| {fault.said}" in text
