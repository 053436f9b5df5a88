"""What an instance names decides what is asked next, and no more than which account and which uploaded picture."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.probes.http_expect import Answer
from statusgen.probes.mastodon_named import account, media, status_page
from statusgen.probes.targets import HttpUrl, split_url

INSTANCE = split_url("https://social.example")
UPLOAD = "accounts/avatars/109/348/original/a1.png"
THUMBNAIL = "site_uploads/files/000/000/001/@1x/a1.png"


def saying(document: Any) -> Answer:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Answer(url=INSTANCE, status=200, headers={}, body=body)


def of_contact(**keys: object) -> Answer:
    return saying({"contact": {"account": keys}})


@pytest.mark.parametrize("name", ["admin", "Admin_2", "a.b-c"])
def test_the_contact_is_a_local_account(name: str) -> None:
    assert account(of_contact(acct=name)) == name


@pytest.mark.parametrize("name", ["a@b.example", "@a", "a b", "a&resource=x", "../x", "", "x" * 3000, None, 7, ["a"]])
def test_what_is_no_name_of_a_local_account_is_none(name: object) -> None:
    assert account(of_contact(acct=name)) == ""


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
    assert str(media(of_contact(avatar_static=text), INSTANCE, only_there=False)).startswith("https://")


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
    assert media(of_contact(avatar_static=text), INSTANCE, only_there=False) is None


def test_of_one_node_only_its_own_host_is_asked() -> None:
    elsewhere = of_contact(avatar_static=f"https://files.social.example/{UPLOAD}")
    assert media(elsewhere, INSTANCE, only_there=True) is None
    assert media(of_contact(avatar_static=f"/system/{UPLOAD}"), INSTANCE, only_there=True)


def test_the_smallest_picture_comes_first_and_any_uploaded_one_will_do() -> None:
    default, drawn = "https://social.example/packs/preview.png", f"https://social.example/system/{THUMBNAIL}"
    named = {"thumbnail": {"url": drawn}, "contact": {"account": {"avatar_static": f"/system/{UPLOAD}"}}}
    assert str(media(saying(named), INSTANCE, only_there=False)).endswith(UPLOAD)
    assert str(media(saying({"thumbnail": {"url": drawn}}), INSTANCE, only_there=False)) == drawn
    icons = {"thumbnail": {"url": default}, "icon": [{"src": default}, 7, {"src": drawn}]}
    assert str(media(saying(icons), INSTANCE, only_there=False)) == drawn


def test_the_status_page_is_where_its_people_are_sent() -> None:
    assert (
        status_page(saying({"configuration": {"urls": {"status": "https://status.example"}}}))
        == "https://status.example"
    )
    for odd in ({}, {"configuration": {"urls": {"status": None}}}, {"configuration": []}, b"[" * 100_000, b"<html>"):
        assert status_page(saying(odd)) is None


_KEYS = st.sampled_from(["contact", "account", "acct", "avatar_static", "thumbnail", "url", "icon", "src"])


@given(st.recursive(st.none() | st.text() | st.integers(), lambda more: st.lists(more) | st.dictionaries(_KEYS, more)))
def test_nothing_that_an_instance_says_is_more_than_nothing(document: Any) -> None:
    answer = saying(document)
    assert isinstance(account(answer), str)
    assert isinstance(media(answer, INSTANCE, only_there=False), HttpUrl | None)
