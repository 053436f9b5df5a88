"""Chooses the adapters: which clock, which stores, which kinds of check, which secrets. Nothing else does."""

from __future__ import annotations

import logging
import os
import re
import secrets as random
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from statusgen import cache
from statusgen.cli.limits import tries_at_once
from statusgen.cli.options import Settings
from statusgen.cli.rehearsal import Rehearsal
from statusgen.clock import FixedClock, SystemClock
from statusgen.config import Readings, load, unset_secrets
from statusgen.config.theme import load_theme
from statusgen.crew import choose_crew
from statusgen.doctor.bucket import Place
from statusgen.doctor.bucket_facts import PlaceRole
from statusgen.engine import engine
from statusgen.errors import PublishError, StateError, StoreError
from statusgen.model.project import Check, Component, Location, Project, Purge, StoreAddress
from statusgen.model.shard import Shard
from statusgen.model.theme import Theme
from statusgen.pipeline import Memory, Vantage
from statusgen.ports import Clock, ObjectStore, ProbeKind, Progress
from statusgen.probes import KINDS, EnvSecrets, with_installed
from statusgen.publish.leaks import search_for
from statusgen.publish.plan import FRONT_PAGE
from statusgen.stores import open_store
from statusgen.stores.guarded import Guarded
from statusgen.stores.impatient import Impatient
from statusgen.values import either, suggest

SPOOL = ".statusgen/spool"
"""Where observations wait, in the project's folder, while the state cannot be reached."""

_SECRETIVE = re.compile(
    r"SECRET|TOKEN|PASSWO?RD|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_KEY|PRIVATE_KEY|DSN|DATABASE_URL"
)


def open_project(settings: Settings) -> tuple[Project, Theme]:
    """Return the project and its theme. Raises `ProjectError`."""
    readings = Readings(cache.folder_for(settings.project), engine())
    project = load(settings.project, kinds=choose_kinds(), crew=choose_crew(), readings=readings)
    return project, load_theme(settings.project, project.theme, project.site.tongues)


def choose_kinds() -> Mapping[str, ProbeKind]:
    """Return every kind of check: our own, and those of installed packages. Raises `KindError`."""
    return with_installed(KINDS)


def warn_of_missing_secrets(project: Project, progress: Progress) -> None:
    """Say which variables probing will miss."""
    for problem in unset_secrets(project, os.environ):
        progress.warn(f"{problem.at}: {problem.message}; {problem.hint}")


def choose_clock(settings: Settings) -> Clock:
    """Return the machine's clock, or the one that `--now` stopped."""
    return FixedClock(settings.now) if settings.now else SystemClock()


def choose_vantage(project: Project, location: str | None, clock: Clock, shard: Shard | None = None) -> Vantage:
    """Return where this run probes from, under a name that no other run has, and which part of the checks."""
    _log_to_stderr()
    return Vantage(
        location=_location(project, location),
        run=_run(clock, shard),
        kinds=choose_kinds(),
        secrets=EnvSecrets(os.environ),
        shard=shard,
        at_once=tries_at_once(),
    )


def choose_heartbeat(project: Project, wanted: str) -> Check:
    """Return the passive check that somebody reports."""
    known = {check.id: check for check in project.checks if check.passive}
    if wanted in known:
        return known[wanted]
    hint = suggest(wanted, known) or (f"give one of {either(known)}" if known else "the project has none")
    raise click.BadParameter(f"there is no heartbeat {wanted!r}; {hint}", param_hint="COMPONENT/ID")


def choose_component(project: Project, wanted: str) -> Component:
    """Return the component that somebody asks for."""
    known = {component.id: component for component in project.components}
    if wanted in known:
        return known[wanted]
    hint = suggest(wanted, known) or (f"give one of {either(known)}" if known else "the project has none")
    raise click.BadParameter(f"there is no component {wanted!r}; {hint}", param_hint="COMPONENT")


def open_memory(project: Project, settings: Settings, progress: Progress, *, lasting: bool = True) -> Memory:
    """Return the state and the spool; what is written to them is forgotten at the end unless `lasting`."""
    search = search_for(project, secret_values(project))
    stores = open_state(project, settings), _open(_spool(), settings.project)
    state: ObjectStore
    spool: ObjectStore
    state, spool = (Guarded(store, search, progress.warn) for store in stores)
    if not lasting:
        state, spool = Rehearsal(state), Rehearsal(spool)
    return Memory(state=state, spool=spool, glance=Impatient(state))


def open_state(project: Project, settings: Settings) -> ObjectStore:
    """Return where observations live; raise `StateError` when its address cannot be used."""
    try:
        return _open(project.state, settings.project)
    except StoreError as error:
        raise StateError(f"the state {project.state.url!r} cannot be opened: {error.reason}") from error


