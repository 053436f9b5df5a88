"""Ceph's S3 server, the engine behind DigitalOcean Spaces, Hetzner and others: http, https, and websites.

Four steps instead of a cluster: a monitor whose maps are made beforehand, a store in memory, a user, the gateway. It
is ready in two seconds.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from statusgen.demo.services import HOST, Authority, Server, ServiceError, answers, free_ports
from statusgen.demo.services.processes import wait_until
from tests.integration.debian import program

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "monmaptool", "osdmaptool")

SETTINGS = """\
[global]
fsid = {cluster}
mon_host = v1:{host}:{monitor}
public_addr = {host}
cluster_addr = {host}
ms_bind_msgr2 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
mon_data = {folder}/mon
mon_data_avail_crit = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
paxos_propose_interval = 0.02
osd_data = {folder}/osd
osd_objectstore = memstore
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_class_update_on_start = false
osd_crush_update_on_start = false
admin_socket =
run_dir = {folder}
crash_dir = {folder}
log_file = {folder}/$name.log
[client.gateway]
rgw_data = {folder}
rgw_frontends = beast endpoint={host}:{port} ssl_endpoint={host}:{tls_port} ssl_certificate={chain} \
ssl_private_key={key} tcp_nodelay=1
rgw_enable_static_website = true
rgw_enable_apis = s3, s3website, admin
rgw_dns_s3website_name = website.localhost
"""
"""Nagle's algorithm would cost 40 ms a request; without a manager, nobody may look after the number of groups."""


class _Daemon(Server):
    """One of the servers behind the gateway."""

    asking = signal.SIGKILL

    def __init__(self, folder: Path, label: str, command: list[str], port: int = 0) -> None:
        super().__init__(folder)
        self.label = label
        self._command = command
        self._port = port

    def command(self) -> list[str]:
        """Return the program, which stays in the foreground."""
        return [program(self._command[0]), *self._command[1:]]

    def environment(self) -> Mapping[str, str]:
        """Return where its settings are."""
        return {"CEPH_CONF": str(self.folder / "ceph.conf")}

    def is_ready(self) -> bool:
        """Return whether it listens, as far as that tells anything."""
        return answers(self._port) if self._port else self.running


class Ceph(_Daemon):
    """Ceph's gateway with one bucket; what it holds is gone when it stops."""

    ready_within = 30.0

    def __init__(self, folder: Path, *, authority: Authority) -> None:
        super().__init__(folder, "Ceph", ["radosgw", "-f", "-n", "client.gateway"])
        self.bucket = "pages"
        self.region = "us-east-1"
        self.access_key, self.secret_key = secrets.token_hex(10).upper(), secrets.token_hex(20)
        self.port, self.tls_port, self._monitor_port = free_ports(3)
        self.ca_file = authority.file
        self._certificate = authority.issue("ceph", "localhost", HOST)
        self._monitor = _Daemon(folder, "Ceph's monitor", ["ceph-mon", "-f", "-i", "a"], self._monitor_port)
        self._store = _Daemon(folder, "Ceph's store", ["ceph-osd", "-f", "-i", "0"])

    @property
    def endpoint(self) -> str:
        """The address of its API over http."""
        return f"http://{HOST}:{self.port}"

    @property
    def tls_endpoint(self) -> str:
        """The address of its API over https; trust `ca_file`."""
        return f"https://{HOST}:{self.tls_port}"

    def prepare(self) -> None:
        """Make a cluster from nothing, with a user, and start what is behind the gateway."""
        for name in PROGRAMS:
            program(name)
        self._store.stop()
        self._monitor.stop()
        for part in ("mon", "osd"):
            shutil.rmtree(self.folder / part, ignore_errors=True)
            (self.folder / part).mkdir()
        cluster, disk = uuid.uuid4(), uuid.uuid4()
        self._write_settings(cluster)
        monitors = f"[v1:{HOST}:{self._monitor_port}]"
        self._run("monmaptool", "--create", "--clobber", "--fsid", str(cluster), "--addv", "a", monitors, "monitors")
        self._run("osdmaptool", "--createsimple", "1", "--clobber", "stores")
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monitors", "--osdmap", "stores")
        self._monitor.start()
        self._name_store(disk)
        self._run("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", str(disk))
        self._store.start()
        keys = ("--access-key", self.access_key, "--secret-key", self.secret_key)
        self._run("radosgw-admin", "user", "create", "--uid", "crew", "--display-name", "Crew", *keys)

    def stop(self) -> None:
        """Stop all three."""
        super().stop()
        self._store.stop()
        self._monitor.stop()

    def is_ready(self) -> bool:
        """Return whether it keeps an object in its bucket."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

        client = self.client()
        try:
            client.create_bucket(Bucket=self.bucket)
            client.put_object(Bucket=self.bucket, Key="ready", Body=b"ready")
            client.delete_object(Bucket=self.bucket, Key="ready")
        except (BotoCoreError, ClientError):
            return False
        finally:
            client.close()
        return True

    def client(self, *, tls: bool = False) -> S3Client:
        """Return a client with the server's own key."""
        import boto3  # noqa: PLC0415 - slow to import
        from botocore.config import Config  # noqa: PLC0415

        config = Config(
            connect_timeout=2,
            read_timeout=10,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            proxies={},
        )
        endpoint, trusted = (self.tls_endpoint, str(self.ca_file)) if tls else (self.endpoint, None)
        session = boto3.Session(self.access_key, self.secret_key, region_name=self.region)
        return session.client("s3", endpoint_url=endpoint, verify=trusted, config=config)

    def version(self) -> int:
        """Return the first number of its version."""
        return int(self._run("radosgw", "--version").split()[2].split(".")[0])

    def _name_store(self, disk: uuid.UUID) -> None:
        """Tell the monitor of the store; it listens for a moment before it takes commands, and takes this one twice."""

        def told() -> bool:
            try:
                self._run("ceph", "osd", "new", str(disk))
            except subprocess.CalledProcessError:
                return False
            return True

        if not wait_until(told, limit=self.ready_within):
            raise ServiceError(f"{self._monitor.label} takes no commands; the end of its log:\n{self._monitor.tail()}")

    def _write_settings(self, cluster: uuid.UUID) -> None:
        text = dedent(SETTINGS).format(
            cluster=cluster,
            folder=self.folder,
            host=HOST,
            monitor=self._monitor_port,
            port=self.port,
            tls_port=self.tls_port,
            chain=self._certificate.chain,
            key=self._certificate.key,
        )
        (self.folder / "ceph.conf").write_text(text, encoding="utf-8")

    def _run(self, name: str, *args: str) -> str:
        """Run one of Ceph's programs to its end and return what it says."""
        done = subprocess.run(
            [program(name), *args],
            cwd=self.folder,
            env={**self._variables(), **self.environment()},
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout
