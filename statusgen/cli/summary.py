"""What commands have to say, as text and as data. Pure: `report` prints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import click

from statusgen.doctor.finding import Finding, Severity
from statusgen.model.components import ComponentView
from statusgen.model.measured import Uptime
from statusgen.model.observation import Observation
from statusgen.model.page import Page
from statusgen.model.reason import describe, without_part
from statusgen.model.told import IncidentView, MaintenanceView
from statusgen.model.words import Outcome, Status
from statusgen.publish.generations import Generation
from statusgen.publish.plan import Plan
from statusgen.render import sentence
from statusgen.render.tongue import PLAIN
from statusgen.rollback import RolledBack

MARKS = {
    Status.OPERATIONAL: ("✓", "green"),
    Status.DEGRADED_PERFORMANCE: ("!", "yellow"),
    Status.PARTIAL_OUTAGE: ("✗", "red"),
    Status.MAJOR_OUTAGE: ("✗", "red"),
    Status.UNDER_MAINTENANCE: ("~", "blue"),
    Status.UNKNOWN: ("?", "magenta"),
}
"""A status is told by shape and word as well as by colour."""

OUTCOME_MARKS = {
    Outcome.UP: MARKS[Status.OPERATIONAL],
    Outcome.DEGRADED: MARKS[Status.DEGRADED_PERFORMANCE],
    Outcome.DOWN: MARKS[Status.MAJOR_OUTAGE],
    Outcome.UNKNOWN: MARKS[Status.UNKNOWN],
    Outcome.SKIPPED: ("-", "white"),
}

NAMED = 8
"""Files that the summary of a publish names at most, for each reason; a dry run names all."""

FINDING_MARKS = {
    Severity.OK: MARKS[Status.OPERATIONAL],
    Severity.NOTE: ("?", "magenta"),
    Severity.WARNING: ("!", "yellow"),
    Severity.PROBLEM: MARKS[Status.MAJOR_OUTAGE],
}

Json = dict[str, Any]


def page_text(page: Page, *, everything: bool) -> Iterator[str]:
    """Yield the headline, the components that are not simply operational (or all), and what is announced."""
    yield f"{_mark(page.status)} {click.style(sentence.headline(page, PLAIN), bold=True)}"
    plain = {Status.OPERATIONAL} if page.measured else {Status.OPERATIONAL, Status.UNKNOWN}
    shown = [component for component in page.components if everything or component.status not in plain]
    width = max((len(component.name) for component in shown), default=0)
    if shown:
        yield ""
    for component in shown:
        line = f"  {_mark(component.status)} {component.name:<{width}}  {PLAIN.label(component.status)}"
        note = sentence.note(component, page, PLAIN, near=page.published)
        yield f"{line}\n    {note}" if note else line
    announced = [*_announced(page)]
    if announced:
        yield ""
    yield from announced


def plan_text(plan: Plan, target: str, *, dry_run: bool) -> Iterator[str]:
    """Yield how much is sent and why; every single file in a dry run."""
    total = len(plan.uploads) + plan.unchanged
    would = "would be sent" if dry_run else "sent"
    yield f"{len(plan.uploads)} of {PLAIN.many('{n} file', '{n} files', total)} {would} to {target}"
    for reason, number in sorted(Counter(upload.reason for upload in plan.uploads).items()):
        paths = [upload.artifact.path for upload in plan.uploads if upload.reason is reason]
        yield from _listed(str(reason), number, paths, every=dry_run)
    if plan.deletions:
        yield from _listed("no longer part of the site, deleted", len(plan.deletions), plan.deletions, every=dry_run)
    if plan.held:
        said = "no longer part of the site, kept because that is most of it"
        yield from _listed(said, len(plan.held), plan.held, every=dry_run)
        yield "    hint: if they are to go, use --allow-deletes; if not, look for what is missing in content/"
    if plan.foreign:
        yield from _listed("not written by statusgen, left alone", len(plan.foreign), plan.foreign, every=dry_run)


def findings_text(found: Sequence[Finding]) -> Iterator[str]:
    """Yield what the doctor found, by part of the examination, with why and what to do."""
    for about in dict.fromkeys(one.about for one in found):
        yield click.style(about.capitalize(), bold=True)
        for one in found:
            if one.about == about:
                shape, colour = FINDING_MARKS[one.severity]
                yield f"  {click.style(shape, fg=colour)} {one.title}"
                yield from (f"    {line}" for line in (one.why, one.advice and f"→ {one.advice}") if line)
        yield ""
    yield _counted(found)


def findings_github(found: Sequence[Finding]) -> Iterator[str]:
    """Yield an annotation of a workflow for each finding that is not well."""
    levels = {Severity.PROBLEM: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    for one in found:
        if one.severity in levels:
            message = "; ".join(part for part in (one.title, one.why, one.advice) if part)
            yield f"::{levels[one.severity]} title=statusgen doctor::{message.replace('%', '%25')}"


def findings_json(found: Sequence[Finding]) -> Json:
    """Return the same as data."""
    return {
        "findings": [
            {
                "about": one.about,
                "severity": str(one.severity),
                "title": one.title,
                "why": one.why,
                "advice": one.advice,
            }
            for one in found
        ]
    }


def _counted(found: Sequence[Finding]) -> str:
    counts = Counter(one.severity for one in found)
    told = [
        PLAIN.many("{n} problem", "{n} problems", counts[Severity.PROBLEM]),
        PLAIN.many("{n} warning", "{n} warnings", counts[Severity.WARNING]),
        PLAIN.many("{n} note", "{n} notes", counts[Severity.NOTE]),
    ]
    return ", ".join(text for text in told if not text.startswith("0 ")) or "nothing to mend"


def rollback_text(result: RolledBack, target: str, *, dry_run: bool) -> Iterator[str]:
    """Yield which page is published again, what that takes, and what it means for the next publish."""
    would, earlier = "Would publish" if dry_run else "Published", result.generation
    yield f"{would} again what was there until {earlier.replaced:%Y-%m-%d %H:%M} UTC ({earlier.name})"
    yield from plan_text(result.plan, target, dry_run=dry_run)
    what = "the theme or the settings change" if earlier.restyled else "what is written changes"
    yield f"Until {what}, `statusgen publish` observes and sends nothing; --force ends that."


def generation_text(one: Generation) -> str:
    """Return which earlier page it is, until when it was published, and what took its place."""
    newest = one.manifest.generation
    measured = f", measured {newest:%Y-%m-%d %H:%M}" if newest else ""
    change = "another theme or other settings" if one.restyled else "other words"
    return f"{one.name}: published until {one.replaced:%Y-%m-%d %H:%M} UTC{measured}, then {change}"


def generation_json(one: Generation) -> Json:
    """Return the same as data."""
    newest = one.manifest.generation
    return {
        "name": one.name,
        "published_until": one.replaced.isoformat(),
        "measured_at": newest.isoformat() if newest else None,
        "replaced_by": "look" if one.restyled else "words",
    }


def observations_text(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield a line for each observation, with the parts that failed where a check has several."""
    width = max((len(observation.check) for observation in observations), default=0)
    for one in observations:
        shape, colour = OUTCOME_MARKS[one.outcome]
        latency = "" if one.latency_ms is None else f"  {one.latency_ms:.0f} ms"
        why = f"  {_why(one)}" if one.reason else ""
        yield f"{click.style(shape, fg=colour)} {one.check:<{width}}  {one.outcome}{latency}{why}{_beside(one)}"


