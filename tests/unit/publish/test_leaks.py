"""Nothing that must stay in gets out, and the refusal does not tell it either."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.artifact import Artifact
from statusgen.publish.leaks import Leak, Search, find_leaks

PASSWORD = 'corr<ct "horse'


def page(body: str, path: str = "index.html") -> Artifact:
    return Artifact(path=path, parts=(body.encode(),), content_type="text/html", cache_control="no-cache")


def leaks(body: str, **secrets: str) -> list[str]:
    return [leak.what for leak in find_leaks([page(body)], Search(secrets=secrets))]


@pytest.mark.parametrize(
    "written",
    [
        'corr<ct "horse',
        "corr&lt;ct &quot;horse",
        'corr&lt;ct "horse',
        "corr&lt;ct &#34;horse",
        'corr<ct \\"horse',
        "corr&lt;ct \\u0026quot;horse".replace("\\u0026", "&"),
        "corr&amp;lt;ct &amp;quot;horse",
        "corr%3Cct%20%22horse",
        "corr%3Cct+%22horse",
        PASSWORD.encode().hex(),
        PASSWORD.encode().hex().upper(),
    ],
)
def test_a_secret_is_found_however_it_is_written(written: str) -> None:
    assert leaks(f"<p>{written}</p>", PG_PASSWORD=PASSWORD) == ["the value of PG_PASSWORD"]


@given(
    st.text(st.characters(codec="utf-8"), min_size=8, max_size=40),
    st.binary(max_size=8),
    st.binary(max_size=8),
    st.sampled_from([b64encode, urlsafe_b64encode]),
)
def test_a_secret_is_found_within_base64_wherever_it_begins(
    secret: str, before: bytes, after: bytes, encode: Callable[[bytes], bytes]
) -> None:
    written = encode(before + secret.encode() + after).decode()
    assert "the value of TOKEN" in leaks(f"Authorization: Basic {written}", TOKEN=secret)


STYLE = b"a{}" * 3000


@pytest.mark.parametrize(
    "parts",
    [
        (b"<p>", STYLE + b"ghp_" + b"a1" * 18 + STYLE, b"</p>"),
        (b"<p>ghp_" + b"a1" * 9, b"a1" * 9 + STYLE, b"</p>"),
        (b"<p>", STYLE + b"ghp_" + b"a1" * 9, b"a1" * 9 + b"</p>"),
        (b"<p>", STYLE, b"ghp_" + b"a1" * 18),
    ],
)
def test_a_secret_is_found_in_what_pages_share_and_at_its_edges(parts: tuple[bytes, ...]) -> None:
    one, other = (
        Artifact(path=path, parts=some, content_type="text/html", cache_control="no-cache")
        for path, some in (("a.html", parts), ("b.html", (b"<p>", *parts[1:])))
    )
    assert Leak("a.html", "a GitHub token") in find_leaks([one, other], Search())
    assert find_leaks([replace(one, parts=(STYLE, STYLE[1:]))], Search()) == ()


def test_a_short_secret_is_not_searched_for() -> None:
    assert leaks("the web is up", WEB_TOKEN="web") == []
    assert leaks("1234567", PIN="1234567") == []
    assert leaks("12345678", PIN="12345678") == ["the value of PIN"]


def test_a_clean_page_has_no_leaks() -> None:
    body = "<a href='https://hachyderm.io:443/@nova'>nova</a> postgres://db/mastodon 2022-12-01T06:00:00Z a:b@c"
    assert leaks(body, PG_PASSWORD=PASSWORD) == []


def test_leaks_are_told_once_and_in_order() -> None:
    artifacts = [page(f"{PASSWORD} {PASSWORD}", "b.html"), page(PASSWORD, "a.html")]
    assert find_leaks(artifacts, Search(secrets={"PG_PASSWORD": PASSWORD})) == (
        Leak("a.html", "the value of PG_PASSWORD"),
        Leak("b.html", "the value of PG_PASSWORD"),
    )


def test_a_secret_that_would_be_a_heading_is_found_as_it_is() -> None:
    assert leaks("<p># hunter2-hunter2</p>", WORD="# hunter2-hunter2") == ["the value of WORD"]


def test_of_a_secret_of_several_lines_one_is_enough() -> None:
    assert leaks("<p>of-several-lines<br>", KEY_TOKEN="first\nof-several-lines\nlast") == ["the value of KEY_TOKEN"]


def test_a_calendar_is_searched_as_it_is_read() -> None:
    folded = "DESCRIPTION:the password is hunter2-h\r\n unter2\\, by the way"
    event = replace(page(folded, "a.ics"), content_type="text/calendar; charset=utf-8")
    search = Search(secrets={"WORD": "hunter2-hunter2, by"})
    assert find_leaks([event], search) == (Leak("a.ics", "the value of WORD"),)
    assert find_leaks([page(folded)], search) == ()


def test_the_name_of_a_file_is_searched_too() -> None:
    assert find_leaks([page("", "posts/hunter2-hunter2.html")], Search(secrets={"WORD": "hunter2-hunter2"})) == (
        Leak("posts/hunter2-hunter2.html", "the value of WORD, in its name"),
    )


@pytest.mark.parametrize(
    ("host", "text", "found"),
    [
        ("db.internal", "moved to DB.internal.", True),
        ("db.internal", "moved to standby.db.internal", True),
        ("db.internal", r"moved\ndb.internal", True),
        ("db.internal", "http%3A%2F%2Fdb.internal%2F", True),
        ("db.internal", "mydb.internal or db.internal.example.org or db.internals", False),
        ("redis", "we restart redis, and redis: that is all; see /redis", False),
        ("redis", "redis://redis/0", True),
        ("redis", "someone@redis said", True),
        ("redis", "connect to redis:6379", True),
        ("redis", "myredis:6379", False),
        ("2001:db8:5::7", "the address 2001:db8:5::7 answers", True),
    ],
)
def test_an_internal_host_is_found_where_it_is_no_word(host: str, text: str, found: bool) -> None:
    told = find_leaks([page(text)], Search(hosts=frozenset({host})))
    assert [leak.what for leak in told] == (["the name of an internal host"] if found else [])


def test_lines_that_all_pages_share_are_looked_at_once_and_others_in_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statusgen.publish.leaks._REMEMBERED", 2)
    pages = [
        page(f"head\n{number}\n{'ghp_' + 'a1' * 18 if number == 7 else ''}\nfoot", f"{number}.html")
        for number in range(9)
    ]
    assert find_leaks(pages, Search()) == (Leak("7.html", "a GitHub token"),)


def test_rules_have_a_name_of_which_secrets_are_no_part() -> None:
    assert Search().rules == Search(secrets={"A": "hunter2-hunter2"}).rules
    assert (
        len({Search().rules, Search(hosts=frozenset({"db"})).rules, Search(allowed=(ip_network("10.0.0.0/8"),)).rules})
        == 3
    )
