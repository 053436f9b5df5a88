"""The rows of the servers that can be started here are true: each is asked, as other tools would ask it.

A newer server may have learnt what the row says it cannot; it must never be worse.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from statusgen.demo.services import SeaweedFS
from statusgen.model.providers import PROVIDERS, Acl, Condition, Digest, Provider, Trailer
from statusgen.ports import Blob
from statusgen.stores.s3_reasons import status_of
from tests.ports.ceph import Ceph
from tests.ports.conftest import open_bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.services

Known = SeaweedFS | Ceph


@pytest.fixture(params=["seaweedfs", "ceph"])
def word(request: pytest.FixtureRequest) -> str:
    """The word of a provider whose server can be started."""
    return str(request.param)


@pytest.fixture
def row(word: str) -> Provider:
    """Its row in the table."""
    return PROVIDERS[word]


@pytest.fixture
def server(word: str, request: pytest.FixtureRequest) -> Known:
    """Its server."""
    server: Known = request.getfixturevalue({"seaweedfs": "s3"}.get(word, word))
    return server


@pytest.fixture
def naive(server: Known) -> Iterator[S3Client]:
    """A client over TLS that has been told nothing."""
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, proxies={})
    session = boto3.Session(server.access_key, server.secret_key, region_name=server.region)
    client = session.client("s3", endpoint_url=server.tls_endpoint, verify=str(server.ca_file), config=config)
    yield client
    client.close()


@pytest.fixture
def plain(server: Known) -> Iterator[S3Client]:
    """A client that sends no checksums."""
    client = server.client()
    yield client
    client.close()


def refusal(act: Callable[[], Any]) -> int:
    """Return the status with which something was refused; 0 when it was not."""
    try:
        act()
    except ClientError as error:
        return status_of(error)
    return 0


def test_what_becomes_of_a_checksum_in_a_trailer(server: Known, row: Provider, naive: S3Client, space: str) -> None:
    """boto3 sends one over TLS by itself; the library that this project uses is told not to."""
    where = {"Bucket": server.bucket, "Key": f"{space}/trailer"}
    if refusal(lambda: naive.put_object(**where, Body=b"body")):
        found = Trailer.REFUSED
    else:
        kept = server.client().head_object(**where).get("ContentEncoding", "")
        found = Trailer.DAMAGED if "aws-chunked" in kept else Trailer.TAKEN
    assert found in {row.trailer, Trailer.TAKEN}


def test_what_a_batch_deletion_needs(server: Known, row: Provider, plain: S3Client, space: str) -> None:
    def strip(request: Any, **_: Any) -> None:
        for name in [name for name in request.headers if "checksum" in name.lower()]:
            del request.headers[name]

    where = {"Bucket": server.bucket, "Delete": {"Objects": [{"Key": f"{space}/gone"}]}}
    by_crc = refusal(lambda: plain.delete_objects(**where))
    plain.meta.events.register("before-sign.s3.DeleteObjects", strip)
    by_nothing = refusal(lambda: plain.delete_objects(**where))
    found = Digest.NOTHING if not by_nothing else Digest.MD5 if by_crc else Digest.EITHER
    assert found in {row.digest, Digest.EITHER}


def test_an_etag_is_an_md5(server: Known, row: Provider, space: str) -> None:
    assert not row.kms
    store = open_bucket(server, space)
    client = server.client()
    client.put_object(Bucket=server.bucket, Key=f"{space}/a", Body=b"hello")
    assert [one.etag for one in store.list()] == ["5d41402abc4b2a76b9719d911017c592"]


def test_what_becomes_of_an_access_list(server: Known, row: Provider, plain: S3Client, space: str) -> None:
    where = {"Bucket": server.bucket, "Key": f"{space}/list"}
    refused = refusal(lambda: plain.put_object(**where, Body=b"body", ACL="public-read"))
    public = not refused and answer(f"{server.endpoint}/{server.bucket}/{space}/list") == 200
    assert (Acl.NONE if refused else Acl.TAKEN if public else Acl.IGNORED) is row.acl


def test_what_becomes_of_conditions(server: Known, row: Provider, plain: S3Client, space: str) -> None:
    where = {"Bucket": server.bucket, "Key": f"{space}/condition"}
    etag = plain.put_object(**where, Body=b"first")["ETag"]
    again = refusal(lambda: plain.put_object(**where, Body=b"second", IfNoneMatch="*"))
    assert (Condition.HONOURED if again == 412 else Condition.IGNORED if not again else Condition.REFUSED) is (
        row.if_none_match
    )
    stale = refusal(lambda: plain.put_object(**where, Body=b"third", IfMatch='"5d41402abc4b2a76b9719d911017c592"'))
    quoted = refusal(lambda: plain.put_object(**where, Body=b"first", IfMatch=etag))
    unquoted = refusal(lambda: plain.put_object(**where, Body=b"first", IfMatch=etag.strip('"')))
    assert (stale, unquoted) == (412, 0)
    assert (Condition.UNQUOTED if quoted else Condition.HONOURED) in {row.if_match, Condition.HONOURED}


def test_who_answers_with_an_index_document(server: Known, row: Provider, plain: S3Client, space: str) -> None:
    bucket = f"site-{space}"
    plain.create_bucket(Bucket=bucket)
    rules = {"IndexDocument": {"Suffix": "index.html"}}
    refused = refusal(lambda: plain.put_bucket_website(Bucket=bucket, WebsiteConfiguration=rules))
    plain.put_object(Bucket=bucket, Key="index.html", Body=b"front", ContentType="text/html", ACL="public-read")
    host = f"{bucket}.website.localhost"
    served = not refused and answer(f"{server.endpoint}/", host=host) == 200
    assert served is bool(row.website)


def answer(url: str, *, host: str = "") -> int:
    """Return the status with which anybody is answered."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answered:
            return int(answered.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_our_own_way_works_where_others_fail(server: Known, space: str) -> None:
    store = open_bucket(server, space, tls=True)
    store.write([Blob(key="a.html", body=b"<p>a", content_type="text/html")])
    head = server.client().head_object(Bucket=server.bucket, Key=f"{space}/a.html")
    assert (head["ContentType"], head.get("ContentEncoding", "")) == ("text/html", "")
    store.delete(["a.html"])
    assert list(store.list()) == []
