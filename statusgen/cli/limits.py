"""What this machine lets one process have, and what that is enough for."""

from __future__ import annotations

import sys

from statusgen.sweep import AT_ONCE

FILES_PER_TRY = 2
"""Open files that a try may need: its connection, and one more while it goes from one address to the next."""
OTHER_FILES = 100
"""Open files for everything else: the state, the target, modules that are being loaded."""


def tries_at_once() -> int:
    """Return how many tries may be under way, after asking for as many open files as that takes."""
    return max(1, min(AT_ONCE, (_allow_files(AT_ONCE * FILES_PER_TRY + OTHER_FILES) - OTHER_FILES) // FILES_PER_TRY))


def _allow_files(wanted: int) -> int:
    """Raise the limit of open files as far as is allowed and wanted, and return it. It is never lowered."""
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415 - not everywhere

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    except (OSError, ValueError):
        return soft
    return allowed
