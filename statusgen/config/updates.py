"""Dated updates: second-level headings of an instant and a phase, checked for the order of both.

Below a heading may stand `key: value` lines: what the update changes of what stands above it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

from pydantic_core import PydanticCustomError

from statusgen.config.clear_secrets import clear_secrets
from statusgen.config.decode import decode
from statusgen.config.markdown import Section
from statusgen.config.nodes import Table, find
from statusgen.config.reading import Reading
from statusgen.config.yaml_reader import read_table
from statusgen.errors import Place
from statusgen.model.words import IncidentPhase, MaintenancePhase
from statusgen.values import Document, either, parse_instant, shape, suggest

P = TypeVar("P", IncidentPhase, MaintenancePhase)
D = TypeVar("D", bound=Document)

KEY = "update"

_DATE = re.compile(r"[0-9]{4}-?[0-9]{2}")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_LINE = re.compile(r"([A-Za-z][A-Za-z_ -]{1,20}):(?=[ \t]|$).*(?:\n[ \t]+\S.*)*\n?", re.MULTILINE)
_NEAR = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Generic[P, D]):
    """An update as written: its heading taken apart, and the `key: value` lines below it.

    `said` are those lines, `table` where they stand; None when there are none. `body` is what follows them.
    """

    number: int
    at: datetime
    phase: P
    body: str
    said: D
    heading: Place
    phase_at: Place
    table: Table | None = None

    def place(self, key: str) -> Place:
        """Return the place of a value in the lines below the heading, or that of the heading."""
        return find(self.table, [key]) if self.table else self.heading


def read_updates(
    sections: Sequence[Section], steps: Mapping[P, Set[P]], document: type[D], reading: Reading
) -> tuple[Told[P, D], ...]:
    """Return the updates that an announcement's sections hold; problems of each, and of their order, in `reading`.

    `steps` says which phase may follow which; its first phase is the one before any update. `document` are the keys
    that may stand below a heading.
    """
    updates = [found for section in sections if (found := _read(section, steps, reading)) is not None]
    _check_order(updates, reading)
    return tuple(_told(number, read, document, reading) for number, read in enumerate(updates, 1))


def _told(number: int, read: tuple[Section, datetime, P], document: type[D], reading: Reading) -> Told[P, D]:
    section, at, phase = read
    lines, body = _split(section, document)
    table, said = None, document()
    if lines:
        table = read_table(lines, section.at.file, reading.found, first_line=section.below)
    else:
        _check_misspelt(section, document, reading)
    if table:
        reading.found.extend(clear_secrets(table))
        said = decode(table, document, reading.found) or said
    return Told(
        number=number,
        at=at,
        phase=phase,
        body=body,
        said=said,
        heading=section.at,
        phase_at=_place_of(section, phase),
        table=table,
    )


def _split(section: Section, document: type[Document]) -> tuple[str, str]:
    """Return the lines at the top of an update that give a key a value, and the text below them."""
    end = 0
    while (match := _LINE.match(section.body, end)) and match[1] in document.model_fields:
        end = match.end()
    return section.body[:end], section.body[end:].lstrip("\n")


def _check_misspelt(section: Section, document: type[Document], reading: Reading) -> None:
    """Refuse a text that begins as if it were meant for us: it would go to the readers as it stands."""
    match = _LINE.match(section.body)
    word = match[1].lower().replace(" ", "_").replace("-", "_") if match else ""
    near = difflib.get_close_matches(word, document.model_fields, n=1, cutoff=_NEAR) if word else []
    if near:
        at = Place(section.at.file, section.below, 1)
        message = f"{section.body[: len(word)]!r} looks like the key {near[0]!r}, but is none"
        reading.wrong(at, KEY, message, f"write '{near[0]}: …', or begin the text with another word")


def _read(section: Section, steps: Mapping[P, Set[P]], reading: Reading) -> tuple[Section, datetime, P] | None:
    words = section.heading.split()
    if section.underlined or not words or not _DATE.match(words[0]):
        _refuse_heading(section, next(iter(steps)), reading)
        return None
    split = 2 if len(words) > 1 and _TIME.match(words[1]) else 1
    at = _instant(section, " ".join(words[:split]), reading)
    phase = _phase(section, " ".join(words[split:]), steps, reading)
    return None if at is None or phase is None else (section, at, phase)


def _refuse_heading(section: Section, phase: str, reading: Reading) -> None:
    if section.underlined:
        message = "the line of hyphens below makes this text a heading"
        reading.wrong(section.at, KEY, message, "put an empty line between the text and the hyphens")
        return
    message = f"a second-level heading is an update, got {shape(section.heading)}"
    hint = f"write '## 2022-12-01T14:04Z {phase}', or '###' for a heading within the text"
    reading.wrong(section.at, KEY, message, hint)


def _instant(section: Section, text: str, reading: Reading) -> datetime | None:
    try:
        return parse_instant(text)
    except PydanticCustomError as error:
        context = error.context or {}
        reading.wrong(section.at, KEY, context["message"], context["hint"])
    return None


def _phase(section: Section, word: str, steps: Mapping[P, Set[P]], reading: Reading) -> P | None:
    for phase in steps:
        if phase == word:
            return phase
    at = Place(section.at.file, section.at.line, section.at.column + max(section.heading.find(word), 0))
    reading.wrong(at, KEY, f"expected {either(steps)}, got {shape(word)}", _phase_hint(word, steps))
    return None


def _phase_hint(word: str, steps: Mapping[P, Set[P]]) -> str:
    if not word:
        return f"write the phase after the time, such as '{next(iter(steps))}'"
    others = {*IncidentPhase, *MaintenancePhase} - set(steps)
    if word in others:
        kind = "maintenance" if word in set(MaintenancePhase) else "an incident"
        return f"{word!r} is a phase of {kind}"
    return suggest(word, steps)


def _check_order(updates: Sequence[tuple[Section, datetime, P]], reading: Reading) -> None:
    for (earlier, before, _), (later, at, _) in pairwise(updates):
        if at < before:
            message = f"{later.heading.split()[0]!r} is before the update above it, of line {earlier.at.line}"
            reading.wrong(later.at, KEY, message, "updates stand in the order of time, the oldest first")


def check_steps(told: Sequence[Told[P, D]], steps: Mapping[P, Set[P]], reading: Reading) -> None:
    """Refuse a phase that cannot follow the one before."""
    before = next(iter(steps))
    for one in told:
        if one.phase not in steps[before]:
            message = f"{str(one.phase)!r} cannot follow {str(before)!r}"
            reading.wrong(one.phase_at, KEY, message, _step_hint(before, steps))
        before = one.phase


def _place_of(section: Section, phase: str) -> Place:
    return Place(section.at.file, section.at.line, section.at.column + section.heading.rfind(phase))


def _step_hint(before: P, steps: Mapping[P, Set[P]]) -> str:
    allowed = [phase for phase in steps if phase in steps[before]]
    if not allowed:
        return f"nothing follows {str(before)!r}; what comes after is a new announcement"
    return f"what may follow: {either(allowed)}"
