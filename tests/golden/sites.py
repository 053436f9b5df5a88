"""Whole sites from files: a project, what was seen of it, and the instant at which its page is made.

`python -m tests.golden.sites` prints a digest of every case, so that the same bytes can be asked of another process.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from statusgen.config import load, load_theme
from statusgen.evaluate import evaluate
from statusgen.history import backfill, recall
from statusgen.model.observation import Observation
from statusgen.model.words import Outcome
from statusgen.probes import KINDS
from statusgen.render import render
from statusgen.values import parse_instant
from tests.fakes import MemoryStore

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/now"))
EVERY = timedelta(minutes=30)


def make(case: str) -> dict[str, bytes]:
    """Return the site of a case, by path, with a theme whose style and script say nothing."""
    folder = HERE / case
    project = load(folder, kinds=KINDS)
    now = parse_instant((folder / "now").read_text().strip())
    state = MemoryStore()
    checks = {check.component: check.id for check in project.checks}
    backfill(state, observed((folder / "seen.txt").read_text(), checks))
    record = recall(state, hold=project.hold, now=now, warn=_refuse)
    artifacts = render(evaluate(project, record, now), load_theme(HERE, "bare"))
    return {artifact.path: artifact.body for artifact in artifacts}


def observed(text: str, checks: dict[str, str]) -> Iterator[Observation]:
    """Yield the observations of a `seen.txt`; `checks` are the ids of the checks by their component."""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        component, since, until, outcome, *reason = line.split()
        at, end = parse_instant(since), parse_instant(until)
        while at < end:
            yield _observation(checks[component], at, Outcome(outcome), reason[0] if reason else None)
            at += EVERY


def _observation(check: str, at: datetime, outcome: Outcome, reason: str | None) -> Observation:
    run = f"{at:%Y%m%dT%H%M%SZ}"
    return Observation(
        check=check, location="nuremberg", run=run, at=at, outcome=outcome, reason=reason, latency_ms=120.0
    )


def _refuse(message: str) -> None:
    raise AssertionError(message)


def digest(case: str) -> str:
    """Return what tells one site from another: a hash over all paths and bytes."""
    whole = hashlib.sha256()
    for path, body in make(case).items():
        whole.update(path.encode() + b"\0" + body + b"\0")
    return whole.hexdigest()


if __name__ == "__main__":
    sys.stdout.write("".join(f"{case} {digest(case)}\n" for case in CASES))
