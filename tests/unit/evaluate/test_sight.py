"""Who sees what now, check by check and place by place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.model.components import CheckView, PlaceView
from statusgen.model.observation import Observation
from statusgen.model.project import Project
from statusgen.model.words import Outcome, Status
from tests.factories import (
    CONTROL,
    DAY,
    HOLD,
    HOUR,
    NOW,
    component,
    group,
    location,
    minutes,
    observation,
    project,
    record,
    series,
)

WELL, SLOW, GONE, UNSEEN = (
    Status.OPERATIONAL,
    Status.DEGRADED_PERFORMANCE,
    Status.MAJOR_OUTAGE,
    Status.UNKNOWN,
)
OF = project(locations=[location("earth"), location("moon", name="The Moon")])


def views(seen: list[Observation], of: Project = OF, now: float = 1) -> tuple[CheckView, ...]:
    """Return the checks of `web` some minutes after noon."""
    newest = {(one.check, one.location): one for one in sorted(seen, key=lambda one: one.at)}
    remembered = record(*fold(seen, HOLD), latest=newest.values())
    return evaluate(of, remembered, minutes(now)).components[0].checks


def only(seen: list[Observation], of: Project = OF, now: float = 1) -> CheckView:
    [view] = views(seen, of, now)
    return view


def told(view: CheckView) -> list[tuple[str, Status | None, str | None]]:
    return [(one.name, one.status, one.reason) for one in view.places]


def test_each_place_says_what_it_saw_and_since_when() -> None:
    view = only(series("usdd") + series("uuuu", location="moon"), now=16)
    assert (view.id, view.kind, view.status, view.reason) == ("web-http", "http", SLOW, "connection_refused")
    assert view.places == (
        PlaceView(location="earth", name="Earth", status=GONE, reason="connection_refused", since=minutes(10)),
        PlaceView(location="moon", name="The Moon", status=WELL, reason=None, since=NOW),
    )
    assert (view.voters, view.failing, view.disputed) == (2, 1, True)


def test_since_reaches_back_over_other_reasons_but_not_over_a_gap() -> None:
    seen = [
        observation(Outcome.DOWN, minutes(at), reason=why) for at, why in ((-30, "open"), (0, "timeout"), (5, "open"))
    ]
    assert only(seen, now=6).places[0].since == NOW


def test_places_that_agree_do_not_dispute() -> None:
    assert not only(series("d") + series("d", location="moon")).disputed
    assert not only(series("u") + series("u", location="moon")).disputed
    assert only(series("s") + series("u", location="moon")).disputed


def test_a_place_that_is_offline_says_so_and_has_no_vote() -> None:
    seen = [
        observation(Outcome.DOWN, check=CONTROL, run="r"),
        observation(Outcome.DOWN, run="r"),
        observation(location="moon"),
    ]
    view = only(seen)
    assert told(view) == [("Earth", UNSEEN, "location_offline"), ("The Moon", WELL, None)]
    assert (view.voters, view.failing, view.status) == (1, 0, WELL)


def test_a_place_whose_data_ran_out_says_nothing_since_then() -> None:
    view = only(series("u") + series("u", location="moon", start=minutes(60)), now=61)
    assert view.places[0] == PlaceView(
        location="earth", name="Earth", status=UNSEEN, reason="not_measured", since=minutes(12.5)
    )
    assert told(only([]))[0] == ("Earth", UNSEEN, "not_measured")
    assert only([]).places[0].since is None


def test_what_a_place_cannot_reach_or_cannot_measure_is_not_measured_there() -> None:
    inside = replace(component().checks[0], network="rack")
    of = replace(
        OF,
        groups=(group(replace(component(), checks=(inside,))),),
        locations=(location(), replace(location("moon"), reaches=("rack",))),
    )
    assert told(only(series("u", location="moon"), of)) == [("Earth", None, None), ("Moon", WELL, None)]
    skipped = observation(Outcome.SKIPPED, reason="family_missing")
    assert told(only([skipped, observation(location="moon")])) == [
        ("Earth", None, "family_missing"),
        ("The Moon", WELL, None),
    ]


def test_a_place_that_skips_no_longer_is_one_that_measures() -> None:
    seen = [observation(Outcome.SKIPPED, minutes(-5), reason="family_missing"), observation(at=NOW)]
    assert told(only(seen))[0] == ("Earth", WELL, None)
    later = [observation(Outcome.SKIPPED, minutes(5), reason="family_missing")]
    assert told(only(later))[0] == ("Earth", UNSEEN, "not_measured")


def test_a_place_that_is_not_declared_is_shown_while_its_data_are_fresh() -> None:
    seen = [observation(location="mars"), observation(location="io", at=minutes(-60))]
    assert [one.name for one in only(seen).places] == ["Earth", "The Moon", "mars"]


def test_a_passive_check_is_shown_where_it_was_reported_from() -> None:
    backup = replace(component().checks[0], holds=timedelta(hours=26), kind="heartbeat")
    of = replace(OF, groups=(group(replace(component(), checks=(backup,))),))
    report = replace(observation(location="moon"), holds=26 * HOUR)
    fresh = only([report], of, now=60)
    assert (told(fresh), fresh.status) == ([("The Moon", WELL, None)], WELL)
    late = only([report], of, now=27 * 60)
    assert (told(late), late.status) == ([("The Moon", GONE, "heartbeat_missed")], GONE)
    assert (only([], of).places, only([], of).status) == ((), UNSEEN)


def test_a_check_has_its_own_quorum() -> None:
    wanted = replace(component().checks[0], quorum=1)
    of = replace(OF, groups=(group(replace(component(), checks=(wanted,))),))
    view = only(series("d") + series("u", location="moon"), of)
    assert (view.status, view.disputed) == (GONE, True)


def test_each_place_is_shown_with_who_runs_it() -> None:
    places = [
        replace(location("earth"), provider="Hetzner"),
        replace(location("moon"), provider="A friend", reaches=("rack",)),
        location("mars"),
    ]
    of = project(group(component()), locations=places)
    [web] = evaluate(of, record(*fold([*series("u"), *series("u", location="venus")], HOLD)), NOW).components
    assert [(place.name, place.provider) for place in web.checks[0].places] == [
        ("Earth", "Hetzner"),
        ("Moon", "A friend"),
        ("Mars", ""),
        ("venus", ""),
    ]


def test_a_component_knows_what_it_depends_on_and_what_depends_on_it() -> None:
    of = project(
        group(component("web", depends_on=["database"]), component("api", depends_on=["database"])),
        group(component("database"), group_id="data"),
    )
    page = evaluate(of, record(), NOW)
    assert [(one.depends_on, one.dependents) for one in page.components] == [
        (("database",), ()),
        (("database",), ()),
        ((), ("web", "api")),
    ]


def test_today_is_told_until_the_present_status_began() -> None:
    def today(letters: str, now: float) -> object:
        remembered = record(*fold(series(letters, start=NOW.replace(hour=0)), HOLD))
        [web] = evaluate(project(), remembered, NOW.replace(hour=0) + timedelta(minutes=now)).components
        return web.today

    assert today("uuu", 14) == today("uuud", 14)
    assert today("uudu", 16) == today("uuduu", 21)
    [web] = evaluate(
        project(), record(*fold(series("uudu", start=NOW - 12 * HOUR), HOLD)), minutes(-12 * 60 + 16)
    ).components
    assert (web.today.period, web.today.up, web.today.down) == tuple(
        timedelta(minutes=length) for length in (15, 10, 5)
    )
    [quiet] = evaluate(project(), record(*fold(series("u" * 300, start=NOW - DAY), HOLD)), NOW).components
    assert quiet.today.period == timedelta()
    [never] = evaluate(project(), record(), NOW).components
    assert never.today.period == timedelta()
