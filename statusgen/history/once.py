"""What is wrong with the state is said once, though much of it is read more than once."""

from __future__ import annotations

from collections.abc import Callable


def once(warn: Callable[[str], None]) -> Callable[[str], None]:
    """Return a `warn` that says the same thing only once."""
    said: set[str] = set()

    def tell(message: str) -> None:
        if message not in said:
            said.add(message)
            warn(message)

    return tell


def told_elsewhere(message: str) -> None:
    """Be the `warn` of a reading whose warnings another one gives too: `recall`, or that of another day."""
