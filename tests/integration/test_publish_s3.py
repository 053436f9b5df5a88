"""The command line against a real S3 server, over http and https: what arrives, and what happens when it is gone."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys

import pytest

from statusgen.demo.services import answers
from tests.conftest import ROOT
from tests.integration.operating import Operator

pytestmark = pytest.mark.services


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
        "status.json",
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
    operator.make_the_target_hang()
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
