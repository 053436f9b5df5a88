"""A shaky line to a server: now and then it breaks before a request has arrived, or after it took effect."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

CHUNK = 65536


@contextmanager
def shaky_line(port: int, *, share: float, seed: int) -> Iterator[int]:
    """Give the port of a line to a server on this machine; so large a share of what is sent breaks it."""
    chance = random.Random(seed)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=_carry, args=(client, port, share, chance), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def _carry(client: socket.socket, port: int, share: float, chance: random.Random) -> None:
    """Carry one connection until it ends or breaks."""
    with closing(client), suppress(OSError), closing(socket.create_connection(("127.0.0.1", port))) as server:
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        while data := client.recv(CHUNK):
            breaks = chance.random() < share
            if breaks and chance.random() < 0.5:
                return
            server.sendall(data)
            if breaks:
                client.close()
                back.join(timeout=2)
                return


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(CHUNK):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
