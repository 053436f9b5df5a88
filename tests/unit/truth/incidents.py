"""Incidents in every state, for readers to find: each walks through its phases by the hour."""

from __future__ import annotations

from statusgen.model.words import Impact
from tests.unit.truth.written import SECOND, Case, Mark, at, say

OF_IMPACT = {
    Impact.NONE: "operational",
    Impact.MINOR: "degraded_performance",
    Impact.MAJOR: "partial_outage",
    Impact.CRITICAL: "major_outage",
}


def walk(impact: Impact, *, body: str) -> Case:
    """Return an incident that walks through every phase, an hour in each."""
    slug = f"{impact}-{'told' if body else 'untold'}"
    phases = ("investigating", "identified", "monitoring", "resolved", "postmortem")
    return Case(
        slug=slug,
        began=at(8),
        body=body,
        front=f"impact: {impact}",
        affects={f"{slug}-a": OF_IMPACT[impact], f"{slug}-b": "major_outage"},
        steps=tuple(say(at(hour), phase) for hour, phase in enumerate(phases, 9)),
    )


INCIDENTS = (
    *(walk(impact, body=body) for impact in Impact for body in ("", "It does not work.")),
    Case(
        slug="at-once",
        began=at(8),
        body="It does not work at all.",
        front="impact: minor",
        affects={"at-once-a": "degraded_performance"},
        steps=(say(at(8), "identified"), say(at(10), "resolved")),
    ),
    Case(
        slug="grows",
        began=at(8),
        body="It begins with one.",
        front="impact: major",
        affects={"grows-a": "degraded_performance"},
        steps=(
            say(at(9), "investigating", affects={"grows-b": "partial_outage", "grows-a": "major_outage"}),
            say(at(10), "monitoring", affects={"grows-a": "operational"}),
            say(at(11), "resolved", affects={"grows-c": "degraded_performance"}),
        ),
    ),
    Case(
        slug="late",
        began=at(8),
        body="We shall write soon.",
        front=f"impact: minor\nnext_update: {at(9):%FT%TZ}",
        affects={"late-a": "degraded_performance"},
        steps=(
            say(at(10), "identified", lines=f"next_update: {at(12):%FT%TZ}"),
            say(at(13), "monitoring"),
            say(at(14), "resolved"),
        ),
        marks=(
            Mark(name="late", since=at(9) + SECOND, until=at(10)),
            Mark(name="late", since=at(12) + SECOND, until=at(13)),
        ),
    ),
    Case(
        slug="forgotten",
        began=at(8),
        body="Somebody will look at it.",
        front="impact: minor",
        affects={"forgotten-a": "degraded_performance"},
        steps=(say(at(9), "identified"), say(at(14), "resolved")),
        marks=(Mark(name="forgotten", since=at(13), until=at(14)),),
    ),
    Case(
        slug="renamed",
        first_name="first-name",
        began=at(8),
        front="impact: major\naliases: [first-name, second-name]",
        affects={"renamed-a": "partial_outage"},
        steps=(say(at(9), "investigating"), say(at(11), "resolved")),
    ),
    Case(
        slug="of-nothing", began=at(8), body="Something is odd.", front="impact: none", steps=(say(at(9), "resolved"),)
    ),
    Case(
        slug="goes-back",
        began=at(8),
        front="impact: major",
        affects={"goes-back-a": "partial_outage"},
        steps=(
            say(at(8), "identified"),
            say(at(9), "monitoring"),
            say(at(10), "investigating"),
            say(at(11), "monitoring", text=""),
            say(at(12), "resolved"),
        ),
    ),
    Case(
        slug="measured",
        began=at(9),
        body="We see it too.",
        front="impact: critical",
        affects={"measured-a": "major_outage"},
        steps=(say(at(9), "investigating"), say(at(11), "resolved")),
        down=(at(8), at(10)),
    ),
)
