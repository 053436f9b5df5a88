"""Where the words of a store become those of the state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from statusgen.errors import StateError, StoreError
from statusgen.ports import ObjectStore

ADVICE = "check the address and the credentials under 'state' in statusgen.yaml and run again"


@contextmanager
def as_state_error(state: ObjectStore, what: str) -> Iterator[None]:
    """Turn a `StoreError` into a `StateError` that says what to do."""
    try:
        yield
    except StoreError as error:
        raise StateError(f"observations cannot be {what} {state.name!r}: {error.reason}; {ADVICE}") from error
