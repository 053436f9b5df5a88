"""A state in memory, and what is said of it."""

from __future__ import annotations

import pytest

from tests.fakes import MemoryStore, Notes


@pytest.fixture
def state() -> MemoryStore:
    """Return an empty state."""
    return MemoryStore("s3://bucket/state")


@pytest.fixture
def notes() -> Notes:
    """Return what listens."""
    return Notes()
