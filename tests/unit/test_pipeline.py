"""From a probe to a published page over stores in memory: what is kept, what is sent, and what happens on failure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from statusgen.config.theme import load_theme
from statusgen.errors import PublishError, StateError
from statusgen.history import append, backfill
from statusgen.model.measured import Uptime
from statusgen.model.observation import Finding
from statusgen.model.project import Component
from statusgen.model.shard import Shard
from statusgen.model.words import Outcome, Status
from statusgen.pipeline import (
    Memory,
    Probed,
    Published,
    Vantage,
    beat,
    build,
    explain,
    export,
    look,
    place,
    probe,
    publish,
)
from statusgen.ports import ProbeKind, Secrets
from statusgen.publish.manifest import MANIFEST_KEY
from statusgen.publish.plan import Reason
from statusgen.values import CheckDocument
from tests import factories
from tests.conftest import ROOT
from tests.fakes import Call, FakeClock, FixedSecrets, MemoryStore, Notes

PROJECT = factories.project()
THEME = load_theme(ROOT, "default")
DOWN = Finding(outcome=Outcome.DOWN, reason="connection_refused")
UP = Finding(outcome=Outcome.UP, latency_ms=12.0)
TIMELY = {"api/v2/status.json", "api/v2/summary.json", "index.html", "status.json"}


class AnyDocument(CheckDocument):
    """The keys of a check whose prober answers as it is told."""

    kind = "any"

    def spec(self) -> object:
        return None


@dataclass
class World:
    """Everything outside the program, in memory.

    `answer` is what probes of the components find, after `answers`; controls are up.
    """

    answer: Finding = UP
    answers: list[Finding] = field(default_factory=list)
    clock: FakeClock = field(default_factory=lambda: FakeClock(factories.NOW))
    memory: Memory = field(
        default_factory=lambda: Memory(state=MemoryStore("memory:state"), spool=MemoryStore("memory:spool"))
    )
    target: MemoryStore = field(default_factory=lambda: MemoryStore("memory:target"))
    progress: Notes = field(default_factory=Notes)
    runs: int = 0
    shard: Shard | None = None

    @property
    def state(self) -> MemoryStore:
        return self.memory.state  # type: ignore[return-value]  # put there above

    @property
    def spool(self) -> MemoryStore:
        return self.memory.spool  # type: ignore[return-value]  # put there above

    def wait(self, time: timedelta) -> None:
        self.clock.advance(time)
        self.state.now = self.target.now = self.clock.now()

    def written(self, key: str) -> int:
        """Return how often an object of the state was written."""
        return sum(key in call.keys for call in self.state.calls if call.method == "write")

    def vantage(self) -> Vantage:
        async def answer(spec: Any, secrets: Secrets) -> Finding:
            return self.answers.pop(0) if self.answers else self.answer

        async def online(spec: Any, secrets: Secrets) -> Finding:
            return UP

        self.runs += 1
        return Vantage(
            location=PROJECT.locations[0],
            run=f"run-{self.runs}",
            kinds={"http": ProbeKind(AnyDocument, answer), "tcp": ProbeKind(AnyDocument, online)},
            secrets=FixedSecrets(),
            shard=self.shard,
        )

    def probe(self) -> Probed:
        return probe(PROJECT, self.vantage(), self.memory, clock=self.clock, progress=self.progress)

    def web(self) -> tuple[Outcome, str | None, int]:
        """Probe, and return what was found of the one check that is no control."""
        one = self.probe().observations[-1]
        return one.outcome, one.reason, one.tries

    def publish(self, **more: Any) -> Published:
        ports = {"secrets": {}, "clock": self.clock, "progress": self.progress}
        return publish(PROJECT, THEME, self.vantage(), self.memory, self.target, **(ports | more))

    def look(self, now: datetime | None = None) -> Status:
        return look(PROJECT, self.state, now=now or self.clock.now(), progress=self.progress).status


def test_probing_keeps_an_observation_of_every_check_and_control() -> None:
    world = World()
    probed = world.probe()
    assert [(one.check, one.location, one.run, one.outcome) for one in probed.observations] == [
        ("@control/resolver", "earth", "run-1", Outcome.UP),
        ("web-http", "earth", "run-1", Outcome.UP),
    ]
    assert probed.trouble is None
    assert world.state.keys() == ("raw/earth/2022-12-01/120000-run-1.jsonl",)
    assert world.spool.keys("raw/") == ()


def test_a_heartbeat_is_kept_as_one_object_of_its_own_and_nothing_is_read_or_listed() -> None:
    world = World()
    check = factories.heartbeat(within=26 * factories.HOUR)
    reported = beat(check, world.vantage(), world.memory, clock=world.clock, progress=world.progress)
    [one] = reported.observations
    assert (one.check, one.location, one.outcome, one.holds) == (check.id, "earth", Outcome.UP, check.holds)
    assert world.state.keys() == ("raw/earth/2022-12-01/120000-run-1.jsonl",)
    assert {call.method for call in world.state.calls} == {"write"}


def test_a_heartbeat_waits_in_the_spool_while_the_state_cannot_be_written() -> None:
    world = World()
    world.state.broken["write"] = "no answer in time"
    reported = beat(factories.heartbeat(), world.vantage(), world.memory, clock=world.clock, progress=world.progress)
    assert reported.trouble is not None
    assert len(world.spool.keys("raw/")) == 1
    assert "the next run delivers them" in world.progress.warnings[-1]


def test_a_check_that_reports_by_itself_is_not_probed() -> None:
    world = World()
    passive = Component(id="backup", name="Backup", checks=(factories.heartbeat(),))
    project = factories.project(factories.group(factories.component(), passive))
    probed = probe(project, world.vantage(), world.memory, clock=world.clock, progress=world.progress)
    assert [one.check for one in probed.observations] == ["@control/resolver", "web-http"]


def test_a_project_without_checks_leaves_nothing_to_keep() -> None:
    world = World()
    empty = factories.project(
        factories.group(factories.component(checks=())), locations=[factories.location(controls=())]
    )
    vantage = Vantage(location=empty.locations[0], run="run-1", kinds={}, secrets=FixedSecrets())
    assert probe(empty, vantage, world.memory, clock=world.clock, progress=world.progress) == Probed(observations=())
    assert world.state.keys() == world.spool.keys() == ()


def test_what_was_found_is_on_the_page() -> None:
    world = World()
    assert world.look() is Status.UNKNOWN
    world.probe()
    assert world.look() is Status.OPERATIONAL
    world.answer = DOWN
    world.wait(timedelta(minutes=5))
    world.probe()
    assert world.look() is Status.MAJOR_OUTAGE


def test_a_recovery_takes_as_many_tries_as_a_failure_and_one_that_alternates_is_degraded() -> None:
    world = World(answer=DOWN)
    world.probe()
    world.wait(timedelta(minutes=5))
    world.answers = [UP, UP, DOWN]
    assert world.web() == (Outcome.DEGRADED, "unsteady", 3)
    world.wait(timedelta(minutes=5))
    world.answer = UP
    assert world.web() == (Outcome.UP, None, 3)
    assert world.web() == (Outcome.UP, None, 1)


def test_a_machine_that_forgets_asks_the_state_what_was_down() -> None:
    world = World(answer=DOWN)
    world.probe()
    world.spool.objects.clear()
    world.answer = UP
    assert world.web() == (Outcome.UP, None, 3)
    assert world.web() == (Outcome.UP, None, 1)


def test_each_part_of_the_checks_remembers_what_it_saw_down() -> None:
    world = World(answer=DOWN, shard=Shard(1, 1))
    world.probe()
    assert world.spool.keys("seen/") == ("seen/earth/1of1.json",)
    world.state.objects.clear()
    world.answer = UP
    assert world.web() == (Outcome.UP, None, 3)


def test_what_was_down_is_asked_of_the_store_that_is_not_waited_for_and_a_late_answer_is_none() -> None:
    world, glance = World(answer=DOWN), MemoryStore()
    world.memory = replace(world.memory, glance=glance)
    world.probe()
    world.spool.objects.clear()
    world.state.calls.clear()
    glance.broken = {"list": "no answer in time"}
    world.answer = UP
    assert world.web() == (Outcome.UP, None, 1)
    assert {call.method for call in world.state.calls} == {"write"}


def test_what_was_down_is_forgotten_with_a_warning_when_the_spool_cannot_be_written() -> None:
    world = World()
    world.spool.broken = {"write": "access denied"}
    assert world.probe().trouble is None
    assert world.progress.warnings == [
        "nothing can wait in 'memory:spool': access denied; were the state unreachable, the run would be lost",
        "what was seen down cannot be remembered in 'memory:spool': access denied",
    ]


def test_looking_writes_nothing() -> None:
    world = World()
    for _ in range(20):
        world.probe()
        world.wait(timedelta(minutes=5))
    world.state.calls.clear()
    world.look(factories.NOW + timedelta(days=3))
    assert {call.method for call in world.state.calls} == {"list", "read"}


def test_publishing_keeps_then_sends_and_puts_the_state_in_order() -> None:
    world = World(answer=DOWN)
    published = world.publish()
    assert published.page.status is Status.MAJOR_OUTAGE
    assert (published.newer, published.trouble) == (None, None)
    assert {upload.reason for upload in published.plan.uploads} == {Reason.MISSING}
    assert set(world.target.keys()) == {upload.artifact.path for upload in published.plan.uploads} | {MANIFEST_KEY}
    assert json.loads(world.target.objects[MANIFEST_KEY][0])["generation"] == published.page.measured.isoformat()  # type: ignore[union-attr]
    assert [what for what, _ in world.progress.stages] == ["probing", "building", "uploading"]
    for _ in range(20):
        world.wait(timedelta(minutes=5))
        world.probe()
    world.publish()
    assert world.state.keys("segments/"), "twenty runs were merged on the way"


def test_publishing_again_sends_only_what_carries_the_time() -> None:
    world = World()
    world.publish()
    world.wait(timedelta(minutes=5))
    again = world.publish()
    assert {upload.artifact.path for upload in again.plan.uploads} == TIMELY
    assert {upload.reason for upload in again.plan.uploads} == {Reason.CHANGED}


def test_a_dry_run_stops_at_the_plan() -> None:
    world = World()
    published = world.publish(dry_run=True)
    assert published.plan.uploads
    assert world.target.keys() == ()
    assert {call.method for call in world.target.calls} == {"list", "read"}


def test_building_and_placing_makes_a_target_equal_the_site() -> None:
    world = World()
    world.probe()
    site = build(PROJECT, THEME, world.state, secrets={}, now=world.clock.now(), progress=world.progress)
    assert ("building", 2) in world.progress.stages
    assert world.progress.summaries[-1] == f"{len(site.artifacts)} files"
    assert site.page.status is Status.OPERATIONAL

    rehearsed = place(site, world.target, now=world.clock.now(), progress=world.progress, dry_run=True)
    assert world.target.keys() == ()
    assert place(site, world.target, now=world.clock.now(), progress=world.progress) == rehearsed
    assert {artifact.path: artifact.body for artifact in site.artifacts}.items() <= {
        key: body for key, (body, _) in world.target.objects.items()
    }.items()
    assert place(site, world.target, now=world.clock.now(), progress=world.progress).empty


def test_nothing_is_sent_when_a_secret_would_leave_and_observations_are_kept() -> None:
    world = World()
    with pytest.raises(PublishError, match=r"index\.html: holds the value of INSTANCE_TOKEN"):
        world.publish(secrets={"INSTANCE_TOKEN": "Hachyderm"})
    assert world.target.keys() == ()
    assert len(world.state.keys("raw/")) == 1


def test_a_target_that_cannot_be_read_fails_after_the_observations_are_kept() -> None:
    world = World()
    world.target.broken = {"list": "the connection was refused"}
    with pytest.raises(PublishError) as caught:
        world.publish()
    assert str(caught.value) == (
        "the target 'memory:target' cannot be read: the connection was refused\n"
        "    hint: nothing was sent; the page that was there stays, and observations are kept for the next run"
    )
    assert len(world.state.keys("raw/")) == 1


def test_a_damaged_manifest_is_a_warning_and_everything_is_sent_again() -> None:
    world = World()
    first = world.publish()
    world.target.objects[MANIFEST_KEY] = (b"{", world.target.now)
    again = world.publish()
    assert len(again.plan.uploads) == len(first.plan.uploads)
    assert any("cannot be understood" in warning for warning in world.progress.warnings)


def test_an_older_publisher_does_not_turn_the_page_back_unless_forced() -> None:
    world, older = World(), World(answer=DOWN)
    older.target = world.target
    world.wait(timedelta(minutes=5))
    newest = world.publish().page.measured
    before = dict(world.target.objects)
    stopped = older.publish()
    assert stopped.newer == newest
    assert world.target.objects == before
    assert older.progress.warnings == [
        "a page with newer observations, of 2022-12-01 12:05 UTC, is published; nothing was sent"
    ]
    forced = older.publish(force=True)
    assert forced.newer is None
    assert world.target.objects["index.html"] != before["index.html"]


def test_a_state_that_refuses_leaves_observations_in_the_spool_and_the_next_run_delivers_them() -> None:
    world = World(answer=DOWN)
    before = world.probe().observations
    world.wait(timedelta(minutes=5))
    world.state.broken = {"write": "access denied"}
    published = world.publish()
    assert str(published.trouble) == "observations wait in 'memory:spool' for 'memory:state'"
    assert published.page.measured == max(one.at for one in before)
    assert "index.html" in world.target.objects, "readers can still be told what people wrote"
    assert world.state.keys() == ("raw/earth/2022-12-01/120000-run-1.jsonl",)
    spooled = world.spool.keys("raw/")
    assert spooled == ("raw/earth/2022-12-01/120506-run-2.jsonl",)

    world.state.broken = {}
    world.wait(timedelta(minutes=5))
    assert world.probe().trouble is None
    assert world.spool.keys("raw/") == ()
    assert set(spooled) < set(world.state.keys())


def test_a_page_without_any_history_is_not_published_when_the_state_refuses() -> None:
    world = World()
    world.state.broken = {"write": "access denied"}
    with pytest.raises(StateError, match="observations wait in 'memory:spool' for 'memory:state'"):
        world.publish()
    assert world.target.keys() == ()


def test_observations_that_can_be_kept_nowhere_are_an_error() -> None:
    world = World()
    world.state.broken = world.spool.broken = {"write": "access denied"}
    with pytest.raises(StateError, match="memory:state"):
        world.publish()
    assert world.target.keys() == ()


def test_a_spool_that_cannot_be_read_does_not_matter_while_the_state_takes_everything() -> None:
    world = World()
    world.spool.broken = {"list": "access denied", "read": "access denied"}
    assert world.probe().trouble is None
    assert len(world.state.keys("raw/")) == 1


def test_a_state_that_cannot_be_read_stops_the_page_rather_than_forget_its_history() -> None:
    world = World()
    world.publish()
    before = dict(world.target.objects)
    world.state.broken = {"list": "the connection was refused"}
    with pytest.raises(StateError, match="memory:state"):
        world.publish()
    assert world.target.objects == before


def test_when_state_and_target_are_down_together_publishing_is_what_failed_and_nothing_is_lost() -> None:
    """They are often buckets of one server."""
    world = World()
    world.state.broken = world.target.broken = dict.fromkeys(("list", "read", "write"), "the connection was refused")
    with pytest.raises(PublishError):
        world.publish()
    assert world.spool.keys("raw/") == ("raw/earth/2022-12-01/120000-run-1.jsonl",)


def test_the_figures_of_days_gone_by_are_kept_once_a_day_and_made_again_when_lost() -> None:
    world = World()
    for _ in range(3):
        world.publish()
        world.wait(timedelta(minutes=5))
    assert world.written("summaries/days.jsonl.gz") == 1
    world.wait(timedelta(days=1))
    world.publish()
    world.publish()
    assert world.written("summaries/days.jsonl.gz") == 2
    kept = world.state.objects.pop("summaries/days.jsonl.gz")[0]
    [web] = look(PROJECT, world.state, now=world.clock.now(), progress=world.progress).components
    assert world.state.keys("summaries/days") == (), "looking only reads"
    world.publish()
    assert world.state.objects["summaries/days.jsonl.gz"][0] == kept
    assert web.periods[0].uptime.period == timedelta(hours=12)


def test_a_year_costs_a_run_one_request_more_whatever_the_age_of_the_site() -> None:
    world = World()
    world.publish()
    world.wait(timedelta(minutes=5))
    world.state.calls.clear()
    world.publish()
    read = [key for call in world.state.calls if call.method == "read" for key in call.keys]
    assert read.count("summaries/days.jsonl.gz") == 1


def long_ago() -> tuple[MemoryStore, date]:
    """Return a state that was measured for 300 days, into which a bad run of one of them comes late, and that day."""
    state, bad = MemoryStore(), factories.NOW - 200 * factories.DAY
    runs = factories.series("u" * 600, start=factories.NOW - 300 * factories.DAY, step=factories.DAY / 2)
    backfill(state, runs)
    state.now = factories.NOW
    assert figure(state).down == timedelta()
    append(state, factories.series("d", start=bad + factories.HOUR), warn=pytest.fail)
    state.now += factories.HOUR
    append(state, factories.series("u", start=state.now), warn=pytest.fail)
    return state, bad.date()


def figure(state: MemoryStore, *, tidy: bool = True) -> Uptime:
    """Return the uptime of a year."""
    [web] = look(PROJECT, state, now=state.now, progress=Notes(), tidy=tidy).components
    return web.periods[-1].uptime


def test_a_batch_that_is_a_season_late_reaches_the_figures_of_its_year_by_itself() -> None:
    state, bad = long_ago()
    assert figure(state, tidy=False).down == timedelta(), "looking only reads"
    assert figure(state).down == factories.HOLD
    assert (len(state.keys(f"segments/{bad}/")), state.keys(f"raw/earth/{bad}/")) == (1, ())
    kept = state.objects["summaries/days.jsonl.gz"][0]
    state.calls.clear()
    assert figure(state).down == factories.HOLD
    assert {call.method for call in state.calls} == {"list", "read"}
    assert not [key for call in state.calls for key in call.keys if key.startswith("summaries/2022-05")]
    del state.objects["summaries/days.jsonl.gz"]
    assert figure(state).down == factories.HOLD
    assert state.objects["summaries/days.jsonl.gz"][0] == kept, "as if it had never been late"


def test_a_late_batch_waits_until_the_figures_of_its_year_are_kept() -> None:
    state, bad = long_ago()
    state.refused.add("summaries/days.jsonl.gz")
    assert figure(state).down == factories.HOLD
    assert len(state.keys(f"raw/earth/{bad}/")) == 1
    state.refused.clear()
    assert figure(state).down == factories.HOLD
    assert state.keys(f"raw/earth/{bad}/") == ()
    assert figure(state, tidy=False).down == factories.HOLD


@pytest.mark.parametrize(("answer", "eventful"), [(UP, 1), (DOWN, 4)])
def test_a_run_in_which_nothing_happens_sends_only_what_carries_the_time(answer: Finding, eventful: int) -> None:
    """Also in the middle of an outage: a day begins, and a bar grows after a quarter of an hour and after two hours."""
    world = World(clock=FakeClock(factories.NOW.replace(hour=22)))
    world.publish()
    world.wait(timedelta(minutes=5))
    world.answer = answer
    world.publish()
    sent = []
    for _ in range(55):
        world.wait(timedelta(minutes=5))
        sent.append({upload.artifact.path for upload in world.publish().plan.uploads} - TIMELY)
    assert sum(bool(paths) for paths in sent) <= eventful
    assert set().union(*sent) == {"components/web.html"}


def test_days_older_than_people_keep_are_forgotten_once_a_day() -> None:
    now, day = factories.NOW, factories.DAY
    state, notes = MemoryStore(), Notes()
    backfill(state, [one for back in range(400) for one in factories.series("u", start=now - day * back)])
    for _ in range(2):
        look(replace(PROJECT, keep=365 * day), state, now=now, progress=notes, tidy=True)
    assert len(state.keys("segments/")) == 366
    assert notes.warnings == ["forgotten, as 'keep' says: 34 objects of days that are over for longer"]
    look(PROJECT, state, now=now + 400 * day, progress=notes, tidy=True)
    assert len(state.keys("segments/")) == 366


def test_what_is_wrong_with_the_state_is_said_once_however_many_days_are_exported_or_explained() -> None:
    world = World()
    for days in (60, 2, 0):
        run = [factories.observation(at=factories.NOW - days * factories.DAY)]
        append(world.state, run, warn=world.progress.warn)
    foreign = ["raw/readme", "segments/2022-10-31/readme"]
    damaged = "raw/earth/2022-11-29/130000-damaged.jsonl"
    world.state.objects |= dict.fromkeys((*foreign, damaged), (b"\xff", factories.NOW))
    now, begin = factories.NOW, factories.NOW - 89 * factories.DAY
    assert len(list(export(world.state, begin, now + factories.HOUR, now=now, progress=world.progress))) == 3
    heard = sorted(message.split()[0].strip("'") for message in world.progress.warnings)
    assert heard == sorted([*foreign, damaged])
    world.progress.warnings.clear()
    explain(PROJECT, PROJECT.components[0], now.date(), world.state, now=now, progress=world.progress)
    assert sorted(message.split()[0].strip("'") for message in world.progress.warnings) == heard


def test_what_is_not_ours_is_looked_for_among_all_names_once_a_day() -> None:
    world = World()
    world.state.objects |= dict.fromkeys(("notes.txt", "raw/readme", "segments/readme"), (b"", factories.NOW))
    told = []
    for wait in (timedelta(), factories.MINUTE, factories.DAY, factories.MINUTE):
        world.wait(wait)
        world.state.calls.clear()
        world.progress.warnings.clear()
        world.publish()
        everything = [call for call in world.state.calls if call == Call("list", ("",))]
        told.append((len(everything), [message.partition(":")[0] for message in world.progress.warnings]))
    always, daily = "'raw/readme' is set aside", "2 objects are set aside, the first of them 'notes.txt'"
    assert told == [(1, [always, daily]), (0, [always])] * 2


def test_who_only_looks_does_not_look_through_everything() -> None:
    world = World()
    world.state.objects["notes.txt"] = (b"", factories.NOW)
    world.look()
    assert world.progress.warnings == []
