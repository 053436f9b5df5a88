"""The pictures beside announcements as files of the site."""

from __future__ import annotations

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.told import IncidentView, MaintenanceView, PostView
from statusgen.render.assets import FOR_EVER


def files(page: Page) -> tuple[Artifact, ...]:
    """Return every picture of an announcement that is public, each once, by path."""
    views: tuple[IncidentView | MaintenanceView | PostView, ...] = (*page.incidents, *page.maintenance, *page.posts)
    found = {picture.path: picture for view in views for picture in view.source.pictures.values()}
    return tuple(
        Artifact(
            path=path,
            parts=(picture.body,),
            content_type=picture.content_type,
            cache_control=FOR_EVER,
            stage=Stage.ASSET,
        )
        for path, picture in sorted(found.items())
    )
