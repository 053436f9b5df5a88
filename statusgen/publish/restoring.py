"""Turns what is kept of an earlier page into the files of a site. Pure: bodies come in, artifacts come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact
from statusgen.ports import Listed
from statusgen.publish.manifest import Entry, Manifest, TakenBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The files of an earlier page; `lacking` are those that are kept nowhere any more."""

    artifacts: tuple[Artifact, ...]
    lacking: tuple[str, ...]


def restored(
    earlier: Manifest, bodies: Mapping[str, bytes], listing: Sequence[Listed], published: Manifest
) -> Restored:
    """Return the files of an earlier page, of which the target need only be sent what it does not hold.

    Bodies are by their MD5. A file whose body is not among them stays as it is published: then nobody but the clock or
    what was measured has changed it.
    """
    shelf = _Shelf(earlier, bodies, {listed.key: listed for listed in listing}, published)
    found = {path: shelf.file(path, entry) for path, entry in earlier.entries.items()}
    return Restored(
        artifacts=tuple(artifact for artifact in found.values() if artifact),
        lacking=tuple(path for path, artifact in found.items() if artifact is None),
    )


def taken_back(earlier: Manifest, published: Manifest, now: datetime) -> TakenBack:
    """Return what is taken back: how the published page looks, or its words where it looks the same."""
    if published.look != earlier.look:
        return TakenBack(now, look=published.look)
    return TakenBack(now, words=published.words)


def refuse_taken_back(manifest: Manifest | None, look: str, words: Callable[[], str]) -> None:
    """Raise `PublishError` when what would be published is what a rollback has taken back; see `identity`."""
    back = manifest and manifest.taken_back
    if back and (back.look == look if back.look else back.words == words()):
        what = "the theme or the settings" if back.look else "what was written"
        raise PublishError(
            f"nothing was sent: the page was rolled back at {back.at:%Y-%m-%d %H:%M} UTC, and {what} would be the same "
            f"again\n    hint: mend {what} and publish; or publish with --force, which ends this"
        )


class _Shelf(NamedTuple):
    """Where the files of an earlier page are looked for."""

    earlier: Manifest
    bodies: Mapping[str, bytes]
    there: Mapping[str, Listed]
    published: Manifest

    def file(self, path: str, entry: Entry) -> Artifact | None:
        """Return one file; None when neither its body is kept nor any file of that path is published."""
        sent = self._sent(path)
        body = self.bodies.get(entry.md5)
        if sent and (sent.md5, sent.headers) == (entry.md5, entry.headers):
            return _artifact(path, sent, self.published, None)
        if body is not None and entry.headers in self.earlier.headers:
            return _artifact(path, entry, self.earlier, body)
        return _artifact(path, sent, self.published, None) if sent else None

    def _sent(self, path: str) -> Entry | None:
        """Return what the manifest says of a file, where that is what the target holds."""
        entry, there = self.published.entries.get(path), self.there.get(path)
        if not (entry and there and entry.headers in self.published.headers):
            return None
        return entry if there.etag in {entry.md5, None} and there.size == entry.size else None


def _artifact(path: str, entry: Entry, manifest: Manifest, body: bytes | None) -> Artifact:
    """Return a file with this body; without one, as it is published."""
    content_type, cache_control = manifest.headers[entry.headers]
    return Artifact(
        path=path,
        parts=() if body is None else (body,),
        content_type=content_type,
        cache_control=cache_control,
        stage=entry.stage,
        fingerprint=entry.fingerprint,
        kept=body is None,
    )
