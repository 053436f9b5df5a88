"""Which names of hosts in `checks/` mean something only inside, and must not be told to readers.

Internal are names of one label, those below a suffix that nobody can have in public, and whatever a database or queue
is reached by. A name that the public visits itself is not: that of the site, and of what checks visit from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from statusgen.model.project import Project

SUFFIXES = (
    "internal",
    "local",
    "localdomain",
    "lan",
    "home",
    "home.arpa",
    "corp",
    "intranet",
    "private",
    "svc",
    "consul",
    "ts.net",
)
"""The ends of names that lead nowhere in public: reserved (RFC 6762, RFC 8375, ICANN), or never given out."""

BACK_ROOMS = frozenset({"postgres", "pgbouncer", "redis", "sidekiq"})
"""Kinds of checks whose targets no reader ever visits."""

_ENDS = "|".join(suffix.replace(".", r"\.") for suffix in SUFFIXES)
_INTERNAL = re.compile(rf"(?:[a-z0-9_-]+\.)+(?:{_ENDS})|(?!localhost$)[a-z0-9_-]+")
_WITHIN = re.compile(rf"(?<![a-z0-9_.-])(?:[a-z0-9_-]+\.)+(?:{_ENDS})(?![a-z0-9_.-])")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE)
_KEYWORD = re.compile(r"\bhost(?:addr)?\s*=\s*'?([^\s',]+)")
_HOST_FIELDS = frozenset({"host", "ip", "domain"})
_ADDRESS_FIELDS = frozenset({"dsn_env", "url_env"})


def internal_hosts(project: Project, secrets: Mapping[str, str]) -> frozenset[str]:
    """Return the internal hosts of a project, in lower case; `secrets` are values by name."""
    controls = (control for location in project.locations for control in location.controls)
    inside: set[str] = set()
    public = {*_url_hosts(project.site.url), *(host for link in project.site.links for host in _url_hosts(link.url))}
    for check in (*project.checks, *controls):
        hosts = {host.lower().rstrip(".") for host in hosts_in(check.spec, secrets)}
        if check.kind in BACK_ROOMS:
            inside |= {host for host in hosts if host != "localhost" and not _is_own(host)}
        else:
            within = {host for host in hosts if not _is_address(host) and is_internal(host)}
            inside |= within
            public |= hosts - within
    return frozenset(inside - public)


def is_internal(name: str) -> bool:
    """Return whether a name in lower case means something only inside: one label, or an end that nobody has."""
    return _INTERNAL.fullmatch(name) is not None


def is_name(text: str) -> bool:
    """Return whether a host is a name of several labels, which no word of a text is."""
    return "." in text or ":" in text


def hosts_in(value: Any, secrets: Mapping[str, str], field: str = "") -> Iterator[str]:
    """Yield the hosts in what a prober takes: in its addresses, its arguments and its connection strings."""
    match value:
        case str():
            yield from _in_text(value, secrets, field)
        case Mapping():
            for key, item in value.items():
                yield from hosts_in(item, secrets, str(key))
        case ("host" | "hostaddr", several):
            yield from _split(str(several))
        case tuple() | list() | set() | frozenset():  # a network can be gone through as well, for ever
            for item in value:
                yield from hosts_in(item, secrets, field)
        case _ if is_dataclass(value):
            for one in fields(value):
                yield from hosts_in(getattr(value, one.name), secrets, one.name)


def _in_text(text: str, secrets: Mapping[str, str], field: str) -> Iterator[str]:
    if field in _HOST_FIELDS:
        yield from _split(text)
    elif field in _ADDRESS_FIELDS:
        yield from connection_hosts(secrets.get(text, ""))
    else:
        yield from _url_hosts(text)
        yield from _WITHIN.findall(text.lower())


def connection_hosts(text: str) -> Iterator[str]:
    """Yield the hosts of a connection string, as a URL or in the words of libpq."""
    yield from _url_hosts(text)
    for found in _KEYWORD.findall(text):
        yield from _split(found)


def _split(hosts: str) -> Iterator[str]:
    """Yield each of several hosts; the path of a socket is none."""
    yield from (host for host in hosts.split(",") if host and not host.startswith("/"))


def _url_hosts(text: str) -> Iterator[str]:
    for url in _URL.findall(text):
        try:
            at = urlsplit(url).netloc.rpartition("@")[2]
        except ValueError:
            continue
        for one in at.split(","):
            host = one.strip("[]") if _is_address(one.strip("[]")) else re.sub(r"\]?:\d*$", "", one).lstrip("[")
            if host:
                yield host


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_own(host: str) -> bool:
    """Return whether a host is the own machine, or a private address, which is looked for anyway."""
    return _is_address(host) and ip_address(host).is_private
