"""Takes a page back: what was published before is published again, and stays until something is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from statusgen.errors import PublishError
from statusgen.ports import ALONE, Crew, ObjectStore, Progress
from statusgen.publish import generations
from statusgen.publish.apply import apply
from statusgen.publish.generations import Generation
from statusgen.publish.holdings import inspect, keep_parting
from statusgen.publish.leaks import ANY_ADDRESS, Search, find_leaks
from statusgen.publish.plan import Plan, plan
from statusgen.publish.restoring import restored, taken_back
from statusgen.publish.withheld import told


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """What a rollback came to; `lacking` are files of the earlier page that are kept nowhere any more."""

    generation: Generation
    plan: Plan
    lacking: tuple[str, ...]


def roll_back(
    target: ObjectStore,
    state: ObjectStore,
    name: str | None = None,
    *,
    secrets: Mapping[str, str],
    now: datetime,
    progress: Progress,
    allow_deletes: bool = False,
    dry_run: bool = False,
    crew: Crew = ALONE,
) -> RolledBack:
    """Publish the page that was published before, or the one of that name.

    What is published now is kept as well, so that a second rollback takes the first one back. `allow_deletes` deletes
    most of the site, if it must go. Raises `StateError`, and
    `PublishError` when there is no such page, when a secret would leave, and for a target that fails.
    """
    holdings = inspect(target, progress)
    found = generations.known(state, warn=progress.warn)
    chosen = _choose(found, name)
    if holdings.manifest is None:
        raise PublishError(f"nothing is published at {target.name!r}, so nothing can be taken back")
    since = found[: found.index(chosen) + 1]
    kept = generations.bodies(reversed(since), state, warn=progress.warn)
    earlier, published = chosen.manifest, holdings.manifest
    files = restored(earlier, kept, holdings.listing, published)
    if leaks := find_leaks(files.artifacts, Search(secrets=secrets, allowed=ANY_ADDRESS), crew):
        raise PublishError(told(leaks, "nothing was published, because secrets would leave"))
    made = plan(
        files.artifacts,
        holdings.listing,
        published,
        now=now,
        generation=published.generation,
        allow_deletes=allow_deletes,
        look=earlier.look,
        words=lambda: earlier.words,
        taken_back=taken_back(earlier, published, now),
    )
    if not dry_run:
        keep_parting(made, holdings, state, now=now, look=earlier.look, warn=progress.warn)
        apply(made, target, progress=progress)
    return RolledBack(generation=chosen, plan=made, lacking=files.lacking)


def _choose(found: Sequence[Generation], name: str | None) -> Generation:
    if not found:
        raise PublishError(
            "no earlier page is kept\n    hint: one is, from the first time on that `publish` replaces a page by one "
            "with another theme, other settings or other words"
        )
    for generation in found:
        if name in {None, generation.name}:
            return generation
    raise PublishError(
        f"no earlier page is called {name!r}\n    hint: `statusgen rollback --list` says which there are"
    )
