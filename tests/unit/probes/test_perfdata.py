"""Performance data: which numbers are found in what a plugin prints, and under which names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.history.codec import decode, encode
from statusgen.model.observation import Observation
from statusgen.model.words import Outcome
from statusgen.probes.perfdata import LONGEST_NAME, MOST_NUMBERS, perfdata
from tests.fakes import START


@pytest.mark.parametrize(
    ("output", "numbers"),
    [
        ("", {}),
        ("OK", {}),
        ("OK a=1", {}),
        ("OK | a=1", {"a": 1}),
        ("OK|a=1;2;3;0;9 b=-0.5ms;;;; c=12%", {"a": 1, "b": -0.5, "c": 12}),
        ("OK | 'in use'=5MB;@1:2;~:3 rest=2e3s", {"in_use": 5, "rest": 2000.0}),
        ("OK | '=1", {}),
        ("OK | ''=1", {}),
        ("OK | /=5 /var/lib=6 db1.internal=7", {"value": 5, "var_lib": 6, "db1_internal": 7}),
        ("OK | a=1 a=2", {"a": 1}),
        ("OK | a=U b=1,5 c=one d= =2 e=1x2 f=0x10", {}),
        ("OK | a=1e999 b=9999999999999999999999", {}),
        ("OK | a=1\nmore text b=2\nlast | c=3\nd=4", {"a": 1, "c": 3, "d": 4}),
        ("OK\nlong | a=1", {"a": 1}),
        ("OK | \u00e4\u00f6=1 a\x1bb=2", {"value": 1, "a_b": 2}),
    ],
)
def test_numbers_are_found_by_name(output: str, numbers: dict[str, Any]) -> None:
    assert perfdata(output) == numbers


def test_numbers_and_names_are_bounded() -> None:
    assert len(perfdata("|" + " ".join(f"n{number}=1" for number in range(50)))) == MOST_NUMBERS
    assert perfdata("|" + "x" * 60 + "=1") == {"x" * LONGEST_NAME: 1}
    assert perfdata("|" + "x" * 70 + "=1") == {}


@given(st.text(alphabet="ab1.9=;'|%e-U \n\t\u00e4\0", max_size=200))
def test_whatever_a_plugin_prints_can_be_kept(output: str) -> None:
    facts = perfdata(output)
    observation = Observation(check="a/b", location="here", run="1", at=START, outcome=Outcome.UP, facts=facts)
    assert decode(encode(observation)).facts == facts
