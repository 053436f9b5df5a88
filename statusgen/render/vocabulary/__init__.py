"""What templates can say besides the page's data: the functions that a theme's author may call.

The docstrings of the functions are that author's reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.render.tongue import Tongue
from statusgen.render.vocabulary.base import Base
from statusgen.render.vocabulary.states import States
from statusgen.render.vocabulary.stories import Stories
from statusgen.render.vocabulary.times import Times
from statusgen.render.vocabulary.ways import Ways


@dataclass(frozen=True, slots=True)
class Vocabulary(States, Times, Stories, Ways):
    """All that a template may call."""


FUNCTIONS = tuple(
    name
    for part in (Base, States, Times, Stories, Ways)
    for name, member in vars(part).items()
    if not name.startswith("_") and callable(member)
)
"""The names of the functions, in the order of the reference."""


def for_page(
    page: Page, say: Tongue, *, here: str, near: datetime | None, files: Mapping[str, Artifact]
) -> dict[str, Callable[..., Any]]:
    """Return the functions by the names that templates call them by, for the page at `here`."""
    desk = Vocabulary(page, say, here, near, files)
    return {**{name: getattr(desk, name) for name in FUNCTIONS}, "_": desk.gettext}
