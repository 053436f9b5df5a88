"""What is remembered, over any object store: observations in, a `Record` out. See `docs/reference/state.md`."""

from statusgen.history.append import append, backfill
from statusgen.history.recall import recall
from statusgen.history.spool import deliver

__all__ = ["append", "backfill", "deliver", "recall"]
