"""The `dns` kind's side of the wire: a question by UDP, and by TCP where its answer does not fit.

The driver reads and writes messages; the sockets are ours, so that reasons and deadlines are those of every kind.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.resolver
import dns.ttl

from statusgen.probes.dns_expect import RecordType, Said, canonical
from statusgen.probes.network import TargetError, connected, first_connected
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Pin

if TYPE_CHECKING:
    from statusgen.probes.dns import DnsSpec, Subnet

SYSTEM = "/etc/resolv.conf"
"""Where the system's resolvers are written down, except on Windows."""

DEFAULT_PORT = 53
AGAIN = 1.0
"""Seconds after which a question is sent again: UDP may lose it, or its answer."""

LARGEST_ANSWER = 16 * 1024
"""Bytes of a message that are read: the work of taking one apart grows faster than its length."""

UDP_SIZE = 1232
"""Bytes of an answer by UDP that every path carries whole (DNS flag day 2020)."""


def resolvers(file: str = SYSTEM) -> tuple[Pin, ...]:
    """Return the system's resolvers, in their order; none where none is known."""
    try:
        known = dns.resolver.Resolver(file)
    except dns.resolver.NoResolverConfiguration:
        return ()
    return tuple(Pin(str(address)) for address in known.nameservers)


async def ask(spec: DnsSpec, servers: Sequence[Pin], watch: Stopwatch) -> Said:
    """Return what the first of the servers answers; raises `TargetError` and OSError."""
    question = dns.message.make_query(
        dns.name.from_text(spec.name),
        dns.rdatatype.from_text(spec.record),
        use_edns=0,
        payload=UDP_SIZE,
        options=[_option(spec.subnet)] if spec.subnet else [],
    )
    ports = {server.ip: server.port or DEFAULT_PORT for server in servers}

    async def answer_of(ip: str) -> dns.message.Message:
        with watch.phase("query"):
            answer = await _by_udp(question, ip, ports[ip])
        return await _by_tcp(question, ip, ports[ip], watch) if answer.flags & dns.flags.TC else answer

    return _said(await first_connected(tuple(ports), answer_of), spec)


def _option(subnet: Subnet) -> dns.edns.ECSOption:
    return dns.edns.ECSOption(str(subnet.network_address), subnet.prefixlen)


async def _by_udp(question: dns.message.QueryMessage, ip: str, port: int) -> dns.message.Message:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[dns.message.Message] = loop.create_future()
    line, _ = await loop.create_datagram_endpoint(lambda: _Listener(question, answer), remote_addr=(ip, port))
    try:
        while not answer.done():
            line.sendto(question.to_wire())
            await asyncio.wait({answer}, timeout=AGAIN)
        return answer.result()
    finally:
        line.abort()


class _Listener(asyncio.DatagramProtocol):
    """Waits for the answer to a question, from the address it was sent to; anything else is passed over."""

    def __init__(self, question: dns.message.QueryMessage, answer: asyncio.Future[dns.message.Message]) -> None:
        self._question = question
        self._answer = answer

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - the socket hears one address only
        if self._answer.done() or data[:2] != self._question.id.to_bytes(2, "big"):
            return
        try:
            self._answer.set_result(_read(data, self._question))
        except TargetError as error:
            self._answer.set_exception(error)

    def error_received(self, exc: Exception) -> None:
        if not self._answer.done():
            self._answer.set_exception(exc)


async def _by_tcp(question: dns.message.QueryMessage, ip: str, port: int, watch: Stopwatch) -> dns.message.Message:
    async with connected((ip,), port, watch) as (reader, writer):
        with watch.phase("query"):
            wire = question.to_wire()
            writer.write(struct.pack("!H", len(wire)) + wire)
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            return _read(await reader.readexactly(min(length, LARGEST_ANSWER + 1)), question)


def _read(data: bytes, question: dns.message.QueryMessage) -> dns.message.Message:
    """Return the message that these bytes are; one that does not answer the question is a bad response."""
    if len(data) > LARGEST_ANSWER:
        raise TargetError("body_too_large")
    try:
        answer = dns.message.from_wire(data)
    except dns.exception.DNSException:
        raise TargetError("bad_response") from None
    if not question.is_response(answer):
        raise TargetError("bad_response")
    return answer


def _said(answer: dns.message.Message, spec: DnsSpec) -> Said:
    rcode = dns.rcode.to_text(answer.rcode()).lower()
    if not isinstance(answer, dns.message.QueryMessage):
        raise TargetError("bad_response")
    if answer.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return Said(rcode=rcode)
    try:
        chain = answer.resolve_chaining()
    except dns.exception.DNSException:
        raise TargetError("bad_response") from None
    return Said(
        rcode=rcode,
        answers=frozenset(_text(record, spec.record) for record in chain.answer or ()),
        ttl=None if chain.minimum_ttl == dns.ttl.MAX_TTL else chain.minimum_ttl,
        subnet_heeded=spec.subnet is None or any(_is_for(option, spec.subnet) for option in answer.options),
    )


def _text(record: dns.rdata.Rdata, kind: RecordType) -> str:
    if kind is RecordType.TXT:
        return b"".join(record.strings).decode("utf-8", errors="replace")  # type: ignore[attr-defined]  # rdata of TXT
    return canonical(kind, record.to_text())


def _is_for(option: dns.edns.Option, subnet: Subnet) -> bool:
    """Return whether an option of the answer says that it is for that network (RFC 7871 §7.2.1)."""
    if not isinstance(option, dns.edns.ECSOption):
        return False
    return option.srclen == subnet.prefixlen and option.address == str(subnet.network_address)
