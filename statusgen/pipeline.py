"""The whole program as short functions over ports: `probe`, `beat`, `look`, `explain`, `export`, `build`, `publish`.

    sweep ─▶ append ─▶ recall ─▶ evaluate ─▶ render ─▶ leaks? ─▶ plan ─▶ apply

Observations are kept before anything can fail on the way to readers. A target that is down ends the run as
`PublishError`, a state that is down as `StateError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from statusgen import history
from statusgen.errors import PublishError, StateError, StoreError
from statusgen.evaluate import evaluate
from statusgen.evaluate.explanation import explanation
from statusgen.evaluate.past import MOST, corrected, remade, remembered
from statusgen.evaluate.uptime import DAY, midnight, window_days
from statusgen.model.artifact import Artifact
from statusgen.model.explanation import Explanation
from statusgen.model.measured import Past
from statusgen.model.observation import Observation
from statusgen.model.page import Page
from statusgen.model.project import Check, Component, Location, Project
from statusgen.model.shard import Shard
from statusgen.model.theme import Theme
from statusgen.model.words import Outcome
from statusgen.ports import ALONE, Clock, Crew, ObjectStore, ProbeKind, Progress, Secrets
from statusgen.publish import identity
from statusgen.publish.apply import apply
from statusgen.publish.holdings import Holdings, inspect, keep_parting
from statusgen.publish.kept import keeping
from statusgen.publish.leaks import Leak, Search, find_leaks, search_for
from statusgen.publish.plan import FRONT_PAGE, Plan, newer_generation, plan
from statusgen.publish.restoring import refuse_taken_back
from statusgen.publish.seen import Wanted, wanted
from statusgen.publish.withheld import never_out, told, withhold
from statusgen.render import Keeping, render
from statusgen.sweep import AT_ONCE, run_to_end, sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """Where and as what a run probes: its location, its name, what probing takes, and its part of the checks if any.

    `at_once` is how many tries this machine can have under way.
    """

    location: Location
    run: str
    kinds: Mapping[str, ProbeKind]
    secrets: Secrets
    shard: Shard | None = None
    at_once: int = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Where observations are kept: the state, and the spool on this machine for when the state cannot be reached.

    `glance` is the state for what is not worth waiting for; the state itself when left out.
    """

    state: ObjectStore
    spool: ObjectStore
    glance: ObjectStore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A page and the files that show it, but for those that are `withheld` because something would leak."""

    page: Page
    artifacts: tuple[Artifact, ...]
    withheld: tuple[Leak, ...] = ()

    @property
    def stays(self) -> frozenset[str]:
        """The paths of what is withheld."""
        return frozenset(leak.path for leak in self.withheld)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a run found, and the trouble when it waits in the spool because the state refused it."""

    observations: tuple[Observation, ...]
    trouble: StateError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publish came to.

    `newer` is the instant of the newer observations that are published already; then nothing was sent. `trouble` is
    there when this run's observations wait in the spool: the page is out, but without them. `wanted` is what readers
    should get of it now. `withheld` is why files are not out that would leak.
    """

    page: Page
    plan: Plan
    newer: datetime | None = None
    trouble: StateError | None = None
    wanted: tuple[Wanted, ...] = ()
    withheld: tuple[Leak, ...] = ()


def probe(project: Project, vantage: Vantage, memory: Memory, *, clock: Clock, progress: Progress) -> Probed:
    """Probe everything from one location and keep what was found; raise `StateError` when it can be kept nowhere."""
    location = vantage.location.id
    known, part = memory.glance or memory.state, vantage.shard
    doubted = history.doubted(memory.spool, known, location, now=clock.now(), hold=project.hold, part=part)
    observations = run_to_end(
        sweep(
            project.checks_from(vantage.location, part),
            location=location,
            run=vantage.run,
            kinds=vantage.kinds,
            secrets=vantage.secrets,
            clock=clock,
            confirm_after=project.confirm_after,
            progress=progress,
            doubted=doubted,
            at_once=vantage.at_once,
        )
    )
    probed = _keep(observations, memory, progress)
    history.remember(memory.spool, location, observations, doubted=doubted, part=part, warn=progress.warn)
    return probed


def beat(check: Check, vantage: Vantage, memory: Memory, *, clock: Clock, progress: Progress) -> Probed:
    """Keep the report that a passive check is well; raise `StateError` when it can be kept nowhere."""
    report = Observation(
        check=check.id,
        location=vantage.location.id,
        run=vantage.run,
        at=clock.now(),
        outcome=Outcome.UP,
        holds=check.holds,
    )
    return _keep((report,), memory, progress)


def look(project: Project, state: ObjectStore, *, now: datetime, progress: Progress, tidy: bool = False) -> Page:
    """Return the page as it stands, without probing; raise `StateError` when the state cannot be read.

    The state is only read, unless `tidy`: then it is put in order for the next one who reads it.
    """
    warn = history.once(progress.warn)
    record = history.recall(state, hold=project.hold, now=now, warn=warn, tidy=tidy)
    kept = history.load_days(state, warn)
    past = kept or {}
    if tidy and (kept is None or record.late):
        made = _remade(project, state, now, warn)
        past = made if kept is None else corrected(kept, made, history.touched(record.late))
    page = evaluate(project, record, now, past)
    if tidy and history.keep_days(state, kept, worth := remembered(past, page), warn):
        history.merge_late(state, record.late, now=now, warn=warn)
        if kept is None or history.newest_day(kept) != history.newest_day(worth):
            history.tell_of_foreign(state, warn)
            _forget(project, state, now, warn)
    return page


def explain(
    project: Project, component: Component, day: date, state: ObjectStore, *, now: datetime, progress: Progress
) -> Explanation:
    """Return what a component's figure of one day is made of; raise `StateError` when the state cannot be read.

    A day in the window is explained from all that the page is made from, an older one from the window that ends soon
    after it.
    """
    then = now if day in window_days(now) else min(now, midnight(day) + 2 * DAY)
    warn = history.once(progress.warn)
    record = history.recall(state, hold=project.hold, now=then, present=now, warn=warn, tidy=False)
    seen = history.observed(state, day, now=now, warn=warn)
    return explanation(project, record, component, day, now=now, seen=seen)


def export(
    state: ObjectStore, begin: datetime, end: datetime, *, now: datetime, progress: Progress
) -> Iterator[Observation]:
    """Yield every observation from `begin` on and before `end`, each once, in order of time.

    One UTC day is held at a time. What is wrong is said once. Raises `StateError` when the state cannot be read.
    """
    warn = history.once(progress.warn)
    first = begin.date()
    days = -((midnight(first) - end) // DAY)
    number = 0
    progress.start("exporting", days)
    for offset in range(days):
        seen = history.observed(state, first + offset * DAY, now=now, warn=warn)
        found = [one for one in seen if begin <= one.at < end]
        yield from found
        number += len(found)
        progress.advance()
    progress.done(f"{number} observations")


def build(
    project: Project,
    theme: Theme,
    state: ObjectStore,
    *,
    secrets: Mapping[str, str],
    now: datetime,
    progress: Progress,
    tidy: bool = False,
    crew: Crew = ALONE,
    holdings: Holdings | None = None,
    engine: str = "",
    anew: bool = False,
) -> Site:
    """Return the site as it stands, see `look`; `secrets` are the values, by name, that must not be in it.

    With `holdings` it is for that target alone, and what lies there as the `engine` would draw it is not drawn unless
    `anew`; see `Keeping`. What would leak is withheld; an announcement that would, and was never out, is left
    out of all pages. Raises `StateError` and `ThemeError`.
    """
    progress.start("building", 2)
    page = look(project, state, now=now, progress=progress, tidy=tidy)
    progress.advance()
    search = search_for(project, secrets)
    kept = _keeping(None if anew else holdings, search, engine)
    artifacts = render(page, theme, crew, kept)
    leaks = find_leaks(artifacts, search, crew)
    there = {listed.key for listed in holdings.listing} if holdings else set()
    out: tuple[Leak, ...] = ()
    if unseen := never_out(project, leaks, there):
        rest = tuple(one for one in project.announcements if one not in unseen)
        page = look(replace(project, announcements=rest), state, now=now, progress=progress)
        artifacts = render(page, theme, crew, kept)
        left = {artifact.path for artifact in artifacts}
        out = tuple(leak for leak in leaks if leak.path not in left)
        leaks = find_leaks(artifacts, search, crew)
    withheld = tuple(sorted({*out, *withhold(artifacts, leaks, there)}))
    stays = {leak.path for leak in withheld}
    let_out = tuple(one for one in artifacts if one.path not in stays)
    progress.advance()
    progress.done(f"{len(let_out)} files")
    return Site(page=page, artifacts=let_out, withheld=withheld)


def place(site: Site, holdings: Holdings, *, now: datetime, progress: Progress, dry_run: bool = False) -> Plan:
    """Make a target equal the site, whatever is in it; return what that takes. Raises `PublishError`."""
    _refuse_nothing(site, holdings)
    made = plan(
        site.artifacts,
        holdings.listing,
        holdings.manifest,
        now=now,
        generation=site.page.measured,
        withheld=site.stays,
    )
    if not dry_run:
        apply(made, holdings.target, progress=progress)
    return made


def publish(
    project: Project,
    theme: Theme,
    vantage: Vantage,
    memory: Memory,
    target: ObjectStore,
    *,
    secrets: Mapping[str, str],
    clock: Clock,
    progress: Progress,
    force: bool = False,
    allow_deletes: bool = False,
    dry_run: bool = False,
    crew: Crew = ALONE,
    engine: str = "",
) -> Published:
    """Probe, remember, decide, render and send: the main job.

    `dry_run` stops at the plan; it still probes and keeps what was found, so give it a memory that does not last.
    `force` sends every file, also over a newer page; `allow_deletes` deletes most of the site, if it must go. Raises
    `PublishError` for a target that fails and for a first page that would leak, `ThemeError`, and `StateError` for a
    state that cannot be read, or not be written and is empty.
    """
    probed = probe(project, vantage, memory, clock=clock, progress=progress)
    holdings = inspect(target, progress)
    listing, manifest = holdings.listing, holdings.manifest
    shown = identity.look(project, theme)
    if not force:
        refuse_taken_back(manifest, shown, partial(identity.words, project))
    now = clock.now()
    site = build(
        project,
        theme,
        memory.state,
        secrets=secrets,
        now=now,
        progress=progress,
        tidy=not dry_run,
        crew=crew,
        holdings=holdings,
        engine=engine,
        anew=force,
    )
    generation = site.page.measured
    if probed.trouble and generation is None:  # a page without any history would replace a better one
        raise probed.trouble
    _refuse_nothing(site, holdings)
    made = plan(
        site.artifacts,
        listing,
        manifest,
        now=now,
        generation=generation,
        force=force,
        allow_deletes=allow_deletes,
        look=shown,
        words=partial(identity.words, project),
        withheld=site.stays,
    )
    newer = None if force else newer_generation(manifest, generation, listing)
    if newer:
        progress.warn(f"a page with newer observations, of {newer:%Y-%m-%d %H:%M} UTC, is published; nothing was sent")
    elif not dry_run:
        keep_parting(made, holdings, memory.state, now=now, look=shown, warn=progress.warn)
        apply(made, target, progress=progress)
    sent = () if newer else wanted(site.artifacts, made, manifest)
    return Published(
        page=site.page, plan=made, newer=newer, trouble=probed.trouble, wanted=sent, withheld=site.withheld
    )


def _keeping(holdings: Holdings | None, search: Search, engine: str) -> Keeping:
    """Return what need not be drawn: what was let out under other rules is drawn again, and searched."""
    named = f"{engine} {search.rules}" if engine else ""
    if holdings is None:
        return Keeping(named)
    return keeping(holdings.listing, holdings.manifest, secrets=search.secrets, engine=named)


def _refuse_nothing(site: Site, holdings: Holdings) -> None:
    """Raise `PublishError` when the front page is withheld and there is none."""
    if FRONT_PAGE in site.stays and all(listed.key != FRONT_PAGE for listed in holdings.listing):
        raise PublishError(told(site.withheld, "nothing was published, because the first front page would leak"))


def _keep(observations: tuple[Observation, ...], memory: Memory, progress: Progress) -> Probed:
    """Keep observations, behind what waited before them. Writes to the state, and never reads or lists it."""
    key = history.append(memory.state, observations, spool=memory.spool, warn=progress.warn)
    return Probed(observations=observations, trouble=_waiting(key, memory))


def _forget(project: Project, state: ObjectStore, now: datetime, warn: Callable[[str], None]) -> None:
    """Forget the days that people do not want to keep; once a day."""
    if project.keep and (number := history.forget(state, project.keep, now=now, warn=warn)):
        warn(f"forgotten, as 'keep' says: {number} objects of days that are over for longer")


def _remade(project: Project, state: ObjectStore, now: datetime, warn: Callable[[str], None]) -> Past:
    """Return the days of the last year as far as they are remembered: what a state does once that has not kept them."""
    record = history.recall(state, hold=project.hold, now=now, days=MOST + 2, warn=warn, tidy=False)
    return remade(project, record, now)


def _waiting(key: str, memory: Memory) -> StateError | None:
    """Return the trouble when a run's object is in the spool and not in the state."""
    try:
        waits = bool(key and memory.spool.read([key]))
    except StoreError:  # then it is not there that it was kept
        return None
    return StateError(f"observations wait in {memory.spool.name!r} for {memory.state.name!r}") if waits else None
