"""An answer is judged part by part: status, redirect, headers, body."""

from __future__ import annotations

import re

import pytest

from statusgen.probes.http_expect import ANSWERED, Answer, Expectation, judge, parse_json_path
from statusgen.probes.targets import HttpUrl

URL = HttpUrl("https", "example.org", 443, "/a/b")


def answer(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
    return Answer(
        url=URL, status=status, headers={name.replace("_", "-"): text for name, text in headers.items()}, body=body
    )


@pytest.mark.parametrize(("status", "reason"), [(200, None), (204, None), (199, "http_199"), (300, "http_300")])
def test_any_success_is_as_expected_unless_told_otherwise(status: int, reason: str | None) -> None:
    assert judge(answer(status=status), ANSWERED) == reason


@pytest.mark.parametrize("status", [600, 999, 99, 0])
def test_a_status_that_http_does_not_know_is_a_bad_answer(status: int) -> None:
    assert judge(answer(status=status), ANSWERED) == "bad_response"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/a/c", None),
        ("c", None),
        ("https://example.org/a/c", None),
        ("/c", "wrong_redirect"),
        ("ftp://x", "wrong_redirect"),
    ],
)
def test_a_redirect_is_compared_by_where_it_leads(location: str, reason: str | None) -> None:
    expected = Expectation(status=(range(300, 400),), redirect="/a/c")
    assert judge(answer(status=302, location=location), expected) == reason


def test_a_redirect_without_a_location_is_wrong() -> None:
    assert judge(answer(status=302), Expectation(status=(range(302, 303),), redirect="/")) == "wrong_redirect"


def test_the_status_is_judged_before_headers_and_these_before_the_body() -> None:
    expected = Expectation(headers=(("x", "y"),), body="OK")
    assert judge(answer(status=500), expected) == "http_500"
    assert judge(answer(), expected) == "wrong_header"
    assert judge(answer(x="y"), expected) == "wrong_body"
    assert judge(answer(b"OK", x="xyz"), expected) is None


def test_every_part_of_the_body_that_is_asked_for_must_fit() -> None:
    expected = Expectation(body="OK", body_regex=re.compile("^{"), json=((("status",), "OK"),))
    assert judge(answer(b'{"status": "OK"}'), expected) is None
    assert judge(answer(b'{"status": "KO", "x": "OK"}'), expected) == "wrong_body"
    assert judge(answer(b'OK {"status": "OK"}'), expected) == "wrong_body"
    assert judge(answer(b'{"status": "ok"}'), expected) == "wrong_body"


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("ä".encode(), "", "ä"),
        ("ä".encode("latin-1"), "text/html; charset=ISO-8859-1", "ä"),
        ("ä".encode("utf-16"), 'text/html; Charset="utf-16"', "ä"),
        (b"\xff", "", "\ufffd"),
        ("ä".encode(), "text/html; charset=nonsense", "ä"),
        (b"abc", "text/html; charset=base64", "abc"),
        (b"abc", "text/html; charset=idna", "abc"),
    ],
)
def test_a_body_is_text_in_the_encoding_it_states(body: bytes, charset: str, text: str) -> None:
    assert answer(body, content_type=charset).text == text


@pytest.mark.parametrize(
    ("path", "wanted", "fits"),
    [
        ("text", "one", True),
        ("$.text", "one", True),
        ("number", "1", True),
        ("number", "1.0", False),
        ("fraction", "1.5", True),
        ("yes", "true", True),
        ("yes", "True", False),
        ("nothing", "null", True),
        ("absent", "null", False),
        ("list[1].name", "b", True),
        ("list[2].name", "c", False),
        ("list.name", "a", False),
        ("text[0]", "o", False),
        ('["odd name"]', "x", True),
        ('$["odd name"]', "x", True),
        ("list[0]", "a", False),
        ("text.deeper", "one", False),
    ],
)
def test_a_json_value_is_found_by_its_path_and_reads_as_wanted(path: str, wanted: str, fits: bool) -> None:
    body = b"""{"text": "one", "number": 1, "fraction": 1.5, "yes": true, "nothing": null,
        "list": [{"name": "a"}, {"name": "b"}], "odd name": "x"}"""
    expected = Expectation(json=((parse_json_path(path), wanted),))
    assert judge(answer(body), expected) == (None if fits else "wrong_body")


@pytest.mark.parametrize("body", [b"", b"OK", b"[" * 100_000, b"9" * 5000, b"{"])
def test_what_is_no_json_does_not_hold_the_value(body: bytes) -> None:
    assert judge(answer(body), Expectation(json=((("a",), "1"),))) == "wrong_body"


def test_a_list_at_the_top_is_reached_by_position() -> None:
    assert judge(answer(b'["a"]'), Expectation(json=((parse_json_path("[0]"), "a"),))) is None
    assert judge(answer(b'["a"]'), Expectation(json=((parse_json_path("$[0]"), "a"),))) is None


def test_a_cached_answer_is_as_expected_unless_it_must_not_be_one() -> None:
    cached = answer(b"OK", x_cached="STALE")
    assert judge(cached, ANSWERED) is None
    assert judge(cached, Expectation(uncached=True)) == "origin_unproven"
    assert judge(cached, Expectation(uncached=True, body="UP")) == "wrong_body"
    assert judge(answer(b"OK", x_cached="MISS"), Expectation(uncached=True)) is None
