"""Judges what buckets did when they were tried. Pure: facts come in, findings come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus

from statusgen.doctor.bucket_facts import CACHE, TYPE, Answer, Tried
from statusgen.doctor.finding import Finding, Severity
from statusgen.model.providers import PROVIDERS, Condition

ABOUT = "bucket"

_ORDER = (Severity.PROBLEM, Severity.WARNING, Severity.NOTE, Severity.OK)


def judge(tried: Sequence[Tried]) -> tuple[Finding, ...]:
    """Return what is found of each place, in their order; of one place the worst first."""
    found: list[Finding] = []
    for one in tried:
        of_one = [finding for rule in RULES for finding in rule(one)]
        found += sorted(of_one, key=lambda finding: _ORDER.index(finding.severity))
    return tuple(found)


def _writing(one: Tried) -> Iterator[Finding]:
    """Whether it could be tried at all."""
    if one.trouble and one.refused:
        yield _finding(
            Severity.PROBLEM,
            f"{one.name} refuses what a publisher does: {one.trouble}",
            "nothing can be published or remembered there with this key",
            "give the key the publisher's policy",
        )
    elif one.trouble:
        yield _unknown(f"{one.name} could not be tried to the end: {one.trouble}")
    if one.left:
        yield _finding(
            Severity.WARNING,
            f"{one.left!r} could not be taken away from {one.name} again",
            "it was put there to try the bucket; a key that cannot delete also cannot clean up after a publish",
            "delete it, and allow the key `s3:DeleteObject`",
        )


def _headers(one: Tried) -> Iterator[Finding]:
    """Whether the headers that were sent are kept, and reach readers."""
    if not (one.stored_type or one.stored_cache):
        return
    kept = (("Content-Type", TYPE, one.stored_type), ("Cache-Control", CACHE, one.stored_cache))
    lost = [(name, got) for name, sent, got in kept if _plain(sent) != _plain(got)]
    for name, got in lost:
        yield _header(f"{one.name} keeps {name} as {got!r}, not as it was sent", name)
    if one.role == "site" and not lost and one.public.status == HTTPStatus.OK:
        received = (("Content-Type", TYPE, one.public.content_type), ("Cache-Control", CACHE, one.public.cache_control))
        for name, sent, got in received:
            if _plain(sent) != _plain(got):
                lost.append((name, got))
                yield _header(f"readers of {one.name} get {name} as {got!r}, not as it was sent", name)
    if not lost:
        yield _finding(Severity.OK, f"{one.name} keeps Content-Type and Cache-Control")


def _header(title: str, name: str) -> Finding:
    why = {
        "Content-Type": "browsers, feed readers and calendars go by it, and do not open what is called otherwise",
        "Cache-Control": "caches then hold the page for as long as they like, and readers see an old one",
    }
    return _finding(
        Severity.WARNING, title, why[name], "look for a rule of the bucket, the CDN or the proxy that sets this header"
    )


def _reading(one: Tried) -> Iterator[Finding]:
    """Whether everybody can read the site."""
    if one.role != "site" or not _was_asked(one):
        return
    if not one.public.status:
        yield _unknown(f"the public address of {one.name} could not be asked: {one.public.trouble}")
    elif one.public.status == HTTPStatus.OK:
        yield _finding(Severity.OK, f"everybody can read what is published to {one.name}")
    else:
        yield _finding(
            Severity.PROBLEM,
            f"nobody can read what is published to {one.name}: the answer is {one.public.status}",
            "readers get no page, or `site.url` is the address of something else",
            "let everybody `s3:GetObject` there (or set `acl: public-read`), and check `site.url`",
        )


def _top(one: Tried) -> Iterator[Finding]:
    """Whether the bare address shows the front page."""
    if one.role != "site" or one.public.status != HTTPStatus.OK:
        return
    if one.page.status != HTTPStatus.OK:
        told = one.page.trouble or f"the answer is {one.page.status}"
        yield _unknown(
            f"whether {one.name} has an index document could not be seen: its front page is not out ({told})"
        )
    elif one.top.status == HTTPStatus.OK and "html" in one.top.content_type.lower():
        yield _finding(Severity.OK, f"the bare address of {one.name} shows the front page")
    elif one.top.trouble:
        yield _unknown(f"the bare address of {one.name} could not be asked: {one.top.trouble}")
    else:
        yield _finding(
            Severity.WARNING,
            f"the bare address of {one.name} does not show the front page: "
            f"the answer is {one.top.status}, {one.top.content_type or 'of no kind'}",
            "people type the address without index.html",
            _index_advice(one.provider),
        )


def _index_advice(provider: str) -> str:
    website = PROVIDERS[provider].website if provider in PROVIDERS else ""
    if website and website != "unproven":
        return f"use {website}; or tell people the address with /index.html"
    return "let a CDN or proxy answer / with index.html, or tell people the address with /index.html"


def _cross_origin(one: Tried) -> Iterator[Finding]:
    """Whether scripts on other pages may read the site's JSON."""
    if one.role != "site" or one.public.status != HTTPStatus.OK:
        return
    if one.public.allow_origin:
        yield _finding(Severity.OK, f"programs on other pages may read the JSON of {one.name}")
    else:
        yield _finding(
            Severity.NOTE,
            f"programs on other pages may not read the JSON of {one.name}",
            "browsers keep it from them: no Access-Control-Allow-Origin comes with it",
            "give the bucket the rule for CORS, if widgets are to show this status elsewhere",
        )


