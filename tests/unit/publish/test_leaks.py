"""Nothing that must stay in gets out, and the refusal does not tell it either."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact
from statusgen.publish.leaks import Leak, find_leaks, refuse_leaks

PASSWORD = 'corr<ct "horse'


def page(body: str, path: str = "index.html") -> Artifact:
    return Artifact(path=path, parts=(body.encode(),), content_type="text/html", cache_control="no-cache")


def leaks(body: str, **secrets: str) -> list[str]:
    return [leak.what for leak in find_leaks([page(body)], secrets)]


@pytest.mark.parametrize(
    "written",
    ['corr<ct "horse', "corr&lt;ct &quot;horse", 'corr&lt;ct "horse', 'corr<ct \\"horse', "corr%3Cct%20%22horse"],
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
    assert leaks(f"Authorization: Basic {written}", TOKEN=secret) == ["the value of TOKEN"]


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
    assert Leak("a.html", "a GitHub token") in find_leaks([one, other], {})
    assert find_leaks([replace(one, parts=(STYLE, STYLE[1:]))], {}) == ()


def test_a_short_secret_is_not_searched_for() -> None:
    assert leaks("the web is up", WEB_TOKEN="web") == []
    assert leaks("1234567", PIN="1234567") == []
    assert leaks("12345678", PIN="12345678") == ["the value of PIN"]


def test_a_clean_page_has_no_leaks() -> None:
    body = "<a href='https://hachyderm.io:443/@nova'>nova</a> postgres://db/mastodon 2022-12-01T06:00:00Z a:b@c"
    assert leaks(body, PG_PASSWORD=PASSWORD) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("postgres://mastodon:s3cret@db:5432/mastodon", "a connection string with a password"),
        ("rediss://:s3cret@10.0.0.5:6379", "a connection string with a password"),
        ("https://user:s3cret@[::1]/", "a connection string with a password"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----", "a private key"),
        ("key AKIA" + "A1" * 8, "an AWS access key"),
        ("token ghp_" + "a1" * 18, "a GitHub token"),
        ("token github_pat_" + "a1_b" * 10, "a GitHub token"),
        ("token glpat-" + "a1-b" * 5, "a GitLab token"),
        ("token xoxb-" + "1234-abcde", "a Slack token"),
    ],
)
def test_what_looks_like_a_secret_is_found_without_being_told(body: str, what: str) -> None:
    assert leaks(f"before {body} after") == [what]


def test_leaks_are_told_once_and_in_order() -> None:
    artifacts = [page(f"{PASSWORD} {PASSWORD}", "b.html"), page(PASSWORD, "a.html")]
    assert find_leaks(artifacts, {"PG_PASSWORD": PASSWORD}) == (
        Leak("a.html", "the value of PG_PASSWORD"),
        Leak("b.html", "the value of PG_PASSWORD"),
    )


def test_the_refusal_names_files_and_kinds_and_never_the_value() -> None:
    with pytest.raises(PublishError) as caught:
        refuse_leaks([page(PASSWORD), page("-----BEGIN PRIVATE KEY-----", "key.html")], {"PG_PASSWORD": PASSWORD})
    assert str(caught.value) == (
        "nothing was published, because secrets would leave:\n"
        "    index.html: holds the value of PG_PASSWORD\n"
        "    key.html: holds a private key\n"
        "    hint: take it out of the announcement or the theme, and change that secret if it was ever committed"
    )


def test_a_clean_site_is_let_through() -> None:
    refuse_leaks([page("all is well")], {"PG_PASSWORD": PASSWORD})
