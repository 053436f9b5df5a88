"""Free ports on loopback."""

from __future__ import annotations

import random
import socket
from contextlib import closing

HOST = "127.0.0.1"
GRPC_OFFSET = 10_000
_LOWEST = 10_240
_HIGHEST = 21_999


def free_ports(count: int, taken: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Return ports that nothing listens on, each free at 10,000 more as well, which SeaweedFS also takes.

    They lie below the range from which systems take the ports of outgoing connections, so that a server that was
    stopped finds its port free when it starts again.
    """
    chosen: list[int] = []
    candidates = random.SystemRandom().sample(range(_LOWEST, _HIGHEST + 1), 2_000)
    for port in candidates:
        if port not in taken and is_free(port) and is_free(port + GRPC_OFFSET):
            chosen.append(port)
        if len(chosen) == count:
            return tuple(chosen)
    message = f"no {count} free ports between {_LOWEST} and {_HIGHEST}"
    raise OSError(message)


def is_free(port: int) -> bool:
    """Return whether a server could listen on the port."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Return whether something accepts connections on the port."""
    try:
        with closing(socket.create_connection((HOST, port), timeout=1)):
            return True
    except OSError:
        return False
