"""An address leads to its store, or to a message that says what is wrong with it. No request is made."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from statusgen.errors import StoreError
from statusgen.model.project import StoreAddress
from statusgen.ports import Blob, ObjectStore
from statusgen.stores import open_store
from statusgen.stores.s3_client import addressing
from tests.fakes import FixedSecrets

BUCKET = StoreAddress(url="s3://bucket/site", access_key_env="ACCESS_KEY", secret_key_env="SECRET_KEY")
KEYS = FixedSecrets({"ACCESS_KEY": "AKIAEXAMPLE", "SECRET_KEY": "hunter2"})


def opened(address: StoreAddress, root: Path = Path("/nowhere"), secrets: FixedSecrets = KEYS) -> ObjectStore:
    return open_store(address, root=root, secrets=secrets)


def test_a_folder_is_found_from_the_projects_own(tmp_path: Path) -> None:
    store = opened(StoreAddress(url="file:deep/public"), tmp_path)
    assert store.name == "file:deep/public"
    store.write([Blob(key="a", body=b"x")])
    assert (tmp_path / "deep/public/a").read_bytes() == b"x"


@pytest.mark.parametrize("durable", [True, False])
def test_a_folder_is_flushed_when_it_is_to_be_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, durable: bool
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    store = open_store(StoreAddress(url="file:public"), root=tmp_path, secrets=KEYS, durable=durable)
    store.write([Blob(key="a", body=b"x")])
    assert len(flushed) == durable


@pytest.mark.parametrize("hashed", [True, False])
def test_a_folder_tells_hashes_when_it_is_to(tmp_path: Path, *, hashed: bool) -> None:
    store = open_store(StoreAddress(url="file:public"), root=tmp_path, secrets=KEYS, hashed=hashed)
    store.write([Blob(key="a", body=b"x")])
    assert [one.etag is not None for one in store.list()] == [hashed]


def test_a_folder_may_be_given_whole(tmp_path: Path) -> None:
    opened(StoreAddress(url=f"file:{tmp_path}/public")).write([Blob(key="a", body=b"x")])
    assert (tmp_path / "public/a").read_bytes() == b"x"


def test_a_bucket_is_opened_without_a_request() -> None:
    assert opened(BUCKET).name == "s3://bucket/site"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            StoreAddress(url="ftp://host/dir"),
            "cannot open 'ftp://host/dir': expected an address that begins with 'file:' or 's3:'",
        ),
        (StoreAddress(url="public"), "cannot open 'public': expected an address that begins with 'file:' or 's3:'"),
        (StoreAddress(url="file:"), "cannot open 'file:': expected a folder, such as 'file:public'"),
        (
            StoreAddress(url="s3:bucket"),
            "cannot open 's3:bucket': expected a bucket, such as 's3://bucket' or 's3://bucket/prefix'",
        ),
        (
            StoreAddress(url="s3://"),
            "cannot open 's3://': expected a bucket, such as 's3://bucket' or 's3://bucket/prefix'",
        ),
        (
            StoreAddress(url="s3://bucket/../other"),
            (
                "cannot open '../other': it points to another folder; "
                "expected a plain relative name such as 'assets/site.css'"
            ),
        ),
        (
            replace(BUCKET, secret_key_env=""),
            "cannot open 's3://bucket/site': expected both 'access_key_env' and 'secret_key_env', or neither",
        ),
        (replace(BUCKET, secret_key_env="OTHER"), "cannot open 's3://bucket/site': the variable 'OTHER' is not set"),
        (
            replace(BUCKET, ca_file="ca.pem"),
            "cannot open 's3://bucket/site': the file 'ca.pem' named by 'ca_file' does not exist",
        ),
        (
            replace(BUCKET, endpoint="s3.example.org"),
            "cannot open 's3://bucket/site': the endpoint is not a valid address",
        ),
    ],
)
def test_a_wrong_address_is_explained(address: StoreAddress, said: str) -> None:
    with pytest.raises(StoreError) as failure:
        opened(address)
    assert str(failure.value) == said


def test_an_unknown_profile_is_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreError, match="the profile named by 'AWS_PROFILE' does not exist"):
        opened(replace(BUCKET, access_key_env="", secret_key_env=""))


def test_an_unknown_profile_of_the_address_is_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreError, match="the profile 'nobody' named by 'profile' does not exist"):
        opened(StoreAddress(url="s3://bucket", profile="nobody"))


@pytest.mark.parametrize(
    ("address", "hashed", "asks"),
    [
        (BUCKET, True, True),
        (BUCKET, False, False),
        (replace(BUCKET, provider="aws", endpoint="https://proxy.example.org"), True, True),
        (replace(BUCKET, endpoint="https://s3.example.org"), True, False),
        (replace(BUCKET, provider="b2", endpoint="https://s3.example.org"), True, False),
    ],
)
def test_a_bucket_is_asked_for_its_encryption_where_that_may_change_etags(
    address: StoreAddress, *, hashed: bool, asks: bool
) -> None:
    store = open_store(address, root=Path("/nowhere"), secrets=KEYS, hashed=hashed)
    assert store._kms is asks


@pytest.mark.parametrize(
    ("endpoint", "bucket", "style"),
    [
        ("", "bucket", "virtual"),
        ("https://s3.example.org", "bucket", "virtual"),
        ("https://s3.example.org", "status.example.org", "path"),
        ("http://localhost:9000", "bucket", "path"),
        ("http://s3.localhost:9000", "bucket", "path"),
        ("http://127.0.0.1:9000", "bucket", "path"),
        ("https://[2001:db8::1]:9000", "bucket", "path"),
    ],
)
def test_the_buckets_name_goes_where_it_works(endpoint: str, bucket: str, style: str) -> None:
    assert addressing(StoreAddress(url=f"s3://{bucket}", endpoint=endpoint), bucket) == style


@pytest.mark.parametrize("style", ["path", "virtual"])
def test_the_buckets_name_goes_where_the_address_says(style: str) -> None:
    for endpoint in ("", "http://127.0.0.1:9000"):
        assert addressing(replace(BUCKET, endpoint=endpoint, addressing=style), "bucket") == style
