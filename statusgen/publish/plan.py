"""Decides what to send, what to delete, and says why. Pure: what the target holds comes in, a plan comes out.

A listing tells what the target really holds; the manifest adds what a listing cannot show. A manifest alone would lie
for ever once two publishers overlap.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact, Stage
from statusgen.ports import Listed
from statusgen.publish.manifest import MANIFEST_KEY, Entry, Manifest, TakenBack, encode, entry, headers_by_digest

FRONT_PAGE = "index.html"

ASSET_LIFE = timedelta(days=1)
"""How long an asset stays after the last page that asks for it: readers and caches may still hold that page."""

MAX_DELETIONS = 256
"""Files deleted in one run at most; the next run goes on."""

FEW_DELETIONS = 10
"""So many files may always go; more than that only as long as they are not the larger part of what we published."""

MAX_SKEW = timedelta(minutes=10)
"""A generation that is later than the store's own clock by more than this comes from a wrong clock."""


class Reason(StrEnum):
    """Why a file is sent.

    `headers changed` includes headers that nobody remembers. `forced`: asked for, or the store does not tell what it
    holds.
    """

    MISSING = "missing"
    CHANGED = "changed"
    HEADERS = "headers changed"
    FORCED = "forced"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send, and why."""

    artifact: Artifact
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What makes the target equal the site.

    `intent` is a manifest to write before anything else: the old one, which also names the files that are new, so that
    they are known to be ours wherever the run is cut short; None when none is new. `uploads` are in the order of their
    groups. `manifest` is the new one as bytes, None when it need not change. `deletions` come last. `unchanged` counts
    files that are right already. `held` are files that should go but stay, because too much would be deleted at once.
    `foreign` are files that lie among ours, are not ours, and stay. `parting` are the files that will not be
    there any more as they are, when it is people who have changed something; a rollback needs them.
    """

    intent: bytes | None
    uploads: tuple[Upload, ...]
    manifest: bytes | None
    deletions: tuple[str, ...]
    unchanged: int
    held: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    parting: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.uploads and self.manifest is None and not self.deletions

    def groups(self) -> Iterator[tuple[Artifact, ...]]:
        """Yield the artifacts that may be sent together, in the order in which that is to be done.

        What is not there yet comes before what is: nothing that readers find refers to the one before it is whole, and
        the other may refer to it at once. Among both a later stage follows an earlier one.
        """
        for _, group in itertools.groupby(self.uploads, _turn):
            yield tuple(upload.artifact for upload in group)


def plan(
    artifacts: Sequence[Artifact],
    listing: Sequence[Listed],
    manifest: Manifest | None,
    *,
    now: datetime,
    generation: datetime | None = None,
    force: bool = False,
    allow_deletes: bool = False,
    look: str = "",
    words: Callable[[], str] = str,
    taken_back: TakenBack | None = None,
    withheld: Collection[str] = (),
) -> Plan:
    """Return the plan that makes a target with this listing and manifest equal the artifacts.

    `look` and `words` are the digests of what people made of the site, see `identity`; the words are only asked for
    when something changes that does not carry the time of the run. `taken_back` is what a rollback replaces.

    Only keys that the manifest says we wrote are ever deleted, at most `MAX_DELETIONS`, and none while they would be
    the larger part of what we published, unless `allow_deletes`. `force` sends every file. Raises `PublishError` for a
    site without a front page or with two files of one path. Artifacts that are kept are those that this very listing
    and manifest show to be right, see `kept.keeping`. The paths in `withheld` are left as they are, and nothing is
    deleted while there are any: what is there may need it.
    """
    there = {listed.key: listed for listed in listing}
    wanted = _by_path(artifacts, there.keys() & set(withheld))
    known = manifest or Manifest()
    entries = {path: _entry(artifact, known) for path, artifact in wanted.items()}
    uploads = [
        Upload(artifact, reason)
        for path, artifact in sorted(wanted.items())
        if not artifact.kept
        and (reason := _reason(artifact, entries[path], there.get(path), known.entries.get(path), force=force))
    ]
    uploads.sort(key=_turn)
    entries |= {path: known.entries[path] for path in withheld if path in known.entries}
    leaving = _leaving(known, entries, there, now)
    due = [path for instant, path in sorted((instant, path) for path, instant in leaving.items()) if instant <= now]
    too_much = not allow_deletes and len(due) > FEW_DELETIONS and 2 * len(due) > len(wanted) + len(leaving)
    at_once = 0 if withheld else MAX_DELETIONS
    lasting = not known.words or _is_lasting(uploads, known, entries)
    new = Manifest(
        generation=generation,
        entries=entries,
        leaving=leaving,
        headers=_kept_headers(known, withheld) | headers_by_digest(wanted.values()),
        look=look,
        words=words() if lasting else known.words,
        taken_back=taken_back,
    )
    return Plan(
        intent=_intent(known, uploads, now),
        uploads=tuple(uploads),
        manifest=None if manifest and new == _without_gone(manifest, there) else encode(new),
        deletions=() if too_much else tuple(due[:at_once]),
        unchanged=len(wanted) - len(uploads),
        held=tuple(due) if too_much else (),
        foreign=tuple(sorted(there.keys() - entries.keys() - leaving.keys() - {MANIFEST_KEY})),
        parting=_parting(known, new, uploads, there),
    )


