"""The keys of checks that speak HTTP, WebSocket or PromQL: what they become, and what a mistake in them says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from statusgen.probes.http import HttpSpec
from statusgen.probes.http_expect import Expectation
from statusgen.probes.prometheus import PrometheusSpec
from statusgen.probes.prometheus_values import Limits
from statusgen.probes.targets import Family, HttpUrl, Pin
from statusgen.probes.websocket import WebSocketSpec
from tests.unit.probes.documents import HTTP, SITE, STREAM, document_of, problem_of, spec_of


def test_every_key_of_http_reaches_its_spec() -> None:
    keys = {
        "http": "https://example.org/",
        "method": "post",
        "headers": {"Accept": "text/html"},
        "headers_env": {"Authorization": "TOKEN"},
        "body": "{}",
        "expect": {
            "status": ["200", "300-302"],
            "body": "OK",
            "body_regex": "O.",
            "json": {"$.a[0]": "1"},
            "headers": {"Content-Type": "json"},
            "uncached": "true",
        },
        "follow_redirects": "3",
        "connect_to": "203.0.113.10",
        "ca_file": "ca.pem",
    }
    assert spec_of(keys) == HttpSpec(
        url=SITE,
        method="POST",
        headers=(("Accept", "text/html"),),
        headers_env=(("Authorization", "TOKEN"),),
        body="{}",
        expect=Expectation(
            status=(range(200, 201), range(300, 303)),
            body="OK",
            body_regex=re.compile("O."),
            json=((("a", 0), "1"),),
            headers=(("content-type", "json"),),
            uncached=True,
        ),
        redirects=3,
        connect_to=Pin("203.0.113.10"),
        ca_file="ca.pem",
    )


def test_an_expected_redirect_asks_for_a_status_of_one() -> None:
    expected = document_of({"http": "http://example.org", "expect": {"redirect": "/a"}}).spec().expect
    assert expected.status == (range(300, 400),)
    exact = {"redirect": "/a", "status": "301"}
    assert document_of({"http": "http://example.org", "expect": exact}).spec().expect.status == (range(301, 302),)


def test_every_key_of_websocket_reaches_its_spec() -> None:
    keys = {
        "websocket": "ws://example.org/stream?a=b",
        "headers": {"Origin": "https://example.org"},
        "headers_env": {"Authorization": "TOKEN"},
        "subprotocol": "mqtt",
        "send": "ping",
        "receive": "pong",
        "connect_to": "203.0.113.10:8080",
        "family": "ipv4",
    }
    assert spec_of(keys) == WebSocketSpec(
        url=HttpUrl("http", "example.org", 80, "/stream?a=b"),
        headers=(("Origin", "https://example.org"),),
        headers_env=(("Authorization", "TOKEN"),),
        subprotocol="mqtt",
        send="ping",
        receive="pong",
        connect_to=Pin("203.0.113.10", 8080),
        family=Family.IPV4,
    )
    refused = {"websocket": "wss://example.org", "expect": {"status": ["401", "403"]}, "ca_file": "ca.pem"}
    assert spec_of(refused) == WebSocketSpec(url=SITE, status=(range(401, 402), range(403, 404)), ca_file="ca.pem")


def test_every_key_of_prometheus_reaches_its_spec() -> None:
    keys = {
        "prometheus": "https://example.org/prom/",
        "query": 'up{job="a"} + 1',
        "degraded_above": "80%",
        "down_above": "1e3",
        "degraded_below": "-1.5",
        "down_below": "-2",
        "headers_env": {"Authorization": "TOKEN"},
        "connect_to": "203.0.113.10",
        "family": "ipv4",
        "ca_file": "ca.pem",
        "timeout": "20s",
    }
    path = "/prom/api/v1/query?query=up%7Bjob%3D%22a%22%7D%20%2B%201"
    assert spec_of(keys) == PrometheusSpec(
        request=HttpSpec(
            url=HttpUrl("https", "example.org", 443, path),
            headers=(("Accept", "application/json"),),
            headers_env=(("Authorization", "TOKEN"),),
            connect_to=Pin("203.0.113.10"),
            family=Family.IPV4,
            ca_file="ca.pem",
        ),
        limits=Limits(degraded_above=0.8, down_above=1000, degraded_below=-1.5, down_below=-2),
        patience=timedelta(seconds=18),
    )


@pytest.mark.parametrize(
    ("keys", "message", "hint"),
    [
        ({**HTTP, "method": "CONNECT"}, "expected a method such as 'GET' or 'POST', got 'CONNECT'", ""),
        ({**HTTP, "method": "G T"}, "expected a method such as 'GET' or 'POST', got 'G T'", ""),
        (
            {**HTTP, "headers": {"Bad Name": "x"}},
            "expected the name of a header such as 'Accept-Language', got 'Bad Name'",
            "",
        ),
        (
            {**HTTP, "headers": {"Host": "other.example"}},
            "the header 'Host' is not for a check to set",
            "it follows from the URL; 'connect_to' reaches one node",
        ),
        (
            {**HTTP, "headers_env": {"Content-Length": "NAME"}},
            "the header 'Content-Length' is not for a check to set",
            "",
        ),
        ({**HTTP, "headers": {"X": "a\nb"}}, "expected one line of text for a header, got 'a\\nb'", ""),
        ({**HTTP, "headers": {"X": " a"}}, "expected one line of text for a header, got ' a'", ""),
        ({**HTTP, "follow_redirects": "21"}, "expected a whole number from 0 to 20, got '21'", ""),
        (
            {**HTTP, "follow_redirects": "1", "expect": {"redirect": "/a"}},
            "a redirect can be expected or followed, not both",
            "leave 'follow_redirects' out",
        ),
        ({"http": "http://example.org", "ca_file": "ca.pem"}, "'ca_file' needs an https URL", ""),
        (
            {**HTTP, "expect": {"redirect": "/a", "status": "200"}},
            "expected a status from 300 to 399 beside 'redirect'",
            "leave 'status' out",
        ),
        *(
            (
                {**HTTP, "expect": {"status": status}},
                f"expected a status such as '200', a range such as '200-299' or a list of them, got {named}",
                "",
            )
            for status, named in [
                ("2xx", "'2xx'"),
                ("600", "'600'"),
                ("299-200", "'299-200'"),
                ([], "a list"),
                (["200", "x"], "a list"),
                ({"a": "b"}, "a mapping"),
            ]
        ),
        (
            {**HTTP, "expect": {"body_regex": "(a"}},
            "expected a regular expression, got '(a': missing ), unterminated subpattern at position 0",
            "",
        ),
        ({**HTTP, "expect": {"body_regex": ["a"]}}, "expected a regular expression, got a list", ""),
        (
            {**HTTP, "expect": {"json": "status"}},
            "expected paths and their values such as '{status: UP}', got 'status'",
            "",
        ),
        (
            {**HTTP, "expect": {"json": {"a": ["1"]}}},
            "expected a single value for 'a', got a list",
            "go down to it with a path such as '$.list[0].name'",
        ),
        *(
            (
                {**HTTP, "expect": {"json": {path: "1"}}},
                f"expected a JSON path such as '$.queues[0].name', got {path!r}",
                "",
            )
            for path in ("$", "a..b", "a[x]", "a[0]b", "$a", "a b", "a[1")
        ),
        (
            {**HTTP, "expect": {"headers": {"Content-Type": ["html"]}}},
            "expected header names and texts such as '{Content-Type: text/html}', got a mapping",
            "",
        ),
        *(
            (
                {"websocket": url},
                f"expected a URL such as 'wss://example.org/api/v1/streaming', got {named}",
                hint,
            )
            for url, named, hint in [
                ("https://example.org/a", "'https://example.org/a'", "write 'wss://example.org/a'"),
                ("wss:/example.org", "'wss:/example.org'", ""),
                ("wss://exa mple.org", "'wss://exa mple.org'", ""),
                (["wss://example.org"], "a list", ""),
            ]
        ),
        (
            {"websocket": "wss://a:hunter2@example.org"},
            "expected a URL without user and password",
            "put the secret into a variable and name it: 'headers_env: {Authorization: NAME}'",
        ),
        (
            {**STREAM, "headers": {"Sec-WebSocket-Protocol": "a"}},
            "the header 'Sec-WebSocket-Protocol' is not for a check to set",
            "name it under 'subprotocol'",
        ),
        (
            {**STREAM, "headers_env": {"Sec-WebSocket-Key": "KEY"}},
            "the header 'Sec-WebSocket-Key' is not for a check to set",
            "",
        ),
        ({**STREAM, "subprotocol": "a b"}, "expected the name of a subprotocol such as 'mqtt', got 'a b'", ""),
        ({"websocket": "ws://example.org", "ca_file": "ca.pem"}, "'ca_file' needs a wss URL", ""),
        (
            {**STREAM, "receive": "pong", "expect": {"status": "401"}},
            "'receive' needs a handshake that is granted, which is status 101",
            "leave 'expect' out, or make it two checks",
        ),
    ],
)
def test_a_mistake_says_what_was_expected(keys: dict[str, Any], message: str, hint: str) -> None:
    assert problem_of(keys) == (message, hint)
