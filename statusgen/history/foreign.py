"""What lies below the state's prefix and is not ours.

Every run says so of what it lists anyway: raw objects, and segments of the months that a page shows. What else there is
can only be seen among all names, whose number grows with the age of the site, so they are listed once a day.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from statusgen.errors import StoreError
from statusgen.history.keys import RAW, SEGMENTS, is_ours
from statusgen.history.listing import warn_of_foreign
from statusgen.ports import ObjectStore

_LISTED = re.compile(rf"{RAW}|{SEGMENTS}\d{{4}}-\d\d-", re.ASCII)
"""What is listed at once; of the names in it a run speaks in one sentence, and so does this, for `once` to hear."""


def tell_of_foreign(state: ObjectStore, warn: Callable[[str], None]) -> None:
    """List everything, and warn of each name that is not ours. A failure is a warning."""
    foreign: dict[str, list[str]] = defaultdict(list)
    try:
        for one in state.list():
            if not is_ours(one.key):
                listed = _LISTED.match(one.key)
                foreign[listed[0] if listed else ""].append(one.key)
    except StoreError as error:
        warn(f"{state.name!r} cannot be looked through for what is not ours: {error}; the next day tries again")
    for _, names in sorted(foreign.items()):
        warn_of_foreign(names, warn)
