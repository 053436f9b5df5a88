"""A run that somebody vouches for needs no keys: a real token is turned into keys by a real token service, and back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from statusgen.demo.services import Authority
from statusgen.errors import StoreError
from statusgen.ports import Blob
from statusgen.stores.s3 import S3Store
from statusgen.stores.s3_client import open_s3
from tests.conftest import ROOT
from tests.fakes import FixedSecrets
from tests.integration.conftest import running
from tests.ports.conftest import QUICK, address_of
from tests.ports.identity import ROLE, Issuer, TrustingSeaweedFS, issuing

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """Who vouches for runs."""
    with issuing() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def server(services_folder: Path, authority: Authority, issuer: Issuer) -> Iterator[TrustingSeaweedFS]:
    """A server that trusts it."""
    with running(lambda: TrustingSeaweedFS(services_folder / "sts", authority=authority, issuer=issuer)) as server:
        yield server


@pytest.fixture
def variables(server: TrustingSeaweedFS, issuer: Issuer, tmp_path: Path) -> dict[str, str]:
    """What a job finds in its environment, whose token is in a file."""
    (tmp_path / "token").write_text(issuer.token())
    return {
        "AWS_ROLE_ARN": ROLE,
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"),
        "AWS_ENDPOINT_URL_STS": server.endpoint,
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


@pytest.fixture
def store(server: TrustingSeaweedFS, variables: dict[str, str], space: str, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    """A bucket whose address names no keys, in that environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    address = replace(address_of(server, space), access_key_env="", secret_key_env="")
    return open_s3(address, root=Path("/"), secrets=FixedSecrets(), limits=QUICK)


def test_a_token_becomes_keys_that_may_use_the_bucket(store: S3Store) -> None:
    store.write([Blob(key="a", body=b"x"), Blob(key="b", body=b"y")])
    assert store.read(["a", "b"]) == {"a": b"x", "b": b"y"}
    store.delete(["a"])
    assert [one.key for one in store.list()] == ["b"]


def test_a_token_of_somebody_else_is_refused(store: S3Store, issuer: Issuer, tmp_path: Path) -> None:
    for token, said in {
        issuer.token(subject="repo:mallory/status:environment:status-page"): (
            "the role was refused: check 'AWS_ROLE_ARN', and whom the role trusts"
        ),
        issuer.token(audience="somebody-else"): "the identity token was refused: check its issuer and its audience",
        issuer.token(lasts=-60): "the identity token has expired: fetch a new one",
        issuer.token(key=generate_private_key(65537, 2048)): (
            "the identity token was refused: check its issuer and its audience"
        ),
    }.items():
        (tmp_path / "token").write_text(token)
        with pytest.raises(StoreError) as failure:
            store.list()
        assert failure.value.reason == said
        assert token not in str(failure.value)


def test_a_whole_run_publishes_without_a_key(
    server: TrustingSeaweedFS, variables: dict[str, str], space: str, tmp_path: Path
) -> None:
    where = f"provider: seaweedfs, endpoint: '{server.tls_endpoint}', ca_file: '{server.ca_file}'"
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks/web.yaml").write_text("group: Web\ncomponents:\n  - {id: web, name: Web}\n")
    (tmp_path / "statusgen.yaml").write_text(
        "site: {name: Example Social}\n"
        f"target: {{url: 's3://{server.bucket}/{space}/site', {where}}}\n"
        f"state: {{url: 's3://{server.bucket}/{space}/state', {where}}}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "statusgen", "publish"],
        cwd=tmp_path,
        env={**variables, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    client = server.client()
    found = client.list_objects_v2(Bucket=server.bucket, Prefix=f"{space}/site/index.html")
    assert found["KeyCount"] == 1
