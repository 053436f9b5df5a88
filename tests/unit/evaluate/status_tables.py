"""The tables of `docs/reference/status.md` as the code has them: each row is made by the rule that it tells of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations_with_replacement

from statusgen.evaluate.dependency import explain
from statusgen.evaluate.flapping import pace
from statusgen.evaluate.lifecycle import MAINTENANCE_PHASES, Moment
from statusgen.evaluate.lifecycle import maintenance as views_of
from statusgen.evaluate.past import PERIODS
from statusgen.evaluate.status import OF_IMPACT, OF_OUTCOME, RANK, roll_up
from statusgen.evaluate.timeline import Stretch
from statusgen.evaluate.track import fold
from statusgen.evaluate.uptime import WINDOW_DAYS, bars
from statusgen.evaluate.verdict import END_OF_TIME, quorum, verdicts, vote
from statusgen.evaluate.window import cover
from statusgen.model.announcement import Update, Window
from statusgen.model.observation import Finding
from statusgen.model.page import Outage
from statusgen.model.words import (
    INCIDENT_STEPS,
    MAINTENANCE_STEPS,
    IncidentPhase,
    MaintenancePhase,
    Outcome,
    Phase,
    Status,
)
from statusgen.render import words
from statusgen.sweep.evidence import conclude, is_enough
from statusgen.sweep.threshold import judged
from tests.factories import (
    CONTROL,
    DAY,
    HOLD,
    HOUR,
    MINUTE,
    NOW,
    maintenance,
    minutes,
    observation,
    project,
    series,
    span,
    updates,
)
from tests.tables import Row

SECOND = timedelta(seconds=1)
IN_PROGRESS, COMPLETED, CANCELLED = (
    *(MaintenancePhase.IN_PROGRESS, MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED),
)
EVERY = (1, 5, 15, 30)
"""Intervals in minutes."""


def code(word: object) -> str:
    return f"`{word}`"


def evidence() -> Iterable[Row]:
    yield "Of three tries", "Seen up before", "Seen down before"
    for tries in ("up, up, up", "down, up, up", "up, up, down", "down, down, up", "down, down, down"):
        yield tries, _amount(tries, doubted=False), _amount(tries, doubted=True)


def _amount(tries: str, *, doubted: bool) -> str:
    """Return what the tries amount to, and after how many of them that is settled."""
    findings: list[Finding] = []
    for word in tries.split(", "):
        findings.append(Finding(outcome=Outcome(word), reason=None if word == "up" else "timeout"))
        if is_enough(findings, tries=3, doubted=doubted):
            break
    return f"{code(conclude(findings, doubted=doubted).outcome)} after {len(findings)}"


def thresholds() -> Iterable[Row]:
    yield "With `degraded_over: 800ms`, an answer after", "that is `up`", "that is `down`, `http_502`"
    for took, ours in ((300, 0), (800, 0), (801, 0), (900, 50), (900, 150)):
        told = []
        for outcome, reason in ((Outcome.UP, None), (Outcome.DOWN, "http_502")):
            found = Finding(outcome=outcome, reason=reason, latency_ms=float(took))
            said = judged(found, timedelta(milliseconds=800), ours=ours / 1000)
            kept = "" if said.latency_ms else ", without its latency"
            told.append(", ".join(code(word) for word in (said.outcome, said.reason) if word) + kept)
        yield f"{took} ms{f', {ours} of them ours' if ours else ''}", *told


def freshness() -> Iterable[Row]:
    yield "Interval", "An observation speaks for", "A second before that", "From then on"
    for every in EVERY:
        hold = project(interval=MINUTE * every).hold
        told = verdicts([track.spans for track in fold(series("u"), hold)])
        said = (next(one for one in told if one.start <= at < one.end) for at in (NOW + hold - SECOND, NOW + hold))
        texts = (", ".join(code(word) for word in (one.outcome, one.reason) if word) for one in said)
        yield words.duration(MINUTE * every), _clock(hold), *texts


def _clock(length: timedelta) -> str:
    """Return a length of time with its seconds, if any."""
    whole, seconds = divmod(length, MINUTE)
    return words.duration(MINUTE * whole) + (f" {seconds.seconds} seconds" if seconds else "")


def blindness() -> Iterable[Row]:
    yield "Its controls in a run", "What it saw down in that run is"
    for seen in ("up", "down", "up, down", "degraded, down", "down, down", "down, unknown", "unknown", ""):
        controls = [
            observation(Outcome(word), check=f"{CONTROL}{index}", run="r")
            for index, word in enumerate(seen.split(", "))
            if word
        ]
        (found,) = (one for one in fold([observation(Outcome.DOWN, run="r"), *controls], HOLD) if one.check[0] != "@")
        offline = found.spans[0].outcome is Outcome.UNKNOWN
        told = f"{code('unknown')}, {code(found.spans[0].reason)}" if offline else "`down`"
        yield seen or "it has none", told


def verdict() -> Iterable[Row]:
    """Yield the rule; a row's verdict is that on every combination of five votes or fewer for which it is the first."""
    yield "Of the locations that vote", "Verdict"
    rules: dict[str, Callable[[Sequence[Outcome]], bool]] = {
        "nobody": lambda votes: not votes,
        "a quorum sees it down": lambda votes: votes.count(Outcome.DOWN) >= quorum(len(votes)),
        "fewer see it down, or any sees it degraded": lambda votes: set(votes) != {Outcome.UP},
        "all see it up": bool,
    }
    found: dict[str, set[Outcome]] = {rule: set() for rule in rules}
    for count in range(6):
        for votes in combinations_with_replacement((Outcome.UP, Outcome.DEGRADED, Outcome.DOWN), count):
            unseen = span(NOW, NOW + MINUTE, Outcome.UNKNOWN)
            said, _ = vote([*(span(NOW, NOW + MINUTE, one) for one in votes), unseen])
            found[next(rule for rule, holds in rules.items() if holds(votes))].add(said)
    for rule, outcomes in found.items():
        yield rule, " or ".join(map(code, sorted(outcomes)))