def _beside(one: Observation) -> str:
    """Return what a Mastodon's operator can mend although it is up: what it names too little of, or not us."""
    lacks = f"  (not asked: {one.facts['left_out']})" if "left_out" in one.facts else ""
    return lacks + ("  (does not link to this page)" if one.facts.get("status_page_named") is False else "")


def _why(one: Observation) -> str:
    """Return the reason, with all parts that failed where it names but the worst of them."""
    reason = one.reason or ""
    return f"{describe(without_part(reason))} ({one.facts['failed']})" if "failed" in one.facts else describe(reason)


def page_json(page: Page) -> Json:
    """Return the page's state as data; names and words as in the JSON that readers get, instants in ISO 8601."""
    return {
        "status": str(page.status),
        "headline": sentence.headline(page, PLAIN),
        "url": page.site.url,
        "measured": _iso(page.measured),
        "published": _iso(page.published),
        "valid_until": _iso(page.valid_until),
        "components": [_component(component) for component in page.components],
        "incidents": [_incident(view) for view in page.open_incidents],
        "maintenance": [_maintenance(view) for view in (*page.active_maintenance, *page.upcoming_maintenance)],
    }


def plan_json(plan: Plan, target: str, *, dry_run: bool) -> Json:
    """Return what is sent and deleted as data."""
    return {
        "target": target,
        "dry_run": dry_run,
        "uploads": [{"path": upload.artifact.path, "reason": str(upload.reason)} for upload in plan.uploads],
        "deletions": list(plan.deletions),
        "unchanged": plan.unchanged,
        "held": list(plan.held),
        "foreign": list(plan.foreign),
    }


def observation_json(observation: Observation) -> Json:
    """Return an observation as data."""
    return {
        "check": observation.check,
        "location": observation.location,
        "run": observation.run,
        "at": _iso(observation.at),
        "outcome": str(observation.outcome),
        "reason": observation.reason,
        "latency_ms": observation.latency_ms,
        "tries": observation.tries,
        "phases": dict(observation.phases),
        "facts": dict(observation.facts),
    }


