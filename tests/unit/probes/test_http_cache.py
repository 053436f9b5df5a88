"""A cache that answers in the origin's place gives itself away by its headers."""

from __future__ import annotations

import pytest

from statusgen.probes.http_cache import from_cache


@pytest.mark.parametrize(
    "headers",
    [
        {"x-cached": "HIT"},
        {"x-cached": "STALE"},
        {"x-cached": "UPDATING"},
        {"x-cache": "MISS, HIT"},
        {"x-cache": "Hit from cloudfront"},
        {"x-cache": "TCP_HIT from a.example (AkamaiGHost)"},
        {"x-cache": "TCP_REFRESH_FAIL_HIT from a.example"},
        {"cf-cache-status": "HIT"},
        {"x-cache-status": "hit"},
        {"x-proxy-cache": "HIT"},
        {"cache-status": "origin; fwd=miss, edge; hit; ttl=30"},
        {"cache-status": "edge;hit"},
        {"age": "1"},
        {"age": "0, 17"},
        {"x-cache": "MISS", "age": "17"},
    ],
)
def test_what_a_cache_kept_is_from_a_cache(headers: dict[str, str]) -> None:
    assert from_cache(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-cached": ""},
        {"x-cached": "MISS"},
        {"x-cached": "EXPIRED"},
        {"x-cached": "BYPASS"},
        {"x-cached": "WHITELISTED, STALENESS-UNKNOWN"},
        {"cf-cache-status": "DYNAMIC"},
        {"cache-status": "hit-proxy; fwd=stale"},
        {"age": "0"},
        {"age": "soon"},
        {"x-other": "HIT"},
    ],
)
def test_what_came_from_the_origin_is_not(headers: dict[str, str]) -> None:
    assert not from_cache(headers)


@pytest.mark.parametrize("told", ["REVALIDATED", "RefreshHit from cloudfront", "TCP_REFRESH_HIT from a.example"])
def test_an_answer_that_the_origin_confirmed_proves_the_origin(told: str) -> None:
    assert not from_cache({"x-cache": told, "age": "17"})
