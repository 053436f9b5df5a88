"""Observes one check through a real sweep, and sees to it that nothing is left open, late or told."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from statusgen.clock import SystemClock
from statusgen.model.observation import Observation
from statusgen.model.project import Check
from statusgen.probes import KINDS, EnvSecrets
from statusgen.sweep import GRACE, sweep
from tests.fakes import Notes
from tests.integration import faults
from tests.integration.faults import Behaviour, Reply, replying, serving

_TELLING = 8
"""Characters from which on a value is searched for as a secret."""

_BUSY = 1.0
"""Seconds that a busy machine may take for what is not waiting."""


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.lines.append(line)
        if record.levelno >= logging.WARNING and not _is_of_the_server(line):
            self.errors.append(line)


def _is_of_the_server(line: str) -> bool:
    """Return whether it is the misbehaving server's own task that found its connection reset as it was called off."""
    return "Future exception was never retrieved" in line and f"{faults.__name__.rpartition('.')[2]}.py" in line


def observe(
    keys: Mapping[str, Any],
    *,
    against: Behaviour | None = None,
    datagrams: Reply | None = None,
    tls: ssl.SSLContext | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 5,
    complaint: str = "",
    host: str = "127.0.0.1",
) -> Observation:
    """Return what one try of a check finds; `@PORT@` in its keys is the port of the server that misbehaves, by
    TCP, by UDP or by both.

    Whatever the target does, the try ends at its deadline, closes what it opened, logs no secret and warns of nothing,
    or of the complaint alone.
    """
    records = _Records()
    root, level, files = logging.getLogger(), logging.getLogger().level, _open_files()
    root.addHandler(records)
    root.setLevel(logging.DEBUG)
    began = time.monotonic()
    try:
        observation = asyncio.run(
            _observe(keys, against, datagrams, tls=tls, env=env or {}, timeout=timeout, host=host)
        )
    finally:
        root.removeHandler(records)
        root.setLevel(level)
    assert time.monotonic() - began < timeout + GRACE + _BUSY
    assert _open_files() - files == set()
    assert [line for line in records.errors if not complaint or complaint not in line] == []
    for secret in (env or {}).values():
        if len(secret) >= _TELLING:
            assert secret not in repr(observation)
            assert secret not in "\n".join(records.lines)
    return observation


async def _observe(
    keys: Mapping[str, Any],
    against: Behaviour | None,
    datagrams: Reply | None,
    *,
    tls: ssl.SSLContext | None,
    env: Mapping[str, str],
    timeout: float,  # noqa: ASYNC109 - the check's own
    host: str,
) -> Observation:
    async with AsyncExitStack() as servers:
        port = 0
        if against is not None:
            port = await servers.enter_async_context(serving(against, tls=tls, host=host))
        if datagrams is not None:
            port = await servers.enter_async_context(replying(datagrams, port=port))
        told = json.loads(json.dumps(keys).replace("@PORT@", str(port)))
        (observation,) = await _sweep([_check(told, timeout)], env)
        return observation


def _check(keys: Mapping[str, Any], timeout: float) -> Check:
    kind = next(name for name in keys if name in KINDS)
    document = KINDS[kind].document.model_validate({**keys, "timeout": f"{timeout}s"})
    return Check(
        id="target",
        component="component",
        kind=kind,
        spec=document.spec(),
        timeout=document.timeout,
        confirm=0,
        degraded_over=document.degraded_over,
    )


def observe_at_once(keys: Mapping[str, Any], number: int, *, timeout: float = 5) -> tuple[Observation, ...]:
    """Return what one try of a check finds, made so many times at once."""
    check = _check(keys, timeout)
    return asyncio.run(_sweep([check] * number, {}))


async def sweep_of(
    keys: Mapping[str, Any],
    *,
    env: Mapping[str, str],
    timeout: float,  # noqa: ASYNC109 - the check's own
) -> tuple[Observation, ...]:
    """Return what one try of a check finds, of a server that the caller started on the same loop."""
    return await _sweep([_check(keys, timeout)], env)


async def _sweep(checks: Sequence[Check], env: Mapping[str, str]) -> tuple[Observation, ...]:
    return await sweep(
        checks,
        location="here",
        run="run",
        kinds=KINDS,
        secrets=EnvSecrets(env),
        clock=SystemClock(),
        confirm_after=timedelta(),
        progress=Notes(),
    )


def _open_files() -> set[tuple[str, str]]:
    """Return the files and sockets that this process has open, each by what only it is; none where nobody tells.

    What an earlier test left behind may be closed at any moment, so the number of them tells nothing.
    """
    try:
        numbers = os.listdir("/proc/self/fd")  # noqa: PTH208 - paths would be made for nothing
    except OSError:
        return set()
    return {(number, name) for number in numbers if (name := _what_is_open(number))}


def _what_is_open(number: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115 - as above
    except OSError:
        return ""  # closed by now, as the one that the list was read from


UP = ("up", None)
"""What is found of a target that is as it should be."""


def found(observation: Observation) -> tuple[str, str | None]:
    """Return outcome and reason."""
    return (str(observation.outcome), observation.reason)
