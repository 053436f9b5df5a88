"""The kind `sidekiq`: how long jobs wait in each queue, whether anything works on it, and what failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.clock import SystemClock
from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, OneFamily
from statusgen.probes.network import TargetError, finding_of
from statusgen.probes.redis_target import RedisAddress, RedisTarget
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, agree_on_family
from statusgen.values import CheckDocument, Count, Document, Duration, shape, wrong

if TYPE_CHECKING:
    from statusgen.probes.sidekiq_client import Backlog, Process, Said

MASTODON = ("default", "push", "ingress", "mailers", "pull", "scheduler")
"""The queues that every Mastodon has."""

USUAL = timedelta(minutes=2)
PATIENT: Mapping[str, timedelta] = MappingProxyType(
    {"mailers": timedelta(minutes=10), "pull": timedelta(minutes=10), "scheduler": timedelta(minutes=15)}
)
DOWN_AFTER = 15
"""A queue is behind after so long, or as long as nobody minds in some; and down after fifteen times as long."""

MOST_QUEUES = 20

_WORST_FIRST = (Outcome.DOWN, Outcome.DEGRADED, Outcome.UNKNOWN)
_NAME = re.compile(r"[\w.:-]{1,64}", re.ASCII)

Worry = tuple[Outcome, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue that must be worked on, how long a job may wait in it, and how many may."""

    name: str
    degraded_over: timedelta = USUAL
    down_over: timedelta = USUAL * DOWN_AFTER
    degraded_over_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SidekiqSpec:
    """Where Sidekiq keeps its queues, and what is expected of them."""

    where: RedisAddress
    queues: tuple[Queue, ...]
    namespace: str | None = None
    degraded_over_retries: int | None = None
    degraded_over_dead: int | None = None
    family: Family | None = None


class QueueDocument(Document):
    """What is expected of one queue."""

    degraded_over: Duration | None = Field(
        default=None,
        description="Degraded when the oldest job has waited longer; `2m` when left out, but `10m` for `mailers` and "
        "`pull`, and `15m` for `scheduler`.",
        examples=["5m"],
    )
    down_over: Duration | None = Field(
        default=None,
        description="Down when the oldest job has waited longer; fifteen times `degraded_over` when left out.",
        examples=["1h"],
    )
    degraded_over_length: Count | None = Field(
        default=None, description="Degraded when more jobs than this are in the queue.", examples=["20000"]
    )

    @model_validator(mode="after")
    def _waits_are_in_order(self) -> Self:
        if self.degraded_over and self.down_over and self.degraded_over > self.down_over:
            raise wrong("'degraded_over' is longer than 'down_over', so the queue would never be degraded")
        return self

    def queue(self, name: str) -> Queue:
        """Return the same as plain data; the one of the two waits that is left out gives way to the other."""
        usual = PATIENT.get(name, USUAL)
        degraded = self.degraded_over or min(usual, self.down_over or usual)
        return Queue(
            name=name,
            degraded_over=degraded,
            down_over=self.down_over or degraded * DOWN_AFTER,
            degraded_over_length=self.degraded_over_length,
        )


def parse_queue_name(text: object) -> str:
    """Return the name of a queue or a namespace: letters, digits, and a few signs."""
    if isinstance(text, str) and _NAME.fullmatch(text):
        return text
    raise wrong(f"expected a name of letters, digits, '_', '-', '.' and ':', got {shape(text)}")


def parse_queues(value: object) -> object:
    """Return queues by name; a list of names is short for queues of which nothing special is expected."""
    names = value if isinstance(value, list) else list(value) if isinstance(value, dict) else []
    if not names:
        raise wrong(f"expected names of queues such as '[default, push]', got {shape(value)}")
    if len(names) > MOST_QUEUES:
        raise wrong(f"expected at most {MOST_QUEUES} queues, got {len(names)}", hint="make it several checks")
    plain: dict[str, dict[str, str]] = {parse_queue_name(name): {} for name in names}
    if len(plain) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise wrong(f"the queue {twice!r} is named twice", hint="delete one of them")
    return value if isinstance(value, dict) else plain


QueueName = Annotated[str, BeforeValidator(parse_queue_name)]


