"""The sites of the cases, each made once however many tests read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.unit.truth.incidents import INCIDENTS
from tests.unit.truth.stage import Play
from tests.unit.truth.works import MAINTENANCE, MOVED, OTHERS, WEEKLY
from tests.unit.truth.written import Case

PLAYS: dict[str, tuple[Sequence[Case], Mapping[str, str]]] = {
    "incidents": (INCIDENTS, {}),
    "maintenance": (MAINTENANCE, {}),
    "moved": (MOVED, {}),
    "others": (OTHERS, {"maintenance/patches.md": WEEKLY}),
}
"""The cases of every site, and the files beside theirs."""


@pytest.fixture(scope="session", params=PLAYS)
def play(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Play:
    """A site of cases."""
    cases, files = PLAYS[request.param]
    made = Play(request.param, cases, tmp_path_factory.mktemp("play"))
    made.write(files)
    return made
