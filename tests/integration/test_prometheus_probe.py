"""A `prometheus` check tells what a value amounts to, and nothing at all when it cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from statusgen.demo.services import Authority
from statusgen.model.observation import Observation
from tests.integration import faults
from tests.integration.conftest import running
from tests.integration.faults import Behaviour, answer
from tests.integration.observing import UP, found, observe
from tests.integration.prometheus import NAME, TOKEN, Prometheus

pytestmark = pytest.mark.services

AUTHORIZED = {"headers_env": {"Authorization": "PROMETHEUS_TOKEN"}}


@pytest.fixture(scope="module")
def _prometheus(services_folder: Path, authority: Authority) -> Iterator[Prometheus]:
    with running(lambda: Prometheus(services_folder / "prometheus", authority=authority)) as server:
        yield server


@pytest.fixture
def prometheus(_prometheus: Prometheus) -> Iterator[Prometheus]:
    """A real Prometheus that has scraped itself."""
    yield _prometheus
    _prometheus.restore()


@pytest.fixture
def base(prometheus: Prometheus, authority: Authority) -> dict[str, Any]:
    """The keys that reach it."""
    return {"prometheus": f"https://{NAME}:{prometheus.port}/", "ca_file": str(authority.file), **AUTHORIZED}


def ask(base: dict[str, Any], query: str, **keys: Any) -> Observation:
    return observe({**base, "query": query, **keys}, env={"PROMETHEUS_TOKEN": TOKEN})


@pytest.mark.parametrize(
    ("query", "limits", "seen", "facts"),
    [
        ("0.5", {"down_above": "90%"}, ("up", None), {"value": 0.5, "series": 1}),
        ("up", {"down_below": "1"}, ("up", None), {"value": 1.0, "series": 1}),
        (
            "vector(0.85)",
            {"degraded_above": "80%", "down_above": "90%"},
            ("degraded", "value_high"),
            {"value": 0.85, "series": 1},
        ),
        (
            "vector(0.95)",
            {"degraded_above": "80%", "down_above": "90%"},
            ("down", "value_high"),
            {"value": 0.95, "series": 1},
        ),
        ("up * 2", {"degraded_below": "3", "down_below": "1"}, ("degraded", "value_low"), {"value": 2.0, "series": 1}),
        ("up - 1", {"degraded_below": "3", "down_below": "1"}, ("down", "value_low"), {"value": 0.0, "series": 1}),
        (
            'label_replace(vector(7), "a", "b", "", "") or vector(9)',
            {"down_above": "8"},
            ("down", "value_high"),
            {"value": 9.0, "series": 2},
        ),
        ("absent_metric", {"down_above": "1"}, ("unknown", "not_measured"), {"series": 0}),
        ("vector(NaN)", {"down_above": "1"}, ("unknown", "not_measured"), {"series": 1}),
        ("vector(1) / 0", {"down_above": "1"}, ("down", "value_high"), {"series": 1}),
        ("up{", {"down_above": "1"}, ("unknown", "query_failed"), {}),
        ("up[1m]", {"down_above": "1"}, ("unknown", "query_failed"), {}),
        ('"text"', {"down_above": "1"}, ("unknown", "query_failed"), {}),
    ],
)
def test_the_worst_value_decides(
    base: dict[str, Any], query: str, limits: dict[str, str], seen: tuple[str, str | None], facts: dict[str, Any]
) -> None:
    observed = ask(base, query, **limits)
    assert found(observed) == seen
    assert observed.facts == facts


def test_it_is_asked_like_any_web_server(base: dict[str, Any], prometheus: Prometheus) -> None:
    seen = ask(
        {**base, "prometheus": f"https://{NAME}"}, "up", down_below="1", connect_to=f"127.0.0.1:{prometheus.port}"
    )
    assert found(seen) == UP
    assert list(seen.phases) == ["connect", "tls", "first_byte", "transfer"]


def test_a_server_that_cannot_be_asked_proves_nothing(base: dict[str, Any], prometheus: Prometheus) -> None:
    keys = {**base, "query": "up", "down_below": "1"}
    assert found(observe(keys, env={"PROMETHEUS_TOKEN": "Basic other"})) == ("unknown", "http_401")
    assert found(observe(keys)) == ("unknown", "secret_missing")
    assert found(observe(keys, env={"PROMETHEUS_TOKEN": "two\nlines-of-secret"})) == ("unknown", "secret_invalid")
    prometheus.pause()
    assert found(observe(keys, env={"PROMETHEUS_TOKEN": TOKEN}, timeout=1)) == ("unknown", "timeout")
    prometheus.resume()
    prometheus.stop()
    assert found(observe(keys, env={"PROMETHEUS_TOKEN": TOKEN})) == ("unknown", "connection_refused")


PLAIN = {"prometheus": "http://127.0.0.1:@PORT@/prom", "query": "up", "down_above": "1"}


def saying(body: bytes, status: str = "200 OK") -> Behaviour:
    return answer(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.reset_after_first_bytes, "connection_reset"),
        (faults.drip(faults.OK), "timeout"),
        (faults.endless_body, "body_too_large"),
        (answer(faults.bomb()), "body_too_large"),
        (saying(b"", "503 Service Unavailable"), "http_503"),
        (saying(b"", "302 Found"), "http_302"),
        (saying(b"<html>"), "bad_response"),
        (saying(b"[" * 100_000), "bad_response"),
        (saying(b"[]"), "bad_response"),
        (saying(b"{}"), "bad_response"),
        (saying(b'{"status": "success", "data": {"resultType": "vector", "result": [{}]}}'), "bad_response"),
        (saying(b'{"status": "success", "data": {"resultType": "scalar", "result": [0, "many"]}}'), "bad_response"),
        (saying(b'{"status": "success", "data": {"resultType": "scalar", "result": [0, ""]}}'), "bad_response"),
        (saying(b'{"status": "success", "data": {"resultType": "scalar", "result": [0]}}'), "bad_response"),
        (saying(b'{"status": "success", "data": {"resultType": "table", "result": []}}'), "bad_response"),
        (saying(b'{"status": "error"}'), "query_failed"),
    ],
)
def test_whatever_a_server_answers_proves_nothing_in_time(behaviour: Behaviour, reason: str) -> None:
    assert found(observe(PLAIN, against=behaviour, timeout=1)) == ("unknown", reason)
