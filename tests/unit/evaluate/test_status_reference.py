"""The tables in `docs/reference/status.md` are what the code does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from statusgen.evaluate.flapping import pace
from statusgen.evaluate.latency import ERROR
from statusgen.evaluate.lifecycle import MAINTENANCE_PHASES, Moment
from statusgen.evaluate.past import PERIODS
from statusgen.evaluate.status import OF_IMPACT, OF_OUTCOME, RANK, roll_up
from statusgen.evaluate.uptime import WINDOW_DAYS, figure
from statusgen.evaluate.verdict import quorum, vote
from statusgen.model.observation import Finding
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
from tests.factories import DAY, MINUTE, NOW, project, span

REFERENCE = (Path(__file__).parents[3] / "docs/reference/status.md").read_text(encoding="utf-8")


def code(word: object) -> str:
    return f"`{word}`"


def followers(order: Iterable[Phase], steps: Iterable[Phase]) -> str:
    possible = set(steps)
    return ", ".join(code(phase) for phase in order if phase in possible)


def amount(tries: str, *, doubted: bool) -> str:
    """Return what the tries amount to, and after how many of them that is settled."""
    findings: list[Finding] = []
    for word in tries.split(", "):
        findings.append(Finding(outcome=Outcome(word), reason=None if word == "up" else "timeout"))
        if is_enough(findings, tries=3, doubted=doubted):
            break
    return f"{code(conclude(findings, doubted=doubted).outcome)} after {len(findings)}"


TRIES = ("up, up, up", "down, up, up", "up, up, down", "down, down, up", "down, down, down")

VOTES = (
    *("up, up, up", "up, up, degraded", "up, up, down", "up, down, down", "up, up, unknown", "up, down, unknown"),
    *("down, down, unknown", "down, unknown, unknown", "unknown, unknown, unknown"),
)
WELL, SLOW, GONE, UNSEEN, MAINTAINED = (
    *("operational", "degraded performance", "major outage", "unknown", "under maintenance"),
)
WHOLES = (
    *((WELL, WELL, WELL), (WELL, WELL, SLOW), (WELL, WELL, GONE), (WELL, GONE, GONE), (GONE, GONE, GONE)),
    *((GONE, GONE, UNSEEN), (GONE, GONE, MAINTAINED), (WELL, WELL, UNSEEN), (WELL, WELL, MAINTAINED)),
)
COUNTED = (
    *(Status.OPERATIONAL, Status.DEGRADED_PERFORMANCE, Status.MAJOR_OUTAGE, Status.UNDER_MAINTENANCE, Status.UNKNOWN),
)


def verdict(seen: str) -> str:
    """Return the verdict on what three locations see."""
    return vote([span(NOW, NOW + MINUTE, Outcome(word)) for word in seen.split(", ")])[0]


def counts(status: Status) -> tuple[str, ...]:
    """Return as what a day counts that was all of one status."""
    spent = figure({status: DAY}, DAY)
    owed = spent.period - spent.maintenance
    return tuple("all" if part else "none" for part in (spent.up + spent.degraded, spent.down, spent.measured, owed))


TABLES: dict[str, list[tuple[str, ...]]] = {
    "evidence": [(tries, amount(tries, doubted=False), amount(tries, doubted=True)) for tries in TRIES],
    "votes": [(seen, code(verdict(seen))) for seen in VOTES],
    "quorum": [(str(voters), *(str(quorum(voters, wanted)) for wanted in (None, 1, 2, 3))) for voters in range(1, 6)],
    "outcomes": [(code(outcome), code(status)) for outcome, status in OF_OUTCOME.items()],
    "paces": [
        tuple(words.duration(one) for one in (MINUTE * every, *pace(MINUTE * every))) for every in (1, 5, 15, 30)
    ],
    "statuses": [(code(status), str(RANK[status])) for status in sorted(RANK, key=RANK.__getitem__)],
    "roll up": [
        (", ".join(parts), code(roll_up(Status(part.replace(" ", "_")) for part in parts))) for parts in WHOLES
    ],
    "impacts": [(code(impact), code(status)) for impact, status in OF_IMPACT.items()],
    "incident steps": [(code(phase), followers(IncidentPhase, steps)) for phase, steps in INCIDENT_STEPS.items()],
    "maintenance steps": [
        (code(phase), followers(MaintenancePhase, steps)) for phase, steps in MAINTENANCE_STEPS.items()
    ],
    "maintenance phases": [
        (code(word) if word else "none", *(code(MAINTENANCE_PHASES[moment][word]) for moment in Moment))
        for word in (None, *MaintenancePhase)
    ],
    "counts": [(code(status), *counts(status)) for status in COUNTED],
}

BEFORE = "the window, and what is kept of days before it"
TABLES["periods"] = [(str(days), BEFORE if days >= WINDOW_DAYS else "the window") for days in PERIODS]


def table(name: str) -> list[tuple[str, ...]]:
    """Return the rows of a marked table, without its head."""
    found = re.search(rf"<!-- table: {name} -->\n((?:\|.*\n)+)", REFERENCE)
    assert found, f"no table {name!r}"
    return [tuple(cell.strip() for cell in row[1:-1].split("|")) for row in found[1].splitlines()[2:]]


@pytest.mark.parametrize("name", TABLES)
def test_each_table_is_what_the_code_does(name: str) -> None:
    assert table(name) == TABLES[name]


def test_no_table_is_left_unchecked() -> None:
    assert re.findall(r"<!-- table: (.*) -->", REFERENCE) == list(TABLES)


def test_the_figures_in_the_text_are_those_of_the_code() -> None:
    assert f"{WINDOW_DAYS} UTC days" in REFERENCE
    assert f"within {ERROR:.0%} of the truth".replace("%", " %") in REFERENCE
    assert project().hold == 2.5 * project().interval
    assert "two and a half intervals" in REFERENCE
