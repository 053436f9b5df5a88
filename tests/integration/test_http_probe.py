"""An `http` check finds what a server really does, whatever that is, within its deadline."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from statusgen.demo.services import Authority, Nginx
from statusgen.model.observation import Finding
from statusgen.probes import KINDS, EnvSecrets
from tests.integration import faults
from tests.integration.faults import Behaviour, answer, serving
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services

URL = "http://127.0.0.1:@PORT@/"


def say(body: bytes, *, status: str = "200 OK", headers: bytes = b"Content-Type: text/plain\r\n") -> Behaviour:
    """Answer every request with this."""
    length = b"Content-Length: %d\r\n" % len(body)
    return answer(b"HTTP/1.1 " + status.encode() + b"\r\n" + headers + length + b"\r\n" + body)


def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Any:
    """Answer every request with its own head."""

    async def behave() -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(head) + head)
        await writer.drain()
        await reader.read()

    return behave()


def server_tls(authority: Authority, *names: str) -> ssl.SSLContext:
    """Return what a server with a certificate for these names needs."""
    certificate = authority.issue("-".join(names).replace(":", "_"), *names)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context


def test_an_answer_as_expected_is_up_with_phases_and_status() -> None:
    seen = observe({"http": "http://localhost:@PORT@/health", "expect": {"body": "OK"}}, against=say(b"OK"))
    assert found(seen) == UP
    assert list(seen.phases) == ["resolve", "connect", "first_byte", "transfer"]
    assert seen.facts == {"status": 200}
    assert seen.latency_ms is not None
    assert sum(seen.phases.values()) <= seen.latency_ms + 0.5


@pytest.mark.parametrize(
    ("expect", "reason"),
    [
        ({"status": "200"}, None),
        ({"status": "204-299"}, "http_200"),
        ({"status": ["301", "200"]}, None),
        ({"body": "queue"}, None),
        ({"body": "missing"}, "wrong_body"),
        ({"body_regex": '"size": [0-9]+'}, None),
        ({"body_regex": "^size"}, "wrong_body"),
        ({"json": {"queues[0].size": "3", "$.ok": "true", "name": "queues"}}, None),
        ({"json": {"queues[1].size": "3"}}, "wrong_body"),
        ({"json": {"queues[0].size": "4"}}, "wrong_body"),
        ({"headers": {"Content-Type": "json"}}, None),
        ({"headers": {"Content-Type": "html"}}, "wrong_header"),
        ({"headers": {"X-Absent": ""}}, "wrong_header"),
    ],
)
def test_every_expectation_is_checked(expect: dict[str, Any], reason: str | None) -> None:
    body = b'{"name": "queues", "ok": true, "queues": [{"size": 3}]}'
    seen = observe(
        {"http": URL, "expect": expect}, against=say(body, headers=b"Content-Type: application/json; charset=utf-8\r\n")
    )
    assert found(seen) == ("down" if reason else "up", reason)


@pytest.mark.parametrize("status", [301, 401, 404, 429, 500, 502, 503])
def test_an_unexpected_status_is_down_with_its_number(status: int) -> None:
    seen = observe({"http": URL}, against=say(b"", status=f"{status} Reason"))
    assert found(seen) == ("down", f"http_{status}")
    assert seen.facts == {"status": status}


def test_a_request_has_its_method_headers_secret_and_body() -> None:
    keys = {
        "http": "http://localhost:@PORT@/a%20b?q=1",
        "method": "post",
        "headers": {"X-One": "1"},
        "headers_env": {"X-Private": "PRIVATE"},
        "body": "ä",
    }
    lines = [
        "POST /a%20b\\?q=1 HTTP/1.1",
        "Host: localhost:[0-9]+",
        "X-One: 1",
        "X-Private: s3cret-s3cret",
        "User-Agent: statusgen/",
        "Content-Length: 2",
    ]
    for line in lines:
        seen = observe(
            {**keys, "expect": {"body_regex": f"(?im)^{line}"}}, against=echo, env={"PRIVATE": " s3cret-s3cret\n"}
        )
        assert found(seen) == UP, line


def test_a_secret_that_cannot_be_a_header_is_unknown_and_never_told() -> None:
    keys = {"http": URL, "headers_env": {"Authorization": "TOKEN"}}
    assert found(observe(keys, against=echo, env={"TOKEN": "two\nlines-of-secret"})) == ("unknown", "secret_invalid")
    assert found(observe(keys, against=echo)) == ("unknown", "secret_missing")


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert found(observe({"http": URL}, against=say(b"OK"))) == UP


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.drip(faults.OK), "timeout"),
        (faults.drip(faults.ENDLESS + b"x" * 9999), "timeout"),
        (faults.endless_interim_answers, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
        (faults.reset_after_first_bytes, "connection_reset"),
        (faults.begin_and_reset(b"HTTP/1.1 200 OK\r\nContent-"), "connection_reset"),
        (faults.begin_and_reset(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), "connection_reset"),
        (answer(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), "connection_reset"),
        (answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"), "connection_reset"),
        (answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf"), "bad_response"),
        (answer(faults.GARBAGE), "bad_response"),
        (answer(b"garbage without an end"), "bad_response"),
        (faults.greet(b"SSH-2.0-OpenSSH_9.2\r\n"), "timeout"),
        (answer(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"), "bad_response"),
        (answer(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nOK"), "bad_response"),
        (answer(faults.many_headers(20_000)), "bad_response"),
        (faults.endless_body, "body_too_large"),
        (answer(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 2**21), "body_too_large"),
        (answer(faults.bomb()), "body_too_large"),
        (answer(faults.many_headers(2_000)), None),
        (answer(faults.packed(b"OK" * 1000)), None),
        (say(b"\xff\xfe broken text OK \xc3"), None),
        (say(b"OK", headers=b"Content-Type: text/plain; charset=nonsense\r\nX-Odd: \xff\xfe\r\n"), None),
        (say(b""), "wrong_body"),
        (say("ÖK".encode("latin-1"), headers=b"Content-Type: text/plain; charset=latin-1\r\n"), "wrong_body"),
    ],
)
def test_whatever_a_server_does_is_an_observation_in_time(behaviour: Behaviour, reason: str | None) -> None:
    seen = observe({"http": URL, "expect": {"body": "OK"}}, against=behaviour, timeout=1)
    assert found(seen) == ("down" if reason else "up", reason)


def test_an_endless_body_is_given_up_at_once() -> None:
    seen = observe({"http": URL}, against=faults.endless_body, timeout=10)
    assert seen.latency_ms is not None
    assert seen.latency_ms < 2000


def test_a_port_where_nobody_listens_is_refused() -> None:
    assert found(observe({"http": "http://127.0.0.1:1/"})) == ("down", "connection_refused")


def test_a_name_that_does_not_exist_is_not_resolved() -> None:
    assert found(observe({"http": "http://nowhere.invalid/"})) == ("down", "name_not_resolved")


def test_a_slow_answer_is_degraded_over_its_limit() -> None:
    keys = {"http": URL, "degraded_over": "100ms"}
    assert found(observe(keys, against=faults.drip(faults.OK, every=0.01))) == ("degraded", "slow")


def test_redirects_are_not_followed_unless_told_to() -> None:
    away = answer(b"HTTP/1.1 301 Moved\r\nLocation: https://www.example.org/\r\nContent-Length: 0\r\n\r\n")
    expected = {"redirect": "https://www.example.org"}
    assert found(observe({"http": URL}, against=away)) == ("down", "http_301")
    assert found(observe({"http": URL, "expect": expected}, against=away)) == UP
    assert found(observe({"http": URL, "expect": {"redirect": "/login"}}, against=away)) == ("down", "wrong_redirect")


def test_a_redirect_without_end_is_a_loop() -> None:
    seen = observe({"http": URL, "follow_redirects": "5"}, against=faults.redirect_to_itself)
    assert found(seen) == ("down", "redirect_loop")


def redirecting(location: str, status: str = "302 Found") -> Behaviour:
    """Redirect from `/`, and answer with the request's own head and body anywhere else."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.split()[1] == b"/":
            writer.write(f"HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(head) + head)
        await writer.drain()
        await reader.read()

    return behave


@pytest.mark.parametrize(
    ("status", "line"),
    [("302 Found", "GET /there"), ("303 See Other", "GET /there"), ("307 Temporary", "POST /there")],
)
def test_a_redirect_that_is_followed_keeps_the_method_where_http_says_so(status: str, line: str) -> None:
    keys = {"http": URL, "method": "POST", "body": "x", "follow_redirects": "1", "expect": {"body": line}}
    assert found(observe(keys, against=redirecting("/there", status))) == UP


def test_a_secret_header_does_not_follow_a_redirect_to_another_server() -> None:
    keys = {"http": "http://localhost:@PORT@/", "headers_env": {"X-Key": "KEY"}, "follow_redirects": "1"}

    def to(location: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Any:
        port = writer.get_extra_info("sockname")[1]
        return redirecting(location.format(port=port))(reader, writer)

    own = {"body_regex": "(?i)x-key: s3cret-s3cret"}
    env = {"KEY": "s3cret-s3cret"}
    stays = observe({**keys, "expect": own}, against=lambda r, w: to("/there", r, w), env=env)
    leaves = observe({**keys, "expect": own}, against=lambda r, w: to("http://127.0.0.1:{port}/there", r, w), env=env)
    assert found(stays) == UP
    assert found(leaves) == ("down", "wrong_body")


@pytest.mark.parametrize("location", ["ftp://elsewhere/", "http://[broken/", "http://bad host/"])
def test_a_redirect_to_nowhere_is_a_bad_answer(location: str) -> None:
    seen = observe({"http": URL, "follow_redirects": "3"}, against=redirecting(location))
    assert found(seen) == ("down", "bad_response")


def test_a_cache_that_answers_in_the_origins_place_is_told() -> None:
    seen = observe({"http": URL}, against=say(b"OK", headers=b"X-Cached: STALE\r\n"))
    assert seen.facts == {"status": 200, "cached": True}


def test_a_pinned_node_sees_the_real_host() -> None:
    keys = {
        "http": "http://social.example:8080/",
        "connect_to": "127.0.0.1:@PORT@",
        "expect": {"body_regex": "(?im)^host: social.example:8080\r$"},
    }
    seen = observe(keys, against=echo)
    assert found(seen) == UP
    assert "resolve" not in seen.phases


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_ipv6_address_is_a_host_like_any_other(authority: Authority) -> None:
    host = {"expect": {"body_regex": r"(?im)^host: \[::1\]:[0-9]+\r$"}}
    plain = observe({"http": "http://[::1]:@PORT@/", **host}, against=echo, host="::1")
    assert found(plain) == UP
    keys = {"http": "https://[::1]:@PORT@/", "ca_file": str(authority.file), **host}
    assert found(observe(keys, against=echo, tls=server_tls(authority, "::1"), host="::1")) == UP
    wrong = observe(keys, against=echo, tls=server_tls(authority, "127.0.0.1"), host="::1")
    assert found(wrong) == ("down", "tls_wrong_name")
    pinned = {"http": "http://social.example/", "connect_to": "[::1]:@PORT@"}
    assert found(observe(pinned, against=echo, host="::1")) == UP


def test_a_pinned_node_is_asked_for_the_real_name_and_held_to_it(authority: Authority) -> None:
    keys = {"http": "https://social.example/", "connect_to": "127.0.0.1:@PORT@", "ca_file": str(authority.file)}
    right = server_tls(authority, "social.example")
    names: list[str | None] = []
    right.sni_callback = lambda _, name, __: names.append(name)
    seen = observe(keys, against=say(b"OK"), tls=right)
    assert found(seen) == UP
    assert list(seen.phases) == ["connect", "tls", "first_byte", "transfer"]
    assert names == ["social.example"]
    wrong = observe(keys, against=say(b"OK"), tls=server_tls(authority, "other.example", "127.0.0.1"))
    assert found(wrong) == ("down", "tls_wrong_name")


def test_what_we_compute_in_a_handshake_is_no_part_of_the_targets_time(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it took ten seconds each time: keys are agreed on here as well as there."""
    shake_hands, ours = ssl.SSLObject.do_handshake, 0.0

    def slow(one: ssl.SSLObject) -> None:
        nonlocal ours
        ours += 0.0 if one.server_side else 10.0
        shake_hands(one)

    async def seen() -> Finding:
        loop = asyncio.get_running_loop()
        real = loop.time
        monkeypatch.setattr(loop, "time", lambda: real() + ours)
        async with serving(say(b"OK"), tls=server_tls(authority, "localhost")) as port:
            keys = {"http": f"https://localhost:{port}/", "ca_file": str(authority.file)}
            return await KINDS["http"].probe(KINDS["http"].document.model_validate(keys).spec(), EnvSecrets({}))

    monkeypatch.setattr(ssl.SSLObject, "do_handshake", slow)
    finding = asyncio.run(seen())
    assert ours >= 10.0
    assert finding.phases["tls"] < 10_000
    assert finding.latency_ms is not None
    assert finding.latency_ms < 10_000


def test_an_authority_that_is_not_named_is_not_trusted(authority: Authority) -> None:
    seen = observe({"http": "https://localhost:@PORT@/"}, against=say(b"OK"), tls=server_tls(authority, "localhost"))
    assert found(seen) == ("down", "tls_unknown_issuer")


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
        (faults.reset_after_first_bytes, "connection_reset"),
        (faults.greet(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "tls_failed"),
    ],
)
def test_a_handshake_that_goes_wrong_is_an_observation_in_time(behaviour: Behaviour, reason: str) -> None:
    seen = observe({"http": "https://127.0.0.1:@PORT@/"}, against=behaviour, timeout=1)
    assert found(seen) == ("down", reason)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.begin_and_reset(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), "connection_reset"),
        (faults.drip(faults.OK), "timeout"),
    ],
)
def test_a_fault_behind_tls_is_the_same_fault(authority: Authority, behaviour: Behaviour, reason: str) -> None:
    keys = {"http": "https://localhost:@PORT@/", "ca_file": str(authority.file)}
    seen = observe(keys, against=behaviour, tls=server_tls(authority, "localhost"), timeout=1)
    assert found(seen) == ("down", reason)


SITE = """
server {{
    listen 127.0.0.1:@PORT@ ssl;
    server_name social.example;
    ssl_certificate {chain};
    ssl_certificate_key {key};
    location /health {{ default_type text/plain; return 200 "OK"; }}
    location /gone {{ return 502; }}
}}
"""


def test_a_real_server_is_up_then_hangs_then_is_gone(nginx: Callable[[str], Nginx], authority: Authority) -> None:
    certificate = authority.issue("social", "social.example")
    server = nginx(SITE.format(chain=certificate.chain, key=certificate.key))
    keys = {
        "http": "https://social.example/health",
        "connect_to": f"127.0.0.1:{server.port}",
        "ca_file": str(authority.file),
        "expect": {"body": "OK", "headers": {"Content-Type": "text/plain"}},
    }
    assert found(observe(keys)) == UP
    assert found(observe({**keys, "http": "https://social.example/gone"})) == ("down", "http_502")
    server.pause()
    assert found(observe(keys, timeout=0.5)) == ("down", "timeout")
    server.resume()
    assert found(observe(keys)) == UP
    server.stop()
    assert found(observe(keys)) == ("down", "connection_refused")
