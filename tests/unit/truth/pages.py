"""Pages as people read them: what stands where on the front page, on an announcement's own page and in the lists."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import lxml.html

from tests.unit.truth.told import Part, Told, Window, instant, named, phase_of


def tree(body: bytes) -> Any:
    """Return a page as an element tree."""
    return lxml.html.fromstring(body)


def words(element: Any) -> str:
    """Return what one reads of an element."""
    return " ".join(element.text_content().split())


def time_of(element: Any) -> datetime:
    """Return the first instant that an element names."""
    return instant(element.xpath(".//time/@datetime")[0])


def window_of(element: Any) -> Window:
    """Return the first stretch of time that an element names."""
    time = element.xpath(".//time[@data-until]")[0]
    return instant(time.get("datetime")), instant(time.get("data-until"))


def path_of(link: Any, here: str) -> str:
    """Return the file that a link of a page leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(here), link.get("href").partition("#")[0]))


def sheet(page: Any) -> dict[str, list[Any]]:
    """Return the facts at the top of an announcement's page by what they are called."""
    return {words(row.find("dt")): row.findall("dd") for row in page.xpath("//dl[contains(@class, 'sheet')]/div")}


def announcement(body: bytes, path: str) -> Told:
    """Return an incident or a maintenance as its own page tells it; what it lets stand out is its text."""
    page = tree(body)
    facts = sheet(page)
    if "Window" in facts:
        start, end = window_of(facts["Window"][0])
    else:
        start, end = time_of(facts["Began"][0]), time_of(facts["Resolved"][0]) if "Resolved" in facts else None
    affected = next((facts[word] for word in ("Affects", "Affected", "Expect", "Was to affect") if word in facts), [])
    (opening,) = page.xpath("//article/div[contains(@class, 'prose')]") or [None]
    return Told(
        path=path,
        title=words(page.find(".//h1")),
        phase=phase_of(words(facts["Now"][0].find("span"))),
        start=start,
        end=end,
        components=named(words(affected[0])) if affected else {},
        said=tuple(_updates(page)),
        text=words(opening) if opening is not None else "",
    )


def _updates(page: Any) -> Iterator[Part]:
    postmortem = page.xpath("//section[@aria-labelledby='postmortem']")
    rows = [*postmortem, *page.xpath("//ol[contains(@class, 'timeline')]/li")]
    for row in reversed(rows):
        chip = row.xpath(".//*[contains(@class, 'chip')]")
        moved = [line for line in row.findall("p") if words(line).startswith("New window:")]
        changed = [line for line in row.findall("p") if words(line).startswith("Now:")]
        yield Part(
            at=time_of(row),
            phase=phase_of(words(chip[0])) if chip else "postmortem",
            text=words(row),
            number=int(row.get("id").removeprefix("update-")),
            window=window_of(moved[0]) if moved else None,
            affects=named(words(changed[0])[len("Now:") :]) if changed else {},
        )


def front_incidents(body: bytes) -> dict[str, Told]:
    """Return the incidents that the front page tells of, by path."""
    found = {}
    for article in tree(body).xpath("//article[contains(@class, 'said')]"):
        link = article.xpath(".//h3/a")[0]
        facts = article.xpath("p[@class='facts']")
        path = path_of(link, "index.html")
        written = [time_of(line) for line in facts if "Written" in words(line)]
        found[path] = Told(
            path=path,
            title=words(link),
            phase=phase_of(words(article.xpath(".//*[contains(@class, 'chip')]")[0])),
            start=time_of(facts[0]),
            components=named(words(facts[0]).partition("·")[2]),
            text=words(article),
            updated=written[0] if written else None,
        )
    return found


def plans(body: bytes, here: str) -> dict[str, Told]:
    """Return the maintenance that a page shows as planned, by path."""
    found = {}
    for article in tree(body).xpath("//article[contains(@class, 'plan')]"):
        link = article.xpath(".//h3/a")[0]
        chip = article.xpath(".//*[contains(@class, 'chip')]")
        expected = [words(line) for line in article.iter("p") if words(line).startswith("Expect:")]
        start, end = window_of(article.xpath(".//p[contains(@class, 'facts')]")[0])
        path = path_of(link, here)
        found[path] = Told(
            path=path,
            title=words(link),
            phase=phase_of(words(chip[0])) if chip else "scheduled",
            start=start,
            end=end,
            components=named(expected[0][len("Expect:") :]) if expected else {},
            text=words(article),
        )
    return found


def rows(element: Any, here: str) -> dict[str, str]:
    """Return what is said softly beside each announcement in a list, by path."""
    found = {}
    for item in element.xpath(".//li[a]|.//li/div[a]"):
        soft = item.xpath("span[contains(@class, 'soft')]")
        found[path_of(item.find("a"), here)] = words(soft[-1]) if soft else ""
    return found


def components(body: bytes) -> dict[str, str]:
    """Return the status of every component on the front page, as its shape says it."""
    found = {}
    for row in tree(body).xpath("//ul[contains(@class, 'rows')]/li"):
        shape = row.xpath("svg[contains(@class, 'shape')]")[0]
        found[words(row.xpath("span[@class='name']")[0])] = shape.get("class").removeprefix("shape ")
    return found
