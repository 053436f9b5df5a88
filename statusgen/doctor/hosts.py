"""Which hosts a project has to do with: those it is published at, and those it probes."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from statusgen.doctor.facts import Role
from statusgen.model.project import Check, Project, StoreAddress
from statusgen.publish.internal_hosts import hosts_in, is_internal

_AWS = "https://{bucket}.s3.{region}.amazonaws.com"


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
    hosts = (host.lower().rstrip(".") for check in project.checks for host in _hosts(check))
    return tuple(dict.fromkeys(host for host in hosts if _is_public(host)))


def host_of(url: str) -> str:
    """Return the host of a URL in lower case."""
    return (urlsplit(url).hostname or "").lower()


def _bucket(address: StoreAddress) -> str:
    if not address.url.startswith("s3://"):
        return ""
    bucket = address.url.removeprefix("s3://").partition("/")[0]
    return address.endpoint or _AWS.format(bucket=bucket, region=address.region or "us-east-1")


def _hosts(check: Check) -> Iterator[str]:
    if check.kind == "dns":  # it is a name that is probed, and no host
        yield getattr(check.spec, "name", "")
    yield from hosts_in(check.spec, {})


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not is_internal(host)
