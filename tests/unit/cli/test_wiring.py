"""Which adapters are chosen, and which values of the environment count as secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from statusgen.cli import wiring
from statusgen.cli.options import Format, Settings
from statusgen.cli.progress import QuietProgress
from statusgen.clock import FixedClock, SystemClock
from statusgen.errors import Place, PublishError, StateError
from statusgen.model.project import SecretUse, StoreAddress
from tests import factories
from tests.fakes import Notes

SETTINGS = Settings(project=Path(), now=None, format=Format.TEXT, quiet=False)


def test_time_stands_still_when_told_to() -> None:
    stopped = wiring.choose_clock(replace(SETTINGS, now=factories.NOW))
    assert isinstance(stopped, FixedClock)
    assert stopped.now() == factories.NOW
    assert type(wiring.choose_clock(SETTINGS)) is SystemClock


def test_secrets_are_what_the_project_names_and_what_looks_like_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(wiring.secret_values()):
        monkeypatch.delenv(name)
    for name, value in {
        "PG_DSN": "one",
        "AWS_SECRET_ACCESS_KEY": "two",
        "MASTODON_TOKEN": "three",
        "QUEUE_WORD": "four",
        "REDIS_PASSWORD": "",
        "HOME": "/home/nova",
    }.items():
        monkeypatch.setenv(name, value)
    project = replace(factories.project(), secrets=(SecretUse(name="QUEUE_WORD", at=Place("checks/web.yaml", 3, 5)),))
    guessed = {"PG_DSN": "one", "AWS_SECRET_ACCESS_KEY": "two", "MASTODON_TOKEN": "three"}
    assert wiring.secret_values() == guessed
    assert wiring.secret_values(project) == guessed | {"QUEUE_WORD": "four"}


def test_a_store_that_cannot_be_opened_is_an_error_of_the_state_or_of_publishing() -> None:
    project = replace(factories.project(), state=StoreAddress(url="ftp://state"), target=StoreAddress(url="ftp://site"))
    with pytest.raises(StateError, match="the state 'ftp://state' cannot be opened: expected an address"):
        wiring.open_memory(project, SETTINGS, Notes())
    with pytest.raises(PublishError, match="the target 'ftp://site' cannot be opened: expected an address"):
        wiring.open_target(project.target, SETTINGS.project, QuietProgress())


@pytest.mark.parametrize(
    ("url", "where"), [("file:public", "/srv/status/public/index.html"), ("s3://site/en", "s3://site/en/index.html")]
)
def test_the_front_page_is_found_without_a_public_address(url: str, where: str) -> None:
    assert wiring.front_page(StoreAddress(url=url), Path("/srv/status")) == where


@pytest.mark.parametrize(
    ("kept", "where"),
    [
        ("", "file:.statusgen/spool"),
        ("/var/lib/statusgen-agent", "file:/var/lib/statusgen-agent/spool"),
        ("/var/lib/one:/var/lib/two", "file:/var/lib/one/spool"),
    ],
)
def test_observations_wait_where_systemd_keeps_the_state_of_the_service(
    monkeypatch: pytest.MonkeyPatch, kept: str, where: str
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", kept)
    assert wiring.open_memory(factories.project(), SETTINGS, Notes()).spool.name == where
