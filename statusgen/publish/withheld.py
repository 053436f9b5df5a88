"""Which files stay in when some of them would leak: those, and whatever would then lead readers to nothing.

A file that stays in leaves what the target holds under its name as it is. Where it holds nothing, no other file may
refer to it: an announcement that was never out is left out of all pages, and what still refers to it stays in too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from statusgen.model.announcement import Announcement
from statusgen.model.artifact import Artifact
from statusgen.model.project import Project
from statusgen.publish.leaks import IN_NAME, Leak
from statusgen.publish.plan import FRONT_PAGE
from statusgen.render import links

HINT = (
    "take it out, and change a secret that was ever written down; addresses and names that you publish knowingly go\n"
    "    into 'leaks: {allow: [...]}' in statusgen.yaml"
)


def never_out(project: Project, leaks: Sequence[Leak], there: Collection[str]) -> tuple[Announcement, ...]:
    """Return the announcements whose pages, events or pictures would leak and that readers have never seen."""
    leaking = {leak.path for leak in leaks}
    return tuple(
        one for one in project.announcements if any(path in leaking for path in _paths(one, project, leaking, there))
    )


def _paths(one: Announcement, project: Project, leaking: Collection[str], there: Collection[str]) -> Iterator[str]:
    """Yield where an announcement lies in every language, and its pictures; nothing when its page is out."""
    page, event = links.path_of(one), links.event_path(one)
    branches = ("", *(f"{tag}/" for tag in project.site.languages))
    if not any(f"{branch}{page}" in there for branch in branches):
        yield from (f"{branch}{path}" for branch in branches for path in (page, event))
        yield from (picture.path for picture in one.pictures.values() if picture.path in leaking)


def withhold(artifacts: Sequence[Artifact], leaks: Sequence[Leak], there: Collection[str]) -> tuple[Leak, ...]:
    """Return why each file stays in that does, by path: the leaks, and links to what would be missing."""
    stays = {leak.path for leak in leaks}
    found = [*leaks]
    missing = [path for path in sorted(stays) if path not in there]
    while missing:
        path = missing.pop()
        link = _link_to(path)
        for one in artifacts:
            if one.path not in stays and not one.kept and any(link.search(part) for part in one.parts):
                stays.add(one.path)
                found.append(Leak(one.path, f"a link to {path}, which is not out"))
                missing += [] if one.path in there else [one.path]
    return tuple(sorted(found))


def _link_to(path: str) -> re.Pattern[bytes]:
    """Return what finds a link: the file's name, of an index with that of its folder; some more are found than are."""
    folder, _, name = path.rpartition("/")
    end = f"{folder.rpartition('/')[2]}/{name}" if name == FRONT_PAGE and folder else name
    return re.compile(rb"[/\"'(=]" + re.escape(end.encode()) + rb"(?=[\"'#?)\s<,;\\]|$)")


def told(withheld: Sequence[Leak], first: str, places: Sequence[str] = ()) -> str:
    """Return what to tell people: which files stay in and why, and where in their files that stands."""
    files = "".join(f"\n    {leak.path}: holds {leak.what}" for leak in withheld)
    for path in sorted({leak.path for leak in withheld if leak.what.endswith(IN_NAME)}, key=len, reverse=True):
        files = files.replace(path, f"a file in '{path.rpartition('/')[0]}/'")
    where = "".join(f"\n    it stands in {place}" for place in places)
    return f"{first}:{files}{where}\n    hint: {HINT}"


def first_words(withheld: Sequence[Leak]) -> str:
    """Return how to begin: whether the front page is among what stays in."""
    number = len({leak.path for leak in withheld})
    files = "a file was" if number == 1 else f"{number} files were"
    front = ", the front page too" if any(leak.path == FRONT_PAGE for leak in withheld) else ""
    return f"{files} not published, because something would leak{front}; all else is out, and nothing was deleted"
