"""What people have made of a site, as two digests: how it looks, and what they wrote.

What was measured has no part in them, so a page that only tells of the last run is still the same one.
"""

from __future__ import annotations

from statusgen import __version__
from statusgen.model.project import Project
from statusgen.model.theme import Theme
from statusgen.render.fingerprint import Makings


def look(project: Project, theme: Theme) -> str:
    """Return the digest of what a page looks like: our version, the theme, and what the settings say to readers."""
    groups = [
        (group.id, group.name, [(one.id, one.name, one.description, one.depends_on) for one in group.components])
        for group in project.groups
    ]
    places = [(one.id, one.name, one.provider) for one in project.locations]
    drawn = theme.templates, theme.assets, theme.catalogues
    return _digest(__version__, drawn, project.site, project.interval, groups, places)


def words(project: Project) -> str:
    """Return the digest of all that people wrote: every announcement, field by field."""
    return _digest(*project.announcements)


def _digest(*values: object) -> str:
    return Makings(lambda _: False).of(*values).digest
