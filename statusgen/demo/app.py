"""A small web application, like a Mastodon seen from outside: it really asks PostgreSQL and Redis for its answers.

Paths, the shape of answers and what caches are told are Mastodon's; so `/health` is a constant, to any host.

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

from statusgen.demo.edge import AVATAR, DOMAIN, MEDIA_DOMAIN
from statusgen.demo.services import HOST

if TYPE_CHECKING:
    Answer = tuple[HTTPStatus, str, bytes]

PATIENCE = 2
"""Seconds that the database or Redis may take."""
FEED = "feed:public"
"""The key of the list in Redis that holds the newest posts."""

CACHE_CONTROL = {
    "/api/v2/instance": "public, max-age=300, stale-while-revalidate=30, stale-if-error=86400",
    "/api/v1/accounts/lookup": "public, max-age=15, stale-if-error=86400",
    "/.well-known/webfinger": "public, max-age=259200",
    "/nodeinfo/2.0": "public, max-age=1800",
}
"""How long caches may keep an answer by its path; all others are not to be kept."""


def health() -> Answer:
    """Answer as long as the process lives, whatever is behind it."""
    return HTTPStatus.OK, "text/plain; charset=utf-8", b"OK"


def instance() -> Answer:
    """Describe the instance; the number of people comes from the database."""
    urls = {"streaming": f"wss://{DOMAIN}", "status": f"https://status.{DOMAIN}", "about": f"https://{DOMAIN}/about"}
    return _json(
        {
            "domain": DOMAIN,
            "title": "Demo",
            "version": "4.5.2",
            "usage": {"users": {"active_month": _people()}},
            "configuration": {"urls": urls, "statuses": {"max_characters": 500, "max_media_attachments": 4}},
            "thumbnail": {"url": f"https://{DOMAIN}/packs/assets/preview.png", "blurhash": None},
            "contact": {"email": f"admin@{DOMAIN}", "account": _contact()},
            "registrations": {"enabled": False, "approval_required": False},
            "api_versions": {"mastodon": 7},
        }
    )


def nodeinfo() -> Answer:
    """Describe the software, as other servers ask for it."""
    software = {"name": "mastodon", "version": "4.5.2"}
    usage = {"users": {"total": _people()}}
    return _json({"version": "2.0", "software": software, "protocols": ["activitypub"], "usage": usage})


def webfinger(resource: str) -> Answer:
    """Say where a person is to be found."""
    name, _, domain = resource.removeprefix("acct:").partition("@")
    if domain != DOMAIN or _account(name) is None:
        return _json({"error": "Record not found"}, HTTPStatus.NOT_FOUND)
    return _json({"subject": resource, "links": [{"rel": "self", "href": f"https://{DOMAIN}/users/{name}"}]})


def lookup(name: str) -> Answer:
    """Look up a person in the database."""
    account = _account(name)
    if account is None:
        return _json({"error": "Record not found"}, HTTPStatus.NOT_FOUND)
    return _json({"id": account, "username": name, "acct": name})


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
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    routes: dict[str, Callable[[], Answer]] = {
        "/health": health,
        "/api/v2/instance": instance,
        "/api/v1/accounts/lookup": lambda: lookup(query.get("acct", "")),
        "/api/v1/timelines/public": timeline,
        "/.well-known/webfinger": lambda: webfinger(query.get("resource", "")),
        "/nodeinfo/2.0": nodeinfo,
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
        kept = CACHE_CONTROL.get(urlsplit(self.path).path, "") if status is HTTPStatus.OK else ""
        self.send_header("Cache-Control", kept or "max-age=0, private, must-revalidate")
        self.end_headers()
        self.wfile.write(body)


def _contact() -> dict[str, str]:
    """Describe the person to turn to, whose picture is served with the media."""
    name = "admin"
    folder = os.environ.get("DEMO_MEDIA_URL", f"https://{MEDIA_DOMAIN}")
    picture = f"{folder}/{AVATAR}"
    return {"username": name, "acct": name, "url": f"https://{DOMAIN}/@{name}", "avatar_static": picture}


def _people() -> int:
    with _database() as connection:
        row = connection.execute("SELECT count(*)::int FROM accounts").fetchone()
    return int(str(row[0])) if row else 0


def _account(name: str) -> str | None:
    """Return the id of a person, if there is one."""
    with _database() as connection:
        row = connection.execute("SELECT id FROM accounts WHERE name = %s", [name]).fetchone()
    return str(row[0]) if row else None


def _database() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(os.environ["DEMO_DATABASE_URL"], connect_timeout=PATIENCE)


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return status, "application/json; charset=utf-8", json.dumps(value).encode()


if __name__ == "__main__":
    ThreadingHTTPServer((HOST, int(sys.argv[1])), Handler).serve_forever()
