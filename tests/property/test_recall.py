"""A record depends on what was observed alone: not on order of arrival, on storage, or on how often it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from statusgen.evaluate.track import fold
from statusgen.history import append, backfill, recall
from statusgen.model.observation import Observation
from statusgen.model.track import Record
from statusgen.model.words import Outcome
from tests.factories import CONTROL, DAY, HOLD, HOUR, NOW, observation
from tests.fakes import MemoryStore

Run = tuple[Observation, ...]
MIDNIGHT = NOW.replace(hour=0)
QUARTER = timedelta(minutes=15)


def _run(location: str, quarter: int, outcomes: Sequence[Outcome | None]) -> Run:
    """Return a run that begins so many quarters of an hour from a midnight, ten seconds before, and crosses it at 0."""
    start = MIDNIGHT + quarter * QUARTER - timedelta(seconds=10)
    checks = ("web-http", "db", CONTROL)
    return tuple(
        observation(outcome, start + number * timedelta(seconds=8), check=check, location=location, run=f"r{quarter}")
        for number, (check, outcome) in enumerate(zip(checks, outcomes, strict=True))
        if outcome is not None
    )


_outcomes = st.tuples(*[st.none() | st.sampled_from(Outcome)] * 3).filter(any)
_quarters = st.sampled_from([-200, -97, -96, -95, -2, -1, 0, 1, 2, 30, 31, 60])
histories = st.lists(
    st.builds(_run, st.sampled_from(["earth", "mars"]), _quarters, _outcomes),
    min_size=1,
    max_size=12,
    unique_by=lambda run: (run[0].location, run[0].run),
)
END = MIDNIGHT + DAY
"""Later than every run, while the last day is not closed."""


def remembered(state: MemoryStore, *, tidy: bool = True) -> Record:
    found: list[str] = []
    record = recall(state, hold=HOLD, now=END, days=9, warn=found.append, tidy=tidy)
    assert found == []
    return record


def kept(runs: Sequence[Run], state: MemoryStore | None = None) -> MemoryStore:
    """Keep the runs, in the order given, in a state whose clock is well past them."""
    state = state or MemoryStore()
    for run in runs:
        append(state, run, warn=lambda _: None)
    state.now = END + HOUR
    return state


@given(histories)
def test_a_record_is_what_folding_everything_at_once_gives(runs: list[Run]) -> None:
    everything = [one for run in runs for one in run]
    record = remembered(kept(runs))
    assert record.tracks == fold(everything, HOLD)
    assert (record.since, record.measured) == (min(one.at for one in everything), max(one.at for one in everything))
    newest: dict[tuple[str, str], Observation] = {}
    for one in sorted(everything, key=lambda one: one.at):
        newest[one.check, one.location] = one
    assert record.latest == tuple(newest[key] for key in sorted(newest))


@given(histories, st.randoms(use_true_random=False))
def test_neither_order_of_arrival_nor_repetition_changes_anything(runs: list[Run], random: Random) -> None:
    shuffled = random.sample([*runs, *runs], 2 * len(runs))
    assert remembered(kept(shuffled)) == remembered(kept(runs))


@given(histories, st.lists(st.integers(0, 12), max_size=3))
def test_reading_and_tidying_in_between_changes_nothing(runs: list[Run], pauses: list[int]) -> None:
    state = MemoryStore()
    for number, run in enumerate(runs):
        kept([run], state)
        for _ in range(pauses.count(number)):
            remembered(state)
            state.now += HOUR
    assert remembered(state) == remembered(kept(runs), tidy=False)


@given(histories)
def test_stored_raw_merged_or_summed_up_it_is_the_same(runs: list[Run]) -> None:
    state = kept(runs)
    raw = remembered(state, tidy=False)
    state.objects["raw/earth/2022-12-01/235900-later.jsonl"] = (b"", state.now)  # so that the others are old
    merged = remembered(state)
    summed_up = remembered(state)
    for key in state.keys("summaries/"):
        del state.objects[key]
    made_again = remembered(state)
    filled_in = MemoryStore()
    backfill(filled_in, [one for run in runs for one in run])
    assert raw == merged == summed_up == made_again == remembered(filled_in)


@given(histories)
def test_what_was_read_once_is_tidy_and_is_read_again_without_a_write(runs: list[Run]) -> None:
    state = kept(runs)
    state.objects["raw/earth/2022-12-01/235900-later.jsonl"] = (b"", state.now)
    remembered(state)
    objects = dict(state.objects)
    state.calls.clear()
    remembered(state)
    assert state.objects == objects
    assert not {"write", "delete"} & {call.method for call in state.calls}


@settings(max_examples=50)
@given(
    histories,
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "raw/earth/2022-12-01/000000-x.jsonl",
                    "raw/mars/2022-11-30/000000-x.jsonl",
                    f"segments/2022-12-01/{'0' * 64}.jsonl.gz",
                    f"segments/2022-11-30/{'0' * 64}.jsonl.gz",
                    "summaries/2022-11.jsonl.gz",
                    "summaries/2022-12.jsonl.gz",
                    "raw/x",
                ]
            ),
            st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode(errors="replace")),
        ),
        max_size=4,
    ),
)
def test_rubbish_changes_nothing_and_is_never_deleted(runs: list[Run], rubbish: list[tuple[str, bytes]]) -> None:
    clean = remembered(kept(runs))
    state = kept(runs)
    for key, body in rubbish:
        state.objects[key] = (body, MIDNIGHT)
    for _ in range(2):
        assert recall(state, hold=HOLD, now=END, days=9, warn=lambda _: None) == clean
    left = {key for key, body in dict(rubbish).items() if not key.startswith("summaries/") and body.strip()}
    assert left <= set(state.keys())


@given(histories)
def test_a_location_speaks_for_itself_only(runs: list[Run]) -> None:
    """Whoever may write below one location's prefix cannot change what another one saw."""
    clean = remembered(kept(runs))
    state = kept(runs)
    for run in runs:
        [key] = [
            key for key in state.keys("raw/") if f"/{run[0].location}/" in key and key.endswith(f"-{run[0].run}.jsonl")
        ]
        forged = key.replace(f"raw/{run[0].location}/", "raw/elsewhere/")
        lied = MemoryStore()
        append(lied, [replace(one, outcome=Outcome.DOWN, reason="timeout") for one in run], warn=lambda _: None)
        [(body, _)] = lied.objects.values()
        state.objects[forged] = (body, MIDNIGHT)
    assert recall(state, hold=HOLD, now=END, days=9, warn=lambda _: None) == clean
