"""A theme as data: templates and assets by path, already read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Templates (Jinja2 source) and assets (bytes) by path within the theme; `origins` are the files they came from."""

    name: str
    templates: Mapping[str, str]
    assets: Mapping[str, bytes]
    origins: Mapping[str, str]
