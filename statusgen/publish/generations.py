"""The pages that were published before, kept in the state so that a bad one can be taken back.

    generations/<YYYYMMDDTHHMMSSZ>-<digest>-<change>/<sha256>.tar.gz      files as they were, named by their MD5
    generations/<YYYYMMDDTHHMMSSZ>-<digest>-<change>/generation.json.gz   the manifest they belong to; written last

The change is what took their place: another `look`, or only other `words`.

One is kept when people have changed something, and holds no more than the files that are about to be replaced: all
others are where they were. What only a later generation replaced is with that one.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from statusgen.errors import StateError, StoreError
from statusgen.ports import Blob, ObjectStore
from statusgen.publish.manifest import Manifest, as_document, from_document

PREFIX = "generations/"
MOST = 10
"""Generations that are kept, the newest ones."""
MOST_LOOKS = 3
"""So many more are kept in which the page looked different: words may be many on the night when a theme goes wrong."""
PACKED = 256
"""Files that lie together in one object."""
LARGEST = 256 * 1024 * 1024
"""Bytes in such an object when inflated."""
ORPHANED = timedelta(days=1)
"""After so long a generation without its manifest is one that nobody will finish."""
VERSION = 1

_RECORD = "generation.json.gz"
_INSTANT = "%Y%m%dT%H%M%SZ"
_LOOK, _WORDS = "look", "words"
_KEY = re.compile(
    rf"{PREFIX}(?P<name>\d{{8}}T\d{{6}}Z-[0-9a-f]{{8}}-(?:{_LOOK}|{_WORDS}))/(?P<file>{_RECORD}|[0-9a-f]{{64}}\.tar\.gz)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A page that was published until another one took its place; `packs` are the keys of its files."""

    name: str
    manifest: Manifest
    packs: tuple[str, ...]

    @property
    def replaced(self) -> datetime:
        """When another one took its place."""
        return _instant(self.name)

    @property
    def restyled(self) -> bool:
        """Whether that one looked different."""
        return _is_restyled(self.name)


def is_ours(key: str) -> bool:
    """Return whether a key of the state is one of these."""
    return _KEY.fullmatch(key) is not None


def keep(
    parting: Sequence[str], manifest: Manifest, target: ObjectStore, state: ObjectStore, *, now: datetime, look: str
) -> None:
    """Keep the page that is published, of which these files are about to be replaced by one that looks so.

    Files that are not what the manifest says are not ours to keep. Raises `StoreError`.
    """
    record = {"statusgen_generation": VERSION, "manifest": as_document(manifest)}
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    change = _WORDS if manifest.look == look else _LOOK
    folder = f"{PREFIX}{now.astimezone(UTC):{_INSTANT}}-{hashlib.sha256(body).hexdigest()[:8]}-{change}/"
    for start in range(0, len(parting), PACKED):
        paths = parting[start : start + PACKED]
        bodies = {_md5(one): one for one in target.read(paths).values()}
        known = {manifest.entries[path].md5 for path in paths}
        if pack := _packed({digest: bodies[digest] for digest in sorted(bodies.keys() & known)}):
            name = f"{folder}{hashlib.sha256(pack).hexdigest()}.tar.gz"
            state.write([Blob(key=name, body=gzip.compress(pack, 6, mtime=0), content_type="application/gzip")])
    state.write([Blob(key=f"{folder}{_RECORD}", body=gzip.compress(body, mtime=0), content_type="application/gzip")])
    _sweep(state, now)


def known(state: ObjectStore, *, warn: Callable[[str], None]) -> tuple[Generation, ...]:
    """Return the generations that are kept, newest first; raise `StateError` when the state cannot be read."""
    try:
        folders = _folders(one.key for one in state.list(PREFIX))
        names = [name for name, files in folders.items() if _RECORD in files]
        bodies = state.read([f"{PREFIX}{name}/{_RECORD}" for name in names]) if names else {}
    except StoreError as error:
        raise StateError(f"earlier pages cannot be read: {error}") from error
    found = []
    for name in sorted(names, reverse=True):
        packs = tuple(f"{PREFIX}{name}/{file}" for file in folders[name] if file != _RECORD)
        try:
            found.append(_generation(name, packs, bodies.get(f"{PREFIX}{name}/{_RECORD}", b"")))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, EOFError, OSError, zlib.error):
            warn(f"the earlier page {name!r} cannot be understood, and is left out")
    return tuple(found)


def bodies(generations: Iterable[Generation], state: ObjectStore, *, warn: Callable[[str], None]) -> dict[str, bytes]:
    """Return the bodies kept with these, by their MD5; raise `StateError` when the state cannot be read."""
    found: dict[str, bytes] = {}
    for pack in (pack for generation in generations for pack in generation.packs):
        try:
            [body] = state.read([pack]).values() or [b""]
            found.update(_unpacked(body))
        except StoreError as error:
            raise StateError(f"earlier pages cannot be read: {error}") from error
        except (ValueError, EOFError, OSError, zlib.error, tarfile.TarError):
            warn(f"{pack!r} is damaged; the files in it stay as they are")
    return found


def _generation(name: str, packs: tuple[str, ...], body: bytes) -> Generation:
    document = json.loads(_inflated(body))
    if document["statusgen_generation"] != VERSION:
        raise ValueError("unknown version")
    return Generation(name=name, manifest=from_document(document["manifest"]), packs=packs)


def _instant(name: str) -> datetime:
    return datetime.strptime(name.partition("-")[0], _INSTANT).replace(tzinfo=UTC)


def _folders(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return the files of each generation by its name; what is not ours is left out."""
    folders: dict[str, list[str]] = {}
    for key in keys:
        if match := _KEY.fullmatch(key):
            folders.setdefault(match["name"], []).append(match["file"])
    return folders


def _packed(found: Mapping[str, bytes]) -> bytes:
    """Return bodies in one archive, each under its name; nothing when there is none."""
    if not found:
        return b""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, body in found.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return packed.getvalue()


def _unpacked(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the bodies of an archive that are what their names say."""
    with tarfile.open(fileobj=io.BytesIO(_inflated(body))) as archive:
        for member in archive:
            file = archive.extractfile(member)
            found = file.read() if file else b""
            if _md5(found) == member.name:
                yield member.name, found


def _inflated(body: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
        inflated = file.read(LARGEST + 1)
    if len(inflated) > LARGEST:
        raise ValueError("too large")
    return inflated


def _md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def _sweep(state: ObjectStore, now: datetime) -> None:
    """Delete generations beyond those that are kept, and what is left of those that nobody finished."""
    folders = _folders(one.key for one in state.list(PREFIX))
    whole = sorted((name for name, files in folders.items() if _RECORD in files), reverse=True)
    beyond = whole[MOST:]
    looks = [name for name in beyond if _is_restyled(name)][:MOST_LOOKS]
    orphaned = [name for name in folders.keys() - set(whole) if now - _instant(name) > ORPHANED]
    for name in sorted({*beyond, *orphaned} - set(looks)):
        record, *packs = sorted(folders[name], key=lambda file: file != _RECORD)
        state.delete([f"{PREFIX}{name}/{record}"])  # first, so that no manifest is left without its files
        if packs:
            state.delete([f"{PREFIX}{name}/{pack}" for pack in packs])


def _is_restyled(name: str) -> bool:
    return name.endswith(_LOOK)
