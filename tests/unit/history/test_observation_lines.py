"""A line holds an observation; what is no observation is refused, and what is new is borne."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from statusgen.history import codec
from statusgen.model.observation import Observation
from statusgen.model.words import Outcome
from tests.factories import observation

AT = datetime(2022, 12, 1, 6, 0, 0, 123000, UTC)
FULL = Observation(
    check="web-http",
    location="earth",
    run="r1",
    at=AT,
    outcome=Outcome.DOWN,
    reason="http_502",
    latency_ms=12.5,
    tries=3,
    phases={"connect": 1.5, "tls": 2},
    facts={"days": 3, "ok": True, "version": "16 é", "lag": 0.5},
)
LINE = (
    '{"at":"2022-12-01T06:00:00.123000Z","check":"web-http","facts":{"days":3,"lag":0.5,"ok":true,"version":"16 é"},'
    '"latency_ms":12.5,"location":"earth","outcome":"down","phases":{"connect":1.5,"tls":2},"reason":"http_502",'
    '"run":"r1","tries":3}'
)
SHORT = '{"at":"2022-12-01T06:00:00Z","check":"a","location":"earth","outcome":"up","run":"r"%s}'


def test_a_line_is_canonical() -> None:
    assert codec.encode(FULL) == LINE
    assert codec.decode(LINE) == FULL


def test_what_says_nothing_is_left_out() -> None:
    plain = Observation(check="a", location="earth", run="r", at=AT.replace(microsecond=0), outcome=Outcome.UP)
    assert codec.encode(plain) == SHORT % ',"tries":1'
    assert codec.decode(SHORT % "") == plain


def test_a_latency_of_nothing_is_not_the_same_as_none() -> None:
    assert codec.decode(codec.encode(observation(latency_ms=0.0))).latency_ms == 0.0


def test_instants_are_kept_in_utc_and_read_from_any_zone() -> None:
    at = datetime(2022, 11, 30, 22, 0, tzinfo=timezone(timedelta(hours=-8)))
    assert codec.encode_instant(at) == "2022-12-01T06:00:00Z"
    assert codec.decode_instant("2022-11-30T22:00:00-08:00") == at
    assert codec.decode_instant("2022-11-30T22:00:00-08:00").tzinfo is UTC


def test_a_line_may_hold_more_than_is_known() -> None:
    assert codec.decode(LINE[:-1] + ',"weather":{"in":["frankfurt"]},"v":2}') == FULL


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ('"facts":{"a":null,"b":[1],"c":{"d":1},"e":1}', {"e": 1}),
        ('"facts":{"a":"\\u0000","b":"\\ud800","c":"line\\nfeed","d":"plain"}', {"d": "plain"}),
        ('"facts":{"a":1e999,"b":2}', {"b": 2}),
        ('"facts":{"bad\\nname":1,"good":2}', {"good": 2}),
        ('"facts":{"long":"' + "x" * 501 + '","short":"' + "x" * 500 + '"}', {"short": "x" * 500}),
    ],
)
def test_a_fact_that_cannot_be_shown_is_left_out(more: str, kept: dict[str, object]) -> None:
    assert codec.decode(SHORT % f",{more}").facts == kept


def test_a_phase_that_cannot_be_shown_is_left_out() -> None:
    assert codec.decode(SHORT % ',"phases":{"tls":1,"b":"x","c":true,"d":null,"bad\\u0007":1}').phases == {"tls": 1}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "null",
        "[1]",
        '"text"',
        "{",
        LINE + "x",
        "[" * 100_000,
        SHORT.replace('"a"', "1") % "",
        SHORT.replace('"a"', '""') % "",
        SHORT.replace('"a"', '"\\ud800"') % "",
        SHORT.replace('"a"', f'"{"x" * 501}"') % "",
        SHORT.replace('"check":"a",', "") % "",
        SHORT.replace('"up"', '"sideways"') % "",
        SHORT.replace("Z", "") % "",
        SHORT.replace("2022-12-01T06:00:00Z", "yesterday") % "",
        SHORT.replace("2022-12-01T06:00:00Z", "9999-12-31T23:59:59-10:00") % "",
        SHORT % ',"latency_ms":"12"',
        SHORT % ',"latency_ms":true',
        SHORT % ',"latency_ms":NaN',
        SHORT % ',"latency_ms":Infinity',
        SHORT % ',"latency_ms":1e999',
        SHORT % f',"latency_ms":{"9" * 400}',
        SHORT % ',"tries":0',
        SHORT % ',"tries":true',
        SHORT % ',"tries":1.5',
        SHORT % ',"reason":"No such reason"',
        SHORT % ',"reason":"web:streaming:timeout"',
        SHORT % ',"reason":":timeout"',
        SHORT % ',"reason":1',
        SHORT % ',"reason":"<script>"',
        SHORT % ',"facts":[]',
        SHORT % ',"phases":1',
    ],
)
def test_what_is_no_observation_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
        codec.decode(line)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_cannot_be_kept(number: float) -> None:
    with pytest.raises(ValueError, match="Out of range float values"):
        codec.encode(observation(latency_ms=number))