def open_target(address: StoreAddress, root: Path, progress: Progress) -> ObjectStore:
    """Return where the site goes; raise `PublishError` when its address cannot be used."""
    try:
        return _open(address, root, durable=False, hashed=True, retried=progress.retried)
    except StoreError as error:
        raise PublishError(f"the target {address.url!r} cannot be opened: {error.reason}") from error


def open_place(project: Project, role: PlaceRole, root: Path) -> Place | None:
    """Return how to try a bucket of the project, None for a folder. Raises `StoreError` when that cannot be opened."""
    from statusgen.stores.s3_client import Limits, client_for  # noqa: PLC0415 - boto3 is slow to import
    from statusgen.stores.s3_reasons import reason_of  # noqa: PLC0415 - slow to import

    address = project.target if role == "site" else project.state
    if not address.url.startswith("s3://"):
        return None
    bucket, _, prefix = address.url.removeprefix("s3://").strip("/").partition("/")
    return Place(
        name=address.url,
        role=role,
        client=client_for(
            address, root=root, secrets=EnvSecrets(os.environ), limits=Limits(connect=5, read=10, attempts=2)
        ),
        bucket=bucket,
        prefix=prefix,
        public=public_url(project, role),
        acl=address.acl if role == "site" else "",
        provider=address.provider,
        ca_file=str(root / address.ca_file) if address.ca_file else "",
        explain=reason_of,
    )


def public_url(project: Project, role: PlaceRole) -> str:
    """Return where anybody would read the site, or the state where it lies within the site; empty when nowhere."""
    if role == "site" or not project.site.url:
        return project.site.url
    target, state = project.target, project.state
    below = f"{target.url.rstrip('/')}/"
    within = state.endpoint == target.endpoint and state.url.startswith(below)
    return f"{project.site.url.rstrip('/')}/{state.url.removeprefix(below)}" if within else ""


def front_page(address: StoreAddress, root: Path) -> str:
    """Return where to find the front page of a target whose public address nobody told us."""
    scheme, _, folder = address.url.partition(":")
    return str((root / folder / FRONT_PAGE).resolve()) if scheme == "file" else f"{address.url}/{FRONT_PAGE}"


def secret_values(project: Project | None = None) -> dict[str, str]:
    """Return every secret of the environment by its name: those the project names, and those that look like one."""
    named = {use.name for use in project.secrets} if project else set()
    return {name: value for name, value in os.environ.items() if value and (name in named or _SECRETIVE.search(name))}


def purge_secrets(purge: Purge) -> tuple[str, str]:
    """Return the address and the token of a webhook; empty where they are not set."""
    return os.environ.get(purge.url_env, ""), os.environ.get(purge.token_env, "")


def _open(
    address: StoreAddress,
    root: Path,
    *,
    durable: bool = True,
    hashed: bool = False,
    retried: Callable[[], None] = lambda: None,
) -> ObjectStore:
    memory = cache.folder_for(root) if hashed else None
    secrets = EnvSecrets(os.environ)
    return open_store(
        address, root=root, secrets=secrets, durable=durable, hashed=hashed, memory=memory, retried=retried
    )


def _spool() -> StoreAddress:
    """Return where observations wait: in the folder that systemd keeps for this service, or in the project's."""
    kept = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return StoreAddress(url=f"file:{kept}/spool" if kept else f"file:{SPOOL}")


def _location(project: Project, wanted: str | None) -> Location:
    known = {location.id: location for location in project.locations}
    if wanted is None and len(known) == 1:
        return project.locations[0]
    if wanted in known:
        return known[wanted]
    choices = ", ".join(repr(name) for name in known)
    found = "the project has several" if wanted is None else f"there is no {wanted!r}"
    raise click.BadParameter(f"{found}; give one of {choices}", param_hint="--location")


def _run(clock: Clock, shard: Shard | None) -> str:
    """Return a name that no other run has: GitHub's or the time, the part of the checks, and something random.

    One run of a workflow may probe several times, and each time it is judged anew whether its location is offline.
    """
    run, attempt = os.environ.get("GITHUB_RUN_ID", ""), os.environ.get("GITHUB_RUN_ATTEMPT", "")
    named = f"{run}-{attempt}" if run.isdecimal() and attempt.isdecimal() else f"{clock.now():%Y%m%dT%H%M%S}"
    part = f"-{shard.number}of{shard.parts}" if shard else ""
    return f"{named}{part}-{random.token_hex(4)}"


def _log_to_stderr() -> None:
    """Show our own log, and nobody else's: a library's could quote what must not be seen."""
    log = logging.getLogger("statusgen")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        log.addHandler(handler)
        log.propagate = False
        logging.getLogger().addHandler(logging.NullHandler())
