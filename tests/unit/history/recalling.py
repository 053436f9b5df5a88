"""A state that runs are kept in and recalled from, and what of that is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from statusgen.history import append, recall
from statusgen.history.keys import parse
from statusgen.model.observation import Observation
from statusgen.model.track import Record
from tests.factories import HOLD, NOW
from tests.fakes import MemoryStore, Notes

MIDNIGHT = NOW.replace(hour=0)


def keep(state: MemoryStore, runs: Sequence[Observation]) -> None:
    """Keep each observation as a run of its own, stored when it was made."""
    for one in runs:
        state.now = one.at
        append(state, [one], warn=pytest.fail)


def recalled(state: MemoryStore, notes: Notes, now: datetime = NOW, *, tidy: bool = True, days: int = 90) -> Record:
    """Recall, and count only the calls of that."""
    state.calls.clear()
    state.now = max(state.now, now)
    return recall(state, hold=HOLD, now=now, days=days, warn=notes.warn, tidy=tidy)


def kinds(state: MemoryStore) -> list[tuple[str, str]]:
    """Return folder and day or month of everything in the state."""
    held = state.keys()
    return [(key.split("/")[0], str(found.day) if (found := parse(key)) else key.split("/")[1][:7]) for key in held]
