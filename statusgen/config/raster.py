"""What a picture is, from its bytes: its type, its size as it is shown, and whether it tells where it was taken."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_PNG = b"\x89PNG\r\n\x1a\n"
_ORIENTATION = 0x0112
_LOCATION = 0x8825
_LYING = range(5, 9)
"""Orientations in which a camera lay on its side, so that browsers swap width and height."""

_NOTES = 0xE1
_SCAN = 0xDA
_MARK = 0xFF
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers of a JPEG: of its Exif notes, of its pixels, what each begins with, and those that hold its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """What a picture's bytes say of it. `located`: they tell where it was taken, as those of phones do."""

    content_type: str
    width: int
    height: int
    located: bool = False


EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}
)
"""The types of pictures that are published, and what their names end in."""


def look(body: bytes) -> Raster | None:
    """Return what a picture is; None when it is none, or of a type that is not published."""
    try:
        found = _read(body)
    except (struct.error, IndexError):  # cut short
        return None
    return found if found and found.width and found.height else None


def _read(body: bytes) -> Raster | None:
    if body.startswith(_PNG) and body[12:16] == b"IHDR":
        width, height = struct.unpack_from(">II", body, 16)
        return Raster(content_type="image/png", width=width, height=height, located=_is_located(_png_notes(body)))
    if body.startswith((b"GIF87a", b"GIF89a")):
        width, height = struct.unpack_from("<HH", body, 6)
        return Raster(content_type="image/gif", width=width, height=height)
    if body.startswith(b"\xff\xd8\xff"):
        return _read_jpeg(body)
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return _read_webp(body)
    return None


def _png_notes(body: bytes) -> bytes:
    at = len(_PNG)
    while at + 8 <= len(body):
        (length,) = struct.unpack_from(">I", body, at)
        if body[at + 4 : at + 8] == b"eXIf":
            return body[at + 8 : at + 8 + length]
        at += length + 12
    return b""


def _read_jpeg(body: bytes) -> Raster | None:
    notes = b""
    for marker, part in _segments(body):
        if marker == _NOTES and part.startswith(b"Exif\0\0"):
            notes = part[6:]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", part, 1)
            if _entries(notes).get(_ORIENTATION) in _LYING:
                width, height = height, width
            return Raster(content_type="image/jpeg", width=width, height=height, located=_is_located(notes))
    return None


def _segments(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments of a JPEG before its first scan."""
    at = 2
    while body[at] == _MARK and body[at + 1] != _SCAN:
        (length,) = struct.unpack_from(">H", body, at + 2)
        yield body[at + 1], body[at + 4 : at + 2 + length]
        at += 2 + length


def _read_webp(body: bytes) -> Raster | None:
    chunk = body[12:16]
    if chunk == b"VP8X":
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (24, 27))
        return Raster(content_type="image/webp", width=width, height=height, located=_is_located(_webp_notes(body)))
    if chunk == b"VP8L":
        (packed,) = struct.unpack_from("<I", body, 21)
        return Raster(content_type="image/webp", width=(packed & 0x3FFF) + 1, height=(packed >> 14 & 0x3FFF) + 1)
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 26)
        return Raster(content_type="image/webp", width=width & 0x3FFF, height=height & 0x3FFF)
    return None


def _webp_notes(body: bytes) -> bytes:
    at = 12
    while at + 8 <= len(body):
        (length,) = struct.unpack_from("<I", body, at + 4)
        if body[at : at + 4] == b"EXIF":
            return body[at + 8 : at + 8 + length].removeprefix(b"Exif\0\0")
        at += 8 + length + length % 2
    return b""


def _is_located(notes: bytes) -> bool:
    return _LOCATION in _entries(notes)


def _entries(notes: bytes) -> dict[int, int]:
    """Return the first directory of a picture's Exif notes: tags with their values, as far as those are short."""
    order = {b"II": "<", b"MM": ">"}.get(notes[:2])
    try:
        (at,) = struct.unpack_from(f"{order}I", notes, 4)
        (number,) = struct.unpack_from(f"{order}H", notes, at)
        found = [struct.unpack_from(f"{order}HHIH", notes, at + 2 + 12 * index) for index in range(number)]
    except struct.error:  # no notes, or none that anybody can read
        return {}
    return {tag: value for tag, _, _, value in found}
