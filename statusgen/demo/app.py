"""A small web application, like an instance seen from outside: it really asks PostgreSQL and Redis for every answer.

Run as `python -m statusgen.demo.app PORT` with `DEMO_DATABASE_URL` and `DEMO_REDIS_URL` set. It listens on loopback.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import psycopg
import redis

from statusgen.demo.services import HOST

if TYPE_CHECKING:
    Answer = tuple[HTTPStatus, str, bytes]

PATIENCE = 2
"""Seconds that the database or Redis may take."""
FEED = "feed:public"
"""The key of the list in Redis that holds the newest posts."""


def health() -> Answer:
    """Answer as long as the process lives, whatever is behind it."""
    return HTTPStatus.OK, "text/plain; charset=utf-8", b"OK"


def instance() -> Answer:
    """Describe the instance; the number of people comes from the database."""
    with _database() as connection:
        row = connection.execute("SELECT count(*) FROM accounts").fetchone()
    people = row[0] if row else 0
    return _json({"domain": "social.example", "title": "Demo", "usage": {"users": {"active_month": people}}})


def lookup(name: str) -> Answer:
    """Look up a person in the database."""
    with _database() as connection:
        row = connection.execute("SELECT id, name FROM accounts WHERE name = %s", [name]).fetchone()
    if row is None:
        return _json({"error": "Record not found"}, HTTPStatus.NOT_FOUND)
    return _json({"id": str(row[0]), "acct": row[1]})


def timeline() -> Answer:
    """Return the newest posts, which are kept in Redis."""
    client = redis.Redis.from_url(
        os.environ["DEMO_REDIS_URL"], socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    )
    try:
        posts = client.lrange(FEED, 0, 19)
    finally:
        client.close()
    return _json([{"content": post} for post in posts])


def answer(target: str) -> Answer:
    """Return the answer for a path with its query; a failure behind us is a 503, in the words of a stranger."""
    parts = urlsplit(target)
    name = parse_qs(parts.query).get("acct", [""])[0]
    routes: dict[str, Callable[[], Answer]] = {
        "/health": health,
        "/api/v2/instance": instance,
        "/api/v1/accounts/lookup": lambda: lookup(name),
        "/api/v1/timelines/public": timeline,
    }
    if parts.path not in routes:
        return _json({"error": "Record not found"}, HTTPStatus.NOT_FOUND)
    try:
        return routes[parts.path]()
    except (psycopg.Error, redis.RedisError):
        return _json({"error": "Service unavailable"}, HTTPStatus.SERVICE_UNAVAILABLE)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server_version = "demo"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer and close."""
        status, kind, body = answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _database() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(os.environ["DEMO_DATABASE_URL"], connect_timeout=PATIENCE)


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return status, "application/json; charset=utf-8", json.dumps(value).encode()


if __name__ == "__main__":
    ThreadingHTTPServer((HOST, int(sys.argv[1])), Handler).serve_forever()
