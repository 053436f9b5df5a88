"""What is true of buckets alone, shown by a real server: headers, keys, clocks, and a server that is gone or hangs."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import botocore.auth
import pytest

from statusgen.demo.services import SeaweedFS
from statusgen.demo.services.processes import wait_until
from statusgen.errors import StoreError
from statusgen.ports import Blob, ObjectStore
from statusgen.stores.s3_client import LIMITS, Limits, open_s3
from tests.fakes import FixedSecrets
from tests.ports.conftest import QUICK, address_of, open_bucket, secrets_of

pytestmark = pytest.mark.services

PAGE = Blob(key="a.html", body=b"<p>a", content_type="text/html; charset=utf-8", cache_control="public, max-age=30")


def every_operation(store: ObjectStore) -> dict[str, str]:
    """Return the reason that each operation fails with."""
    reasons = {}
    for operation, act in {
        "list": store.list,
        "read": lambda: store.read([PAGE.key]),
        "write": lambda: store.write([PAGE]),
        "delete": lambda: store.delete([PAGE.key]),
    }.items():
        with pytest.raises(StoreError) as failure:
            act()
        assert failure.value.operation == operation
        reasons[operation] = failure.value.reason
    return reasons


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_an_object_arrives_with_its_headers_and_no_other_encoding(s3: SeaweedFS, space: str, *, tls: bool) -> None:
    """Checksums sent as trailers over TLS would be stored as `Content-Encoding: aws-chunked`, which breaks readers."""
    open_bucket(s3, space, tls=tls).write([PAGE])
    head = s3.client(tls=tls).head_object(Bucket=s3.bucket, Key=f"{space}/a.html")
    assert "ContentEncoding" not in head
    assert (head["ContentType"], head["CacheControl"]) == (PAGE.content_type, PAGE.cache_control)
    assert head["ETag"] == f'"{hashlib.md5(PAGE.body).hexdigest()}"'
    assert head["ContentLength"] == len(PAGE.body)


def test_a_prefix_is_never_left(s3: SeaweedFS, space: str) -> None:
    outside = s3.client()
    for key in ("b", "bb/x", "b/x", "a"):
        outside.put_object(Bucket=s3.bucket, Key=f"{space}/{key}", Body=b"theirs")
    store = open_bucket(s3, f"{space}/b")
    assert [listed.key for listed in store.list()] == ["x"]
    store.write([replace(PAGE, key="y")])
    store.delete(["x", "b", "a"])
    names = {entry["Key"] for entry in outside.list_objects_v2(Bucket=s3.bucket, Prefix=f"{space}/")["Contents"]}
    assert names == {f"{space}/{key}" for key in ("a", "b", "bb/x", "b/y")}


def test_what_does_not_fit_into_one_request_is_listed_and_deleted_whole(s3: SeaweedFS, space: str) -> None:
    """S3 lists and deletes a thousand keys at a time."""
    store = open_bucket(s3, space)
    names = [f"many/{number:04}" for number in range(1005)]
    store.write([replace(PAGE, key=name) for name in names])
    assert [listed.key for listed in store.list("many/")] == names
    assert [listed.key for listed in store.list("many/", "many/0001")] == names[2:]
    store.delete(names)
    assert list(store.list()) == []


def test_a_whole_bucket_may_be_the_store(s3: SeaweedFS, space: str) -> None:
    store = open_bucket(s3)
    store.write([replace(PAGE, key=f"{space}-whole/a.html")])
    assert [listed.key for listed in store.list(f"{space}-whole/")] == [f"{space}-whole/a.html"]
    store.delete([f"{space}-whole/a.html"])


def test_the_placeholder_of_a_folder_is_no_object(s3: SeaweedFS, space: str) -> None:
    s3.client().put_object(Bucket=s3.bucket, Key=f"{space}/folder/", Body=b"")
    store = open_bucket(s3, space)
    store.write([replace(PAGE, key="folder/a")])
    assert [listed.key for listed in store.list()] == ["folder/a"]


def test_an_access_list_is_sent_only_when_asked_for(s3: SeaweedFS, space: str) -> None:
    address = replace(address_of(s3, space), acl="public-read")
    store = open_s3(address, root=Path("/"), secrets=secrets_of(s3))
    sent = []
    store._client.meta.events.register("before-send.s3.PutObject", lambda request, **_: sent.append(request.headers))
    store.write([PAGE])
    assert sent[0]["x-amz-acl"] == b"public-read"
    plain = open_bucket(s3, space)
    plain._client.meta.events.register("before-send.s3.PutObject", lambda request, **_: sent.append(request.headers))
    plain.write([PAGE])
    assert "x-amz-acl" not in sent[1]


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_batch_deletion_vouches_for_itself_by_md5_alone(s3: SeaweedFS, space: str, *, tls: bool) -> None:
    """Some servers want it (MinIO, OVHcloud), and some refuse the checksum that the library sends instead."""
    store = open_bucket(s3, space, tls=tls)
    store.write([PAGE])
    sent = []
    store._client.meta.events.register("before-send.s3.DeleteObjects", lambda request, **_: sent.append(request))
    store.delete([PAGE.key])
    assert list(store.list()) == []
    headers = {name.lower(): value for name, value in sent[0].headers.items()}
    assert headers["content-md5"] == base64.b64encode(hashlib.md5(sent[0].body).digest())
    assert [name for name in headers if "checksum" in name] == []
    assert b"content-md5" in headers["authorization"]


def test_a_wrong_secret_key_is_a_refused_signature(s3: SeaweedFS, space: str) -> None:
    store = open_s3(address_of(s3, space), root=Path("/"), secrets=secrets_of(s3, SECRET_KEY="hunter2-wrong"))
    said = "the signature was refused: check the secret key, the region and the endpoint"
    assert every_operation(store) == dict.fromkeys(("list", "read", "write", "delete"), said)


def test_an_unknown_access_key_is_said_to_be_unknown_and_not_repeated(s3: SeaweedFS, space: str) -> None:
    store = open_s3(address_of(s3, space), root=Path("/"), secrets=secrets_of(s3, ACCESS_KEY="AKIANOBODYKNOWSME"))
    reasons = every_operation(store)
    assert set(reasons.values()) == {"the access key is not known to the server"}


def test_a_bucket_that_does_not_exist_is_said_so(s3: SeaweedFS) -> None:
    store = open_s3(address_of(s3, bucket="nobody-made-this"), root=Path("/"), secrets=secrets_of(s3))
    for act in (store.list, lambda: store.read(["a"]), lambda: store.delete(["a"])):
        with pytest.raises(StoreError, match="the bucket does not exist"):
            act()


def test_a_clock_that_is_off_is_measured(s3: SeaweedFS, space: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = botocore.auth.get_current_datetime
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *a, **k: right(*a, **k) + timedelta(hours=2))
    reasons = every_operation(open_bucket(s3, space))
    assert set(reasons.values()) == {"this machine's clock is off by 120 min (it is fast): set it right"}


def test_a_certificate_of_an_unknown_issuer_is_refused(s3: SeaweedFS, space: str) -> None:
    address = replace(address_of(s3, space, tls=True), ca_file="")
    store = open_s3(address, root=Path("/"), secrets=secrets_of(s3), limits=QUICK)
    said = "its certificate was refused: check 'ca_file' and the name in the endpoint"
    assert set(every_operation(store).values()) == {said}


def test_a_server_that_is_stopped_cannot_be_connected_to(s3: SeaweedFS, space: str) -> None:
    store = open_bucket(s3, space, limits=QUICK)
    s3.stop()
    assert set(every_operation(store).values()) == {"cannot connect to the server"}


def test_a_server_that_hangs_is_given_up_within_the_limits(s3: SeaweedFS, space: str) -> None:
    store = open_bucket(s3, space, limits=QUICK)
    s3.pause()
    started = monotonic()
    with pytest.raises(StoreError, match="no answer in time"):
        store.list()
    with pytest.raises(StoreError, match="no answer in time") as failure:
        store.write([replace(PAGE, key=f"{number}.html") for number in range(100)])
    assert failure.value.done == ()
    assert monotonic() - started < 4 * (QUICK.connect + QUICK.read) * QUICK.attempts


def test_a_store_works_again_when_its_server_does(s3: SeaweedFS, space: str) -> None:
    store = open_bucket(s3, space, limits=Limits(connect=3.0, read=5.0, attempts=2))
    s3.pause()
    with pytest.raises(StoreError):
        store.write([PAGE])
    s3.resume()
    assert wait_until(s3.is_ready, limit=20)
    store.write([PAGE])
    assert store.read([PAGE.key]) == {PAGE.key: PAGE.body}


def test_a_closed_store_can_still_be_used(s3: SeaweedFS, space: str) -> None:
    store = open_bucket(s3, space)
    store.close()
    store.write([PAGE])
    assert store.read([PAGE.key]) == {PAGE.key: PAGE.body}


def test_the_limits_in_use_are_bounded() -> None:
    assert (LIMITS.connect, LIMITS.read, LIMITS.attempts, LIMITS.workers) == (5.0, 30.0, 4, 16)


def test_no_credentials_at_all_is_said_so(s3: SeaweedFS, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    address = replace(address_of(s3), access_key_env="", secret_key_env="")
    store = open_s3(address, root=Path("/"), secrets=FixedSecrets())
    said = "no credentials were found: set the variables that the address names"
    assert set(every_operation(store).values()) == {said}
