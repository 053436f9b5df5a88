"""From the address of a bucket to a client for it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ProfileNotFound

from statusgen.errors import StoreError
from statusgen.model.project import StoreAddress
from statusgen.model.providers import PROVIDERS
from statusgen.ports import MissingSecretError, Secrets
from statusgen.stores.names import check_keys
from statusgen.stores.s3 import S3Store
from statusgen.stores.s3_reasons import reason_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DEFAULT_REGION = "us-east-1"
"""What servers without regions expect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one request may take, in seconds, how often it is tried in all, and how many run at once."""

    connect: float = 5.0
    read: float = 30.0
    attempts: int = 4
    workers: int = 16


LIMITS = Limits()


def open_s3(
    address: StoreAddress,
    *,
    root: Path,
    secrets: Secrets,
    limits: Limits = LIMITS,
    hashed: bool = False,
    retried: Callable[[], None] = lambda: None,
) -> S3Store:
    """Return the store at an `s3://bucket/prefix` address.

    Keys come from the variables or the profile that the address names, otherwise from where AWS's own tools look for
    them: the environment, a web identity, the default profile. Raises `StoreError` when the address, or what it names,
    is missing or wrong; no request is made.
    """
    bucket, _, prefix = address.url.removeprefix("s3://").strip("/").partition("/")
    if not bucket or not address.url.startswith("s3://"):
        raise StoreError("open", address.url, "expected a bucket, such as 's3://bucket' or 's3://bucket/prefix'")
    check_keys("open", [prefix] if prefix else [])
    client = client_for(address, root=root, secrets=secrets, limits=limits)
    kms = hashed and (PROVIDERS[address.provider].kms if address.provider else not address.endpoint)
    return S3Store(
        client,
        name=address.url,
        bucket=bucket,
        prefix=prefix,
        acl=address.acl,
        workers=limits.workers,
        kms=kms,
        retried=retried,
    )


def client_for(address: StoreAddress, *, root: Path, secrets: Secrets, limits: Limits = LIMITS) -> S3Client:
    """Return a client for the bucket of an address. Raises `StoreError`; no request is made."""
    bucket = address.url.removeprefix("s3://").partition("/")[0]
    keys = {"profile_name": address.profile} if address.profile else _keys(address, secrets)
    verify = _authorities(address, root)
    config = Config(
        connect_timeout=limits.connect,
        read_timeout=limits.read,
        retries={"mode": "standard", "total_max_attempts": limits.attempts},
        max_pool_connections=limits.workers,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": addressing(address, bucket)},
    )
    try:
        session = boto3.Session(**keys)
        return session.client(
            "s3",
            region_name=address.region or session.region_name or DEFAULT_REGION,
            endpoint_url=address.endpoint or None,
            verify=verify,
            config=config,
        )
    except ProfileNotFound as error:
        named = f"{address.profile!r} named by 'profile'" if address.profile else "named by 'AWS_PROFILE'"
        raise StoreError("open", address.url, f"the profile {named} does not exist") from error
    except (BotoCoreError, ValueError) as error:
        reason = "the endpoint is not a valid address" if isinstance(error, ValueError) else reason_of(error)
        raise StoreError("open", address.url, reason) from error


def _keys(address: StoreAddress, secrets: Secrets) -> dict[str, Any]:
    """Return the keys that the address names; nothing when it leaves them to the environment."""
    if not (address.access_key_env or address.secret_key_env):
        return {}
    names = (address.access_key_env, address.secret_key_env)
    if not all(names):
        raise StoreError("open", address.url, "expected both 'access_key_env' and 'secret_key_env', or neither")
    try:
        access, secret = (secrets.get(name) for name in names)
    except MissingSecretError as error:
        raise StoreError("open", address.url, f"the variable {str(error)!r} is not set") from error
    return {"aws_access_key_id": access, "aws_secret_access_key": secret}


def _authorities(address: StoreAddress, root: Path) -> str | None:
    """Return the file of certificates to trust; None for those of the system."""
    if not address.ca_file:
        return None
    path = root / address.ca_file
    if not path.is_file():
        raise StoreError("open", address.url, f"the file {address.ca_file!r} named by 'ca_file' does not exist")
    return str(path)


def addressing(address: StoreAddress, bucket: str) -> Literal["path", "virtual"]:
    """Return where the bucket's name goes: into the path, or in front of the host.

    `auto` is the path where no name can be put in front (an IP address, `localhost`) or no certificate would match (a
    bucket with dots), otherwise the host, as AWS wants it.
    """
    match address.addressing:
        case "path":
            return "path"
        case "virtual":
            return "virtual"
        case _:
            host = urlsplit(address.endpoint).hostname or ""
            return "path" if "." in bucket or _is_local(host) else "virtual"


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
