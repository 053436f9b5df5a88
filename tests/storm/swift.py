"""An S3 server on which conditional writes race: OpenStack Swift with its S3 interface, on one device.

Four processes: the proxy that speaks S3, and the servers of accounts, containers and objects behind it.
"""

from __future__ import annotations

import getpass
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from statusgen.demo.services import HOST, Server, answers, free_ports
from statusgen.demo.services.parts import program

_DEVICE = "disk"
_KINDS = ("account", "container", "object")


class _Storage(Server):
    """The server of one kind of thing."""

    def __init__(self, folder: Path, kind: str, port: int) -> None:
        super().__init__(folder)
        self.label = f"Swift's {kind} server"
        self.kind = kind
        self.port = port

    def command(self) -> list[str]:
        """Return the server and its settings."""
        return [str(program("swift", f"swift-{self.kind}-server")), str(self.folder / f"{self.kind}.conf"), "-v"]

    def is_ready(self) -> bool:
        """Return whether it listens."""
        return answers(self.port)


class Swift(Server):
    """Swift with one bucket; of several who create an object if there is none, more than one may be told that they did.

    What only one of three copies would hold cannot be shown with one device.
    """

    label = "Swift"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.bucket = "pages"
        self.region = "us-east-1"
        self.access_key = "demo:crew"
        self.secret_key = secrets.token_hex(16)
        self.port, *ports = free_ports(4)
        self._storage = [_Storage(folder, kind, port) for kind, port in zip(_KINDS, ports, strict=True)]

    @property
    def endpoint(self) -> str:
        """The address of its S3 interface."""
        return f"http://{HOST}:{self.port}"

    def command(self) -> list[str]:
        """Return the proxy and its settings."""
        return [str(program("swift", "swift-proxy-server")), str(self.folder / "proxy.conf"), "-v"]

    def prepare(self) -> None:
        """Lay out the device, the rings and the settings, and start what is behind the proxy."""
        (self.folder / "devices" / _DEVICE).mkdir(parents=True, exist_ok=True)
        (self.folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = crew\n", encoding="utf-8")
        _write_rings({self.folder / f"{one.kind}.ring.gz": one.port for one in self._storage})
        for kind, storage in zip(_KINDS, self._storage, strict=True):
            app = f"[pipeline:main]\npipeline = {kind}-server\n[app:{kind}-server]\nuse = egg:swift#{kind}\n"
            self._write_settings(kind, storage.port, app)
        self._write_settings("proxy", self.port, self._pipeline())
        for storage in self._storage:
            storage.start()

    def stop(self) -> None:
        """Stop all four."""
        super().stop()
        for storage in self._storage:
            storage.stop()

    def is_ready(self) -> bool:
        """Return whether it keeps an object in its bucket."""
        import boto3  # noqa: PLC0415 - slow to import
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        client = boto3.Session(self.access_key, self.secret_key, region_name=self.region).client(
            "s3",
            endpoint_url=self.endpoint,
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )
        try:
            client.create_bucket(Bucket=self.bucket)
            client.put_object(Bucket=self.bucket, Key="ready", Body=b"ready")
            client.delete_object(Bucket=self.bucket, Key="ready")
        except (BotoCoreError, ClientError):
            return False
        finally:
            client.close()
        return True

    def _write_settings(self, name: str, port: int, rest: str) -> None:
        common = dedent(f"""\
            [DEFAULT]
            bind_ip = {HOST}
            bind_port = {port}
            workers = 0
            user = {getpass.getuser()}
            swift_dir = {self.folder}
            devices = {self.folder / "devices"}
            mount_check = false
            """)
        (self.folder / f"{name}.conf").write_text(common + rest, encoding="utf-8")

    def _pipeline(self) -> str:
        account, user = self.access_key.split(":")
        return dedent(f"""\
            [pipeline:main]
            pipeline = catch_errors gatekeeper s3api tempauth bulk slo proxy-server
            [app:proxy-server]
            use = egg:swift#proxy
            account_autocreate = true
            [filter:tempauth]
            use = egg:swift#tempauth
            user_{account}_{user} = {self.secret_key} .admin
            [filter:s3api]
            use = egg:swift#s3api
            location = {self.region}
            [filter:catch_errors]
            use = egg:swift#catch_errors
            [filter:gatekeeper]
            use = egg:swift#gatekeeper
            [filter:bulk]
            use = egg:swift#bulk
            [filter:slo]
            use = egg:swift#slo
            """)


_RINGS = """\
import sys
from swift.common.ring import RingBuilder
for file, port in zip(sys.argv[1::2], sys.argv[2::2]):
    builder = RingBuilder(1, 1, 0)
    where = {"region": 1, "zone": 1, "ip": HOST, "port": int(port), "device": DEVICE, "weight": 1}
    builder.add_dev({**where, "replication_ip": HOST, "replication_port": int(port)})
    builder.rebalance()
    builder.get_ring().save(file)
"""
"""Says that everything of a kind lies on the one device, once."""


def _write_rings(rings: Mapping[Path, int]) -> None:
    """Write a ring for each kind of thing, which its server's port is in.

    In a process of its own: what that imports warns of every process that splits from then on.
    """
    program = _RINGS.replace("HOST", repr(HOST)).replace("DEVICE", repr(_DEVICE))
    words = [str(word) for pair in rings.items() for word in pair]
    subprocess.run([sys.executable, "-c", program, *words], check=True, capture_output=True)
