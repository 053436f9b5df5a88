"""A theme as data: templates and assets by path, already read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from statusgen.model.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Templates (Jinja2 source) and assets (bytes) by path within the theme; `origins` are the files they came from.

    `catalogues` are the messages of the languages that the site speaks, by their tags; English has none of its own.
    """

    name: str
    templates: Mapping[str, str]
    assets: Mapping[str, bytes]
    origins: Mapping[str, str]
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
