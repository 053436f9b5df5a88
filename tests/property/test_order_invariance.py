"""Law: the order in which observations arrive changes nothing, nor does hearing of one twice."""

from __future__ import annotations

from datetime import datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.model.announcement import Announcement
from statusgen.model.project import Project
from tests.factories import HOLD, project, record
from tests.property.strategies import History, announcements, flat, histories, instants, projects, shaky


@given(histories | shaky, st.integers(0, 999))
def test_shuffled_and_repeated_observations_fold_to_the_same_tracks(history: History, seed: int) -> None:
    seen = flat(history)
    again = seen + seen[: len(seen) // 2]
    Random(seed).shuffle(again)
    assert fold(again, HOLD) == fold(seen, HOLD)


@given(projects, histories | shaky, announcements, instants, st.integers(0, 999))
def test_shuffled_tracks_and_announcements_make_the_same_page(
    of: Project, history: History, said: list[Announcement], now: datetime, seed: int
) -> None:
    tracks = list(fold(flat(history), HOLD))
    before = evaluate(project(*of.groups, announcements=said), record(*tracks), now)
    Random(seed).shuffle(tracks)
    Random(seed).shuffle(said)
    assert evaluate(project(*of.groups, announcements=said), record(*tracks), now) == before
