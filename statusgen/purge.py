"""Tells a CDN to forget what changed: a few tries, and not for long."""

from __future__ import annotations

from collections.abc import Sequence

from statusgen.errors import ChannelError
from statusgen.ports import Clock, Poster, Progress
from statusgen.publish.purging import Told
from statusgen.sweep import run_to_end

WAITS = (1.0, 3.0)
"""Seconds before the second try and the third."""

_HINT = "readers may see the old page until caches have followed; is the address right, and may the token purge?"
_DONE = range(200, 300)
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})


def tell(poster: Poster, url: str, told: Sequence[Told], *, clock: Clock, progress: Progress) -> None:
    """Send every request, each again while that may help; raise `ChannelError` when one is refused in the end."""
    progress.start("telling the cache", len(told))
    for one in told:
        trouble = _tell(poster, url, one, clock)
        if trouble:
            raise ChannelError(
                f"the page is out, but its cache was not told what changed: {trouble}\n    hint: {_HINT}"
            )
        progress.advance()
    progress.done(f"{len(told)} request{'' if len(told) == 1 else 's'}")


def _tell(poster: Poster, url: str, told: Told, clock: Clock) -> str:
    """Return what was in the way in the end; empty when it was told."""
    for wait in (*WAITS, None):
        reply = poster.post(url, told.headers, told.body)
        trouble = reply.trouble or ("" if reply.status in _DONE else f"the answer is {reply.status}")
        if not trouble or wait is None or not (reply.trouble or reply.status in _AGAIN):
            break
        run_to_end(clock.sleep(wait))
    return trouble
