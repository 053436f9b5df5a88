"""What a prober says is kept only as far as it may be; that a thing is down is always kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statusgen.history import append, recall
from statusgen.model.observation import Observation
from statusgen.model.words import Outcome
from statusgen.ports import Blob
from statusgen.publish.leaks import Search
from statusgen.stores.guarded import Guarded
from tests.factories import HOLD, NOW, observation
from tests.fakes import MemoryStore, Notes

SEARCH = Search(secrets={"TOKEN": "hunter2-hunter2", "ID": "web-http"}, hosts=frozenset({"db.internal"}))


def kept(one: Observation, *others: Observation) -> tuple[str, list[str], tuple[Observation, ...]]:
    """Return the object that is written, the warnings, and what is read of it."""
    real, notes = MemoryStore(), Notes()
    key = append(Guarded(real, SEARCH, notes.warn), [one, *others], warn=notes.warn)
    body = real.objects[key][0].decode()
    read = recall(real, hold=HOLD, now=NOW, warn=notes.warn)
    return body, notes.warnings, tuple(read.latest)


DOWN = replace(observation(Outcome.DOWN), reason="http_502")


@pytest.mark.parametrize(
    ("facts", "phases", "what"),
    [
        ({"said": "the word is hunter2-hunter2"}, {}, "the value of TOKEN"),
        ({"hunter2-hunter2": 1}, {}, "the value of TOKEN"),
        ({}, {"hunter2-hunter2": 1.0}, "the value of TOKEN"),
        ({"at": "10.0.0.5"}, {}, "a private address"),
        ({"at": "db.internal"}, {}, "the name of an internal host"),
        ({"said": "ghp_" + "a1" * 18}, {}, "a GitHub token"),
    ],
)
def test_what_would_leak_is_left_out_and_the_outcome_stays(
    facts: dict[str, str], phases: dict[str, float], what: str
) -> None:
    body, warnings, read = kept(replace(DOWN, facts=facts, phases=phases), replace(DOWN, check="ok", facts={"n": 1}))
    assert warnings == [f"an observation of 'web-http' is kept without its words, for they hold {what}"]
    assert not any(word in body for word in ("hunter2", "10.0.0.5", "db.internal", "ghp_"))
    assert '"facts":{"n":1}' in body
    assert all(one.outcome is Outcome.DOWN and one.reason == "http_502" for one in read)
    assert {one.check for one in read} == {"web-http", "ok"}


def test_a_reason_that_would_leak_is_left_out_too() -> None:
    body, warnings, _ = kept(replace(DOWN, reason="hunter2-hunter2"))
    assert "hunter2" not in body
    assert len(warnings) == 1


def test_what_would_not_is_written_as_it_is_and_ids_are_no_secrets() -> None:
    body, warnings, read = kept(DOWN)
    assert warnings == []
    assert '"check":"web-http"' in body
    assert read == (DOWN,)


def test_what_nobody_can_read_is_left_out_when_it_would_leak() -> None:
    real, notes = MemoryStore(), Notes()
    Guarded(real, SEARCH, notes.warn).write([Blob(key="raw/earth/x.jsonl", body=b"no JSON, hunter2-hunter2\n")])
    assert b"hunter2" not in real.objects["raw/earth/x.jsonl"][0]


def test_all_else_is_passed_on() -> None:
    real = MemoryStore()
    guarded = Guarded(real, SEARCH, print)
    guarded.write([Blob(key="summaries/x", body=b"hunter2-hunter2")])
    assert guarded.name == real.name
    assert [one.key for one in guarded.list()] == ["summaries/x"]
    assert guarded.read(["summaries/x"]) == {"summaries/x": b"hunter2-hunter2"}
    guarded.delete(["summaries/x"])
    assert guarded.list() == real.list() == []
