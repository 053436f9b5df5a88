"""Asks the parts of a Mastodon at the same time, and puts together what they answered."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from statusgen.model.observation import Fact, Finding
from statusgen.model.reason import of_part
from statusgen.model.words import Outcome
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError
from statusgen.probes.http_cache import UNPROVEN, from_cache
from statusgen.probes.http_client import Request, exchange, pin_for, with_defaults
from statusgen.probes.http_expect import Answer
from statusgen.probes.http_headers import Pairs
from statusgen.probes.mastodon import MastodonSpec
from statusgen.probes.mastodon_named import Named, named_in
from statusgen.probes.mastodon_parts import Part, Question, Told, outcome_for, question, unseen
from statusgen.probes.network import TargetError
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import HttpUrl
from statusgen.sweep.attention import within

_TOLD = frozenset({Outcome.UP, Outcome.DEGRADED})
_NOT_FOR_US = frozenset({(Part.LOOKUP, "login_required"), (Part.MEDIA, "body_too_large")})
"""What may be as it should although we cannot have it: an account for the logged-in, a picture larger than we read."""

_WORST_FIRST = (Outcome.DOWN, Outcome.DEGRADED, Outcome.UNKNOWN, Outcome.SKIPPED, Outcome.UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of one part: its finding, the answer when there was one, and what the instance names if it may be taken
    at its word.
    """

    part: Part
    finding: Finding
    answer: Answer | None = None
    named: Named | None = None


async def ask(spec: MastodonSpec, private: Pairs, *, trusted: ssl.SSLContext) -> Sequence[Reply]:
    """Ask every part and return what came of each, in the order of the parts; those without an answer are left out."""
    began = asyncio.get_running_loop().time()

    async def one(part: Part, known: _Known) -> Reply:
        return await _ask(
            known.question(part), spec, private, trusted=trusted, until=began + spec.patience.total_seconds()
        )

    async with asyncio.TaskGroup() as group:
        tasks = {part: group.create_task(one(part, _Known(spec))) for part in spec.parts}
        if spec.sought and (known := await _told(tasks[Part.INSTANCE], spec)):
            for part in filter(known.is_enough_for, spec.sought):
                tasks[part] = group.create_task(one(part, known))
    replies = {part: task.result() for part, task in tasks.items()}
    return [replies[part] for part in Part if part in replies and not _is_no_answer(replies[part], spec)]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an instance: by its check, or by itself."""

    spec: MastodonSpec
    account: str = ""
    media: HttpUrl | None = None

    def is_enough_for(self, part: Part) -> bool:
        return bool(self._media if part is Part.MEDIA else self._account)

    def question(self, part: Part) -> Question:
        spec = self.spec
        bases = {Part.STREAMING: spec.streaming, Part.MEDIA: self._media}
        return question(part, base=bases.get(part) or spec.url, domain=spec.domain, account=self._account)

    @property
    def _account(self) -> str:
        return self.spec.account or self.account

    @property
    def _media(self) -> HttpUrl | None:
        return self.spec.media or self.media


async def _told(instance: asyncio.Task[Reply], spec: MastodonSpec) -> _Known | None:
    """Return what an instance names, if it says so itself and in time: a cache may hold what is long gone.

    Whoever took more than half of the time would be asked with too little left to call a silence late.
    """
    began = asyncio.get_running_loop().time()
    reply = await instance
    if reply.named is None or reply.answer is None or from_cache(reply.answer.headers):
        return None
    if asyncio.get_running_loop().time() - began > spec.patience.total_seconds() / 2:
        return None
    return _Known(spec, reply.named.account, reply.named.media)


def _is_no_answer(reply: Reply, spec: MastodonSpec) -> bool:
    """Whether what the instance itself named turned out to be nothing that one can ask for from here."""
    return reply.part in spec.sought and (reply.part, reply.finding.reason) in _NOT_FOR_US


async def _ask(asked: Question, spec: MastodonSpec, private: Pairs, *, trusted: ssl.SSLContext, until: float) -> Reply:
    url = unseen(asked.url, secrets.token_hex(8))
    headers = private if asked.closed else ()
    request = Request(method="GET", url=url, headers=with_defaults(headers), family=spec.family)
    pin = pin_for(url, pin=spec.connect_to, target=spec.url)
    watch = Stopwatch()
    try:
        async with within(until - asyncio.get_running_loop().time()):
            answer = await exchange(request, pin=pin, trusted=trusted, watch=watch)
    except FamilyMissingError:
        return Reply(part=asked.part, finding=FAMILY_MISSING)
    except TargetError as error:
        return Reply(part=asked.part, finding=watch.finding(Outcome.DOWN, error.reason))
    except TimeoutError:
        return Reply(part=asked.part, finding=watch.finding(Outcome.DOWN, "timeout"))
    return _reply(Told(answer), asked, spec, watch, with_token=bool(private))


def _reply(told: Told, asked: Question, spec: MastodonSpec, watch: Stopwatch, *, with_token: bool) -> Reply:
    reason = asked.reason(told, with_token=with_token)
    if reason is None and not spec.allow_cached and from_cache(told.answer.headers):
        reason = UNPROVEN
    finding = watch.finding(outcome_for(reason), reason)
    named = None
    if asked.part is Part.INSTANCE and finding.outcome in _TOLD:
        only_there = any((spec.connect_to, spec.family, spec.ca_file))  # said of the instance, and of nobody else
        named = named_in(told.document, spec.url, only_there=only_there)
    return Reply(part=asked.part, finding=finding, answer=told.answer, named=named)


def verdict(replies: Sequence[Reply], spec: MastodonSpec) -> Finding:
    """Return one finding for all parts: the outcome and the reason of the worst, the times of the slowest.

    Of a whole instance the reason names its part, unless all say the same.
    """
    worst = _worst(replies).finding
    if worst.outcome is Outcome.SKIPPED:
        return worst
    slowest = max(replies, key=lambda reply: reply.finding.latency_ms or 0).finding
    return Finding(
        outcome=worst.outcome,
        reason=_reason(replies) if spec.whole else worst.reason,
        latency_ms=slowest.latency_ms,
        phases=slowest.phases,
        facts=_facts(replies, spec),
    )


def _worst(replies: Sequence[Reply]) -> Reply:
    return min(replies, key=lambda reply: _WORST_FIRST.index(reply.finding.outcome))


def _reason(replies: Sequence[Reply]) -> str | None:
    worst = _worst(replies)
    reason = worst.finding.reason
    alike = len({(reply.finding.outcome, reply.finding.reason) for reply in replies}) == 1
    return of_part(worst.part, reason) if reason and not alike else reason


def _facts(replies: Sequence[Reply], spec: MastodonSpec) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    if len(replies) > 1 and (failed := [reply.part for reply in replies if reply.finding.outcome is not Outcome.UP]):
        facts["failed"] = ", ".join(failed)
    if left := set(spec.sought) - {reply.part for reply in replies}:
        facts["left_out"] = ", ".join(part for part in Part if part in left)
    for reply in replies:
        if reply.answer is None:
            continue
        if len(replies) == 1:
            facts["status"] = reply.answer.status
        if from_cache(reply.answer.headers):
            facts["cached"] = True
        if spec.status_page and reply.named:
            facts["status_page_named"] = _same_page(reply.named.status_page, spec.status_page)
    return facts


def _same_page(named: str | None, ours: str) -> bool:
    return named is not None and named.rstrip("/").casefold() == ours.rstrip("/").casefold()
