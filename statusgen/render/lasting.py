"""Pages that tell of what is over or planned, and nothing of how things are at the moment.

They are drawn from a page that shows nothing else, so that what they are made of is known beforehand: a theme that
wants to show more there is let do so, and such a page is then drawn at every run.
"""

from __future__ import annotations

from dataclasses import fields

from statusgen.model.page import Page

SHOWN = frozenset({"site", "names", "interval"})
"""What lasting pages may show of the whole: what people have configured."""

_HIDDEN = frozenset(name for name in vars(Page) if not name.startswith("_")) - SHOWN


class NotLastingError(Exception):
    """A page shows something of how things are at the moment."""


class Narrow(Page):
    """A page of which only `SHOWN` can be seen; whoever looks at anything else hears `NotLastingError`."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> object:
        """Return what may be seen."""
        if name in _HIDDEN:
            raise NotLastingError(name)
        return object.__getattribute__(self, name)


def narrow(page: Page) -> Narrow:
    """Return what lasting pages may show of a page."""
    return Narrow(**{field.name: getattr(page, field.name) for field in fields(Page)})
