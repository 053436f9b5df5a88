"""Which keys a store takes: plain relative names that mean the same in a folder and in a bucket."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from statusgen.errors import StoreError

LONGEST_KEY = 1024
"""Bytes of UTF-8 in a key, the limit of S3."""
LONGEST_PART = 255
"""Bytes of UTF-8 between two slashes, the limit of common file systems."""


def check_keys(operation: str, keys: Iterable[str]) -> None:
    """Raise `StoreError` for the first key that is not a plain name; nothing has been touched then."""
    for key in keys:
        if found := _oddity(key):
            raise StoreError(operation, key, f"{found}; expected a plain relative name such as 'assets/site.css'")


def _oddity(key: str) -> str:
    """Return what is wrong with a key; empty when nothing is."""
    parts = key.split("/")
    if not all(parts):
        return "it is empty, begins or ends with a slash, or has two in a row"
    if any(part in {".", ".."} for part in parts):
        return "it points to another folder"
    if "\\" in key or not key.isprintable():
        return "it holds a backslash or a character that cannot be printed"
    if unicodedata.normalize("NFC", key) != key:
        return "its accents are not in the composed form (NFC)"
    if len(key.encode()) > LONGEST_KEY or any(len(part.encode()) > LONGEST_PART for part in parts):
        return f"it is longer than {LONGEST_KEY} bytes, or a part of it than {LONGEST_PART}"
    return ""
