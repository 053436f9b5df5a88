"""What a Mastodon answers, part by part: what is taken for well, for ill, and for no answer at all."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from statusgen.demo.edge import AVATAR
from statusgen.model.observation import Observation
from statusgen.probes import family
from tests.integration import faults
from tests.integration.faults import Behaviour
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services


def test_where_it_links_to_is_left_out_when_it_did_not_say_so() -> None:
    keys = {"keys": {"status_page": "https://status.example.org"}}
    failing = asked({"instance": say({"error": "x"}, status="503 Service Unavailable")}, **keys)
    assert "status_page_named" not in failing.facts
    assert asked({}, **keys).facts == {"status_page_named": False, **NO_MEDIA}


def test_latency_and_phases_are_those_of_the_slowest_part() -> None:
    quick = site([])

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/nodeinfo" in head:
            await asyncio.sleep(0.3)
        answer = asyncio.StreamReader()
        answer.feed_data(head)
        answer.feed_eof()
        await quick(answer, writer)

    seen = observe({**LOCAL, "degraded_over": "250ms"}, against=behave)
    assert found(seen) == ("degraded", "slow")
    assert seen.phases["first_byte"] >= 250


def say(body: object, *, status: str = "200 OK", headers: str = "") -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(data)}\r\n{headers}\r\n".encode() + data


HEALTHY = {
    "/health": say(b"OK"),
    "/api/v1/streaming/health": say(b"OK\n"),
    "/api/v1/accounts/lookup": say({"acct": "Admin"}),
    "/api/v2/instance": say({"domain": "Social.Example"}),
    "/.well-known/webfinger": say({"subject": "acct:Admin@social.example"}),
    "/nodeinfo/2.0": say({"software": {"name": "mastodon"}}),
}


NO_MEDIA = {"left_out": "media"}


CLOSED = {"error": "This method requires an authenticated user"}


def site(heads: list[bytes], **answers: bytes) -> Behaviour:
    """Answer as a healthy instance does but for some parts; the heads of all requests are kept."""
    told = HEALTHY | {path: answers[name] for name, path in PATHS.items() if name in answers}

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heads.append(head)
        writer.write(told[head.split()[1].decode().partition("?")[0]])
        await writer.drain()
        await reader.read()

    return behave


PATHS = dict(zip(("health", "streaming", "lookup", "instance", "webfinger", "nodeinfo"), HEALTHY, strict=True)) | {
    "media": f"/system/{AVATAR}"
}


LOCAL = {"mastodon": "http://social.example", "connect_to": "127.0.0.1:@PORT@", "account": "admin"}


def asked(answers: Mapping[str, bytes], **more: Any) -> Observation:
    """Observe every part of an instance that answers so."""
    return observe({**LOCAL, **more.pop("keys", {})}, against=site([], **answers), **more)


@pytest.mark.parametrize(
    ("part", "said", "reason"),
    [
        ("health", say({"status": "UP"}), None),
        ("health", say({"status": "DOWN"}), "wrong_body"),
        ("health", say(b"<html>Welcome to nginx!"), "wrong_body"),
        ("streaming", say(b"", status="502 Bad Gateway"), "http_502"),
        ("lookup", say({"acct": "else"}), "wrong_body"),
        ("lookup", say([]), "wrong_body"),
        ("lookup", say(b"", status="301 Moved", headers="Location: /elsewhere\r\n"), "http_301"),
        ("instance", say({"domain": "other.example"}), "wrong_instance"),
        ("instance", say({"uri": "social.example"}), "wrong_body"),
        ("instance", say(b"[" * 100_000), "wrong_body"),
        ("instance", say({"error": "x"}, status="401 Unauthorized", headers="WWW-Authenticate: Basic\r\n"), None),
        ("instance", say(b"<html>", status="401 Unauthorized"), "http_401"),
        ("webfinger", say({"subject": "acct:admin@other.example"}), "wrong_body"),
        ("webfinger", say(CLOSED, status="401 Unauthorized"), "http_401"),
        ("nodeinfo", say({"software": "mastodon"}), "wrong_body"),
        ("nodeinfo", say({}), "wrong_body"),
    ],
)
def test_each_part_must_answer_as_mastodon_does(part: str, said: bytes, reason: str | None) -> None:
    seen = asked({part: said})
    if reason:
        failed = {"health": "web"}.get(part, part)
        assert found(seen) == ("down", f"{failed}:{reason}")
        assert seen.facts["failed"] == failed
    else:
        assert seen.outcome != "down"


AVATAR_PATH = f"/system/{AVATAR}"


NAMING = {"domain": "social.example", "contact": {"account": {"acct": "Admin", "avatar_static": AVATAR_PATH}}}


PICTURE = say(b"<svg/>", headers="Content-Type: image/svg+xml\r\n")


BARE = {"mastodon": "http://social.example", "connect_to": "127.0.0.1:@PORT@"}


@pytest.mark.parametrize(
    ("answers", "expected", "left_out"),
    [
        ({}, UP, None),
        ({"instance": say({"domain": "social.example"})}, UP, "lookup, webfinger, media"),
        ({"instance": say({**NAMING, "contact": {"account": None}})}, UP, "lookup, webfinger, media"),
        (
            {"instance": say({**NAMING, "contact": {"account": {"acct": "a@b", "avatar_static": 7}}})},
            UP,
            "lookup, webfinger, media",
        ),
        ({"instance": say({**NAMING, "contact": {"account": {"acct": "admin"}}})}, UP, "media"),
        (
            {"instance": say(NAMING, headers="Age: 7\r\n")},
            ("degraded", "instance:origin_unproven"),
            "lookup, webfinger, media",
        ),
        ({"lookup": say(b"", status="503 Service Unavailable")}, ("down", "lookup:http_503"), None),
        ({"lookup": say(CLOSED, status="401 Unauthorized")}, UP, "lookup"),
        ({"media": say(b"", status="404 Not Found")}, ("down", "media:http_404"), None),
        ({"media": say(b"x" * 2**20 + b"x", headers="Content-Type: image/png\r\n")}, UP, "media"),
        ({"media": say(b"<html>")}, ("down", "media:wrong_header"), None),
        ({"lookup": say(b"x" * 2**20 + b"x")}, ("down", "lookup:body_too_large"), None),
        ({"webfinger": say(b"x" * 2**20 + b"x")}, ("down", "webfinger:body_too_large"), None),
    ],
    ids=lambda value: str(value) if isinstance(value, tuple) else "",
)
def test_what_an_instance_names_is_asked_for_and_what_it_does_not_is_told(
    answers: dict[str, bytes], expected: tuple[str, str | None], left_out: str | None
) -> None:
    seen = observe(BARE, against=site([], **{"instance": say(NAMING), "media": PICTURE, **answers}))
    assert found(seen) == expected
    assert seen.facts.get("left_out") == left_out


def test_an_instance_that_was_slow_leaves_too_little_time_for_what_it_names() -> None:
    answers = site([], instance=say(NAMING), media=PICTURE)

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/instance" in head:
            await asyncio.sleep(1.1)
        told = asyncio.StreamReader()
        told.feed_data(head)
        told.feed_eof()
        await answers(told, writer)

    seen = observe(BARE, against=behave, timeout=2)
    assert found(seen) == UP
    assert seen.facts == {"left_out": "lookup, webfinger, media"}


def test_what_answers_only_those_who_are_logged_in_is_unknown_and_not_down() -> None:
    closed = say(CLOSED, status="401 Unauthorized")
    seen = asked({"lookup": closed, "instance": closed})
    assert found(seen) == ("unknown", "lookup:login_required")
    assert seen.facts == {"failed": "lookup, instance", **NO_MEDIA}
    token = {"keys": {"token_env": "TOKEN"}, "env": {"TOKEN": "s3cret-s3cret"}}
    assert found(asked({"lookup": closed}, **token)) == ("down", "lookup:http_401")
    assert found(asked({}, **token)) == UP


def test_being_asked_too_often_is_not_down() -> None:
    for part, of in (("lookup", "lookup"), ("health", "web")):
        seen = asked({part: say({"error": "Too many requests"}, status="429 Too Many Requests")})
        assert found(seen) == ("unknown", f"{of}:rate_limited")


def test_the_worst_part_decides() -> None:
    cached = say({"acct": "admin"}, headers="Age: 12\r\n")
    limited = say({}, status="429 Too Many Requests")
    gone = say(b"", status="503 Service Unavailable")
    assert found(asked({"lookup": cached, "instance": limited})) == ("degraded", "lookup:origin_unproven")
    seen = asked({"health": gone, "lookup": cached, "instance": limited})
    assert found(seen) == ("down", "web:http_503")
    assert seen.facts == {"failed": "web, lookup, instance", "cached": True, **NO_MEDIA}


def test_every_request_is_one_of_its_own_that_no_cache_has_seen() -> None:
    heads: list[bytes] = []
    env = {"TOKEN": "s3cret-s3cret"}
    for _ in range(2):
        assert found(observe({**LOCAL, "token_env": "TOKEN"}, against=site(heads), env=env)) == UP
    lines = [head.decode().split("\r\n") for head in heads]
    assert len({line[0] for line in lines}) == len(heads) == 12
    for line in lines:
        assert re.search(r"[?&]_statusgen=[0-9a-f]{16} ", line[0])
        assert {"Host: social.example", "Cache-Control: no-cache"} <= set(line)
        private = line[0].startswith(("GET /api/v1/accounts/", "GET /api/v2/"))
        assert ("Authorization: Bearer s3cret-s3cret" in line) == private


def test_a_place_without_the_family_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {"mastodon": "http://localhost:@PORT@", "domain": "social.example", "family": "ipv4"}
    assert found(observe(keys, against=site([]))) == UP
    monkeypatch.setattr(family, "has_way", lambda _: False)
    for part in ({}, {"part": "instance"}):
        seen = observe({**keys, **part}, against=site([]))
        assert found(seen) == ("skipped", "family_missing")
        assert seen.facts == {}


def test_a_secret_that_cannot_be_a_header_is_unknown_and_never_told() -> None:
    keys = {**LOCAL, "token_env": "TOKEN"}
    assert found(observe(keys, against=site([]), env={"TOKEN": "two\nlines"})) == ("unknown", "secret_invalid")
    assert found(observe(keys, against=site([]))) == ("unknown", "secret_missing")


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_after_first_bytes, "connection_reset"),
        (faults.answer(faults.GARBAGE), "bad_response"),
        (faults.endless_body, "body_too_large"),
        (faults.drip(faults.OK), "timeout"),
    ],
)
def test_whatever_an_instance_does_is_an_observation_in_time(behaviour: Behaviour, reason: str) -> None:
    seen = observe(LOCAL, against=behaviour, timeout=1)
    assert found(seen) == ("down", reason)
    assert seen.facts == {"failed": "web, streaming, lookup, instance, webfinger, nodeinfo", **NO_MEDIA}
    assert found(observe({**LOCAL, "part": "lookup"}, against=behaviour, timeout=1)) == ("down", reason)
