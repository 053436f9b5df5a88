"""What an instance names decides what is asked next, and no more than which account and which uploaded picture."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.probes.http_expect import Answer
from statusgen.probes.mastodon_named import Named, named_in
from statusgen.probes.mastodon_parts import Told
from statusgen.probes.targets import HttpUrl, split_url

INSTANCE = split_url("https://social.example")
UPLOAD = "accounts/avatars/109/348/original/a1.png"
THUMBNAIL = "site_uploads/files/000/000/001/@1x/a1.png"


def named(document: object, *, only_there: bool = False) -> Named:
    return named_in(document, INSTANCE, only_there=only_there)


def of_contact(**keys: object) -> object:
    return {"contact": {"account": keys}}


@pytest.mark.parametrize("name", ["admin", "Admin_2", "a.b-c"])
def test_the_contact_is_a_local_account(name: str) -> None:
    assert named(of_contact(acct=name)).account == name


@pytest.mark.parametrize("name", ["a@b.example", "@a", "a b", "a&resource=x", "../x", "", "x" * 3000, None, 7, ["a"]])
def test_what_is_no_name_of_a_local_account_is_none(name: object) -> None:
    assert named(of_contact(acct=name)).account == ""


@pytest.mark.parametrize(
    "text",
    [
        f"https://social.example/system/{UPLOAD}",
        f"/system/{UPLOAD}",
        f"https://files.social.example/{UPLOAD}",
        f"https://objects.example.org/bucket/{THUMBNAIL}",
        f"https://files.social.example/{THUMBNAIL}?1669896000",
    ],
)
def test_an_uploaded_picture_is_asked_for_wherever_media_are_served(text: str) -> None:
    assert str(named(of_contact(avatar_static=text)).media).startswith("https://")


@pytest.mark.parametrize(
    "text",
    [
        "https://social.example/packs/assets/preview-1a2b.png",
        "https://social.example/avatars/original/missing.png",
        f"http://social.example/{UPLOAD}",
        f"https://social.example:8443/{UPLOAD}",
        f"http://files.social.example/{UPLOAD}",
        f"https://files.social.example:9000/{UPLOAD}",
        f"https://169.254.169.254/{UPLOAD}",
        f"https://[fd00::1]/{UPLOAD}",
        f"ftp://files.social.example/{UPLOAD}",
        f"https://files.social.example/admin?x=/{UPLOAD}",
        f"https://[broken/{UPLOAD}",
        "https://files.social.example/" + "a" * 3000 + f"/{UPLOAD}",
        "",
        None,
        7,
    ],
)
def test_nothing_else_is_asked_for_because_a_target_names_it(text: object) -> None:
    assert named(of_contact(avatar_static=text)).media is None


def test_of_one_node_only_its_own_host_is_asked() -> None:
    elsewhere = of_contact(avatar_static=f"https://files.social.example/{UPLOAD}")
    assert named(elsewhere, only_there=True).media is None
    assert named(of_contact(avatar_static=f"/system/{UPLOAD}"), only_there=True).media


def test_the_smallest_picture_comes_first_and_any_uploaded_one_will_do() -> None:
    default, drawn = "https://social.example/packs/preview.png", f"https://social.example/system/{THUMBNAIL}"
    both = {"thumbnail": {"url": drawn}, "contact": {"account": {"avatar_static": f"/system/{UPLOAD}"}}}
    assert str(named(both).media).endswith(UPLOAD)
    assert str(named({"thumbnail": {"url": drawn}}).media) == drawn
    icons = {"thumbnail": {"url": default}, "icon": [{"src": default}, 7, {"src": drawn}]}
    assert str(named(icons).media) == drawn


def test_the_status_page_is_where_its_people_are_sent() -> None:
    sent = {"configuration": {"urls": {"status": "https://status.example"}}}
    assert named(sent).status_page == "https://status.example"
    for odd in ({}, {"configuration": {"urls": {"status": None}}}, {"configuration": []}):
        assert named(odd).status_page is None


def test_what_is_no_object_names_nothing() -> None:
    for body in (b"[" * 100_000, b"<html>", b"[]", b"7", b""):
        assert Told(Answer(url=INSTANCE, status=200, headers={}, body=body)).document == {}


_KEYS = st.sampled_from(["contact", "account", "acct", "avatar_static", "thumbnail", "url", "icon", "src"])


@given(st.recursive(st.none() | st.text() | st.integers(), lambda more: st.lists(more) | st.dictionaries(_KEYS, more)))
def test_nothing_that_an_instance_says_is_more_than_nothing(document: Any) -> None:
    seen = named(document)
    assert isinstance(seen.account, str)
    assert isinstance(seen.media, HttpUrl | None)
