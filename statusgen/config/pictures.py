"""The pictures that announcements show: files below `content/`, found by the address that the Markdown has for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from statusgen.config.raster import EXTENSIONS, Raster, look
from statusgen.config.reading import Reading
from statusgen.errors import Place
from statusgen.model.announcement import Picture
from statusgen.render.markdown import pictures_in
from statusgen.values import slugify, suggest

MAX_BYTES = 1024 * 1024
"""The largest picture; a page must open on a bad network."""

MOST = 100
"""Pictures of one file; more would take long to find, and longer to read."""

_KEY = "picture"
_KINDS = "PNG, JPEG, GIF or WebP"


def read_pictures(text: str, start: Place, folder: str, reading: Reading) -> dict[str, Picture]:
    """Return the pictures that a text shows, by the address written; what is wrong with each is in `reading`.

    `start` is where the text begins, `folder` the one whose files may be shown. Each is read once a text.
    """
    lines = text.split("\n")
    found: dict[str, Picture] = {}
    told: set[str] = set()
    for address, (first, last) in pictures_in(text):
        if address in found or address in told:
            continue
        at = _place(address, lines, first, last, start)
        if len(found) + len(told) == MOST:
            reading.wrong(
                at, _KEY, f"expected at most {MOST} pictures in a file", "split it: readers are on bad networks"
            )
            break
        picture = _read(address, at, folder, reading)
        if picture is None:
            told.add(address)
        else:
            found[address] = picture
    return found


def _place(address: str, lines: list[str], first: int, last: int, start: Place) -> Place:
    """Return where an address stands, or else where the block begins that it belongs to."""
    for number in range(first, min(last + 1, len(lines))):
        for spelling in (address, unquote(address)):
            column = lines[number].find(spelling)
            if column >= 0:
                return Place(start.file, start.line + number, column + 1)
    return Place(start.file, start.line + first, 1)


def _read(address: str, at: Place, folder: str, reading: Reading) -> Picture | None:
    written = unquote(address)
    base = (reading.root / folder).resolve()
    named = base / written.lstrip("/") if written.startswith("/") else (reading.root / at.file).parent / written
    file = named.resolve()
    if not file.is_relative_to(base):
        hint = f"put it below '{folder}/', best beside this file"
        reading.wrong(at, _KEY, f"{written!r} lies outside '{folder}/'", hint)
        return None
    if not file.is_file():
        reading.wrong(at, _KEY, f"there is no file {written!r}", _nearest(file))
        return None
    body = _body(file, written, at, reading)
    if body is None:
        return None
    raster = look(body)
    if raster is None:
        message = f"expected a picture ({_KINDS}), got something else in {written!r}"
        reading.wrong(at, _KEY, message, "save it as one of these; a drawing (SVG) best as PNG or WebP")
        return None
    if raster.located:
        message = f"{written!r} tells where it was taken"
        reading.wrong(at, _KEY, message, "remove that: save it without its metadata, or as a screenshot")
        return None
    return _picture(file.relative_to(base), body, raster)


def _body(file: Path, written: str, at: Place, reading: Reading) -> bytes | None:
    try:
        with file.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        reading.wrong(at, _KEY, f"{written!r} cannot be read: {why}")
        return None
    if len(body) > MAX_BYTES:
        hint = "make it smaller, such as 1600 pixels wide: readers are on bad networks"
        reading.wrong(at, _KEY, f"{written!r} is larger than 1 MiB", hint)
        return None
    return body


def _nearest(file: Path) -> str:
    """Return a hint at a file of a similar name in the same folder."""
    there = {one.name.lower().replace(" ", "_"): one.name for one in _siblings(file)}
    near = suggest(file.name, there)
    for spelt, name in there.items():
        near = near.replace(repr(spelt), repr(name))
    return near or "put the file beside this one, or correct its name"


def _siblings(file: Path) -> Iterator[Path]:
    if file.parent.is_dir():
        yield from (one for one in file.parent.iterdir() if one.is_file())


def _picture(path: Path, body: bytes, raster: Raster) -> Picture:
    """Return the picture under a name for the site that changes with its content."""
    folders = [slugify(part) or "pictures" for part in PurePosixPath(path.as_posix()).parent.parts]
    digest = hashlib.sha256(body).hexdigest()[:12]
    name = f"{slugify(path.stem) or 'picture'}.{digest}{EXTENSIONS[raster.content_type]}"
    return Picture(
        path="/".join([*folders, name]),
        content_type=raster.content_type,
        width=raster.width,
        height=raster.height,
        body=body,
    )