class SidekiqDocument(CheckDocument):
    """The keys of a `sidekiq` check."""

    kind: ClassVar[str] = "sidekiq"

    sidekiq: RedisTarget = Field(
        description="Where the Redis is that Sidekiq uses; the same keys as of `redis`.",
        examples=["{host: redis.example.org, username: statusgen, password_env: REDIS_PASSWORD}"],
    )
    namespace: QueueName | None = Field(
        default=None,
        description="What all keys of Sidekiq begin with, before a colon; Mastodon before 4.4 may have one.",
        examples=["mastodon"],
    )
    queues: Annotated[dict[str, QueueDocument], BeforeValidator(parse_queues)] = Field(
        default_factory=lambda: {name: QueueDocument() for name in MASTODON},
        description="The queues that must be worked on, each with what is expected of it, or a list of names; those of "
        "Mastodon when left out.",
        examples=["{default: {degraded_over: 1m, down_over: 15m}, mailers: {}}", "[default, mailers]"],
    )
    degraded_over_retries: Count | None = Field(
        default=None,
        description="Degraded when more failed jobs than this wait to be tried again.",
        examples=["50000"],
    )
    degraded_over_dead: Count | None = Field(
        default=None,
        description="Degraded when more failed jobs than this were given up; Sidekiq forgets them after six months.",
        examples=["5000"],
    )
    family: OneFamily = None

    @model_validator(mode="after")
    def _address_is_of_the_family(self) -> Self:
        agree_on_family(self.family, self.sidekiq.host or "", None)
        return self

    def spec(self) -> SidekiqSpec:
        """Return the same as plain data."""
        return SidekiqSpec(
            where=self.sidekiq.address(),
            queues=tuple(document.queue(name) for name, document in self.queues.items()),
            namespace=self.namespace,
            degraded_over_retries=self.degraded_over_retries,
            degraded_over_dead=self.degraded_over_dead,
            family=self.family,
        )


async def probe(spec: SidekiqSpec, secrets: Secrets) -> Finding:
    """Log in to Redis and read what Sidekiq keeps there; nothing is written.

    Phases: `resolve`, `connect` (with the login and the ping), `query`. Facts: `processes`, `retries`, `dead`, and of
    each queue `queue_NAME_length` and `queue_NAME_latency_seconds`. What was queued by a clock that is ahead has waited
    for 0 s.
    """
    try:
        from statusgen.probes.sidekiq_client import conversation, look, parameters  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    watch = Stopwatch()
    try:
        async with conversation(parameters(spec.where, secrets), watch, spec.family) as server:
            with watch.phase("connect"):
                await server.ping()
            with watch.phase("query"):
                said = await look(server, [queue.name for queue in spec.queues], spec.namespace)
    except FamilyMissingError:
        return FAMILY_MISSING
    except TargetError as error:
        return finding_of(error, watch)
    waits = waits_of(said, said.at or SystemClock().now().timestamp())
    outcome, reason = judge(spec, said, waits)
    return watch.finding(outcome, reason, facts_of(said, waits))


def waits_of(said: Said, at: float) -> dict[str, float | None]:
    """Return for how long the oldest job of each queue has waited, in seconds; None when that cannot be told."""
    return {name: _wait(backlog, at) for name, backlog in said.queues.items()}


def _wait(backlog: Backlog, at: float) -> float | None:
    if not backlog.length:
        return 0.0
    return None if backlog.since is None else max(at - backlog.since, 0.0)


def judge(spec: SidekiqSpec, said: Said, waits: Mapping[str, float | None]) -> tuple[Outcome, str | None]:
    """Return the worst that is wrong, the first of equals; what could not be told is least of all."""
    worries = list(_worries(spec, said, waits))
    return min(worries, key=lambda worry: _WORST_FIRST.index(worry[0]), default=(Outcome.UP, None))


def _worries(spec: SidekiqSpec, said: Said, waits: Mapping[str, float | None]) -> Iterator[Worry]:
    for queue in spec.queues:
        yield from _unhandled(queue, said.processes)
    for queue in spec.queues:
        yield from _behind(queue, waits[queue.name], said.queues[queue.name].length)
    if spec.degraded_over_retries is not None and said.retries > spec.degraded_over_retries:
        yield Outcome.DEGRADED, "retries_high"
    if spec.degraded_over_dead is not None and said.dead > spec.degraded_over_dead:
        yield Outcome.DEGRADED, "dead_high"


def _unhandled(queue: Queue, processes: Sequence[Process]) -> Iterator[Worry]:
    """A queue on which only quiet processes work is about to be taken over, or to be left alone."""
    on_it = [process for process in processes if process.queues is not None and queue.name in process.queues]
    if any(not process.quiet for process in on_it):
        return
    if any(process.queues is None for process in processes):
        yield Outcome.UNKNOWN, "bad_response"
    else:
        yield Outcome.DEGRADED if on_it else Outcome.DOWN, "no_worker"


def _behind(queue: Queue, wait: float | None, length: int) -> Iterator[Worry]:
    if wait is None:
        yield Outcome.UNKNOWN, "bad_response"
    elif wait > queue.down_over.total_seconds():
        yield Outcome.DOWN, "queue_behind"
    elif wait > queue.degraded_over.total_seconds():
        yield Outcome.DEGRADED, "queue_behind"
    if queue.degraded_over_length is not None and length > queue.degraded_over_length:
        yield Outcome.DEGRADED, "queue_behind"


def facts_of(said: Said, waits: Mapping[str, float | None]) -> dict[str, Fact]:
    """Return what may be shown in public: numbers, by the names of the queues that the check names."""
    facts: dict[str, Fact] = {"processes": len(said.processes), "retries": said.retries, "dead": said.dead}
    for name, backlog in said.queues.items():
        facts[f"queue_{name}_length"] = backlog.length
        wait = waits[name]
        if wait is not None:
            facts[f"queue_{name}_latency_seconds"] = round(wait, 1)
    return facts


KIND = ProbeKind(SidekiqDocument, probe)
