"""The same Markdown for every generator: incidents as people write them, in as many words, for any number of years.

Half of the texts hold a link, a list or emphasis. What stands above the text is each generator's own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2016, 1, 1, tzinfo=UTC)
APART = timedelta(hours=6)
COMPONENTS = 10
_WORDS = tuple(
    re.findall(
        r"\w+",
        "the quick database of our instance fills up while pictures load slowly for readers in Europe and queues "
        "wait so we look at disks replace a switch restart what hangs and tell you more when we know it thank you all",
    )
)
_STEPS = ("investigating", "identified", "resolved")
_OWN = "title: {title}\nstarted: {at:%Y-%m-%dT%H:%MZ}\nimpact: minor\naffects: [c{number}]"
_THEIRS = "title: {title}\ndate: {at:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Incident:
    """One text, and when it began."""

    number: int
    at: datetime
    text: str

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.at:%Y-%m-%d-%H}-incident-{self.number}.md"

    def file(self, *, own: bool) -> str:
        """Return it with what has to stand above it for us, or for the others."""
        values = {"title": f"Incident {self.number}", "at": self.at, "number": self.number % COMPONENTS}
        return f"---\n{(_OWN if own else _THEIRS).format(**values)}\n---\n{self.text}"


def incidents(number: int) -> Iterator[Incident]:
    """Yield so many incidents, oldest first; the first of them are the same for any number."""
    chance = random.Random(1)
    for one in range(number):
        at = BEGIN + one * APART
        parts = [_prose(chance, 60)]
        for step, word in enumerate(_STEPS, 1):
            parts.append(f"## {at + step * timedelta(minutes=20):%Y-%m-%dT%H:%MZ} {word}\n\n{_prose(chance, 30)}")
        yield Incident(one, at, "\n\n".join(parts) + "\n")


def write(folder: Path, number: int, *, own: bool) -> None:
    """Write so many incidents into a folder."""
    folder.mkdir(parents=True)
    for one in incidents(number):
        (folder / one.name).write_text(one.file(own=own), encoding="utf-8")


def _prose(chance: random.Random, length: int) -> str:
    words = [chance.choice(_WORDS) for _ in range(length)]
    form = chance.randrange(6)
    if form == 0:
        words[3] = f"[{words[3]}](https://example.org/{words[4]})"
    elif form == 1:
        words[5] = f"*{words[5]}* and **{words[6]}**"
    elif form == 2:
        return f"{' '.join(words[: length // 2])}:\n\n- {' '.join(words[length // 2 : -4])}\n- {' '.join(words[-4:])}"
    return f"{' '.join(words).capitalize()}."
