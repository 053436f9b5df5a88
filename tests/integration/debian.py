"""Real servers from Debian packages, for which there are no wheels: Sidekiq and PgBouncer."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import redis

from statusgen.demo.services import HOST, PostgreSQL, Redis, Server, answers, free_ports
from tests.conftest import missing

PATH = f"{os.defpath}:/usr/sbin"


def program(name: str) -> str:
    """Return the path of a program; skips the test where it is not installed, or fails it in CI."""
    return shutil.which(name, path=PATH) or missing(name)


WORKER = """\
require "sidekiq"
if ENV["NAMESPACE"]
  require "redis-namespace"
  settings = {url: ENV["REDIS_URL"], namespace: ENV["NAMESPACE"]}
  Sidekiq.configure_server { |config| config.redis = settings }
  Sidekiq.configure_client { |config| config.redis = settings }
end
class Delivery
  include Sidekiq::Worker
  sidekiq_options retry: 5
  def perform(what)
    raise "the other server is gone" if what == "fail"
  end
end
"""


class Sidekiq(Server):
    """A real Sidekiq process that works on some queues of a Redis server."""

    label = "Sidekiq"

    def __init__(self, folder: Path, *, on: Redis, queues: tuple[str, ...], namespace: str = "") -> None:
        super().__init__(folder)
        self._redis = on
        self._queues = queues
        self._namespace = namespace
        self._worker = folder / "worker.rb"
        self._worker.write_text(WORKER)

    def environment(self) -> Mapping[str, str]:
        """Return where the queues are."""
        return {"REDIS_URL": self._redis.url, **({"NAMESPACE": self._namespace} if self._namespace else {})}

    def command(self) -> list[str]:
        """Return the program with its queues."""
        queues = [part for queue in self._queues for part in ("-q", queue)]
        return [program("sidekiq"), "-r", str(self._worker), "-c", "1", *queues]

    def is_ready(self) -> bool:
        """Return whether its heart has beaten."""
        prefix = f"{self._namespace}:" if self._namespace else ""
        with redis.Redis.from_url(self._redis.url, decode_responses=True) as client:
            names = client.smembers(f"{prefix}processes")
            return any(name.split(":")[1] == str(self.pid) and client.exists(f"{prefix}{name}") for name in names)

    def enqueue(self, queue: str, *what: str) -> None:
        """Have Sidekiq's own client put jobs into a queue."""
        code = f"{list(what)!r}.each {{ |what| Delivery.set(queue: {queue!r}).perform_async(what) }}"
        command = [program("ruby"), "-r", str(self._worker), "-e", code]
        subprocess.run(command, env={**self._variables(), "PATH": PATH}, check=True, capture_output=True, timeout=60)


POOLER = """\
[databases]
{database} = host={host} port={database_port}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users.txt
stats_users = watcher
pool_mode = transaction
default_pool_size = 1
max_client_conn = {clients}
"""


class PgBouncer(Server):
    """A real PgBouncer in transaction mode, with one connection to a PostgreSQL; `watcher` may look at its console.

    Every user has the password of the database's own. It refuses to run as root, as PostgreSQL does.
    """

    label = "PgBouncer"

    def __init__(self, folder: Path, *, before: PostgreSQL, clients: int = 10) -> None:
        super().__init__(folder)
        self.port = free_ports(1)[0]
        self.password = before.password
        self._before = before
        self._clients = clients

    def user(self) -> str:
        """Return the user that the database runs as."""
        return self._before.user()

    def url(self, *, username: str = "", database: str = "") -> str:
        """Return the connection URL of a user of the database, or of another one."""
        direct = self._before.url_for(username=username, database=database)
        return direct.replace(f":{self._before.port}/", f":{self.port}/")

    def prepare(self) -> None:
        """Write its configuration."""
        names = (self._before.username, "watcher", "plain")
        (self.folder / "users.txt").write_text("".join(f'"{name}" "{self.password}"\n' for name in names))
        text = POOLER.format(
            folder=self.folder,
            host=HOST,
            port=self.port,
            database=self._before.database,
            database_port=self._before.port,
            clients=self._clients,
        )
        (self.folder / "pgbouncer.ini").write_text(text)

    def command(self) -> list[str]:
        """Return the program and its configuration."""
        return [program("pgbouncer"), str(self.folder / "pgbouncer.ini")]

    def is_ready(self) -> bool:
        """Return whether it accepts connections."""
        return answers(self.port)
