"""The table of providers is whole, and the reference is drawn from it.

`pytest tests/unit/model/test_providers.py --update-golden` draws the reference anew.
"""

from __future__ import annotations

import re

import pytest

from statusgen.model.providers import AWS, PROVIDERS, R2, Acl, Provider
from tests import tables
from tests.conftest import ROOT
from tests.tables import Row

PAGE = ROOT / "docs/reference/stores.md"
TABLES = re.compile(r"<!-- (\w+) of providers -->\n")


def addresses() -> list[Row]:
    rows: list[Row] = [("`provider`", "Who", "`endpoint`", "`region`", "`addressing`")]
    for word, one in PROVIDERS.items():
        endpoint = f"`{one.endpoint}`" if one.endpoint else "required" if one.own else "by AWS's own rules"
        example = f"such as `{one.example}`"
        region = f"`{one.region}`" if one.region else f"required, {example}" if one.wants_region else example
        rows.append((f"`{word}`", one.title, endpoint, region, f"`{one.addressing}`"))
    return rows


def differences() -> list[Row]:
    head = (
        "Provider",
        "Checksum in a trailer",
        "Batch deletion needs",
        "ETag",
        "`acl`",
        "`If-None-Match`",
        "`If-Match`",
    )
    rows: list[Row] = [(*head, "`/` is answered by")]
    for one in PROVIDERS.values():
        etag = "MD5, but for AWS KMS" if one.kms else "MD5"
        conditions = (one.if_none_match, one.if_match)
        rows.append((one.title, one.trailer, one.digest, etag, one.acl, *conditions, one.website or "nobody"))
    return rows


def sources() -> list[Row]:
    links = {word: ", ".join(map(_link, one.sources)) for word, one in PROVIDERS.items()}
    return [("Provider", "Documented or measured in"), *((PROVIDERS[word].title, links[word]) for word in PROVIDERS)]


def _link(source: str) -> str:
    return f"<{source}>" if source.startswith("https:") else f"`{source}`"


def drawn(text: str) -> str:
    """Return the page with its tables as the code has them."""
    rows = {"addresses": addresses, "differences": differences, "sources": sources}
    return tables.drawn(text, TABLES, lambda match: rows[match[1]]())


def test_the_reference_is_the_table(update_golden: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    if update_golden:
        PAGE.write_text(drawn(text), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == drawn(text)
    assert TABLES.findall(text) == ["addresses", "differences", "sources"]


def test_the_twelve_are_there() -> None:
    assert list(PROVIDERS) == [
        "aws",
        "r2",
        "b2",
        "digitalocean",
        "hetzner",
        "scaleway",
        "ovh",
        "wasabi",
        "minio",
        "garage",
        "seaweedfs",
        "ceph",
    ]


@pytest.mark.parametrize(
    ("word", "endpoint"),
    [
        ("aws", ""),
        ("r2", "https://0123.r2.cloudflarestorage.com"),
        ("b2", "https://s3.eu-central-003.backblazeb2.com"),
        ("digitalocean", "https://fra1.digitaloceanspaces.com"),
        ("hetzner", "https://fsn1.your-objectstorage.com"),
        ("scaleway", "https://s3.fr-par.scw.cloud"),
        ("ovh", "https://s3.gra.io.cloud.ovh.net"),
        ("wasabi", "https://s3.eu-central-1.wasabisys.com"),
        ("minio", ""),
        ("garage", ""),
        ("seaweedfs", ""),
        ("ceph", ""),
    ],
)
def test_an_endpoint_is_made_from_region_and_account(word: str, endpoint: str) -> None:
    one = PROVIDERS[word]
    assert one.endpoint_for(region=one.example, account="0123") == endpoint


@pytest.mark.parametrize("one", PROVIDERS.values(), ids=PROVIDERS)
def test_a_row_says_how_to_reach_its_server_and_where_that_is_written(one: Provider) -> None:
    assert one.sources
    assert one.example
    assert one.own or one.endpoint or one is PROVIDERS[AWS]
    assert one.addressing in {"auto", "path"}
    if one.own:
        assert one.region
        assert not one.endpoint
    assert one.wants_account is (one is PROVIDERS[R2])
    assert not one.endpoint or one.endpoint.startswith("https://")


def test_where_a_list_would_be_refused_by_everybody_none_can_be_written() -> None:
    assert [word for word, one in PROVIDERS.items() if one.acl is Acl.NONE] == ["r2", "garage"]
