"""What a rendered site says in its feeds."""

from __future__ import annotations

from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.render.entries import Entry, everything, tell
from statusgen.render.feed import newest
from statusgen.render.feeds import feeds
from statusgen.render.tongue import PLAIN


def written(shown: Page) -> dict[str, Artifact]:
    """Return the feeds of a page by path."""
    return {artifact.path: artifact for artifact in feeds(shown, PLAIN)}


def entries(shown: Page) -> tuple[Entry, ...]:
    """Return the entries of the main feed, newest first."""
    return newest(everything(shown, tell(shown), PLAIN), {})


def ids(shown: Page) -> list[str]:
    """Return the ids of the entries without what they share, newest first."""
    return [entry.id.removeprefix("tag:status.example.org,2022:") for entry in entries(shown)]
