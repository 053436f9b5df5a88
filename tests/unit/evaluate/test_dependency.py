"""One story, not ten: an outage that another holds is explained by it."""

from __future__ import annotations

from collections.abc import Mapping

from statusgen.evaluate.dependency import explain
from statusgen.model.measured import Outage
from tests.factories import HOLD, minutes

WEB_ON_DATABASE: Mapping[str, tuple[str, ...]] = {"web": ("database",), "database": ()}


def outage(start: float, end: float | None, component: str = "web") -> Outage:
    """Return an outage by the minutes of its start and end."""
    return Outage(component=component, start=minutes(start), end=None if end is None else minutes(end))


def explained(*found: Outage, depends_on: Mapping[str, tuple[str, ...]]) -> dict[str, str | None]:
    by_component = {key: tuple(one for one in found if one.component == key) for key in depends_on}
    result = explain(by_component, depends_on, patience=HOLD)
    assert {key: len(value) for key, value in result.items()} == {key: len(v) for key, v in by_component.items()}
    return {one.component: one.explained_by for outages in result.values() for one in outages}


def test_it_is_explained_by_an_outage_that_holds_all_of_it() -> None:
    found = explained(outage(5, 10), outage(0, 20, "database"), depends_on=WEB_ON_DATABASE)
    assert found == {"web": "database", "database": None}


def test_the_other_may_be_noticed_up_to_two_and_a_half_intervals_sooner_or_later() -> None:
    for database, cause in [
        ((12.5, 20), "database"),
        ((12.6, 20), None),
        ((0, 7.5), "database"),
        ((0, 7.4), None),
    ]:
        found = explained(outage(0, 20), outage(*database, "database"), depends_on=WEB_ON_DATABASE)
        assert found["web"] == cause, database


def test_one_that_goes_on_is_explained_only_by_one_that_goes_on() -> None:
    for database, cause in [((0, None), "database"), ((0, 19), None)]:
        found = explained(outage(0, None), outage(*database, "database"), depends_on=WEB_ON_DATABASE)
        assert found["web"] == cause
    found = explained(outage(0, 9), outage(0, None, "database"), depends_on=WEB_ON_DATABASE)
    assert found["web"] == "database"


def test_it_is_not_explained_by_one_of_another_time() -> None:
    found = explained(
        outage(100, 110),
        outage(0, 20, "database"),
        outage(200, 220, "database"),
        depends_on=WEB_ON_DATABASE,
    )
    assert found["web"] is None


def test_it_is_not_explained_by_a_component_it_does_not_depend_on() -> None:
    found = explained(outage(0, 10), outage(0, 20, "media"), depends_on={"web": ("api",), "media": (), "api": ()})
    assert found == {"web": None, "media": None}


def test_of_a_chain_the_far_end_is_named() -> None:
    found = explained(
        outage(0, 10, "edge"),
        outage(0, 10),
        outage(0, 10, "database"),
        depends_on={"edge": ("web",), "web": ("database",), "database": ()},
    )
    assert found == {"edge": "database", "web": "database", "database": None}


def test_of_several_the_first_written_is_named() -> None:
    found = explained(
        outage(0, 10),
        outage(0, 10, "redis"),
        outage(0, 10, "database"),
        depends_on={"web": ("redis", "database"), "database": (), "redis": ()},
    )
    assert found["web"] == "redis"


def test_in_a_circle_nobody_explains_anybody_but_what_stands_behind_it_does() -> None:
    circle = {"web": ("api",), "api": ("web",), "database": ()}
    pair = outage(0, 10), outage(0, 10, "api")
    assert explained(*pair, depends_on=circle) == {"web": None, "api": None}
    found = explained(*pair, outage(0, 10, "database"), depends_on=circle | {"api": ("web", "database")})
    assert found == {"web": "database", "api": "database", "database": None}
