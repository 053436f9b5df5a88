"""What is remembered, over any object store: observations in, a `Record` out. See `docs/reference/state.md`."""

from statusgen.history.append import append, backfill
from statusgen.history.days import keep_days, load_days, newest_day
from statusgen.history.foreign import tell_of_foreign
from statusgen.history.last_seen import doubted, remember
from statusgen.history.late import merge_late, touched
from statusgen.history.observed import observed
from statusgen.history.once import once
from statusgen.history.recall import recall
from statusgen.history.retention import forget
from statusgen.history.spool import deliver

__all__ = [
    "append",
    "backfill",
    "deliver",
    "doubted",
    "forget",
    "keep_days",
    "load_days",
    "merge_late",
    "newest_day",
    "observed",
    "once",
    "recall",
    "remember",
    "tell_of_foreign",
    "touched",
]
