"""The story of a bad day, on real servers, from the command line, as readers see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statusgen.errors import ExitCode
from tests.acceptance.conftest import BEGAN, Operator

pytestmark = pytest.mark.services

RUN = timedelta(minutes=30)
"""The interval of the project."""

INSTANCE = ("Web", "Timelines", "Streaming", "Media in Frankfurt", "Media in Fremont")
ALL_UP = dict.fromkeys((*INSTANCE, "Frankfurt", "Fremont", "Database", "Redis"), "operational")
INCIDENT = """\
---
title: Timelines are empty
started: 2022-11-28T09:30Z
impact: major
affects: [timelines]
---
Redis was killed. Nothing is lost.

## 2022-11-28T09:50Z identified
We are moving Redis to a larger machine.
"""
RESOLVED = """
## 2022-11-28T10:35Z resolved
Timelines are back and complete.
"""


def test_the_day_redis_died(operator: Operator) -> None:
    _all_is_well(operator)
    _redis_dies_and_the_next_run_says_so(operator)
    _an_operator_writes_an_incident_and_everything_carries_it(operator)
    _redis_returns_and_the_outage_stays_in_the_history(operator)


def _all_is_well(operator: Operator) -> None:
    operator.publish(at=BEGAN)
    assert operator.statuses() == ALL_UP
    assert operator.summary()["status"]["indicator"] == "none"
    assert "<entry" not in operator.read("feed.atom")


def _redis_dies_and_the_next_run_says_so(operator: Operator) -> None:
    operator.scene.instance.redis.stop()
    operator.publish(at=BEGAN + RUN)
    assert operator.statuses() == ALL_UP | {"Timelines": "major_outage", "Redis": "major_outage"}
    assert operator.summary()["status"]["indicator"] == "major"
    assert "the connection was refused" in operator.text()
    for feed in ("feed.xml", "feed.atom"):
        assert "[Down]" in operator.read(feed)
        assert "Redis" in operator.read(feed)


def _an_operator_writes_an_incident_and_everything_carries_it(operator: Operator) -> None:
    operator.write("content/incidents/2022-11-28-empty-timelines.md", INCIDENT)
    operator.publish(at=BEGAN + 2 * RUN)
    for said in ("Timelines are empty", "We are moving Redis to a larger machine."):
        assert said in operator.text()
        assert said in operator.text("incidents/2022-11-28-empty-timelines.html")
        assert said in operator.read("feed.xml")
        assert said in operator.read("feed.atom")
    [incident] = operator.summary()["incidents"]
    assert (incident["name"], incident["status"], incident["impact"]) == ("Timelines are empty", "identified", "major")


def _redis_returns_and_the_outage_stays_in_the_history(operator: Operator) -> None:
    operator.scene.instance.redis.start()
    operator.write("content/incidents/2022-11-28-empty-timelines.md", INCIDENT + RESOLVED)
    operator.publish(at=BEGAN + 4 * RUN)
    assert operator.statuses() == ALL_UP
    assert operator.summary()["incidents"] == []
    assert "[Resolved] Timelines are empty" in operator.read("feed.xml")
    history = operator.text("history/2022-11.html")
    assert "Timelines are empty" in history
    assert "Redis was down for 1 hour 30 minutes, 09:30–11:00 UTC: the connection was refused." in history
    operator.publish(at=BEGAN + 10 * RUN)
    assert "[Back] Redis" in operator.read("feed.atom")


def test_the_page_is_published_and_says_so_while_the_whole_stack_is_down(operator: Operator) -> None:
    operator.publish(at=BEGAN)
    for server in operator.scene.instance.inside:
        server.stop()
    operator.publish(at=BEGAN + RUN)
    assert operator.statuses() == dict.fromkeys(ALL_UP, "major_outage")
    assert operator.summary()["status"]["indicator"] == "critical"
    assert "Database" in operator.text()
    assert "[Down]" in operator.read("feed.xml")


def test_a_stack_that_hangs_is_down_within_the_deadlines(operator: Operator) -> None:
    operator.scene.instance.database.pause()
    operator.scene.instance.redis.pause()
    operator.publish(at=BEGAN)
    found = operator.statuses()
    assert (found["Database"], found["Redis"], found["Timelines"]) == ("major_outage",) * 3
    assert found["Fremont"] == "operational"


def test_a_service_that_is_down_is_news_unless_it_was_asked_for(operator: Operator) -> None:
    operator.scene.instance.redis.stop()
    assert operator.run("publish", "--fail-on", "major_outage", at=BEGAN).code == ExitCode.DONE
    assert operator.run("publish", "--fail-on", "partial_outage", at=BEGAN + RUN).code == ExitCode.FAIL_ON


def test_while_the_s3_server_is_down_observations_are_kept_for_the_next_run(operator: Operator) -> None:
    operator.publish(at=BEGAN)
    operator.scene.instance.store.stop()
    operator.scene.instance.redis.stop()
    failed = operator.run("publish", at=BEGAN + RUN)
    operator.scene.instance.store.start()
    assert failed.code == ExitCode.PUBLISH
    assert "error: the target 's3://pages/public/" in failed.err
    assert "observations are kept for the next run" in failed.err
    assert "Traceback" not in failed.err
    operator.scene.instance.redis.start()
    operator.publish(at=BEGAN + 2 * RUN)
    assert operator.statuses() == ALL_UP
    assert "Redis was down for 30 minutes, 09:30–10:00 UTC" in operator.text("history/2022-11.html")


def test_observations_wait_on_this_machine_while_the_state_is_on_the_s3_server_that_is_down(operator: Operator) -> None:
    operator.keep_state_in_the_bucket()
    operator.publish(at=BEGAN)
    operator.scene.instance.store.stop()
    operator.scene.instance.redis.stop()
    failed = operator.run("publish", at=BEGAN + RUN)
    operator.scene.instance.store.start()
    assert failed.code == ExitCode.PUBLISH
    assert "the observations of a run wait in 'file:.statusgen/spool'" in failed.err
    operator.scene.instance.redis.start()
    operator.publish(at=BEGAN + 2 * RUN)
    assert "Redis was down for 30 minutes, 09:30–10:00 UTC" in operator.text("history/2022-11.html")


def test_publishing_again_without_a_change_sends_only_what_carries_the_time(operator: Operator) -> None:
    operator.write("content/incidents/2022-11-28-empty-timelines.md", INCIDENT + RESOLVED)
    for number in (3, 4):
        operator.publish(at=BEGAN + number * RUN)
    before = operator.sent()
    operator.publish(at=BEGAN + 5 * RUN)
    after = operator.sent()
    assert before.keys() == after.keys()
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {
        *("index.html", "status.json", "api/v2/status.json", "api/v2/summary.json"),
        "statusgen-manifest.json",
    }


def test_a_dry_run_sends_nothing_and_remembers_nothing(operator: Operator) -> None:
    operator.publish(at=BEGAN)
    before = operator.sent(), operator.remembered()
    operator.scene.instance.redis.stop()
    done = operator.publish("--dry-run", at=BEGAN + RUN)
    assert "would be sent" in done.out
    assert (operator.sent(), operator.remembered()) == before
