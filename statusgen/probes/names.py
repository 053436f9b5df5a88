"""Names to addresses, by the system's own resolver, which blocks and so is asked in threads."""

from __future__ import annotations

import socket

from statusgen.probes.threads import in_thread


async def look_up(host: str, family: int = socket.AF_UNSPEC) -> tuple[str, ...]:
    """Return the addresses of an ASCII name in the order the system prefers; raises `socket.gaierror`.

    When it is called off, its thread is left to itself and what it finds is forgotten.
    """
    return await in_thread(lambda: _addresses(host, family))


def _addresses(host: str, family: int) -> tuple[str, ...]:
    """Return the addresses, each once. Bytes are taken as they are, without loading what encodes other scripts."""
    found = socket.getaddrinfo(host.encode("ascii"), None, family=family, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
