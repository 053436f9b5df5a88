"""Makes sure that a page is seen, and not just sent: opens it as readers do until caches have followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from statusgen.errors import PublishError
from statusgen.ports import Clock, Progress, Reader
from statusgen.publish import seen
from statusgen.publish.seen import Seen, Wanted
from statusgen.sweep import run_to_end


def seen_by(
    reader: Reader, files: Sequence[Wanted], address: str, published: datetime, *, clock: Clock, progress: Progress
) -> Seen:
    """Return what a reader gets at the site's public address, once caches have had a minute to follow.

    `published` is the instant of the page that was sent. Raises `PublishError` when readers get something else.
    """
    asked = seen.with_root(files)
    urls = {one.path: f"{address}/{one.path}" for one in asked}
    progress.start("looking as readers do", len(asked))
    found = _look(asked, urls, reader, published)
    for wait in seen.WAITS:
        if not found.wrong:
            break
        run_to_end(clock.sleep(wait))
        found = _look(asked, urls, reader, published)
    for remark in found.remarks:
        progress.warn(remark)
    if found.wrong:
        raise PublishError(_unseen(found, address))
    progress.done(f"{found.checked} files as they were sent")
    return found


def _look(files: Sequence[Wanted], urls: Mapping[str, str], reader: Reader, published: datetime) -> Seen:
    replies = reader.get([*urls.values()])
    return seen.look(files, {path: replies[url] for path, url in urls.items()}, published)


def _unseen(found: Seen, address: str) -> str:
    """Return what to tell when readers do not see what was sent."""
    old = f"\n    they see the page of {found.published:%Y-%m-%d %H:%M:%S} UTC" if found.published else ""
    each = "\n".join(f"    {one}" for one in found.wrong)
    hint = "is this the target's address, is the bucket public, does a cache in front of it heed Cache-Control?"
    return f"everything was sent, but readers do not get it at {address}:\n{each}{old}\n    hint: {hint}"
