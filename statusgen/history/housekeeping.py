"""Keeping the state small while it is read. None of it is needed for the page, so a failure is a warning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from statusgen.errors import StoreError
from statusgen.history import summary
from statusgen.history.compact import compact
from statusgen.history.contents import Contents
from statusgen.history.keys import RAW
from statusgen.history.summary import Summary
from statusgen.ports import ObjectStore


class Housekeeper:
    """Merges objects and keeps summaries. After the first refusal of the store it does not ask again."""

    def __init__(self, state: ObjectStore, *, warn: Callable[[str], None], allowed: bool) -> None:
        self._state = state
        self._warn = warn
        self._allowed = allowed

    @property
    def allowed(self) -> bool:
        """Whether it still does anything."""
        return self._allowed

    def merge(self, day: date, contents: Sequence[Contents]) -> frozenset[str]:
        """Merge the objects of a day that are old enough; return the names of those that hold the day's lines now."""
        names = frozenset(one.name for one in contents)
        settled = [one for one in contents if one.stored.settled]
        if not self._allowed:
            return names
        try:
            return names.difference(one.name for one in settled) | compact(self._state, day, settled, warn=self._warn)
        except StoreError as error:
            self.give_up(error)
            return names

    def keep_summaries(self, summaries: Iterable[Summary], *, changed: Collection[date]) -> None:
        """Write the summaries of the months in which one has changed."""
        if not self._allowed:
            return
        try:
            summary.store(self._state, summaries, changed)
        except StoreError as error:
            self.give_up(error)

    def keep_window(self, window: Summary) -> None:
        """Write the summary of the window."""
        if not self._allowed:
            return
        try:
            summary.store_window(self._state, window)
        except StoreError as error:
            self.give_up(error)

    def give_up(self, error: StoreError) -> None:
        """Do nothing any more, and say why."""
        self._allowed = False
        self._warn(f"{self._state.name!r} is not kept tidy: {error}; nothing is lost, the next run tries again")


def is_tidy(contents: Sequence[Contents], names: Collection[str]) -> bool:
    """Return whether nothing is left to merge among the objects that hold a day's lines now.

    One of which something is set aside has nothing more to give, and stays.
    """
    left = set(names).difference(one.name for one in contents if not one.whole)
    return len(left) <= 1 and not any(name.startswith(RAW) for name in left)
