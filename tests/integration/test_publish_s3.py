"""The command line against a real S3 server, over http and https: what arrives, and what happens when it is gone."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from statusgen.demo.services import HOST, SeaweedFS, answers
from tests.conftest import ROOT

pytestmark = pytest.mark.services

_numbers = count()


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with a project whose site and state live below one prefix of a bucket, and who checks that server."""

    root: Path
    server: SeaweedFS
    prefix: str

    def write_project(self, *, tls: bool) -> None:
        endpoint = self.server.tls_endpoint if tls else self.server.endpoint
        store = (
            f"  endpoint: {endpoint}\n  region: {self.server.region}\n  access_key_env: S3_ID\n"
            f"  secret_key_env: S3_SECRET\n" + (f"  ca_file: {self.server.ca_file}\n" if tls else "")
        )
        bucket = f"s3://{self.server.bucket}/{self.prefix}"
        (self.root / "checks").mkdir()
        (self.root / "statusgen.yaml").write_text(
            "site: {name: Example Social, url: https://status.example.org}\nconfirm_after: 10ms\n"
            f"target:\n  url: {bucket}/site\n{store}state:\n  url: {bucket}/state\n{store}",
            encoding="utf-8",
        )
        port = endpoint.rpartition(":")[2].strip("/")
        (self.root / "checks/store.yaml").write_text(
            "group: Stores\ncomponents:\n  - id: store\n    name: Store\n    checks:\n"
            f"      - tcp: {HOST}:{port}\n        timeout: 5s\n",
            encoding="utf-8",
        )

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "statusgen", *args],
            cwd=self.root,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "S3_ID": self.server.access_key,
                "S3_SECRET": self.server.secret_key,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def objects(self, folder: str) -> dict[str, str]:
        """Return the ETag of each object below a folder of the prefix."""
        start = f"{self.prefix}/{folder}/"
        listing = self.server.client().list_objects_v2(Bucket=self.server.bucket, Prefix=start)
        return {one["Key"].removeprefix(start): one["ETag"].strip('"') for one in listing.get("Contents", [])}


@pytest.fixture
def operator(s3: SeaweedFS, tmp_path: Path) -> Operator:
    """An operator with a prefix of their own."""
    return Operator(tmp_path, s3, f"operator-{next(_numbers)}")


def assert_no_secret(operator: Operator, done: subprocess.CompletedProcess[str]) -> None:
    assert operator.server.secret_key not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_the_site_arrives_whole_and_a_second_run_sends_only_what_carries_the_time(
    operator: Operator, *, tls: bool
) -> None:
    operator.write_project(tls=tls)
    first = operator.run("publish")
    assert first.returncode == 0, first.stderr
    assert "✓ All systems operational" in first.stdout
    site = operator.objects("site")
    assert {"index.html", "feed.atom", "api/v2/summary.json", "statusgen-manifest.json"} <= set(site)
    assert [name for name in operator.objects("state") if name.startswith("raw/")]
    client = operator.server.client()
    front = client.get_object(Bucket=operator.server.bucket, Key=f"{operator.prefix}/site/index.html")
    assert front["ContentType"] == "text/html; charset=utf-8"
    assert "max-age" in front["CacheControl"]
    assert "ContentEncoding" not in front
    body = front["Body"].read()
    assert hashlib.md5(body).hexdigest() == site["index.html"]
    assert operator.server.secret_key.encode() not in body

    second = operator.run("publish")
    assert second.returncode == 0, second.stderr
    again = operator.objects("site")
    assert {name for name in again if again[name] != site[name]} == {
        "api/v2/status.json",
        "api/v2/summary.json",
        "index.html",
        "statusgen-manifest.json",
    }
    assert_no_secret(operator, first)
    assert_no_secret(operator, second)


def test_a_dry_run_writes_nothing_to_the_server_or_here(operator: Operator) -> None:
    operator.write_project(tls=False)
    done = operator.run("publish", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "files would be sent to s3://" in done.stdout
    assert operator.objects("site") == operator.objects("state") == {}
    assert not (operator.root / ".statusgen").exists()


def test_when_the_server_is_down_publishing_fails_with_5_and_the_next_run_brings_the_outage(operator: Operator) -> None:
    operator.write_project(tls=False)
    assert operator.run("publish").returncode == 0
    before = operator.objects("state")
    operator.server.stop()
    failed = operator.run("publish")
    assert failed.returncode == 5
    assert "error: the target 's3://" in failed.stderr
    assert "cannot be read: " in failed.stderr
    assert "observations are kept for the next run" in failed.stderr
    assert_no_secret(operator, failed)
    spooled = sorted((operator.root / ".statusgen/spool/raw").rglob("*.jsonl"))
    assert len(spooled) == 1

    operator.server.start()
    done = operator.run("publish", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert len(operator.objects("state")) == len(before) + 2, "the run that failed is remembered too"
    assert not list((operator.root / ".statusgen/spool").rglob("*.jsonl"))


def test_wrong_keys_are_said_in_words_and_never_shown(operator: Operator) -> None:
    operator.write_project(tls=False)
    settings = (operator.root / "statusgen.yaml").read_text(encoding="utf-8")
    (operator.root / "statusgen.yaml").write_text(settings.replace("S3_ID", "S3_SECRET"), encoding="utf-8")
    done = operator.run("publish")
    assert done.returncode == 5
    assert_no_secret(operator, done)


def test_ctrl_c_while_a_target_hangs_ends_with_130_and_one_line(operator: Operator) -> None:
    operator.write_project(tls=False)
    checks = operator.root / "checks/store.yaml"
    checks.write_text(
        checks.read_text(encoding="utf-8").replace("- tcp: ", "- http: http://").replace("5s", "60s"), encoding="utf-8"
    )
    port = int(operator.server.endpoint.rpartition(":")[2].strip("/"))
    assert answers(port)
    operator.server.pause()
    process = subprocess.Popen(
        [sys.executable, "-c", WHEN_PROBING, str(operator.root)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "S3_ID": "id", "S3_SECRET": "secret"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "probing\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == "\nstopped; nothing is half-way that the next run does not finish\n"


WHEN_PROBING = """
import sys
from statusgen.cli import main, progress

def probing(self, what, total):
    print(what, flush=True)

progress.LineProgress.start = probing
sys.argv = ["statusgen", "--project", sys.argv[1], "publish"]
main()
"""
