"""The tables of `docs/reference/status.md` from an observation to the page, each row made by its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import combinations_with_replacement

from statusgen.evaluate.flapping import pace
from statusgen.evaluate.status import OF_IMPACT, OF_OUTCOME, RANK, roll_up
from statusgen.evaluate.track import fold
from statusgen.evaluate.verdict import quorum, verdicts, vote
from statusgen.model.observation import Finding
from statusgen.model.words import (
    Outcome,
    Status,
)
from statusgen.render.tongue import PLAIN
from statusgen.sweep.evidence import conclude, is_enough
from statusgen.sweep.threshold import judged
from tests.factories import (
    CONTROL,
    HOLD,
    MINUTE,
    NOW,
    observation,
    project,
    series,
    span,
)
from tests.tables import Row

SECOND = timedelta(seconds=1)
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
        yield PLAIN.duration(MINUTE * every), clock(hold), *texts


def clock(length: timedelta) -> str:
    """Return a length of time with its seconds, if any."""
    whole, seconds = divmod(length, MINUTE)
    return PLAIN.duration(MINUTE * whole) + (f" {seconds.seconds} seconds" if seconds else "")


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
        yield tuple(PLAIN.duration(one) for one in (MINUTE * every, *pace(MINUTE * every)))


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


STATUSES: dict[str, Callable[[], Iterable[Row]]] = {
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
}
"""In the order of the page."""
