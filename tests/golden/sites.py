"""Whole sites from files: a project, what was seen of it, and the instant at which its page is made.

`python -m tests.golden.sites` prints a digest of every case, so that the same bytes can be asked of another process.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

from statusgen.config import load, load_theme
from statusgen.evaluate import evaluate
from statusgen.history import backfill, recall
from statusgen.model.observation import Observation
from statusgen.model.page import Page
from statusgen.model.project import Project
from statusgen.model.words import Outcome
from statusgen.probes import KINDS
from statusgen.render import render
from statusgen.values import parse_instant
from tests.fakes import MemoryStore

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/now"))
DIGESTS = "digests.txt"
EVERY = timedelta(minutes=30)


def make(case: str) -> dict[str, bytes]:
    """Return the site of a case, by path, with a theme whose style and script say nothing."""
    shown = page(case)
    theme = load_theme(HERE, "bare", shown.site.tongues)
    return {artifact.path: artifact.body for artifact in render(shown, theme)}


def page(case: str) -> Page:
    """Return the page of a case."""
    folder = HERE / case
    project = _project(folder)
    now = parse_instant((folder / "now").read_text().strip())
    state = MemoryStore()
    checks = {check.component: check.id for check in project.checks}
    backfill(state, observed((folder / "seen.txt").read_text(), checks))
    record = recall(state, hold=project.hold, now=now, warn=_refuse)
    return evaluate(project, record, now)


def _project(folder: Path) -> Project:
    """Return the project of a case; where it has many files, they are kept as one, `content.txt`."""
    packed = folder / "content.txt"
    if not packed.exists():
        return load(folder, kinds=KINDS)
    with TemporaryDirectory() as name:
        whole = Path(name) / folder.name
        shutil.copytree(folder, whole, ignore=shutil.ignore_patterns("expected"))
        _, *files = packed.read_text().split("\n=== ")
        for file in files:
            path, _, text = file.partition("\n")
            (whole / "content" / path).parent.mkdir(parents=True, exist_ok=True)
            (whole / "content" / path).write_text(text)
        return load(whole, kinds=KINDS)


def kept(case: str, made: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is kept of a site: all of it, or what its `whole.txt` names, and a digest of every other file."""
    named = HERE / case / "whole.txt"
    patterns = named.read_text().split() if named.exists() else ["*"]
    whole = {path: body for path, body in made.items() if any(fnmatch(path, pattern) for pattern in patterns)}
    others = "".join(f"{_hash(made[path])} {path}\n" for path in made if path not in whole)
    return whole | ({DIGESTS: others.encode()} if others else {})


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


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