def newer_generation(
    manifest: Manifest | None, generation: datetime | None, listing: Sequence[Listed]
) -> datetime | None:
    """Return the generation that is published when it is newer than ours, and None when we may go on.

    A publisher whose input is older than what is published would turn the page back. A page dated more than `MAX_SKEW`
    later than the store says it was written comes from a wrong clock, and stops nobody. Our own clock has no say.
    """
    if manifest is None or manifest.generation is None or generation is None:
        return None
    published = manifest.generation
    written = next((listed.modified for listed in listing if listed.key == MANIFEST_KEY), published)
    return published if generation < published <= written + MAX_SKEW else None


def _turn(upload: Upload) -> tuple[bool, Stage]:
    """Return when a file is sent: before those that sort after it."""
    return upload.reason is not Reason.MISSING, upload.artifact.stage


def _by_path(artifacts: Sequence[Artifact], left: Collection[str] = ()) -> dict[str, Artifact]:
    """Return the artifacts by path; refuse what cannot be a site, also with the files that are left as they are."""
    wanted = {artifact.path: artifact for artifact in artifacts}
    if FRONT_PAGE not in wanted and FRONT_PAGE not in left:
        raise PublishError(f"the site has no {FRONT_PAGE!r}, so nothing was sent or deleted")
    if len(wanted) < len(artifacts) or MANIFEST_KEY in wanted:
        raise PublishError("the site has two files of one path, so nothing was sent or deleted")
    return wanted


def _entry(artifact: Artifact, known: Manifest) -> Entry:
    """Return what the manifest is to remember of an artifact; of one that is kept, what it does."""
    return known.entries[artifact.path] if artifact.kept else entry(artifact)


def _reason(artifact: Artifact, new: Entry, there: Listed | None, sent: Entry | None, *, force: bool) -> Reason | None:
    """Return why to send an artifact, None when the target holds it already."""
    if there is None:
        return Reason.MISSING
    if force:
        return Reason.FORCED
    holds = there.etag or (sent.md5 if sent else None)
    if holds is None:
        return Reason.FORCED
    if holds != new.md5 or there.size != artifact.size:
        return Reason.CHANGED
    if sent is None or (sent.md5, sent.headers) != (new.md5, new.headers):
        return Reason.HEADERS
    return Reason.FORCED if there.etag is None and artifact.timely else None


def _kept_headers(known: Manifest, withheld: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return the headers, by their digest, of what is left as it is."""
    digests = {known.entries[path].headers for path in withheld if path in known.entries}
    return {digest: headers for digest, headers in known.headers.items() if digest in digests}


def _is_lasting(uploads: Sequence[Upload], known: Manifest, wanted: Mapping[str, Entry]) -> bool:
    """Return whether something comes or goes that does not carry the time of the run."""
    return any(not upload.artifact.timely for upload in uploads) or any(path not in wanted for path in known.entries)


def _parting(known: Manifest, new: Manifest, uploads: Sequence[Upload], there: Mapping[str, Listed]) -> tuple[str, ...]:
    """Return what is published and will be no more, when people have changed how it looks or what it says."""
    if not known.look or (known.look, known.words) == (new.look, new.words):
        return ()
    replaced = {upload.artifact.path for upload in uploads}
    return tuple(path for path in known.entries if path in there and (path in replaced or path not in new.entries))


def _leaving(
    known: Manifest, wanted: Mapping[str, Entry], there: Mapping[str, Listed], now: datetime
) -> dict[str, datetime]:
    """Return what we wrote, is still there and not wanted any more, with the instant from which it may be deleted."""
    superseded = {path: _expiry(old.stage, now) for path, old in known.entries.items()} | dict(known.leaving)
    return {path: instant for path, instant in superseded.items() if path in there and path not in wanted}


def _expiry(stage: Stage, now: datetime) -> datetime:
    """Return from when a file may be deleted that is not part of the site from now on."""
    return now + ASSET_LIFE if stage is Stage.ASSET else now


def _intent(known: Manifest, uploads: Sequence[Upload], now: datetime) -> bytes | None:
    """Return the old manifest with the files that are new to it as leaving, until the new one says otherwise."""
    artifacts = [upload.artifact for upload in uploads if upload.artifact.path not in known.entries]
    new = {artifact.path: _expiry(artifact.stage, now) for artifact in artifacts}
    return encode(replace(known, leaving={**known.leaving, **new})) if new else None


def _without_gone(manifest: Manifest, there: Mapping[str, Listed]) -> Manifest:
    """Return the manifest without files that have left; that alone is no reason to write it again."""
    leaving = {path: instant for path, instant in manifest.leaving.items() if path in there}
    return replace(manifest, leaving=leaving)
