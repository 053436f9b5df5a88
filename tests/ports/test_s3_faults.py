"""What servers do that a good one cannot be made to do: a real client against a server that answers from a script."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from statusgen.errors import StoreError
from statusgen.model.project import StoreAddress
from statusgen.ports import Blob
from statusgen.stores.s3 import S3Store
from statusgen.stores.s3_client import Limits, open_s3
from statusgen.stores.s3_reasons import NO_STORE
from tests.fakes import FixedSecrets

SECRET = "hunter2-secret"
LEAKY = f"no way for AKIAEXAMPLE with {SECRET} at db.internal.example"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends; `length` is the size it promises, when that is not the truth."""

    status: int
    body: bytes = b""
    length: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


def refusal(status: int, code: str, **headers: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{LEAKY}</Message></Error>"
    return Answer(status, body.encode(), headers=headers)


Script = Callable[[str, str], Answer]


@contextmanager
def serving(script: Script, **limits: float) -> Iterator[tuple[S3Store, list[str]]]:
    """Yield a store on a server that answers each method and path as the script says, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(f"{self.command} {self.path}")
            said = script(self.command, self.path)
            self.send_response_only(said.status)
            date = format_datetime(datetime.now(UTC), usegmt=True)
            for name, value in {"Date": date, "ETag": '"opaque"', **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body) if said.length is None else said.length))
            if said.length is not None:
                self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)
            self.close_connection = said.length is not None

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = StoreAddress(
            url="s3://bucket/site",
            endpoint=f"http://127.0.0.1:{server.server_port}",
            access_key_env="ACCESS_KEY",
            secret_key_env="SECRET_KEY",
        )
        secrets = FixedSecrets({"ACCESS_KEY": "AKIAEXAMPLE", "SECRET_KEY": SECRET})
        store = open_s3(address, root=Path("/"), secrets=secrets, limits=Limits(**{"read": 5, "attempts": 1} | limits))
        try:
            yield store, asked
        finally:
            store.close()
            server.shutdown()
            thread.join()


def blobs(*keys: str) -> list[Blob]:
    return [Blob(key=key, body=b"x") for key in keys]


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (403, "AccessDenied", "access denied: the key may not do this here"),
        (403, "SomethingNew", "access denied: the key may not do this here"),
        (400, "ExpiredToken", "the temporary credentials have expired: fetch new ones"),
        (400, "AuthorizationHeaderMalformed", "the signature was refused: the region is probably wrong"),
        (301, "PermanentRedirect", "the bucket is at another endpoint or region"),
        (400, "AccessControlListNotSupported", "the bucket takes no access list: remove 'acl' from its address"),
        (400, "BadDigest", "the object was damaged on the way"),
        (404, "SomethingNew", "the bucket or the endpoint does not exist"),
        (503, "SlowDown", "the server asked to slow down"),
        (500, "InternalError", "the server failed (HTTP 500)"),
        (502, "BadGateway", "the server failed (HTTP 502)"),
        (418, "Teapot", "the server refused it (HTTP 418)"),
        (507, "SomethingNew", "the server has no space left: make room on it"),
    ],
)
def test_a_refusal_is_said_in_our_words_alone(status: int, code: str, said: str) -> None:
    with serving(lambda *_: refusal(status, code)) as (store, _), pytest.raises(StoreError) as failure:
        store.write(blobs("a.html"))
    assert str(failure.value) == f"cannot write 'a.html': {said}"


def test_a_bucket_elsewhere_whose_region_is_not_told_is_said_so() -> None:
    def script(method: str, _path: str) -> Answer:
        return Answer(403) if method == "HEAD" else refusal(301, "PermanentRedirect")

    with serving(script) as (store, _), pytest.raises(StoreError, match="the bucket is at another endpoint or region"):
        store.list()


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("Thu, 01 Dec 2022 06:00:00 GMT", r"this machine's clock is off by \d+ min \(it is fast\): set it right"),
        ("Thu, 01 Dec 2122 06:00:00 GMT", r"this machine's clock is off by \d+ min \(it is slow\): set it right"),
        ("Thu, 01 Dec 2022 06:00:00 -0000", r"this machine's clock is off by \d+ min \(it is fast\): set it right"),
        ("sometime", r"this machine's clock is off: set it right"),
    ],
)
def test_a_refusal_for_a_wrong_clock_says_how_wrong_as_far_as_is_known(date: str, said: str) -> None:
    with (
        serving(lambda *_: refusal(403, "RequestTimeTooSkewed", Date=date)) as (store, _),
        pytest.raises(StoreError) as failure,
    ):
        store.list()
    assert re.fullmatch(said, failure.value.reason)


def test_a_server_failure_is_tried_again_as_often_as_the_limits_say() -> None:
    with serving(lambda *_: refusal(500, "InternalError"), attempts=3) as (store, asked):
        with pytest.raises(StoreError):
            store.write(blobs("a"))
        assert asked == ["PUT /bucket/site/a"] * 3


def test_an_object_that_is_refused_stops_those_that_have_not_begun() -> None:
    def script(_method: str, path: str) -> Answer:
        return refusal(403, "AccessDenied") if path.endswith("/2") else Answer(200)

    with serving(script, workers=1) as (store, asked):
        with pytest.raises(StoreError, match="cannot write '2': access denied") as failure:
            store.write(blobs(*"0123456789"))
        assert failure.value.done == ("0", "1")
        assert len(asked) == 3


def test_a_body_that_breaks_off_is_fetched_again() -> None:
    answers = iter([Answer(200, b"hal", length=8), Answer(200, b"whole...")])
    with serving(lambda *_: next(answers)) as (store, _):
        assert store.read(["a"]) == {"a": b"whole..."}


def test_a_body_that_always_breaks_off_is_given_up() -> None:
    with serving(lambda *_: Answer(200, b"hal", length=8)) as (store, asked):
        with pytest.raises(StoreError, match="cannot read 'a': the server cut the connection"):
            store.read(["a"])
        assert len(asked) == 5


@pytest.mark.parametrize("code", ["MissingContentMD5", "NotImplemented", "InvalidRequest"])
def test_where_many_cannot_be_deleted_at_once_each_is_deleted_by_itself(code: str) -> None:
    def script(method: str, _path: str) -> Answer:
        return refusal(400, code) if method == "POST" else Answer(204)

    with serving(script, workers=1) as (store, asked):
        store.delete(["a", "b"])
        assert asked == ["POST /bucket?delete", "DELETE /bucket/site/a", "DELETE /bucket/site/b"]


def test_what_is_gone_already_when_deleted_by_itself_is_no_error() -> None:
    def script(method: str, _path: str) -> Answer:
        return refusal(501, "NotImplemented") if method == "POST" else refusal(404, "NoSuchKey")

    with serving(script) as (store, _):
        store.delete(["a"])


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_refused_deletion_is_an_error(method: str) -> None:
    def script(asked: str, _path: str) -> Answer:
        return refusal(403, "AccessDenied") if asked == method else refusal(501, "NotImplemented")

    with serving(script) as (store, _), pytest.raises(StoreError, match="cannot delete 'a': access denied"):
        store.delete(["a"])


def test_a_deletion_that_succeeds_as_a_whole_may_still_have_failed_for_a_key() -> None:
    body = (
        "<DeleteResult><Error><Key>site/a</Key><Code>NoSuchKey</Code></Error>"
        f"<Error><Key>site/b</Key><Code>AccessDenied</Code><Message>{LEAKY}</Message></Error></DeleteResult>"
    ).encode()
    with serving(lambda *_: Answer(200, body)) as (store, _), pytest.raises(StoreError) as failure:
        store.delete(["a", "b"])
    assert str(failure.value) == "cannot delete 'b': access denied: the key may not do this here"


def test_a_listing_that_never_ends_is_given_up() -> None:
    page = (
        b"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>"
        b"<Contents><Key>site/a</Key><Size>1</Size><ETag>x</ETag>"
        b"<LastModified>2022-12-01T06:00:00.000Z</LastModified></Contents></ListBucketResult>"
    )
    with (
        serving(lambda *_: Answer(200, page)) as (store, _),
        pytest.raises(StoreError, match="the server repeats a page of its listing"),
    ):
        store.list()


@pytest.mark.parametrize(
    ("etag", "said"),
    [
        ('"d41d8cd98f00b204e9800998ecf8427e"', "d41d8cd98f00b204e9800998ecf8427e"),
        ("D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e"),
        ('"d41d8cd98f00b204e9800998ecf8427e-2"', None),
        ('"opaque"', None),
        ('"' + "g" * 32 + '"', None),
        ("", None),
    ],
)
def test_an_etag_that_is_no_md5_counts_as_unknown(etag: str, said: str | None) -> None:
    page = (
        f"<ListBucketResult><Contents><Key>site/a</Key><Size>1</Size><ETag>{etag}</ETag>"
        "<LastModified>2022-12-01T06:00:00.000Z</LastModified></Contents></ListBucketResult>"
    ).encode()
    with serving(lambda *_: Answer(200, page)) as (store, _):
        [listed] = store.list()
    assert listed.etag == said


LISTED = (
    b"<ListBucketResult>"
    b"<Contents><Key>site/old</Key><Size>1</Size><ETag>d41d8cd98f00b204e9800998ecf8427e</ETag>"
    b"<LastModified>2022-12-01T06:00:00.000Z</LastModified></Contents>"
    b"<Contents><Key>site/new</Key><Size>1</Size><ETag>d41d8cd98f00b204e9800998ecf8427e</ETag>"
    b"<LastModified>2022-12-02T06:00:00.000Z</LastModified></Contents></ListBucketResult>"
)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(200), True),
        (Answer(200, headers={"x-amz-server-side-encryption": "AES256"}), True),
        (Answer(200, headers={"x-amz-server-side-encryption": "aws:kms"}), False),
        (Answer(200, headers={"x-amz-server-side-encryption": "aws:kms:dsse"}), False),
        (Answer(404), True),
    ],
)
def test_no_etag_is_believed_where_the_newest_object_is_encrypted_by_kms(answer: Answer, *, told: bool) -> None:
    """An ETag looks like an MD5 there, too, and is none: everything would be sent anew at every run."""
    with serving(lambda method, _: answer if method == "HEAD" else Answer(200, LISTED)) as (plain, asked):
        store = S3Store(plain._client, name="s3://bucket/site", bucket="bucket", prefix="site", kms=True)
        assert [one.etag is not None for one in store.list()] == [told, told]
        assert asked[1:] == ["HEAD /bucket/site/new"]
        assert all(one.etag for one in plain.list())


def test_an_encryption_that_may_not_be_asked_for_is_an_error() -> None:
    with serving(lambda method, _: Answer(403) if method == "HEAD" else Answer(200, LISTED)) as (plain, _):
        store = S3Store(plain._client, name="s3://bucket/site", bucket="bucket", prefix="site", kms=True)
        with pytest.raises(StoreError, match="cannot list 's3://bucket/site': access denied"):
            store.list()


def test_an_empty_bucket_is_not_asked_for_its_encryption() -> None:
    with serving(lambda *_: Answer(200, b"<ListBucketResult></ListBucketResult>")) as (plain, asked):
        store = S3Store(plain._client, name="s3://bucket/site", bucket="bucket", prefix="site", kms=True)
        assert list(store.list()) == []
        assert len(asked) == 1


HTML = b"<!doctype html><html><body>Welcome! Log in to go on.</body></html>"


@pytest.mark.parametrize("body", [HTML, HTML[15:], b"<html>Welcome to nginx!", b""])
@pytest.mark.parametrize("operation", ["list", "read", "write", "delete"])
def test_whoever_says_yes_and_is_no_object_store_is_not_believed(operation: str, body: bytes) -> None:
    """An empty listing would be a bucket without a history, and a page that was sent nowhere would count as sent."""
    asking: dict[str, Callable[[S3Store], object]] = {
        "list": lambda store: store.list(),
        "read": lambda store: store.read(["a"]),
        "write": lambda store: store.write(blobs("a")),
        "delete": lambda store: store.delete(["a"]),
    }
    with serving(lambda *_: Answer(200, body, headers={"ETag": "", "Content-Type": "text/html"})) as (store, _):
        with pytest.raises(StoreError) as failure:
            asking[operation](store)
        assert failure.value.reason == NO_STORE
