"""Decides which files of a site need not be drawn, because the target holds them as they would come out.

What the target holds is told by its listing. The manifest tells what each file was made of: the fingerprint that was
drawn to the body which is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from statusgen.ports import Listed
from statusgen.publish.leaks import suspicion
from statusgen.publish.manifest import Manifest
from statusgen.render import Keeping


def keeping(
    listing: Sequence[Listed], manifest: Manifest | None, *, secrets: Mapping[str, str], engine: str
) -> Keeping:
    """Return what may stay as it is in a target with this listing and manifest.

    Nothing of what could hold one of the secrets may: it was drawn when that was perhaps not known to be one.
    """
    return Keeping(engine, _held(listing, manifest) if manifest else {}, suspicion(secrets))


def _held(listing: Sequence[Listed], manifest: Manifest) -> dict[str, str]:
    """Return the fingerprints of the files that are there with the body that the manifest knows."""
    there = {listed.key: listed for listed in listing}
    return {
        path: entry.fingerprint
        for path, entry in manifest.entries.items()
        if entry.fingerprint
        and (found := there.get(path))
        and found.etag in (entry.md5, None)
        and found.size == entry.size
    }
