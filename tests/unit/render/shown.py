"""What a rendered page shows: its words, its elements, and a page that knows what announcements affect."""

from __future__ import annotations

from typing import Any

import lxml.html

from statusgen.model.page import Page
from tests.unit.render.conftest import Render
from tests.unit.render.pages import (
    component,
    group,
    page,
)


def text(site: Render, shown: Page, path: str = "index.html") -> str:
    """Return the words of one page, each run of white space as one space."""
    tree = lxml.html.fromstring(site(shown)[path].body)
    for element in tree.xpath("//script|//style|//title"):
        element.drop_tree()
    for element in tree.iter("dt", "dd", "li", "p", "h1", "h2", "h3", "small", "b", "summary"):
        element.tail = f" {element.tail or ''}"
    return " ".join(tree.text_content().split())


def tree(site: Render, shown: Page, path: str = "index.html") -> Any:
    """Return one page as an element tree."""
    return lxml.html.fromstring(site(shown)[path].body)


def known(**more: Any) -> Page:
    """Return a page that knows the components that the announcements affect."""
    return page(group("Core", component("Media"), component("Database")), **more)
