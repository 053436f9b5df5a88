"""Which hosts a project has to do with: those it is published at, and those it probes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from statusgen.doctor.facts import Role
from statusgen.model.project import Project, StoreAddress

_AWS = "https://{bucket}.s3.{region}.amazonaws.com"
_NAMES = ("host", "ip", "domain")
"""The fields of what a prober takes that hold a host."""


def own_urls(project: Project) -> dict[Role, str]:
    """Return where the page and its bucket are asked for, by what they are; nothing of a folder."""
    found: dict[Role, str] = {}
    if project.site.url:
        found["page"] = project.site.url
    if bucket := _bucket(project.target):
        found["bucket"] = bucket
    return found


def probed(project: Project) -> tuple[str, ...]:
    """Return the hosts that are probed and can be looked up from anywhere, in lower case, each once.

    Controls are not among them: they are there because they share nothing with the rest.
    """
    hosts = (host.lower().rstrip(".") for check in project.checks for host in _hosts(check.spec))
    return tuple(dict.fromkeys(host for host in hosts if _is_public(host)))


def _bucket(address: StoreAddress) -> str:
    if not address.url.startswith("s3://"):
        return ""
    bucket = address.url.removeprefix("s3://").partition("/")[0]
    return address.endpoint or _AWS.format(bucket=bucket, region=address.region or "us-east-1")


def _hosts(value: Any) -> Iterator[str]:
    if is_dataclass(value):
        for field in fields(value):
            found = getattr(value, field.name)
            if isinstance(found, str) and field.name in _NAMES:
                yield found
            yield from _hosts(found)
    elif isinstance(value, tuple | list | set | frozenset):  # a network can be gone through as well, for ever
        for item in value:
            yield from _hosts(item)


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".internal", ".local", ".lan", ".home.arpa"))


def host_of(url: str) -> str:
    """Return the host of a URL in lower case."""
    return (urlsplit(url).hostname or "").lower()
