"""How fast a component answered, day by day and place by place: of its first check that answers anywhere.

Today is left out: it changes with every run, and what is told of a day should stay.
"""

from __future__ import annotations

from datetime import date

from statusgen.evaluate.latency import middle
from statusgen.model.measured import DaySpeed, PlaceSpeed
from statusgen.model.project import Component, Project
from statusgen.model.track import Speeds


def speeds(project: Project, component: Component, known: Speeds, today: date) -> tuple[PlaceSpeed, ...]:
    """Return the speed from each location that has any, in the order written; empty when nothing was answered."""
    for check in component.checks:
        places = ((one.name, known.get((check.id, one.id), {})) for one in project.locations)
        found = tuple(
            PlaceSpeed(
                place=name,
                days=tuple(DaySpeed(day, *map(middle, days[day])) for day in sorted(days) if day < today),
            )
            for name, days in places
        )
        if measured := tuple(one for one in found if one.days):
            return measured
    return ()
