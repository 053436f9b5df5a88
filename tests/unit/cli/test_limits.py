"""The limit of open files is raised as far as it goes, and decides how many tries there are at once."""

from __future__ import annotations

import resource

import pytest

from statusgen.cli.limits import FILES_PER_TRY, OTHER_FILES, tries_at_once
from statusgen.sweep import AT_ONCE

ENOUGH = AT_ONCE * FILES_PER_TRY + OTHER_FILES
UNLIMITED = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("soft", "hard", "raised_to", "tries"),
    [
        (1024, 1_048_576, ENOUGH, AT_ONCE),
        (256, UNLIMITED, ENOUGH, AT_ONCE),
        (ENOUGH, ENOUGH, None, AT_ONCE),
        (20_000, 20_000, None, AT_ONCE),
        (UNLIMITED, UNLIMITED, None, AT_ONCE),
        (256, 1100, 1100, 500),
        (64, 64, 64, 1),
    ],
)
def test_the_limit_is_raised_as_far_as_it_goes(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised_to: int | None, tries: int
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    assert tries_at_once() == tries
    assert asked == ([] if raised_to is None else [(raised_to, hard)])


def test_a_machine_that_refuses_gets_by_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(which: int, limits: tuple[int, int]) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (1100, UNLIMITED))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert tries_at_once() == 500
