"""A Mastodon behind edge nodes that cache: its parts, on a real application with a real database and nginx in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from statusgen.demo.edge import AVATAR
from statusgen.demo.instance import App, Streaming, fill_database
from statusgen.demo.services import Authority, Nginx, PostgreSQL, Redis
from statusgen.demo.services.processes import wait_until
from tests.integration.conftest import running
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services


UNPROVEN = ("degraded", "origin_unproven")


INSTANCE = "https://social.example"


# What Mastodon ships: whatever may be cached is kept for a week, and used while the origin fails.
SHIPPED = """
            proxy_cache CACHE;
            proxy_cache_valid 200 7d;
            proxy_cache_valid 410 24h;
            proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
            add_header X-Cached $upstream_cache_status;
"""


# One that keeps everything, and takes every query for the same page.
CARELESS = (
    SHIPPED.replace("200 7d", "200 1s")
    + """
            proxy_cache_key $scheme$host$uri;
            proxy_ignore_headers Cache-Control;
"""
)


EDGE = """
    proxy_cache_path {folder}/cache levels=1:2 keys_zone=CACHE:1m inactive=7d max_size=16m;
    server {{
        listen 127.0.0.1:@PORT@ ssl;
        server_name social.example;
        ssl_certificate {chain};
        ssl_certificate_key {key};
        location /system/ {{ root {folder}; }}
        location /api/v1/streaming {{ proxy_pass http://127.0.0.1:{streaming}; }}
        location / {{
            proxy_set_header Host $host;
            proxy_pass http://127.0.0.1:{app};{cache}
        }}
    }}
"""


@pytest.fixture
def origin(services_folder: Path, postgres: PostgreSQL, redis_server: Redis) -> Iterator[App]:
    """The web application, which asks PostgreSQL."""
    fill_database(postgres)
    folder = services_folder / "mastodon-web"
    with running(lambda: App(folder, database=postgres, redis=redis_server, media=f"{INSTANCE}/system")) as server:
        yield server


@pytest.fixture
def edge(
    origin: App, streaming: Streaming, nginx: Callable[[str], Nginx], authority: Authority, tmp_path: Path
) -> Callable[[str], dict[str, Any]]:
    """Start an edge node with a way to cache; gives the keys of a check that reaches the instance through it."""
    certificate = authority.issue("social", "social.example")
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "picture.svg").write_text("<svg/>")
    (tmp_path / "system" / AVATAR).parent.mkdir(parents=True)
    (tmp_path / "system" / AVATAR).write_text("<svg/>")
    (tmp_path / "system" / "broken.svg").write_text("")
    (tmp_path / "system" / "page.html").write_text("<html>")

    def start(cache: str) -> dict[str, Any]:
        body = EDGE.format(
            chain=certificate.chain,
            key=certificate.key,
            folder=tmp_path,
            app=origin.port,
            streaming=streaming.port,
            cache=cache,
        )
        server = nginx(body)
        return {"connect_to": f"127.0.0.1:{server.port}", "ca_file": str(authority.file)}

    return start


def whole(way: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    """Return a check of every part."""
    return {"mastodon": INSTANCE, **way, "account": "admin", "media": "/system/picture.svg", **keys}


def page(way: Mapping[str, Any], path: str, **expect: Any) -> dict[str, Any]:
    """Return a plain check of one page."""
    return {"http": INSTANCE + path, **way, "expect": {"status": "200", **expect}}


def test_a_healthy_instance_is_up_in_every_part(edge: Callable[[str], dict[str, Any]]) -> None:
    for cache in (SHIPPED, ""):
        way = edge(cache)
        for _ in range(3):
            seen = observe(whole(way))
            assert found(seen) == UP
            assert seen.facts == {}
        assert list(seen.phases) == ["connect", "tls", "first_byte", "transfer"]


def test_its_address_alone_is_enough(
    edge: Callable[[str], dict[str, Any]], origin: App, postgres: PostgreSQL, tmp_path: Path
) -> None:
    keys = {"mastodon": INSTANCE, **edge(SHIPPED)}
    seen = observe(keys)
    assert found(seen) == UP
    assert seen.facts == {}
    (tmp_path / "system" / AVATAR).unlink()
    assert found(observe(keys)) == ("down", "media:http_404")
    (tmp_path / "system" / AVATAR).write_text("<svg/>")
    postgres.stop()
    seen = observe(keys)
    assert found(seen)[0] == "down"
    assert "http_503" in str(seen.reason)
    postgres.start()
    origin.stop()
    seen = observe(keys)
    assert found(seen) == ("down", "web:http_502")
    assert seen.facts == {"failed": "web, instance, nodeinfo", "left_out": "lookup, webfinger, media"}


def test_a_dead_origin_is_not_up_behind_a_cache_that_goes_on_answering(
    edge: Callable[[str], dict[str, Any]], origin: App
) -> None:
    cached, bare = edge(SHIPPED), edge("")
    lookup = "/api/v1/accounts/lookup?acct=admin"
    for _ in range(2):
        assert found(observe(page(cached, "/api/v2/instance"))) == UP
        assert found(observe(page(cached, lookup))) == UP
    origin.stop()
    for path in ("/api/v2/instance", lookup):
        deceived = observe(page(cached, path))
        assert found(deceived) == UP
        assert deceived.facts["cached"] is True
        assert found(observe(page(cached, path, uncached="true"))) == UNPROVEN
        assert found(observe(page(bare, path, uncached="true"))) == ("down", "http_502")
    for way in (cached, bare):
        seen = observe(whole(way))
        assert found(seen) == ("down", "web:http_502")
        assert seen.facts == {"failed": "web, lookup, instance, webfinger, nodeinfo"}
    for part in ("streaming", "media"):
        assert found(observe({"mastodon": INSTANCE, **cached, "part": part, **picture(part)})) == UP


def picture(part: str) -> dict[str, str]:
    return {"media": "/system/picture.svg"} if part == "media" else {}


def test_an_edge_that_cannot_be_bypassed_proves_nothing_of_the_origin(
    edge: Callable[[str], dict[str, Any]], origin: App
) -> None:
    way = edge(CARELESS)
    assert found(observe(whole(way))) == UP
    origin.stop()
    stale = page(way, "/health", headers={"X-Cached": "STALE"})
    assert wait_until(lambda: found(observe(stale)) == UP, limit=30)
    seen = observe(whole(way))
    assert found(seen) == ("degraded", "web:origin_unproven")
    assert seen.facts == {"failed": "web, lookup, instance, webfinger, nodeinfo", "cached": True}
    assert found(observe(page(way, "/health"))) == UP
    assert found(observe(page(way, "/health", uncached="true"))) == UNPROVEN
    allowed = observe(whole(way, allow_cached="true"))
    assert found(allowed) == UP
    assert allowed.facts == {"cached": True}


def test_the_database_is_proven_through_the_web(
    edge: Callable[[str], dict[str, Any]], origin: App, postgres: PostgreSQL
) -> None:
    way = edge(SHIPPED)
    keys = {"mastodon": INSTANCE, **way, "part": "lookup", "account": "admin"}
    assert found(observe(keys)) == UP
    assert observe(keys).facts == {"status": 200}
    assert found(observe({**keys, "account": "nobody"})) == ("down", "http_404")
    postgres.stop()
    assert found(observe(keys)) == ("down", "http_503")
    seen = observe(whole(way))
    assert found(seen) == ("down", "lookup:http_503")
    assert "web" not in str(seen.facts["failed"]).split(", ")


def test_streaming_fails_by_itself(edge: Callable[[str], dict[str, Any]], streaming: Streaming) -> None:
    way = edge(SHIPPED)
    streaming.stop()
    assert found(observe({"mastodon": INSTANCE, **way, "part": "streaming"})) == ("down", "http_502")
    assert found(observe({"mastodon": INSTANCE, **way, "part": "web"})) == UP
    seen = observe(whole(way))
    assert found(seen) == ("down", "streaming:http_502")
    assert seen.facts == {"failed": "streaming"}


def test_a_part_that_hangs_is_named(edge: Callable[[str], dict[str, Any]], streaming: Streaming) -> None:
    way = edge(SHIPPED)
    streaming.pause()
    seen = observe(whole(way), timeout=2)
    assert found(seen) == ("down", "streaming:timeout")
    assert seen.facts == {"failed": "streaming"}


def test_a_media_object_is_a_picture_that_is_there(edge: Callable[[str], dict[str, Any]]) -> None:
    keys = {"mastodon": INSTANCE, **edge(""), "part": "media"}
    assert found(observe({**keys, "media": "/system/picture.svg"})) == UP
    assert found(observe({**keys, "media": f"{INSTANCE}/system/picture.svg"})) == UP
    assert found(observe({**keys, "media": "/system/gone.svg"})) == ("down", "http_404")
    assert found(observe({**keys, "media": "/system/page.html"})) == ("down", "wrong_header")
    assert found(observe({**keys, "media": "/system/broken.svg"})) == ("down", "wrong_body")


def test_whether_it_links_to_the_status_page_is_a_fact_and_no_outage(edge: Callable[[str], dict[str, Any]]) -> None:
    keys = {"mastodon": INSTANCE, **edge(SHIPPED), "part": "instance"}
    for address, named in (("https://status.social.example/", True), ("https://status.example.org", False)):
        seen = observe({**keys, "status_page": address})
        assert found(seen) == UP
        assert seen.facts == {"status": 200, "status_page_named": named}


def test_an_edge_that_reaches_another_instance_is_down_though_its_health_is_good(
    edge: Callable[[str], dict[str, Any]],
) -> None:
    way = edge(SHIPPED)
    assert found(observe(page(way, "/health", body="OK"))) == UP
    seen = observe({"mastodon": INSTANCE, **way, "part": "web", "domain": "other.example"})
    assert found(seen) == ("down", "wrong_instance")
    assert seen.facts == {"failed": "instance"}