def page_markdown(page: Page) -> Iterator[str]:
    """Yield the page's state as Markdown, for the summary of a workflow."""
    yield f"### {sentence.headline(page, PLAIN)}"
    yield ""
    yield "| component | status | |"
    yield "| --- | --- | --- |"
    for component in page.components:
        name, note = (
            text.replace("|", "\\|")
            for text in (component.name, sentence.note(component, page, PLAIN, near=page.published))
        )
        yield f"| {name} | {MARKS[component.status][0]} {PLAIN.label(component.status)} | {note} |"
    announced = [f"- {line.strip()}" for line in _announced(page)]
    yield from ["", *announced] if announced else []
    if page.site.url:
        yield ""
        yield f"<{page.site.url}>"


def warnings_github(page: Page) -> Iterator[str]:
    """Yield a workflow annotation for each announcement that its people seem to have forgotten."""
    for view in page.open_incidents:
        for why in _neglect(view, page.published):
            yield _warning(view.source.title, why)
    for work in page.active_maintenance:
        if work.overrun:
            why = f"it was to end at {PLAIN.instant(work.ends, page.published)} and is not over"
            yield _warning(work.source.title, why)


def _mark(status: Status) -> str:
    shape, colour = MARKS[status]
    return click.style(shape, fg=colour)


def _announced(page: Page) -> Iterator[str]:
    for incident in page.open_incidents:
        yield f"  incident: {incident.source.title} ({PLAIN.phase(incident.phase).lower()}{_progress(incident)})"
        yield from (f"    {why}" for why in _neglect(incident, page.published))
    for maintenance in page.active_maintenance:
        late = ", longer than announced" if maintenance.overrun else ""
        phase = PLAIN.phase(maintenance.phase).lower()
        yield f"  maintenance: {maintenance.source.title} ({phase}{late}{_progress(maintenance)})"
    for maintenance in page.upcoming_maintenance:
        starts = PLAIN.instant(maintenance.starts, page.published)
        before = [one.starts for one in maintenance.earlier if one.starts != maintenance.starts]
        moved = f", moved from {PLAIN.instant(before[-1], page.published)}" if before else ""
        yield f"  maintenance: {maintenance.source.title} (from {starts}{moved}{_progress(maintenance)})"


def _neglect(view: IncidentView, now: datetime) -> Iterator[str]:
    """Yield why an open incident seems to be forgotten."""
    if view.late and view.next_update:
        yield f"the update promised for {PLAIN.instant(view.next_update, now)} is overdue"
    if view.forgotten:
        up = PLAIN.instant(view.forgotten, now)
        yield f"forgotten? all that it names has been up since {up}: if it is over, add an update 'resolved'"


def _progress(view: IncidentView | MaintenanceView) -> str:
    steps = view.source.checklist
    return f", {steps.done} of {PLAIN.many('{n} step', '{n} steps', steps.total)} done" if steps.total else ""


def _incident(view: IncidentView) -> Json:
    return {
        **_announcement(view),
        "next_update": _iso(view.next_update),
        "late": view.late,
        "forgotten": _iso(view.forgotten),
    }


def _maintenance(view: MaintenanceView) -> Json:
    return {
        **_announcement(view),
        "starts": _iso(view.starts),
        "ends": _iso(view.ends),
        "earlier": [{"starts": _iso(one.starts), "ends": _iso(one.ends)} for one in view.earlier],
        "overrun": view.overrun,
    }


def _announcement(view: IncidentView | MaintenanceView) -> Json:
    return {
        "slug": view.source.slug,
        "title": view.source.title,
        "phase": str(view.phase),
        "steps": {"done": view.source.checklist.done, "total": view.source.checklist.total},
    }


def _warning(title: str, why: str) -> str:
    """Return an annotation of a workflow; a title is one line, and has two characters more that must be escaped."""
    escaped = title.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::warning title={escaped}::{why}"


def _listed(why: str, number: int, paths: Sequence[str], *, every: bool) -> Iterator[str]:
    if every:
        yield f"  {why}:"
        yield from (f"    {path}" for path in paths)
    else:
        more = f" and {number - NAMED} more" if number > NAMED else ""
        yield f"  {why}: {', '.join(paths[:NAMED])}{more}"


def _component(component: ComponentView) -> Json:
    return {
        "id": component.id,
        "name": component.name,
        "status": str(component.status),
        "measured": str(component.measured),
        "reason": component.reason,
        "since": _iso(component.since),
        "explained_by": component.explained_by,
        "times": component.times,
        "uptime": {
            "window": _figure(component.uptime),
            **{f"{period.days} days": _figure(period.uptime) for period in component.periods},
        },
    }


def seconds(uptime: Uptime) -> Json:
    """Return what an uptime is made of, in seconds."""
    return {
        "period": uptime.period.total_seconds(),
        "up": uptime.up.total_seconds(),
        "degraded": uptime.degraded.total_seconds(),
        "down": uptime.down.total_seconds(),
        "maintenance": uptime.maintenance.total_seconds(),
        "unmeasured": uptime.unmeasured.total_seconds(),
    }


def _figure(uptime: Uptime) -> Json:
    return {"uptime": PLAIN.uptime(uptime), "coverage": PLAIN.coverage(uptime), "seconds": seconds(uptime)}


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
