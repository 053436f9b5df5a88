"""The file in the target that remembers what a listing cannot show: headers, what is leaving, and how new it all is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from statusgen.model.artifact import Artifact, Stage

MANIFEST_KEY = "statusgen-manifest.json"
VERSION = 2

_STAGES = {stage.name.lower(): stage for stage in Stage}
_NAMES = {stage: name for name, stage in _STAGES.items()}


class Entry(NamedTuple):
    """One file as it was sent: the hexadecimal MD5 of its body, a digest of its headers, its stage and its size.

    `fingerprint` is that of all it was made of, empty where that is not known.
    """

    md5: str
    headers: str
    stage: Stage
    size: int
    fingerprint: str = ""


class TakenBack(NamedTuple):
    """What a rollback took back, and when: the digest of how it looked, or of its words where it looked the same."""

    at: datetime
    look: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What was published last.

    `generation` is the newest observation behind it, None when nothing was ever measured. `entries` are the files of
    the site by path. `leaving` are files that we wrote and that are no longer part of the site, with the instant from
    which they may be deleted. `headers` are the type and the caching that a digest of headers stands for. `look` and
    `words` are the digests of what people made of it, see `identity`. `taken_back` is there after a
    rollback.
    """

    generation: datetime | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict)
    leaving: Mapping[str, datetime] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    look: str = ""
    words: str = ""
    taken_back: TakenBack | None = None


def entry(artifact: Artifact) -> Entry:
    """Return what the manifest remembers of an artifact."""
    md5 = hashlib.md5(usedforsecurity=False)
    for part in artifact.parts:
        md5.update(part)
    return Entry(
        md5=md5.hexdigest(),
        headers=headers_of(artifact),
        stage=artifact.stage,
        size=artifact.size,
        fingerprint=artifact.fingerprint,
    )


def headers_of(artifact: Artifact) -> str:
    """Return the digest of the headers that an artifact is sent with."""
    return _headers(artifact.content_type, artifact.cache_control)


def headers_by_digest(artifacts: Iterable[Artifact]) -> dict[str, tuple[str, str]]:
    """Return type and caching of all artifacts by what their entries remember of them."""
    return {headers_of(one): (one.content_type, one.cache_control) for one in artifacts}


@lru_cache(maxsize=64)
def _headers(content_type: str, cache_control: str) -> str:
    return hashlib.sha256(f"{content_type}\n{cache_control}".encode()).hexdigest()[:12]


def encode(manifest: Manifest) -> bytes:
    """Return the manifest as JSON; equal manifests give equal bytes."""
    return json.dumps(as_document(manifest), ensure_ascii=False, separators=(",", ":")).encode()


def as_document(manifest: Manifest) -> dict[str, object]:
    """Return the manifest as what JSON knows; what a site does not have is left out."""
    back = manifest.taken_back
    made = {
        "headers": {digest: list(headers) for digest, headers in sorted(manifest.headers.items())},
        "look": manifest.look,
        "words": manifest.words,
        "taken_back": [back.at.isoformat(), back.look, back.words] if back else None,
    }
    return {
        "statusgen_manifest": VERSION,
        "generation": manifest.generation.isoformat() if manifest.generation else None,
        **{key: value for key, value in made.items() if value},
        "entries": {path: _written(entry) for path, entry in sorted(manifest.entries.items())},
        "leaving": {path: instant.isoformat() for path, instant in sorted(manifest.leaving.items())},
    }


def decode(body: bytes | None, *, warn: Callable[[str], None]) -> Manifest | None:
    """Return the manifest; None when there is none, or with a warning when it is damaged or of an unknown version.

    Without a manifest every file is sent again and nothing is deleted, so that a damaged one costs time but no page.
    """
    if body is None:
        return None
    try:
        return from_document(json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        warn(f"{MANIFEST_KEY} in the target cannot be understood; every file is sent again and nothing is deleted")
        return None


def from_document(document: Mapping[str, Any]) -> Manifest:
    """Return the manifest that a document says; any of the usual errors when it is not one."""
    if document["statusgen_manifest"] != VERSION:
        raise ValueError("unknown version")
    generation, entries, leaving = (document[key] for key in ("generation", "entries", "leaving"))
    if not isinstance(entries, dict) or not isinstance(leaving, dict):
        raise TypeError("entries and leaving are mappings")
    return Manifest(
        generation=None if generation is None else _instant(generation),
        entries={
            path: Entry(str(md5), str(headers), _STAGES[stage], int(size), *map(str, mark))
            for path, (md5, headers, stage, size, *mark) in entries.items()
        },
        leaving={path: _instant(instant) for path, instant in leaving.items()},
        headers={digest: (str(kind), str(cache)) for digest, (kind, cache) in document.get("headers", {}).items()},
        look=str(document.get("look", "")),
        words=str(document.get("words", "")),
        taken_back=_taken_back(document.get("taken_back")),
    )


def _taken_back(row: Any) -> TakenBack | None:
    if row is None:
        return None
    at, look, words = row
    return TakenBack(_instant(at), str(look), str(words))


def _written(entry: Entry) -> list[str | int]:
    row: list[str | int] = [entry.md5, entry.headers, _NAMES[entry.stage], entry.size]
    return [*row, entry.fingerprint] if entry.fingerprint else row


def _instant(text: object) -> datetime:
    """Return an aware instant."""
    instant = datetime.fromisoformat(str(text))
    if instant.tzinfo is None:
        raise ValueError("an instant has a zone")
    return instant
