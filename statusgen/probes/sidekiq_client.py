"""What Sidekiq keeps in Redis, of every version from 6 on: queues, processes, and jobs that failed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from statusgen.probes import redis_client
from statusgen.probes.network import TargetError
from statusgen.probes.redis_answers import KIB, Bound
from statusgen.probes.redis_client import Server, parameters
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family

__all__ = ["Backlog", "Process", "Said", "conversation", "look", "parameters", "read_process", "read_since"]

MOST_PROCESSES = 10_000
"""Names of processes to look at; what died without a word stays among them until somebody opens Sidekiq's own pages."""

OF_QUEUES = Bound(2048 * KIB, 65_536)
"""What all answers together may be: those on thousands of processes, or a job as large as Mastodon takes one."""

EARLIEST = 1.325e9
"""Seconds since 1970 when Sidekiq began: no job was queued before, whatever a clock that starts at 1970 says."""

_MILLISECONDS, _LARGEST = 1e11, 1e14
"""What no count of seconds reaches, and no count of milliseconds."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """A queue: how many jobs wait, and since when the oldest does (seconds since 1970), None when it cannot be told."""

    length: int
    since: float | None


@dataclass(frozen=True, slots=True)
class Process:
    """A live process: the queues that it works on, None when they cannot be told; a quiet one takes no new jobs."""

    queues: frozenset[str] | None
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that was read; `at` is the instant by the server's clock (seconds since 1970), where it tells."""

    at: float | None
    queues: Mapping[str, Backlog]
    processes: Sequence[Process]
    retries: int
    dead: int


@asynccontextmanager
async def conversation(
    where: Mapping[str, Any], watch: Stopwatch, family: Family | None = None
) -> AsyncIterator[Server]:
    """Talk with the server, as `redis_client` does, with room for what Sidekiq keeps."""
    async with redis_client.conversation(where, watch, family, OF_QUEUES) as server:
        yield server


async def look(server: Server, queues: Sequence[str], namespace: str | None) -> Said:
    """Return what there is of some queues, and of what all queues share.

    It costs a handful of round trips, however many queues there are. A process whose hash has expired is dead.
    """
    prefix = f"{namespace}:" if namespace else ""
    names = await server.members(f"{prefix}processes", MOST_PROCESSES)
    asked = [("HMGET", f"{prefix}{name}", "info", "quiet") for name in names[:MOST_PROCESSES]]
    told = await server.ask(*asked) if asked else ()
    processes = [read_process(*fields) for fields in map(_fields, told) if fields]
    if len(names) > MOST_PROCESSES:
        processes.append(Process(None))
    sets = (("ZCARD", f"{prefix}retry"), ("ZCARD", f"{prefix}dead"))
    lengths = (("LLEN", f"{prefix}queue:{name}") for name in queues)
    oldest = (("LINDEX", f"{prefix}queue:{name}", -1) for name in queues)
    answers = await server.ask(*sets, *lengths, *oldest)
    retries, dead, *counted = map(_number, answers[: -len(queues)])
    jobs = zip(counted, map(_text, answers[-len(queues) :]), strict=True)
    return Said(
        at=_instant(await server.info("server")),
        queues={name: _backlog(length, job) for name, (length, job) in zip(queues, jobs, strict=True)},
        processes=processes,
        retries=retries,
        dead=dead,
    )


def _fields(told: object) -> tuple[str, str | None] | None:
    """Return the two fields of a process that were asked for; None where there is none any more."""
    if not isinstance(told, list) or len(told) != 2:  # noqa: PLR2004 - as many as were asked for
        raise TargetError("bad_response")
    info, quiet = map(_text, told)
    return None if info is None else (info, quiet)


def _number(answer: object) -> int:
    if isinstance(answer, int):
        return answer
    raise TargetError("bad_response")


def _text(answer: object) -> str | None:
    if answer is None or isinstance(answer, str):
        return answer
    raise TargetError("bad_response")


def _instant(said: Mapping[str, Any]) -> float | None:
    told = said.get("server_time_usec")
    return told / 1_000_000 if isinstance(told, int) else None


def _backlog(length: int, job: str | None) -> Backlog:
    """A queue that was emptied between the two questions has no oldest job any more."""
    return Backlog(0, None) if job is None else Backlog(length, read_since(job))


def read_since(job: str) -> float | None:
    """Return since when a job is in its queue, in seconds since 1970; None when it does not say so intelligibly.

    Whole numbers are milliseconds, as Sidekiq 8 writes them; others are seconds, as before.
    """
    said = _read(job)
    stamp = said.get("enqueued_at", said.get("created_at")) if isinstance(said, dict) else None
    if not isinstance(stamp, int | float) or isinstance(stamp, bool) or not 0 < stamp <= _LARGEST:
        return None
    seconds = stamp / 1000 if isinstance(stamp, int) or stamp > _MILLISECONDS else stamp
    return seconds if seconds >= EARLIEST else None


def read_process(info: str, quiet: str | None) -> Process:
    """Return the process that a heartbeat tells of: queues in a list, or as weights of the process or its capsules."""
    said = _read(info)
    queues = frozenset(_queues(said)) if isinstance(said, dict) else frozenset()
    return Process(queues or None, quiet == "true")


def _queues(said: dict[str, Any]) -> Iterator[str]:
    capsules = said.get("capsules")
    if isinstance(capsules, dict):
        for capsule in capsules.values():
            yield from _names(capsule.get("weights") if isinstance(capsule, dict) else None)
    yield from _names(said.get("weights"))
    yield from _names(said.get("queues"))


def _names(value: object) -> Iterator[str]:
    """Yield the names in a mapping of weights, in a list of such, or in a plain list."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from item


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
