"""Sends a plan in an order that leaves a working site wherever it stops.

The names of new files, new files, changed files, the manifest, deletions; new and changed files each in the order
assets, pages, feeds and JSON, front page. There is a barrier between all of them: what readers find only refers to
what is there already, an old page keeps its assets, and whatever is there is known to be ours. The first failure ends
the run before the next group.
"""

from __future__ import annotations

from collections.abc import Sequence

from statusgen.errors import PublishError, StoreError
from statusgen.model.artifact import Artifact
from statusgen.ports import Blob, ObjectStore, Progress
from statusgen.publish.manifest import MANIFEST_KEY
from statusgen.publish.plan import Plan

BATCH = 64
"""Files sent between two words of progress; the store sends them in parallel."""

NAMED = 5
"""Files that an error names at most."""


def apply(plan: Plan, store: ObjectStore, *, progress: Progress) -> None:
    """Make the store what the plan says; raise `PublishError` with what was sent and what was not.

    Nothing is deleted before everything is sent, so that a failure leaves a site that works; the next run finishes it.
    """
    sent: list[str] = []
    progress.start("uploading", len(plan.uploads))
    try:
        _write_manifest(plan.intent, store)
        for group in plan.groups():
            _send(group, store, sent, progress)
        _write_manifest(plan.manifest, store)
    except StoreError as error:
        raise PublishError(_cut_short(plan, store, {*sent, *error.done}, error)) from error
    if plan.deletions:
        try:
            store.delete(plan.deletions)
        except StoreError as error:
            message = f"the site is published at {store.name!r}, but old files could not be deleted: {error}"
            raise PublishError(f"{message}\n    hint: the next run tries again") from error
    progress.done(_files(len(sent), "sent") + (f", {_files(len(plan.deletions), 'deleted')}" if plan.deletions else ""))


def _write_manifest(body: bytes | None, store: ObjectStore) -> None:
    """Write a manifest, if there is one to write."""
    if body is not None:
        store.write([Blob(key=MANIFEST_KEY, body=body, content_type="application/json")])


def _send(artifacts: Sequence[Artifact], store: ObjectStore, sent: list[str], progress: Progress) -> None:
    """Write one stage, a batch at a time, and note what is written."""
    for start in range(0, len(artifacts), BATCH):
        batch = [
            Blob(
                key=artifact.path,
                body=artifact.body,
                content_type=artifact.content_type,
                cache_control=artifact.cache_control,
            )
            for artifact in artifacts[start : start + BATCH]
        ]
        store.write(batch)
        sent.extend(blob.key for blob in batch)
        for blob in batch:
            progress.advance(len(blob.body))


def _cut_short(plan: Plan, store: ObjectStore, sent: set[str], error: StoreError) -> str:
    """Return what to tell of a publish that stopped half-way."""
    paths = [upload.artifact.path for upload in plan.uploads]
    unsent = [path for path in paths if path not in sent]
    arrived = len(paths) - len(unsent)
    unsent += [MANIFEST_KEY] if plan.manifest is not None else []
    more = f" and {len(unsent) - NAMED} more" if len(unsent) > NAMED else ""
    return (
        f"publishing to {store.name!r} stopped: {error}\n"
        f"    sent: {arrived} of {_files(len(paths), '')}\n"
        f"    not sent: {', '.join(unsent[:NAMED])}{more}\n"
        "    hint: nothing was deleted and the page that was there still works; the next run finishes the job"
    )


def _files(number: int, what: str) -> str:
    """Return a number of files in words."""
    return f"{number} {'file' if number == 1 else 'files'} {what}".rstrip()
