"""The logo that `statusgen.yaml` names: small enough to travel inside every page."""

from __future__ import annotations

from pathlib import PurePosixPath

from statusgen.config.reading import Reading
from statusgen.errors import Place
from statusgen.model.project import Logo

LIMIT = 8 * 1024
"""Bytes of a logo: every page carries it, on the worst network."""

_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


def read_logo(name: str, at: Place, reading: Reading) -> Logo | None:
    """Return the logo; None, and a problem, when there is no such file or it cannot be used."""
    path, plain = reading.root / name, PurePosixPath(name)
    content_type = _TYPES.get(plain.suffix.lower())
    if ".." in plain.parts or plain.is_absolute() or not path.is_file():
        message, hint = f"there is no file {name!r}", "name it as it lies in the project's folder"
    elif content_type is None:
        message, hint = f"expected an image that ends in .svg, .png or .webp, got {name!r}", "save it as SVG"
    elif (size := path.stat().st_size) > LIMIT:
        message = f"expected at most {LIMIT} bytes, got {size}: every page carries the logo"
        hint = "make it smaller; 64 pixels of height are enough"
    else:
        return Logo(content_type, path.read_bytes())
    reading.wrong(at, "site.logo", message, hint)
    return None
