"""Dated updates: second-level headings of an instant and a phase, checked for the order of both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from pydantic_core import PydanticCustomError

from statusgen.config.markdown import Section
from statusgen.config.reading import Reading
from statusgen.errors import Place
from statusgen.model.announcement import Update
from statusgen.model.words import IncidentPhase, MaintenancePhase
from statusgen.values import either, parse_instant, shape, suggest

P = TypeVar("P", IncidentPhase, MaintenancePhase)

KEY = "update"

_DATE = re.compile(r"[0-9]{4}-?[0-9]{2}")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}")


def read_updates(sections: Sequence[Section], steps: Mapping[P, Set[P]], reading: Reading) -> tuple[Update, ...]:
    """Return the updates that an announcement's sections hold; problems of each, and of their order, in `reading`.

    `steps` says which phase may follow which; its first phase is the one before any update.
    """
    updates = [found for section in sections if (found := _read(section, steps, reading)) is not None]
    _check_order(updates, reading)
    if len(updates) == len(sections):  # with one missing, what follows what is not known
        _check_steps(updates, steps, reading)
    return tuple(
        Update(number=number, at=at, phase=phase, body=section.body)
        for number, (section, at, phase) in enumerate(updates, 1)
    )


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


def _check_steps(updates: Sequence[tuple[Section, datetime, P]], steps: Mapping[P, Set[P]], reading: Reading) -> None:
    before = next(iter(steps))
    for section, _, phase in updates:
        if phase not in steps[before]:
            at = Place(section.at.file, section.at.line, section.at.column + section.heading.rfind(phase))
            reading.wrong(at, KEY, f"{str(phase)!r} cannot follow {str(before)!r}", _step_hint(before, steps))
        before = phase


def _step_hint(before: P, steps: Mapping[P, Set[P]]) -> str:
    allowed = [phase for phase in steps if phase in steps[before]]
    if not allowed:
        return f"nothing follows {str(before)!r}; what comes after is a new announcement"
    return f"what may follow: {either(allowed)}"
