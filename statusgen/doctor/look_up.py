"""Asks the DNS and the hosts themselves what there is to know of them. All at once, and each within its time."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from statusgen.clock import SystemClock
from statusgen.doctor.facts import Host

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

PATIENCE = 8.0
"""Seconds for all that is asked of one host."""

_AT_ONCE = 20

CDNS: Mapping[str, tuple[str, str]] = {
    "Cloudflare": ("cf-ray", ""),
    "Amazon CloudFront": ("x-amz-cf-id", ""),
    "Fastly": ("x-served-by", "cache-"),
    "bunny.net": ("cdn-pullzone", ""),
    "Akamai": ("server", "akamai"),
    "Google": ("via", "1.1 google"),
    "Azure Front Door": ("x-azure-ref", ""),
    "GitHub Pages": ("x-github-request-id", ""),
    "Netlify": ("x-nf-request-id", ""),
    "Vercel": ("x-vercel-id", ""),
}
"""The header that a network adds to what it passes on, and how its value begins."""


def look_up(urls: Sequence[str], names: Sequence[str], *, resolver: Resolver | None = None) -> dict[str, Host]:
    """Return what is known of hosts by name: those of addresses are also opened, of the others the DNS tells.

    A URL is opened without sending anything that is secret, and its certificate is looked at whatever is wrong with it.
    Never raises for what a host or the DNS does.
    """
    return asyncio.run(_all(urls, names, resolver))


async def _all(urls: Sequence[str], names: Sequence[str], resolver: Resolver | None) -> dict[str, Host]:
    import httpx  # noqa: PLC0415 - slow to import

    opened = {httpx.URL(url).host.lower(): url for url in urls}
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(name: str) -> Host:
        async with turns:
            try:
                async with asyncio.timeout(PATIENCE):
                    told = await _told_by_dns(name, resolver)
            except TimeoutError:
                told = Host(name=name, trouble="the DNS did not answer in time")
            if name in opened and not told.trouble:
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        return await _opened(told, opened[name])
            return told

    hosts = dict.fromkeys([*opened, *(name.lower() for name in names)])
    return dict(zip(hosts, await asyncio.gather(*map(one, hosts)), strict=True))


async def _told_by_dns(name: str, resolver: Resolver | None) -> Host:
    with suppress(ValueError):
        return Host(name=name, addresses=frozenset({ip_address(name)}))
    try:
        import dns.asyncresolver  # noqa: PLC0415 - an extra
        import dns.exception  # noqa: PLC0415 - an extra
    except ImportError:
        return Host(name=name, trouble="the package dnspython is missing; install statusgen[dns]")
    try:
        asked = resolver or dns.asyncresolver.Resolver()
        answers = [await _answer(asked, name, kind) for kind in ("A", "AAAA")]
        zone = await _zone(asked, name)
        servers = await asked.resolve(f"{zone}.", "NS", raise_on_no_answer=False)
    except dns.exception.DNSException as error:
        return Host(name=name, trouble=_trouble(error))
    return Host(
        name=name,
        aliases=tuple(dict.fromkeys(alias for aliases, _ in answers for alias in aliases)),
        addresses=frozenset(address for _, addresses in answers for address in addresses),
        zone=zone,
        servers=frozenset(_bare(server.target) for server in servers.rrset or ()),
    )


async def _answer(resolver: Resolver, name: str, kind: str) -> tuple[list[str], list[Any]]:
    """Return the names that a name leads to, in order, and its addresses."""
    answer = await resolver.resolve(f"{name}.", kind, raise_on_no_answer=False)
    steps = {_bare(one.name): _bare(one[0].target) for one in answer.response.answer if one.rdtype.name == "CNAME"}
    aliases, at = [], name
    while at in steps and steps[at] not in aliases:
        at = steps[at]
        aliases.append(at)
    return aliases, [ip_address(one.address) for one in answer.rrset or ()]


async def _zone(resolver: Resolver, name: str) -> str:
    import dns.asyncresolver  # noqa: PLC0415 - an extra

    return _bare(await dns.asyncresolver.zone_for_name(f"{name}.", resolver=resolver))


async def _opened(host: Host, url: str) -> Host:
    """Return a host with what its answer to a request says; unchanged when it gives none."""
    import httpx  # noqa: PLC0415 - slow to import

    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    try:
        async with (
            httpx.AsyncClient(verify=unverified, timeout=PATIENCE) as client,
            client.stream("GET", url) as answer,
        ):
            asked = SystemClock().now()
            secured = answer.extensions["network_stream"].get_extra_info("ssl_object")
            shown = secured.getpeercert(binary_form=True) if secured else None
    except (httpx.HTTPError, OSError):
        return host
    return replace(
        host,
        certificate=hashlib.sha256(shown).hexdigest() if shown else "",
        cdn=_cdn(answer.headers),
        clock=_date(answer.headers.get("Date", "")),
        asked=asked,
    )


def _cdn(headers: Mapping[str, str]) -> str:
    for name, (header, begins) in CDNS.items():
        if (value := headers.get(header)) is not None and value.lower().startswith(begins):
            return name
    return ""


def _date(text: str) -> datetime | None:
    with suppress(ValueError):
        return parsedate_to_datetime(text).astimezone(UTC)
    return None


def _trouble(error: Exception) -> str:
    kinds = {
        "NXDOMAIN": "there is no such name",
        "NoNameservers": "no name server gives an answer",
        "LifetimeTimeout": "the DNS did not answer in time",
        "NoResolverConfiguration": "this machine knows no name server",
    }
    return kinds.get(type(error).__name__, "the DNS gives no answer")


def _bare(name: object) -> str:
    return str(name).rstrip(".").lower()
