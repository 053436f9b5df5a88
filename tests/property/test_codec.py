"""An observation comes back from its line as it was, and nothing that is no observation makes the reader fall over."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from statusgen.history import codec
from statusgen.history.contents import pack, split, unpack
from statusgen.history.keys import parse, raw_key, segment_key
from statusgen.model.observation import Observation
from statusgen.model.reason import REASONS
from statusgen.model.words import Outcome

_letters = st.characters(exclude_categories=["C", "Z"], include_characters=" ").filter(str.isprintable)
texts = st.text(_letters, max_size=9)
names = st.text(_letters, min_size=1, max_size=9)
numbers = st.integers(-(2**70), 2**70) | st.floats(-1e300, 1e300)
instants = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - UTC is added
parts = st.sampled_from(["", "media:"])
observations = st.builds(
    Observation,
    check=names,
    location=names,
    run=names,
    at=instants,
    outcome=st.sampled_from(Outcome),
    reason=st.none() | st.sampled_from(sorted(REASONS)) | st.builds("{}http_{}".format, parts, st.integers(100, 599)),
    latency_ms=st.none() | st.floats(0, 1e7),
    tries=st.integers(1, 9),
    phases=st.dictionaries(texts, st.floats(0, 1e7), max_size=3),
    facts=st.dictionaries(texts, st.booleans() | numbers | texts, max_size=3),
    holds=st.none() | st.timedeltas(timedelta(microseconds=1), codec.LONGEST_HOLD),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)
KEYS = ("at", "check", "location", "run", "outcome", "reason", "latency_ms", "tries", "phases", "facts", "holds_s")


@given(observations)
def test_an_observation_comes_back_as_it_was(one: Observation) -> None:
    line = codec.encode(one)
    assert "\n" not in line
    assert codec.decode(line) == one
    assert codec.encode(codec.decode(line)) == line


@given(observations, st.dictionaries(st.text(max_size=9).filter(lambda key: key not in KEYS), json_values, max_size=3))
def test_fields_of_the_future_change_nothing(one: Observation, more: dict[str, object]) -> None:
    said = json.loads(codec.encode(one))
    assert codec.decode(json.dumps(said | more)) == one


@given(st.text(max_size=200))
@example("[" * 5000)
@example("9" * 5000)
def test_any_text_is_an_observation_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        codec.decode(text)


@given(observations, st.sampled_from(KEYS), json_values)
def test_any_value_in_any_place_is_borne_or_a_value_error(one: Observation, key: str, value: object) -> None:
    said = json.loads(codec.encode(one)) | {key: value}
    with suppress(ValueError):
        found = codec.decode(json.dumps(said))
        assert codec.decode(codec.encode(found)) == found


@given(st.sets(names, max_size=9))
def test_a_segment_holds_its_lines_and_is_named_after_them(lines: set[str]) -> None:
    kept = {line for line in lines if line.strip()}
    assert set(split(unpack(pack(kept)))) == kept
    day = datetime(2022, 12, 1, tzinfo=UTC).date()
    key = segment_key(day, kept)
    assert parse(str(key)) == key
    assert (segment_key(day, lines | {"another"}) == key) == ("another" in kept and lines == kept)


@given(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?", fullmatch=True),
    instants,
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", fullmatch=True),
)
def test_a_raw_key_comes_back_as_it_was(location: str, began: datetime, run: str) -> None:
    key = raw_key(location, began, run)
    assert parse(str(key)) == key


@given(st.text(max_size=99) | st.from_regex(r"(raw|segments)/[a-z0-9/.-]*", fullmatch=True))
def test_a_name_that_is_ours_is_spelled_in_one_way_only(text: str) -> None:
    key = parse(text)
    assert key is None or str(key) == text