def votes() -> Iterable[Row]:
    yield "They see", "Verdict"
    up, down, unknown = "up", "down", "unknown"
    for seen in (
        *((up, up, up), (up, up, "degraded"), (up, up, down), (up, down, down), (up, up, unknown)),
        *((up, down, unknown), (down, down, unknown), (down, unknown, unknown), (unknown, unknown, unknown)),
    ):
        yield ", ".join(seen), code(vote([span(NOW, NOW + MINUTE, Outcome(word)) for word in seen])[0])


def quorums() -> Iterable[Row]:
    yield "Locations that vote", "Needed for `down`", *(f"with `quorum: {wanted}`" for wanted in (1, 2, 3))
    for voters in range(1, 6):
        yield str(voters), *(str(quorum(voters, wanted)) for wanted in (None, 1, 2, 3))


def outcomes() -> Iterable[Row]:
    yield "Verdict on a check", "Status of its component"
    for outcome, status in OF_OUTCOME.items():
        yield code(outcome), code(status)


def paces() -> Iterable[Row]:
    yield "Interval", "Apart", "Quiet"
    for every in EVERY:
        yield tuple(words.duration(one) for one in (MINUTE * every, *pace(MINUTE * every)))


def statuses() -> Iterable[Row]:
    yield "Status", "Rank"
    for status in sorted(RANK, key=RANK.__getitem__):
        yield code(status), str(RANK[status])


def wholes() -> Iterable[Row]:
    yield "Its parts", "The whole"
    well, slow, gone = Status.OPERATIONAL, Status.DEGRADED_PERFORMANCE, Status.MAJOR_OUTAGE
    unseen, maintained = Status.UNKNOWN, Status.UNDER_MAINTENANCE
    for parts in (
        *((well, well, well), (well, well, slow), (well, well, gone), (well, gone, gone), (gone, gone, gone)),
        *((gone, gone, unseen), (gone, gone, maintained), (well, well, unseen), (well, well, maintained)),
    ):
        yield ", ".join(part.replace("_", " ") for part in parts), code(roll_up(parts))


def impacts() -> Iterable[Row]:
    yield "Impact", "At least"
    for impact, status in OF_IMPACT.items():
        yield code(impact), code(status)


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


TABLES: dict[str, Callable[[], Iterable[Row]]] = {
    "thresholds": thresholds,
    "evidence": evidence,
    "freshness": freshness,
    "blindness": blindness,
    "verdict": verdict,
    "votes": votes,
    "quorum": quorums,
    "outcomes": outcomes,
    "paces": paces,
    "statuses": statuses,
    "roll up": wholes,
    "impacts": impacts,
    "incident steps": incident_steps,
    "maintenance steps": maintenance_steps,
    "maintenance phases": maintenance_phases,
    "cover": covers,
    "overrun": overruns,
    "dependencies": dependencies,
    "chains": chains,
    "counts": counts,
    "periods": periods,
}
"""In the order of the page."""
