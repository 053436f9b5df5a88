"""What a target holds before something is published there, and what of it is kept in the state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.errors import PublishError, StoreError
from statusgen.ports import Listed, ObjectStore, Progress
from statusgen.publish import generations
from statusgen.publish.manifest import MANIFEST_KEY, Manifest, decode
from statusgen.publish.plan import FRONT_PAGE, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a target held when it was looked at: its objects, and what its manifest says of them."""

    target: ObjectStore
    listing: tuple[Listed, ...]
    manifest: Manifest | None


def inspect(target: ObjectStore, progress: Progress) -> Holdings:
    """Return what a target holds; raises `PublishError` when it cannot be read."""
    try:
        listing = tuple(target.list())
        manifest = target.read([MANIFEST_KEY]).get(MANIFEST_KEY)
    except StoreError as error:
        hint = "nothing was sent; the page that was there stays, and observations are kept for the next run"
        raise PublishError(f"the target {target.name!r} cannot be read: {error.reason}\n    hint: {hint}") from error
    return Holdings(target=target, listing=listing, manifest=decode(manifest, warn=progress.warn))


def published_within(period: timedelta, target: ObjectStore, *, now: datetime, progress: Progress) -> datetime | None:
    """Return when the front page was written last, by the target's clock, when that is no longer ago than a period.

    None when it is, or when there is none, or when the target's clock is ahead of ours by as much: then nobody can
    tell. Raises `PublishError` when the target cannot be read.
    """
    listing = inspect(target, progress).listing
    last = next((listed.modified for listed in listing if listed.key == FRONT_PAGE), None)
    return last if last and abs(now - last) < period else None


def keep_parting(
    made: Plan, holdings: Holdings, state: ObjectStore, *, now: datetime, look: str, warn: Callable[[str], None]
) -> None:
    """Keep what a plan is about to replace, so that it can be rolled back; a failure is a warning."""
    if not (made.parting and holdings.manifest):
        return
    try:
        generations.keep(made.parting, holdings.manifest, holdings.target, state, now=now, look=look)
    except StoreError as error:
        warn(f"the page that is replaced could not be kept, so it cannot be rolled back to: {error}")
