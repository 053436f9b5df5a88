"""Histories laid over each other."""

from __future__ import annotations

from statusgen.evaluate.overlay import overlay
from tests.factories import minutes, span

A, B, C = span(minutes(0), minutes(4)), span(minutes(4), minutes(6)), span(minutes(2), minutes(9))


def test_no_rows_and_empty_rows_have_no_time() -> None:
    assert list(overlay([])) == list(overlay([[]])) == list(overlay([[], []])) == []


def test_each_stretch_holds_what_every_row_has_there() -> None:
    assert list(overlay([[A, B], [C]])) == [
        (minutes(0), minutes(2), (A, None)),
        (minutes(2), minutes(4), (A, C)),
        (minutes(4), minutes(6), (B, C)),
        (minutes(6), minutes(9), (None, C)),
    ]


def test_a_gap_in_all_rows_is_a_stretch_with_nothing() -> None:
    late = span(minutes(8), minutes(9))
    for rows, nothing in (([[A, late]], (None,)), ([[A, late], []], (None, None))):
        assert list(overlay(rows))[1] == (minutes(4), minutes(8), nothing)


def test_a_row_alone_is_read_as_it_would_be_beside_an_empty_one() -> None:
    row = [A, B, span(minutes(8), minutes(9))]
    assert list(overlay([row])) == [(start, end, seen[:1]) for start, end, seen in overlay([row, []])]
