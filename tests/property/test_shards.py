"""Law: parallel jobs share the checks without talking: each check is in one part, and others never move it."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.project import Check, Component, Location
from statusgen.model.shard import Shard, part_of
from tests import factories

ids = st.text("abcdefghij-/0123456789", min_size=1, max_size=12)
counts = st.integers(1, 24)


def every(parts: int) -> list[Shard]:
    return [Shard(number, parts) for number in range(1, parts + 1)]


@given(st.sets(ids, max_size=30), counts)
def test_the_parts_are_disjoint_and_complete(checks: set[str], parts: int) -> None:
    held = [check for shard in every(parts) for check in checks if shard.holds(check)]
    assert sorted(held) == sorted(checks)


@given(st.lists(ids, max_size=12, unique=True), st.permutations(range(12)), counts)
def test_a_check_stays_in_its_part_whichever_others_there_are_and_wherever_it_stands(
    checks: list[str], order: list[int], parts: int
) -> None:
    shuffled = [checks[index] for index in order if index < len(checks)]
    for shard in every(parts):
        kept = {check for check in shuffled[::2] if shard.holds(check)}
        assert kept == {check for check in checks if shard.holds(check)} & set(shuffled[::2])


@given(ids, counts)
def test_one_part_more_takes_its_share_and_moves_nothing_between_the_others(check: str, parts: int) -> None:
    assert part_of(check, parts + 1) in {part_of(check, parts), parts + 1}


@given(counts, st.lists(ids, max_size=12, unique=True))
def test_every_part_of_a_location_probes_its_controls_itself(parts: int, checks: list[str]) -> None:
    made = tuple(Check(id=name, component="web", kind="http", spec=None) for name in checks)
    project = factories.project(factories.group(Component(id="web", name="Web", checks=made)))
    location: Location = project.locations[0]
    runs = [project.checks_from(location, shard) for shard in every(parts)]
    assert all(run[-1:] == location.controls for run in runs)
    assert sorted(check.id for run in runs for check in run[:-1]) == sorted(checks)


def test_a_thousand_checks_in_sixteen_parts_are_62_or_63_each_give_or_take_twenty() -> None:
    sizes = Counter(part_of(f"component-{number}/http", 16) for number in range(1000))
    assert len(sizes) == 16
    assert all(abs(size - 62.5) <= 20 for size in sizes.values()), sizes


def test_a_part_reads_as_people_write_it() -> None:
    assert str(Shard(3, 16)) == "3/16"
