"""Somebody who runs the command line on a project whose stores are on a real S3 server."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from statusgen.demo.services import HOST, SeaweedFS
from tests.conftest import ROOT


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

    def run(self, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "statusgen", *args],
            cwd=self.root,
            env={**self.environment(), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def make_the_target_hang(self) -> None:
        """Let everything ask for an answer and not only for a connection, and wait for a minute.

        A run before it remembers on this machine what it saw, so that the next need not ask the state for it.
        """
        assert self.run("probe").returncode == 0
        checks = self.root / "checks/store.yaml"
        text = checks.read_text(encoding="utf-8").replace("- tcp: ", "- http: http://").replace("5s", "60s")
        checks.write_text(text, encoding="utf-8")

    def start(self, *args: str, program: str) -> subprocess.Popen[str]:
        """Start a command, by a program that ends with a call of `main`, and return it while it runs."""
        return subprocess.Popen(
            [sys.executable, "-c", program, *args],
            cwd=self.root,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def environment(self) -> dict[str, str]:
        """Return what a command finds in its environment: the keys of the server's owner."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "S3_ID": self.server.access_key,
            "S3_SECRET": self.server.secret_key,
        }

    def objects(self, folder: str) -> dict[str, str]:
        """Return the ETag of each object below a folder of the prefix."""
        start = f"{self.prefix}/{folder}/"
        listing = self.server.client().list_objects_v2(Bucket=self.server.bucket, Prefix=start)
        return {one["Key"].removeprefix(start): one["ETag"].strip('"') for one in listing.get("Contents", [])}