def _secrecy(one: Tried) -> Iterator[Finding]:
    """Whether nobody without a key can read the state."""
    if one.role != "state" or not _was_asked(one):
        return
    asked = [one.own, one.public]
    if any(answer.status == HTTPStatus.OK for answer in asked):
        yield _finding(
            Severity.PROBLEM,
            f"everybody can read the state at {one.name}",
            "it names internal hosts, and says what fails there and how",
            "keep the state in a bucket of its own that is not public, or leave its prefix out of the public policy",
        )
    elif any(answer.trouble for answer in asked):
        yield _unknown(f"whether everybody can read {one.name} could not be seen: {_trouble(asked)}")
    else:
        yield _finding(Severity.OK, f"nobody without a key can read the state at {one.name}")


def _listing(one: Tried) -> Iterator[Finding]:
    """Whether nobody without a key can list."""
    if not _was_asked(one):
        return
    if one.listing.status == HTTPStatus.OK and "xml" in one.listing.content_type.lower():
        state = one.role == "state"
        yield _finding(
            Severity.PROBLEM if state else Severity.WARNING,
            f"everybody can list {one.name}",
            "the names in it tell locations, and when which of them probed"
            if state
            else "it tells of files that no page links to, such as what was taken back",
            "allow everybody `s3:GetObject` only, and not `s3:ListBucket`",
        )
    elif one.listing.trouble:
        yield _unknown(f"whether everybody can list {one.name} could not be seen: {one.listing.trouble}")
    else:
        yield _finding(Severity.OK, f"nobody without a key can list {one.name}")


def _conditions(one: Tried) -> Iterator[Finding]:
    """What becomes of writes with a condition, and whether that is what the table of providers says."""
    told = PROVIDERS.get(one.provider)
    for header, seen, expected in (
        ("If-None-Match", one.if_none_match, told.if_none_match if told else Condition.UNPROVEN),
        ("If-Match", one.if_match, told.if_match if told else Condition.UNPROVEN),
    ):
        if seen is Condition.UNPROVEN:
            continue
        other = (
            "" if expected in {seen, Condition.UNPROVEN} else f"; {told.title if told else ''} is known as {expected}"
        )
        if seen is Condition.HONOURED and not other:
            yield _finding(Severity.OK, f"{one.name} honours {header}")
            continue
        yield _finding(
            Severity.NOTE,
            f"{header} at {one.name}: {seen}{other}",
            "statusgen does not depend on it; other programs that write there may",
        )


RULES: tuple[Callable[[Tried], Iterator[Finding]], ...] = (
    _writing,
    _reading,
    _secrecy,
    _listing,
    _headers,
    _top,
    _cross_origin,
    _conditions,
)
"""Every way to judge a place."""


def _was_asked(one: Tried) -> bool:
    """Return whether anybody without a key came to ask."""
    return bool(one.public.status or one.public.trouble)


def _trouble(answers: Sequence[Answer]) -> str:
    return next(answer.trouble for answer in answers if answer.trouble)


def _plain(header: str) -> frozenset[str]:
    """Return what a header says, whatever the case, the spaces and the order in which it says it."""
    return frozenset(part.strip().lower() for part in header.replace(";", ",").split(","))


def _unknown(title: str) -> Finding:
    return _finding(Severity.NOTE, title, "what could not be looked up is not known to be well")


def _finding(severity: Severity, title: str, why: str = "", advice: str = "") -> Finding:
    return Finding(about=ABOUT, severity=severity, title=title, why=why, advice=advice)
