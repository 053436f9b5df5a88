"""`statusgen.yaml`: what is read from it, and what holds where it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from statusgen.config import load
from statusgen.config.store_document import parse_store
from statusgen.errors import ProjectError
from statusgen.model.project import Link, Location, Logo, Project, Site, StoreAddress

Reader = Callable[[Mapping[str, str]], Project]
Teller = Callable[[Mapping[str, str]], list[str]]

SETTINGS = "site: {name: Hachyderm}\n"


def test_a_name_is_enough(read: Reader) -> None:
    project = read({})
    assert project.site == Site(name="Hachyderm")
    assert project.locations == (Location(id="outside", name="Outside"),)
    assert (project.interval, project.confirm_after) == (timedelta(minutes=5), timedelta(seconds=3))
    assert (project.state, project.target) == (StoreAddress(url="file:.statusgen"), StoreAddress(url="file:public"))
    assert project.theme == "default"


def test_everything_can_be_said(read: Reader) -> None:
    project = read(
        {
            "statusgen.yaml": """
site:
  name: Hachyderm
  url: https://status.hachyderm.example/
  description: >
    Status of
    Hachyderm
  language: en-GB
  notice: Sample data
  accent: '#7A3EB1'
  logo: logo.svg
  links:
    - {name: Code, url: https://example.org/code}
interval: 10m
confirm_after: 5s
locations:
  - id: berlin
    name: Berlin
    controls:
      - tcp: one.one.one.one:443
      - tcp: dns.quad9.net:443
      - id: web
        http: https://example.org/
      - tcp: example.org:443
  - id: oslo
    controls: [{tcp: one.one.one.one:443}]
state: file:history
target:
  url: s3://hachyderm-status/site/
  endpoint: https://fra1.example.org
  region: fra1
  addressing: path
  access_key_env: STATUS_ACCESS_KEY
  secret_key_env: STATUS_SECRET_KEY
  ca_file: ca.pem
  acl: public-read
theme: night
""",
            "ca.pem": "",
            "logo.svg": "<svg/>",
            "themes/night/style.css": "",
        }
    )
    assert project.site == Site(
        name="Hachyderm",
        url="https://status.hachyderm.example",
        description="Status of Hachyderm",
        language="en-GB",
        notice="Sample data",
        links=(Link(name="Code", url="https://example.org/code"),),
        accent="#7a3eb1",
        logo=Logo("image/svg+xml", b"<svg/>"),
    )
    berlin, oslo = project.locations
    assert (berlin.id, berlin.name) == ("berlin", "Berlin")
    assert [control.id for control in berlin.controls] == [
        "@control/berlin/tcp",
        "@control/berlin/tcp-2",
        "@control/berlin/web",
        "@control/berlin/tcp-3",
    ]
    assert (oslo.name, oslo.controls[0].id) == ("oslo", "@control/oslo/tcp")
    assert project.state == StoreAddress(url="file:history")
    assert project.target == StoreAddress(
        url="s3://hachyderm-status/site",
        endpoint="https://fra1.example.org",
        region="fra1",
        addressing="path",
        access_key_env="STATUS_ACCESS_KEY",
        secret_key_env="STATUS_SECRET_KEY",
        ca_file="ca.pem",
        acl="public-read",
    )
    assert (project.interval, project.confirm_after) == (timedelta(minutes=10), timedelta(seconds=5))
    assert project.theme == "night"


def test_a_wrong_location_is_told_and_so_are_its_controls(problems: Teller) -> None:
    assert problems({"statusgen.yaml": SETTINGS + "locations:\n  - id: Oslo\n    controls: [{tcp: a}]\n"}) == [
        (
            "statusgen.yaml:3:9: location.id: expected an id of lower-case letters, digits and hyphens, got 'Oslo'\n"
            "    hint: write 'oslo'"
        ),
        (
            "statusgen.yaml:4:22: control.tcp: expected a host and a port such as 'example.org:443' or "
            "'[2001:db8::1]:443', got 'a'"
        ),
    ]


def test_a_theme_that_is_nowhere_is_told_without_a_folder_of_themes(problems: Teller) -> None:
    assert problems({"statusgen.yaml": SETTINGS + "theme: zzz\n"}) == [
        "statusgen.yaml:2:8: theme: there is no folder 'themes/zzz'\n    hint: leave 'theme' out for the default one"
    ]


@pytest.mark.parametrize(
    ("stores", "key"),
    [
        ("state: s3://bucket\ntarget: s3://bucket\n", "target"),
        ("state: s3://bucket/a\ntarget: s3://bucket/a/b\n", "target"),
        ("target: file:.statusgen/site\n", "target"),
        ("state: file:./public\n", "state"),
        ("state: file:a/../public/b\n", "state"),
    ],
)
def test_state_and_target_do_not_lie_in_one_another(stores: str, key: str, problems: Teller) -> None:
    (said,) = problems({"statusgen.yaml": SETTINGS + stores})
    assert f" {key}: state 'file:" in said or f" {key}: state 's3:" in said
    assert "lie in one another" in said


@pytest.mark.parametrize(
    "stores",
    [
        "state: s3://bucket/state\ntarget: s3://bucket/site\n",
        "state: s3://bucket/site-state\ntarget: s3://bucket/site\n",
        "state: {url: s3://bucket, endpoint: https://a.example}\ntarget: {url: s3://bucket, endpoint: https://b.example}\n",
        "target: file:../public\n",
        "target: s3://checks\n",
    ],
)
def test_stores_beside_one_another_are_right(stores: str, read: Reader) -> None:
    assert read({"statusgen.yaml": SETTINGS + stores}).target.url.startswith(("s3:", "file:"))


@pytest.mark.parametrize("folder", ["checks", "content/public", "themes/default", "."])
def test_no_store_lies_among_what_people_write(folder: str, problems: Teller) -> None:
    (said, *_) = problems({"statusgen.yaml": SETTINGS + f"target: file:{folder}\n"})
    assert "would mix with what you write in" in said


ACCOUNT = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("provider: aws", StoreAddress(url="s3://pages", provider="aws")),
        (
            f"provider: r2, account: {ACCOUNT}",
            StoreAddress(
                url="s3://pages",
                provider="r2",
                endpoint=f"https://{ACCOUNT}.r2.cloudflarestorage.com",
                region="auto",
                addressing="path",
            ),
        ),
        (
            "provider: r2, endpoint: 'https://eu.example.org', addressing: virtual",
            StoreAddress(
                url="s3://pages",
                provider="r2",
                endpoint="https://eu.example.org",
                region="auto",
                addressing="virtual",
            ),
        ),
        (
            "provider: hetzner, region: fsn1, acl: public-read",
            StoreAddress(
                url="s3://pages",
                provider="hetzner",
                endpoint="https://fsn1.your-objectstorage.com",
                region="fsn1",
                acl="public-read",
            ),
        ),
        (
            "provider: garage, endpoint: 'https://s3.example.org', profile: crew",
            StoreAddress(
                url="s3://pages",
                provider="garage",
                endpoint="https://s3.example.org",
                region="garage",
                addressing="path",
                profile="crew",
            ),
        ),
    ],
)
def test_a_provider_sets_what_it_needs_and_what_is_said_wins(read: Reader, said: str, address: StoreAddress) -> None:
    assert read({"statusgen.yaml": f"{SETTINGS}target: {{url: 's3://pages', {said}}}\n"}).target == address


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("file:public", "file:public"),
        ("file:./public/", "file:public"),
        ("file:///srv/status", "file:/srv/status"),
        ("file:/srv/status", "file:/srv/status"),
        ("s3://bucket", "s3://bucket"),
        ("s3://my.bucket-1/a/b/", "s3://my.bucket-1/a/b"),
    ],
)
def test_the_url_of_a_store_has_one_form(text: str, url: str) -> None:
    assert parse_store(text) == url


@pytest.mark.parametrize(
    "text",
    ["file:", "file://host/share", "s3:bucket", "s3://", "s3://a", "s3://bucket//a", "s3://bucket/a/./b", ["s3://b"]],
)
def test_anything_else_is_no_store(text: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_store(text)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "statusgen.yaml").mkdir()
    with pytest.raises(ProjectError) as caught:
        load(tmp_path, kinds={})
    assert "statusgen.yaml: the file cannot be read: is a directory" in str(caught.value)


def test_each_location_probes_what_it_reaches(read: Reader) -> None:
    project = read(
        {
            "statusgen.yaml": """
site: {name: Hachyderm}
locations:
  - {id: outside, controls: [{tcp: one.one.one.one:443}]}
  - {id: homelab, provider: The rack, reaches: [public, rack]}
  - {id: cellar, reaches: [rack]}
""",
            "checks/data.yaml": """
group: Data
components:
  - id: database
    name: Database
    checks:
      - tcp: db.example:5432
        network: rack
        quorum: 1
      - {id: site, tcp: db.example:443}
""",
        }
    )
    assert [location.provider for location in project.locations] == ["", "The rack", ""]
    assert [[check.id for check in project.checks_from(location)] for location in project.locations] == [
        ["database/site", "@control/outside/tcp"],
        ["database/tcp", "database/site"],
        ["database/tcp"],
    ]
    assert [check.quorum for check in project.checks] == [1, None]


def test_how_long_days_are_kept_is_for_people_to_say(read: Reader) -> None:
    assert read({}).keep is None
    assert read({"statusgen.yaml": "site: {name: Hachyderm}\nkeep: 800d\n"}).keep == timedelta(days=800)
