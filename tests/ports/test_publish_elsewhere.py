"""The command line against servers that are not as good as SeaweedFS: what arrives, and what a second run sends."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from tests.conftest import ROOT
from tests.ports.ceph import Ceph
from tests.ports.conftest import Bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.services

TIMELY = {"api/v2/status.json", "api/v2/summary.json", "index.html", "status.json", "statusgen-manifest.json"}


def client_of(server: Bucket) -> S3Client:
    session = boto3.Session(server.access_key, server.secret_key, region_name=server.region)
    config = Config(
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return session.client("s3", endpoint_url=server.endpoint, config=config)


def write_project(root: Path, site: str, state: str, keys: str) -> None:
    """Write a project whose stores say the same, besides where they are; `{}` in the site's is its own part."""
    (root / "checks").mkdir()
    (root / "checks/web.yaml").write_text("group: Web\ncomponents:\n  - {id: web, name: Web}\n")
    (root / "statusgen.yaml").write_text(
        "site: {name: Example Social, url: https://status.example.org}\n"
        f"target: {{url: '{site}', {keys.format('acl: public-read, ')}}}\n"
        f"state: {{url: '{state}', {keys.format('')}}}\n"
    )


def publish(root: Path, server: Bucket, command: str = "publish") -> str:
    """Publish, and return what is said."""
    done = subprocess.run(
        [sys.executable, "-m", "statusgen", command],
        cwd=root,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "S3_ID": server.access_key,
            "S3_SECRET": server.secret_key,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert server.secret_key not in done.stdout + done.stderr
    return done.stdout


def published(root: Path, server: Bucket, space: str) -> S3Client:
    """Publish a new project into a part of the bucket, and return how to look there."""
    base = f"s3://{server.bucket}/{space}"
    keys = f"endpoint: '{server.endpoint}', region: {server.region}, access_key_env: S3_ID, secret_key_env: S3_SECRET"
    write_project(root, f"{base}/site", f"{base}/state", keys)
    publish(root, server)
    return client_of(server)


def etags(client: S3Client, bucket: str, prefix: str) -> dict[str, str]:
    listing = client.list_objects_v2(Bucket=bucket, Prefix=prefix)
    return {one["Key"].removeprefix(prefix): one["ETag"].strip('"') for one in listing["Contents"]}


def anonymous(url: str, host: str = "") -> tuple[int, bytes]:
    """Return what anybody is answered."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answered:
            return answered.status, answered.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


@pytest.mark.parametrize("name", ["ceph", "rclone", "swift"])
def test_a_site_arrives_whole_and_a_second_run_sends_only_what_carries_the_time(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, space: str
) -> None:
    server: Bucket = request.getfixturevalue(name)
    client = published(tmp_path, server, space)
    first = etags(client, server.bucket, f"{space}/site/")
    assert set(first) >= TIMELY
    front = client.get_object(Bucket=server.bucket, Key=f"{space}/site/index.html")
    assert (front["ContentType"], front.get("ContentEncoding", "")) == ("text/html; charset=utf-8", "")
    publish(tmp_path, server)
    second = etags(client, server.bucket, f"{space}/site/")
    assert {key for key in second if second[key] != first.get(key)} <= TIMELY


@pytest.mark.parametrize("name", ["s3", "ceph", "rclone", "swift"])
def test_a_page_is_taken_back_to_the_byte(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, space: str
) -> None:
    server: Bucket = request.getfixturevalue(name)
    client = published(tmp_path, server, space)
    good = etags(client, server.bucket, f"{space}/site/")
    settings = tmp_path / "statusgen.yaml"
    settings.write_text(settings.read_text().replace("Example Social", "Elsewhere"))
    publish(tmp_path, server)
    assert etags(client, server.bucket, f"{space}/site/") != good
    assert "Published again" in publish(tmp_path, server, "rollback")
    found = etags(client, server.bucket, f"{space}/site/")
    assert {key for key in {**found, **good} if found.get(key) != good.get(key)} == {"statusgen-manifest.json"}
    front = client.get_object(Bucket=server.bucket, Key=f"{space}/site/index.html")
    assert front["ContentType"] == "text/html; charset=utf-8"
    assert front["CacheControl"] == "public, max-age=30, stale-if-error=600"


def test_a_provider_is_all_that_has_to_be_said(ceph: Ceph, tmp_path: Path, space: str) -> None:
    """On Ceph over https, as behind DigitalOcean Spaces: the site is everybody's, and the state nobody else's."""
    client = ceph.client()
    pages, state = f"pages-{space}", f"state-{space}"
    for bucket in (pages, state):
        client.create_bucket(Bucket=bucket)
    client.put_bucket_website(Bucket=pages, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    keys = (
        f"provider: ceph, {{}}endpoint: '{ceph.tls_endpoint}', ca_file: '{ceph.ca_file}', "
        "access_key_env: S3_ID, secret_key_env: S3_SECRET"
    )
    write_project(tmp_path, f"s3://{pages}", f"s3://{state}", keys)
    publish(tmp_path, ceph)
    status, front = anonymous(f"{ceph.endpoint}/", f"{pages}.website.localhost")
    assert status == 200
    assert b"Example Social" in front
    assert anonymous(f"{ceph.endpoint}/{pages}/index.html") == (200, front)
    kept = [one["Key"] for one in client.list_objects_v2(Bucket=state)["Contents"]]
    assert [anonymous(f"{ceph.endpoint}/{state}/{key}")[0] for key in kept] == [403] * len(kept)
