"""What the front page weighs: it must open on the worst network, in one request."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator

import pytest

from statusgen.model.measured import DayBar
from statusgen.model.page import Page
from statusgen.model.told import Affected
from statusgen.model.words import Status
from tests.unit.render.conftest import Render
from tests.unit.render.pages import DAY, at, component, day_bar, group, incident, maintenance, ninety, page, post

NAMES = ("Web", "Streaming", "Media", "Search", "Sign-in", "Federation", "Mail", "Database", "Redis", "Queues")
CITIES = (
    *("Frankfurt", "Fremont", "Newark", "Tokyo", "Singapore", "Sydney", "Toronto", "London", "Mumbai", "Seattle"),
    *("Dallas", "Atlanta", "Chicago", "Miami", "Paris", "Amsterdam", "Stockholm", "Milan", "Madrid", "Osaka"),
    *("Jakarta", "Chennai", "Seoul", "Lagos", "Nairobi", "Cairo", "Lima", "Bogota", "Quito", "Santiago"),
    *("Oslo", "Helsinki", "Riga", "Vilnius", "Warsaw", "Prague", "Vienna", "Zagreb", "Athens", "Sofia"),
)
KB = 1000


def bad_days(chance: random.Random) -> Iterator[DayBar]:
    """Yield an outage in one day of seventy and slowness in one of fifty, which is a bad quarter."""
    for ago in range(89):
        luck = chance.random()
        if luck < 1 / 70:
            yield day_bar(ago, Status.MAJOR_OUTAGE, down=chance.randint(3, 300))
        elif luck < 1 / 70 + 1 / 50:
            yield day_bar(ago, Status.DEGRADED_PERFORMANCE, degraded=chance.randint(5, 90))


def eventful(count: int) -> Page:
    """Return a page of so many components with three open incidents and two maintenances to come."""
    chance = random.Random(7)
    names = [*NAMES, *(f"Edge {city}" for city in CITIES)][:count]
    components = [component(name, bars=ninety(*bad_days(chance))) for name in names]
    edges = [group(f"Edge {first}", *components[first : first + 10]) for first in range(10, count, 10)]
    return page(
        group("Mastodon", *components[:7]),
        group("Data", *components[7:10]),
        *edges,
        incidents=(
            incident(),
            incident("queues", title="Posts from elsewhere arrive late", affected=affected("Queues")),
            incident("search", title="Search finds nothing new", affected=affected("Search")),
        ),
        maintenance=(
            maintenance(),
            maintenance("redis", title="A new Redis", starts=at(9) + 3 * DAY, ends=at(10) + 3 * DAY),
        ),
        posts=(post(),),
        status=Status.PARTIAL_OUTAGE,
    )


def affected(name: str) -> tuple[Affected, ...]:
    """Return a component as an incident names it."""
    return (Affected(name.lower(), name, Status.DEGRADED_PERFORMANCE),)


@pytest.mark.parametrize(("components", "limit"), [(10, 8 * KB), (50, 11 * KB)])
def test_the_front_page_with_everything_on_it_stays_light(components: int, limit: int, site: Render) -> None:
    front = site(eventful(components))["index.html"].body
    assert len(gzip.compress(front, 9)) <= limit
