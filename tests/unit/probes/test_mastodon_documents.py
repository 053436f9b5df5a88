"""The keys of checks of a Mastodon: what they become, which parts are asked for, and what a mistake in them says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from statusgen.probes.mastodon import MastodonSpec
from statusgen.probes.mastodon_parts import Part
from statusgen.probes.targets import Family, HttpUrl
from tests.unit.probes.documents import SITE, SOCIAL, problem_of, spec_of


def test_every_key_of_mastodon_reaches_its_spec() -> None:
    keys = {
        "mastodon": "https://example.org",
        "account": "admin",
        "media": "https://media.example.org/a.png",
        "streaming": "https://streaming.example.org",
        "domain": "Example.com",
        "status_page": "https://status.example.org",
        "token_env": "TOKEN",
        "allow_cached": "true",
        "family": "ipv6",
        "ca_file": "ca.pem",
    }
    assert spec_of(keys) == MastodonSpec(
        url=SITE,
        parts=tuple(Part),
        domain="example.com",
        patience=timedelta(seconds=9.5),
        whole=True,
        account="admin",
        streaming=HttpUrl("https", "streaming.example.org", 443, "/"),
        media=HttpUrl("https", "media.example.org", 443, "/a.png"),
        status_page="https://status.example.org",
        token_env="TOKEN",
        allow_cached=True,
        family=Family.IPV6,
        ca_file="ca.pem",
    )


@pytest.mark.parametrize(
    ("keys", "parts", "sought"),
    [
        ({}, {"web", "streaming", "instance", "nodeinfo"}, {"lookup", "webfinger", "media"}),
        ({"account": "admin"}, {"web", "streaming", "lookup", "instance", "webfinger", "nodeinfo"}, {"media"}),
        ({"media": "/a.png"}, {"web", "streaming", "instance", "nodeinfo", "media"}, {"lookup", "webfinger"}),
        ({"part": "web"}, {"web", "instance"}, set()),
        ({"part": "streaming"}, {"streaming"}, set()),
        ({"part": "lookup", "account": "admin"}, {"lookup"}, set()),
        ({"part": "media", "media": "/a.png", "connect_to": "192.0.2.1"}, {"media"}, set()),
    ],
)
def test_a_mastodon_is_asked_for_the_parts_that_are_told_enough_of_and_itself_about_the_others(
    keys: dict[str, str], parts: set[str], sought: set[str]
) -> None:
    spec = spec_of({"mastodon": "https://example.org", **keys})
    assert isinstance(spec, MastodonSpec)
    assert (set(spec.parts), set(spec.sought)) == (parts, sought)
    assert spec.patience == timedelta(seconds=9.5 if len(parts) > 1 else 10)


@pytest.mark.parametrize(
    ("keys", "message", "hint"),
    [
        (
            {"mastodon": "https://example.org/about"},
            "expected a URL without a path, got 'https://example.org/about'",
            "write 'https://example.org'",
        ),
        ({"mastodon": "example.org"}, "expected a URL such as 'https://example.org/health', got 'example.org'", ""),
        (
            {**SOCIAL, "part": "stream"},
            "expected 'web', 'streaming', 'lookup', 'instance', 'webfinger', 'nodeinfo' or 'media', got 'stream'",
            "did you mean 'streaming'?",
        ),
        ({**SOCIAL, "part": "lookup"}, "the part 'lookup' needs 'account'", "add 'account: admin'"),
        (
            {**SOCIAL, "part": "media"},
            "the part 'media' needs 'media'",
            "add 'media: /system/site_uploads/files/000/000/001/@1x/probe.png'",
        ),
        (
            {**SOCIAL, "part": "web", "account": "admin"},
            "'account' says nothing of the part 'web'",
            "leave it out",
        ),
        *(
            (
                {**SOCIAL, "account": account},
                f"expected the name of a local account such as 'admin', got {account!r}",
                hint,
            )
            for account, hint in [("@admin@example.org", "write 'admin'"), ("@admin", "write 'admin'"), ("a b", "")]
        ),
        *(
            (
                {**SOCIAL, "media": media},
                f"expected a path such as '/system/picture.png' or a URL, got {named}",
                "",
            )
            for media, named in [("picture.png", "'picture.png'"), ("//a/b.png", "'//a/b.png'"), (["/a"], "a list")]
        ),
        ({"mastodon": "http://example.org", "ca_file": "ca.pem"}, "'ca_file' needs an https URL", ""),
        (
            {**SOCIAL, "connect_to": "192.0.2.1", "media": "https://media.example.org/a.png"},
            "'connect_to' is for the host of 'mastodon', and 'media' is on another",
            "make it a check of its own: 'mastodon: https://media.example.org' and 'part: media'",
        ),
    ],
)
def test_a_mistake_says_what_was_expected(keys: dict[str, Any], message: str, hint: str) -> None:
    assert problem_of(keys) == (message, hint)
