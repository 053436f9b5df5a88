"""`watch` publishes again and again, tells what goes wrong, and goes on."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from statusgen.cli import watch as watching
from statusgen.cli import wiring
from statusgen.errors import StateError
from tests.fakes import START, FakeClock
from tests.unit.cli.conftest import Statusgen, WriteFile


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """A clock on which waiting takes no time."""
    clock = FakeClock()
    monkeypatch.setattr(wiring, "choose_clock", lambda _settings: clock)
    return clock


@pytest.fixture
def at_run(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[int, Callable[[], None]]], None]:
    """Let something happen at the beginning of runs, by their number from 1."""

    def plan(happens: dict[int, Callable[[], None]]) -> None:
        number, really = 0, watching.publish_once

        def publish_once(*given: Any, **named: Any) -> Any:
            nonlocal number
            number += 1
            happens.get(number, lambda: None)()
            return really(*given, **named)

        monkeypatch.setattr(watching, "publish_once", publish_once)

    return plan


def fail(error: BaseException) -> Callable[[], None]:
    """Return what raises an error."""

    def act() -> None:
        raise error

    return act


def raw(statusgen: Statusgen) -> list[str]:
    """Return when the runs began, as the names of their objects say."""
    return sorted(Path(name).name[:6] for name in statusgen.files() if "/raw/" in name)


def test_it_publishes_at_once_and_on_every_beat_until_the_time_is_over(statusgen: Statusgen, clock: FakeClock) -> None:
    result = statusgen("watch", "--every", "1m", "--for", "5m")
    assert result.exit_code == 0, result.stderr
    assert raw(statusgen) == ["000000", "000100", "000200", "000300", "000400"]
    assert result.stdout.count("All systems operational") == 5
    assert clock.now() - START < timedelta(minutes=4, seconds=1), "nothing is waited for after the last run"


def test_unless_told_otherwise_the_beat_is_the_interval_of_the_project(statusgen: Statusgen, clock: FakeClock) -> None:
    assert statusgen("watch", "--for", "11m").exit_code == 0
    assert raw(statusgen) == ["000000", "000500", "001000"]


def test_a_run_that_takes_longer_skips_beats_and_says_so(
    statusgen: Statusgen, clock: FakeClock, at_run: Callable[[dict[int, Callable[[], None]]], None]
) -> None:
    at_run({2: lambda: clock.advance(timedelta(seconds=150))})
    result = statusgen("watch", "--every", "1m", "--for", "6m")
    assert raw(statusgen) == ["000000", "000330", "000400", "000500"]
    assert result.stderr.count("warning: ") == 1
    assert "warning: 2 runs were skipped, because one took longer than the time between two" in result.stderr


def test_an_error_of_one_run_is_told_and_the_next_one_makes_up_for_it(
    statusgen: Statusgen, clock: FakeClock, at_run: Callable[[dict[int, Callable[[], None]]], None]
) -> None:
    at_run({2: fail(StateError("the state cannot be reached")), 3: fail(ZeroDivisionError())})
    result = statusgen("watch", "--every", "1m", "--for", "4m")
    assert result.exit_code == 0
    assert raw(statusgen) == ["000000", "000300"]
    assert "error: the state cannot be reached" in result.stderr
    assert "statusgen failed with ZeroDivisionError" in result.stderr


@pytest.mark.parametrize(("error", "code"), [(StateError("gone"), 4), (ZeroDivisionError(), 1)])
def test_the_exit_code_is_that_of_the_last_run(
    statusgen: Statusgen,
    clock: FakeClock,
    at_run: Callable[[dict[int, Callable[[], None]]], None],
    error: Exception,
    code: int,
) -> None:
    at_run({3: fail(error)})
    assert statusgen("watch", "--every", "1m", "--for", "3m").exit_code == code


def test_a_file_that_is_broken_meanwhile_does_not_end_it(
    statusgen: Statusgen,
    clock: FakeClock,
    write: WriteFile,
    at_run: Callable[[dict[int, Callable[[], None]]], None],
) -> None:
    good = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
    at_run({2: lambda: write("statusgen.yaml", "site: {}\n"), 3: lambda: write("statusgen.yaml", good)})
    result = statusgen("watch", "--every", "1m", "--for", "3m")
    assert result.exit_code == 0
    assert raw(statusgen) == ["000000", "000200"]
    assert "statusgen.yaml:1:7: site.name: the key is missing" in result.stderr


def test_a_file_that_is_broken_from_the_start_ends_it_and_so_does_an_unknown_location(
    statusgen: Statusgen, clock: FakeClock, write: WriteFile
) -> None:
    assert statusgen("watch", "--location", "moon", "--for", "3m").exit_code == 2
    write("statusgen.yaml", "site: {}\n")
    assert statusgen("watch", "--for", "3m").exit_code == 3
    assert raw(statusgen) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("run", "code"), [(1, 130), (2, 0)])
def test_a_signal_ends_it_with_what_the_last_run_that_ended_came_to(  # noqa: PLR0917 - pytest gives them by name
    statusgen: Statusgen,
    clock: FakeClock,
    at_run: Callable[[dict[int, Callable[[], None]]], None],
    number: signal.Signals,
    run: int,
    code: int,
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    at_run({run: lambda: signal.raise_signal(number)})
    assert statusgen("watch", "--every", "1m").exit_code == code
    assert signal.getsignal(signal.SIGTERM) is before


def test_it_may_only_probe(statusgen: Statusgen, clock: FakeClock) -> None:
    result = statusgen("watch", "--probe-only", "--every", "1m", "--for", "2m")
    assert result.exit_code == 0
    assert len(raw(statusgen)) == 2
    assert not (statusgen.root / "public").exists()


def test_a_standby_waits_until_nobody_has_published_for_long_enough(statusgen: Statusgen, clock: FakeClock) -> None:
    page = statusgen.root / "public/index.html"
    page.parent.mkdir()
    page.write_bytes(b"of the primary")
    os.utime(page, (START.timestamp(), START.timestamp()))
    result = statusgen("watch", "--every", "5m", "--for", "16m", "--if-stale", "15m")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("file:public was published at 2022-12-01 00:00:00 UTC; nothing was done\n") == 3
    assert raw(statusgen) == ["001500"]


def test_observations_that_wait_are_told_and_do_not_end_it(
    statusgen: Statusgen, clock: FakeClock, write: WriteFile
) -> None:
    write("statusgen.yaml", "site:\n  name: Example Social\nstate: file:state\n")
    write("state", "a file where a folder belongs")
    result = statusgen("watch", "--probe-only", "--every", "1m", "--for", "2m")
    assert result.exit_code == 4
    assert result.stderr.count("error: observations wait in 'file:.statusgen/spool'") == 2


def test_the_workflow_hears_of_the_last_page_once(
    statusgen: Statusgen, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs"
    monkeypatch.setenv("GITHUB_OUTPUT", str(outputs))
    statusgen("watch", "--every", "1m", "--for", "3m")
    assert outputs.read_text(encoding="utf-8").count("status=operational") == 1


def test_as_data_every_run_is_a_document(statusgen: Statusgen, clock: FakeClock) -> None:
    rest = statusgen("watch", "--format", "json", "--every", "1m", "--for", "2m").stdout
    found = []
    while rest.strip():
        document, end = json.JSONDecoder().raw_decode(rest)
        found.append(document["status"])
        rest = rest[end:].lstrip()
    assert found == ["operational", "operational"]


@pytest.mark.parametrize(
    ("written", "said"), [("fast", "expected a duration"), ("10ms", "expected a duration from '1s' up, got '10ms'")]
)
def test_what_is_no_duration_is_told(statusgen: Statusgen, written: str, said: str) -> None:
    result = statusgen("watch", "--every", written)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
