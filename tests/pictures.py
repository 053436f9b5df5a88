"""Pictures of every type that is published, made by hand: as much of each as says what it is."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 640, height: int = 480, *, notes: bytes = b"") -> bytes:
    """Return a whole PNG of one grey, so that a browser shows it too."""
    rows = (b"\0" + b"\x80" * width) * height
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))]
    chunks += [(b"eXIf", notes)] if notes else []
    chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def jpeg(width: int = 640, height: int = 480, *, notes: bytes = b"") -> bytes:
    """Return the head of a JPEG."""
    parts = [(0xE0, b"JFIF\0" + bytes(9))]
    parts += [(0xE1, b"Exif\0\0" + notes)] if notes else []
    parts += [(0xDB, bytes(65)), (0xC2, struct.pack(">BHHB", 8, height, width, 3) + bytes(9))]
    segments = (bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in parts)
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xda\0\2"


def gif(width: int = 640, height: int = 480) -> bytes:
    """Return the head of a GIF."""
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(3)


def webp(kind: bytes, width: int = 640, height: int = 480, *, notes: bytes = b"") -> bytes:
    """Return the head of a WebP: `VP8 ` loses, `VP8L` loses nothing, `VP8X` may hold notes."""
    size = {
        b"VP8 ": bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height),
        b"VP8L": b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14),
        b"VP8X": bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
    }[kind]
    chunks = [(kind, size), (b"ODD ", b"1")]
    chunks += [(b"EXIF", notes)] if notes else []
    body = b"".join(name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2) for name, part in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def exif(*, orientation: int = 1, located: bool = False, order: str = "<") -> bytes:
    """Return Exif notes: how the camera was held, and whether they tell where."""
    entries = [(0x0112, 3, 1, struct.pack(f"{order}HH", orientation, 0))]
    entries += [(0x8825, 4, 1, struct.pack(f"{order}I", 99))] if located else []
    packed = b"".join(struct.pack(f"{order}HHI", *entry[:3]) + entry[3] for entry in entries)
    mark = {"<": b"II", ">": b"MM"}[order]
    return mark + struct.pack(f"{order}HI", 42, 8) + struct.pack(f"{order}H", len(entries)) + packed
