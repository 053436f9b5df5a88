"""Which pages a browser has to look at: enough of them that nothing that any page is made of is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import lxml.html

Place = tuple[str, str]
"""A situation, and the path of a page of it."""

_TELLING = ("class", "role", "hidden", "open", "aria-hidden", "tabindex", "reversed", "scope", "type")


def needed(bodies: Mapping[Place, bytes]) -> list[Place]:
    """Return few pages that together hold every part that any page has: elements within elements, with their classes.

    Those with the most new parts come first; of pages that are made of the same, the shortest is taken.
    """
    left = {place: _parts(body) for place, body in sorted(bodies.items(), key=lambda item: (len(item[1]), item[0]))}
    found: list[Place] = []
    while left:
        place = max(left, key=lambda one: len(left[one]))
        parts = left.pop(place)
        if not parts:
            break
        found.append(place)
        left = {other: own - parts for other, own in left.items()}
    return sorted(found)


def _parts(body: bytes) -> frozenset[tuple[str, ...]]:
    return frozenset(_lineage(element) for element in lxml.html.fromstring(body).iter() if isinstance(element.tag, str))


def _lineage(element: Any) -> tuple[str, ...]:
    above: Iterable[Any] = element.iterancestors()
    return tuple(_name(one) for one in (element, *list(above)[:2]))


def _name(element: Any) -> str:
    return " ".join([element.tag, *(f"{key}={element.get(key)}" for key in _TELLING if key in element.attrib)])
