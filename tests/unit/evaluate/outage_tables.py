"""The tables of `docs/reference/status.md` on maintenance, outages and uptime, each row made by its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from statusgen.evaluate.dependency import explain
from statusgen.evaluate.lifecycle import MAINTENANCE_PHASES, Moment
from statusgen.evaluate.lifecycle import maintenance as views_of
from statusgen.evaluate.outage import outages
from statusgen.evaluate.past import PERIODS
from statusgen.evaluate.status import OF_OUTCOME
from statusgen.evaluate.timeline import Stretch, timeline
from statusgen.evaluate.track import fold
from statusgen.evaluate.uptime import WINDOW_DAYS, bars
from statusgen.evaluate.verdict import END_OF_TIME, verdicts
from statusgen.evaluate.window import began_within, cover, planned
from statusgen.model.announcement import Update, Window
from statusgen.model.measured import Outage
from statusgen.model.words import (
    INCIDENT_STEPS,
    MAINTENANCE_STEPS,
    IncidentPhase,
    MaintenancePhase,
    Outcome,
    Phase,
    Status,
)
from tests.factories import (
    DAY,
    HOLD,
    HOUR,
    NOW,
    maintenance,
    minutes,
    series,
    updates,
)
from tests.tables import Row
from tests.unit.evaluate.status_tables import clock, code

IN_PROGRESS, COMPLETED, CANCELLED = (
    *(MaintenancePhase.IN_PROGRESS, MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED),
)


def incident_steps() -> Iterable[Row]:
    yield "Phase", "May be followed by"
    for phase, steps in INCIDENT_STEPS.items():
        yield code(phase), _followers(IncidentPhase, steps)


def maintenance_steps() -> Iterable[Row]:
    yield "Phase", "May be followed by"
    for phase, steps in MAINTENANCE_STEPS.items():
        yield code(phase), _followers(MaintenancePhase, steps)


def _followers(order: Iterable[Phase], steps: Iterable[Phase]) -> str:
    possible = set(steps)
    return ", ".join(code(phase) for phase in order if phase in possible)


def maintenance_phases() -> Iterable[Row]:
    yield "Last word", "Before its start", "In its window", "After its end, in overrun", "After its end"
    for word in (None, *MaintenancePhase):
        yield code(word) if word else "none", *(code(MAINTENANCE_PHASES[moment][word]) for moment in Moment)


def covers() -> Iterable[Row]:
    """Yield what a maintenance of two hours from noon covers, by what its people say."""
    yield "People say, of a maintenance from 12:00 to 14:00", "It covers"
    moved = replace(updates((minutes(-30), MaintenancePhase.SCHEDULED))[0], window=Window(minutes(60), minutes(180)))
    said: dict[str, tuple[Update, ...]] = {
        "nothing": (),
        "`in_progress` at 11:50": updates((minutes(-10), IN_PROGRESS)),
        "`in_progress` at 12:20": updates((minutes(20), IN_PROGRESS)),
        "`completed` at 13:30": updates((minutes(0), IN_PROGRESS), (minutes(90), COMPLETED)),
        "`completed` at 14:40": updates((minutes(0), IN_PROGRESS), (minutes(160), COMPLETED)),
        "`cancelled` at 11:00": updates((minutes(-60), CANCELLED)),
        "at 11:30 that it is to be from 13:00 to 15:00": (moved,),
    }
    for words_of_people, told in said.items():
        found = cover("web", [maintenance(updates=told)], minutes(999))
        yield words_of_people, ", ".join(f"{one.start:%H:%M} to {one.end:%H:%M}" for one in found) or "nothing"
    spared = cover("web", [maintenance(affects={"web": Status.OPERATIONAL})], minutes(999))
    yield "that the component stays `operational`", "nothing" if not spared else "something"


def overruns() -> Iterable[Row]:
    """Yield what comes of a maintenance an hour after its announced end at 14:00."""
    yield "A component that it covers is down", "At 15:00 it is", "Over since"
    end, now = NOW + 2 * HOUR, NOW + 3 * HOUR
    measured = {
        "until 13:30": Outage(component="web", start=NOW, end=minutes(90)),
        "from 13:30 until now": Outage(component="web", start=minutes(90), end=None),
        "from 13:30 until 14:20": Outage(component="web", start=minutes(90), end=minutes(140)),
        "from 13:30, not seen any more since 14:20": Outage(
            component="web", start=minutes(90), end=minutes(140), lost=True
        ),
        "from 14:10 until now": Outage(component="web", start=minutes(130), end=None),
    }
    cases: list[tuple[str, Outage, tuple[Update, ...]]] = [(when, one, ()) for when, one in measured.items()]
    over = updates((minutes(150), COMPLETED))
    cases.append(("from 13:30 until now, and people said `completed` at 14:30", measured["from 13:30 until now"], over))
    for when, outage, said in cases:
        (view,) = views_of([maintenance(ends=end, updates=said)], {"web": "Web"}, {"web": [outage]}, now)
        phase = code(view.phase) + (", in overrun" if view.overrun else "")
        since = f"{view.ended:%H:%M}" if view.ended else "goes on" if view.active else "nobody saw when"
        yield when, phase, since


def gaps() -> Iterable[Row]:
    """Yield which outages an hour holds whose first runs, every five minutes, saw this."""
    yield "Seen every 5 minutes from 12:00", "Outages"
    named = {"u": "up", "d": "down", "?": "unknown", ".": "nothing"}
    for letters in ("du", "d?du", "d....du", "d.....du", "d?u", "d"):
        line = timeline([verdicts([track.spans for track in fold(series(letters), HOLD)])])
        found = outages("web", line, NOW + HOUR, patience=HOLD)
        yield ", ".join(named[letter] for letter in letters), "; ".join(_outage(one) for one in found)


def _outage(one: Outage) -> str:
    gap = f", {clock(one.unmeasured)} of it unseen" if one.unmeasured else ""
    return f"{one.start:%H:%M:%S} to {one.end:%H:%M:%S}{gap}{', and lost' if one.lost else ''}"


def plans() -> Iterable[Row]:
    """Yield what an outage is that maintenance from noon to two covers, or not, as known at five."""
    yield "Maintenance from 12:00 to 14:00, and down", "Planned", "Told with the maintenance"
    covered = (Window(NOW, NOW + 2 * HOUR),)
    for start, end, now in ((10, 110, 300), (10, None, 60), (10, None, 300), (10, 150, 300), (-10, 60, 300)):
        one = Outage(component="web", start=minutes(start), end=None if end is None else minutes(end))
        until = f"now, at {minutes(now):%H:%M}" if one.end is None else f"{one.end:%H:%M}"
        answers = (planned(one, covered, minutes(now)), began_within(one, covered))
        yield f"{one.start:%H:%M} to {until}", *("yes" if answer else "no" for answer in answers)


def dependencies() -> Iterable[Row]:
    """Yield whether an outage from noon to one, or until now, is explained by one of what it depends on."""
    yield "It is down", "What it depends on is down", "Explained"
    rows = (
        *(((0, 60), (-90, 90)), ((0, 60), (12.5, 47.5)), ((0, 60), (13.5, 60)), ((0, 60), (0, 46.5))),
        *(((0, 60), (0, None)), ((0, None), (0, None)), ((0, None), (0, 60))),
    )
    for own, other in rows:
        found = _explained({"web": ("database",), "database": ()}, {"web": own, "database": other})
        yield _from_to(own), _from_to(other), "yes" if found["web"] else "no"


def chains() -> Iterable[Row]:
    yield "Down together, each depending on the next", "Explained"
    depends_on: dict[str, dict[str, tuple[str, ...]]] = {
        "edge, web, database": {"edge": ("web",), "web": ("database",), "database": ()},
        "web, and its database and Redis": {"web": ("database", "redis"), "database": (), "redis": ()},
        "web, api, web": {"web": ("api",), "api": ("web",)},
        "web, api, web, and api on the database, too": {"web": ("api",), "api": ("web", "database"), "database": ()},
    }
    for shape, edges in depends_on.items():
        found = _explained(edges, dict.fromkeys(edges, (0, 60)))
        yield shape, ", ".join(f"{one} by {cause}" for one, cause in found.items() if cause) or "none"


def _explained(edges: dict[str, tuple[str, ...]], down: dict[str, tuple[float, float | None]]) -> dict[str, str | None]:
    outages = {
        one: (Outage(component=one, start=minutes(start), end=None if end is None else minutes(end)),)
        for one, (start, end) in down.items()
    }
    return {one: found[0].explained_by for one, found in explain(outages, edges, patience=HOLD).items()}


def _from_to(of: tuple[float, float | None]) -> str:
    start, end = of
    return f"{minutes(start):%H:%M:%S} to " + ("now" if end is None else f"{minutes(end):%H:%M:%S}")


def counts() -> Iterable[Row]:
    yield "In a day that was all", "Up", "Down", "Measured", "To be measured"
    midnight = NOW.replace(hour=0)
    well, slow, gone, unseen = (
        Stretch(midnight, END_OF_TIME, OF_OUTCOME[one], None)
        for one in (Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN)
    )
    for stretch in (well, slow, gone, unseen):
        yield code(stretch.status), *_parts(stretch, ())
    yield f"{code(slow.status)}, seen only in part", *_parts(replace(slow, partly=True), ())
    yield "anything, under maintenance", *_parts(gone, (Window(midnight, midnight + DAY),))


def _parts(stretch: Stretch, covered: Sequence[Window]) -> Iterable[str]:
    spent = bars((stretch,), covered, stretch.start + DAY, count=2)[0].uptime
    for part in (spent.up + spent.degraded, spent.down, spent.measured, spent.period - spent.maintenance):
        yield "all" if part else "none"


def periods() -> Iterable[Row]:
    yield "Days", "Read from"
    for days in PERIODS:
        yield str(days), "the window" + (", and what is kept of days before it" if days >= WINDOW_DAYS else "")


ANNOUNCED_AND_MEASURED: dict[str, Callable[[], Iterable[Row]]] = {
    "incident steps": incident_steps,
    "maintenance steps": maintenance_steps,
    "maintenance phases": maintenance_phases,
    "cover": covers,
    "overrun": overruns,
    "gaps": gaps,
    "planned": plans,
    "dependencies": dependencies,
    "chains": chains,
    "counts": counts,
    "periods": periods,
}
"""In the order of the page."""
