"""What a day's figure is made of, and who saw it."""

from __future__ import annotations

from datetime import date, timedelta

from statusgen.evaluate.explanation import explanation
from statusgen.evaluate.track import fold
from statusgen.model.explanation import Explanation
from statusgen.model.measured import Uptime
from statusgen.model.observation import Observation
from statusgen.model.project import Project
from statusgen.model.words import Outcome, Status
from tests.factories import (
    DAY,
    HOLD,
    HOUR,
    INTERVAL,
    MINUTE,
    NOW,
    component,
    group,
    maintenance,
    minutes,
    observation,
    project,
    record,
    series,
)

TODAY = NOW.date()


def explained(seen: list[Observation], *, of: Project | None = None, day: date = TODAY, now: float = 60) -> Explanation:
    """Return the explanation of a day of `web`, some minutes after noon."""
    of = of or project()
    return explanation(of, record(*fold(seen, HOLD)), of.components[0], day, now=minutes(now), seen=seen)


def test_each_stretch_says_who_saw_it_and_in_how_many_tries() -> None:
    seen = [
        *series("uu"),
        *(observation(Outcome.DOWN, minutes(at), tries=3, reason="http_502") for at in (10, 15)),
        *series("u", start=minutes(20)),
    ]
    found = explained(seen, now=21)
    assert [(one.start, one.end, one.status, one.reason) for one in found.intervals] == [
        (NOW, minutes(10), Status.OPERATIONAL, None),
        (minutes(10), minutes(20), Status.MAJOR_OUTAGE, "http_502"),
        (minutes(20), minutes(21), Status.OPERATIONAL, None),
    ]
    told = [
        [(one.check, one.location, one.outcome, one.reason, one.observations, one.tries) for one in part.testimonies]
        for part in found.intervals
    ]
    assert told == [
        [("web-http", "earth", Outcome.UP, None, 2, 2)],
        [("web-http", "earth", Outcome.DOWN, "http_502", 2, 6)],
        [("web-http", "earth", Outcome.UP, None, 1, 1)],
    ]
    assert found.uptime == Uptime(period=21 * MINUTE, up=11 * MINUTE, down=10 * MINUTE)
    assert (found.component, found.name, found.day) == ("web", "Web", TODAY)


def test_every_check_from_every_place_is_heard_with_all_that_it_said() -> None:
    of = project(group(component(checks=["web-http", "web-tls"])))
    seen = [
        *series("usdu", location="moon"),
        *series("uuuu"),
        *series("uuuu", check="web-tls"),
        *series("uuuu", check="of-another"),
    ]
    degraded = explained(seen, of=of, now=16).intervals
    assert [(one.status, one.reason) for one in degraded] == [
        (Status.OPERATIONAL, None),
        (Status.DEGRADED_PERFORMANCE, "slow"),
        (Status.DEGRADED_PERFORMANCE, "connection_refused"),
        (Status.OPERATIONAL, None),
    ]
    assert [(one.check, one.location, str(one.outcome)) for one in degraded[2].testimonies] == [
        ("web-http", "earth", "up"),
        ("web-http", "moon", "down"),
        ("web-tls", "earth", "up"),
    ]


def test_what_was_only_seen_in_part_counts_for_nothing() -> None:
    of = project(group(component(checks=["web-http", "web-tls"])))
    [known, partly] = explained([*series("ss"), *series("u?", check="web-tls")], of=of, now=9).intervals
    assert (known.status, known.measured, known.partly) == (
        *(Status.DEGRADED_PERFORMANCE, Status.DEGRADED_PERFORMANCE, False),
    )
    assert (partly.status, partly.measured, partly.partly) == (Status.UNKNOWN, Status.DEGRADED_PERFORMANCE, True)


def test_what_was_said_twice_in_a_stretch_stands_once() -> None:
    seen = series("ddddd") + series("dsusd", location="moon") + series("ddddd", location="mars")
    [only] = explained(seen, now=24).intervals
    moon = [(str(one.outcome), one.observations) for one in only.testimonies if one.location == "moon"]
    assert moon == [("down", 2), ("degraded", 2), ("up", 1)]


def test_maintenance_is_named_and_what_was_measured_stays_beside_it() -> None:
    works = [
        maintenance("disk", starts=minutes(5), ends=minutes(10)),
        maintenance("fans", starts=minutes(5), ends=minutes(9), affects={"web": Status.OPERATIONAL}),
        maintenance("later", starts=minutes(30)),
    ]
    found = explained(series("ddd"), of=project(announcements=works), now=12)
    assert [(one.status, one.measured, one.maintenance) for one in found.intervals] == [
        (Status.MAJOR_OUTAGE, Status.MAJOR_OUTAGE, ()),
        (Status.UNDER_MAINTENANCE, Status.MAJOR_OUTAGE, ("disk",)),
        (Status.MAJOR_OUTAGE, Status.MAJOR_OUTAGE, ()),
    ]
    assert found.uptime == Uptime(period=12 * MINUTE, down=7 * MINUTE, maintenance=5 * MINUTE)


def test_what_nobody_saw_is_said_by_nobody_and_what_still_speaks_by_no_new_observation() -> None:
    seen = [observation(at=NOW.replace(hour=0) - MINUTE), observation(at=NOW)]
    night, gap, noon = explained(seen).intervals[:3]
    assert [(one.observations, one.tries) for one in night.testimonies] == [(0, 0)]
    assert (gap.status, gap.reason, gap.testimonies) == (Status.UNKNOWN, "not_measured", ())
    assert noon.start == NOW


def test_a_whole_day_ends_at_midnight() -> None:
    seen = series("u" * 600, start=NOW - DAY)
    found = explained(seen, day=TODAY - timedelta(days=1), now=0)
    assert [(one.start, one.end) for one in found.intervals] == [(NOW - DAY, NOW.replace(hour=0))]
    assert found.intervals[0].testimonies[0].observations == 12 * HOUR / INTERVAL


def test_a_day_without_anything_to_measure_has_no_intervals() -> None:
    for day, to_come in ((TODAY - DAY, False), (TODAY + DAY, True)):
        found = explained(series("u"), day=day)
        assert (found.intervals, found.uptime, found.to_come) == ((), Uptime(period=timedelta()), to_come)
