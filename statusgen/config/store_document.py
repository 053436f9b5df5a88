"""The keys of `state` and `target` in `statusgen.yaml`, as a pydantic document.

What belongs together is looked after in `store_address.py`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import BeforeValidator, Field

from statusgen.model.providers import PROVIDERS
from statusgen.values import Document, Line, Secret, Url, one_of, shape, wrong


class Addressing(StrEnum):
    """How an S3 server is addressed."""

    AUTO = "auto"
    PATH = "path"
    VIRTUAL = "virtual"


class CannedAcl(StrEnum):
    """The access that objects are written with, where a server still wants to be told."""

    PRIVATE = "private"
    PUBLIC_READ = "public-read"
    BUCKET_OWNER = "bucket-owner-full-control"


_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[\w.!'()/-]*", re.ASCII)


def parse_store(text: object) -> str:
    """Return the URL of a store, `file:DIR` or `s3://BUCKET/PREFIX`, without a slash at its end."""
    if isinstance(text, str) and text.startswith("file:") and len(text) > len("file:"):
        path = text.removeprefix("file:")
        path = path[2:] if path.startswith("///") else path
        if not path.startswith("//"):
            return f"file:{PurePosixPath(path)}"
    if isinstance(text, str) and text.startswith("s3://"):
        bucket, _, prefix = text.removeprefix("s3://").partition("/")
        prefix = prefix.rstrip("/")
        if not _BUCKET.fullmatch(bucket):
            raise wrong(f"expected the name of a bucket after 's3://', got {shape(bucket)}")
        if not _PREFIX.fullmatch(prefix) or "//" in f"/{prefix}":
            raise wrong(f"expected a prefix of letters, digits and single slashes, got {shape(prefix)}")
        return f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}"
    raise wrong(
        f"expected 'file:DIR' or 's3://BUCKET/PREFIX', got {shape(text)}",
        hint=f"write 'file:{text}'" if isinstance(text, str) and re.fullmatch(r"[\w./-]+", text) else "",
    )


def parse_region(text: object) -> str:
    """Return a region such as `eu-central-1`: it becomes part of host names and of signatures."""
    if isinstance(text, str) and re.fullmatch(r"[\w.-]{1,63}", text, re.ASCII):
        return text
    raise wrong(f"expected a region of letters, digits and hyphens, such as 'eu-central-1', got {shape(text)}")


def parse_account(text: object) -> str:
    """Return the id of an account, as Cloudflare's are: 32 hexadecimal digits."""
    if isinstance(text, str) and re.fullmatch(r"[0-9a-f]{32}", text):
        return text
    raise wrong(f"expected an account's id of 32 hexadecimal digits, got {shape(text)}")


def spelt_out(value: object) -> object:
    """Return a store as a mapping, of which a plain URL is the short form."""
    return {"url": value} if isinstance(value, str) else value


class StoreDocument(Document):
    """Where objects live: a directory, or a bucket on any S3 server.

    A plain URL is short for a mapping with nothing but `url`.
    """

    url: Annotated[str, BeforeValidator(parse_store)] = Field(
        description="`file:DIR`, relative to the project, or `s3://BUCKET/PREFIX`.", examples=["s3://my-status/site"]
    )
    provider: Annotated[str, BeforeValidator(one_of(PROVIDERS))] | None = Field(
        default=None,
        description="Whose server it is, which sets what that one needs: see [Stores](stores.md).",
        examples=["hetzner"],
    )
    account: Annotated[str, BeforeValidator(parse_account)] | None = Field(
        default=None,
        description="The account's id, where the provider's endpoint has it in its name.",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    endpoint: Url | None = Field(
        default=None,
        description="The S3 server; the provider's when left out, or AWS.",
        examples=["https://s3.example.org"],
    )
    region: Annotated[str, BeforeValidator(parse_region)] | None = Field(
        default=None, description="The region that requests are signed for.", examples=["fsn1"]
    )
    addressing: Annotated[Addressing, BeforeValidator(one_of(Addressing))] = Field(
        default=Addressing.AUTO,
        description="Whether the bucket stands in the path or in the host name; `path`, `virtual` or `auto`.",
        examples=["path"],
    )
    access_key_env: Secret | None = Field(
        default=None,
        description="The environment variable that holds the access key; AWS's own sources when left out.",
        examples=["STATUS_ACCESS_KEY"],
    )
    secret_key_env: Secret | None = Field(
        default=None, description="The environment variable that holds the secret key.", examples=["STATUS_SECRET_KEY"]
    )
    profile: Line | None = Field(
        default=None,
        description="The profile in AWS's own configuration that says where the keys come from.",
        examples=["status"],
    )
    ca_file: Line | None = Field(
        default=None,
        description="The certificate of a private authority (PEM), relative to the project.",
        examples=["ca.pem"],
    )
    acl: Annotated[CannedAcl, BeforeValidator(one_of(CannedAcl))] | None = Field(
        default=None,
        description="The canned ACL of what is written: `private`, `public-read` or `bucket-owner-full-control`.",
        examples=["public-read"],
    )


Store = Annotated[StoreDocument, BeforeValidator(spelt_out)]
