"""The kind `redis`: a login, a ping, a real write, and what the server says of itself."""

from __future__ import annotations

import re
import secrets as randomness
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, OneFamily
from statusgen.probes.network import TargetError, finding_of
from statusgen.probes.redis_target import RedisAddress, RedisTarget
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, Role, Share, agree_on_family, parse_role, parse_share
from statusgen.sweep.attention import within
from statusgen.values import CheckDocument, Count, Flag, one_of, wrong

if TYPE_CHECKING:
    from statusgen.probes.redis_client import Said, Server

KEY_PREFIX = "statusgen:probe:"
KEY_LIFE = timedelta(seconds=10)
SILENCE = timedelta(seconds=3)
"""How long a server that must refuse has to keep silent, at most; never more than half of the check's timeout."""

_TURNED_AWAY = frozenset({"wrong_password", "connection_refused", "connection_reset"})
_LET_IN = frozenset({"starting", "save_failed", "replication_lag"})
"""What a server says to a ping only once it has no more to say about logins."""
_WITHOUT_LOGIN = frozenset({"host", "port", "tls", "ca_file"})
_OF_AN_ANSWER = ("role", "write", "degraded_over_memory", "replicas")


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSpec:
    """One server, and what is expected of it; one that must refuse may do so by keeping silent for so long."""

    where: RedisAddress
    role: Role | None = None
    write: bool = True
    degraded_over_memory: float = 0.9
    replicas: int | None = None
    refused: bool = False
    silence: timedelta = SILENCE
    family: Family | None = None


class Expected(StrEnum):
    """Whether a server does its work for us, or turns away whoever has no login."""

    ANSWER = "answer"
    REFUSED = "refused"


class RedisDocument(CheckDocument):
    """The keys of a `redis` check."""

    kind: ClassVar[str] = "redis"

    redis: RedisTarget = Field(
        description="Where the server is.", examples=["{host: redis.example.org, password_env: REDIS_PASSWORD}"]
    )
    role: Annotated[Role | None, BeforeValidator(parse_role)] = Field(
        default=None, description="`primary` or `replica`; down in the other role.", examples=["primary"]
    )
    write: Flag | None = Field(
        default=None,
        description="Whether to write a key `statusgen:probe:…` that lives ten seconds; yes unless it is a replica.",
        examples=["false"],
    )
    degraded_over_memory: Annotated[Share, BeforeValidator(parse_share)] = Field(
        default=0.9,
        description="Degraded when more of `maxmemory` than this is used and nothing may be evicted.",
        examples=["80%"],
    )
    replicas: Count | None = Field(
        default=None, description="Degraded when fewer replicas than this follow it.", examples=["1"]
    )
    expect: Annotated[Expected, BeforeValidator(one_of(Expected))] = Field(
        default=Expected.ANSWER,
        description="`answer`, or `refused` for a server that must let nobody in from here without a login.",
        examples=["refused"],
    )
    family: OneFamily = None

    @model_validator(mode="after")
    def _a_refusal_needs_no_login(self) -> Self:
        given = self.redis.model_fields_set - _WITHOUT_LOGIN
        idle = [key for key in _OF_AN_ANSWER if key in self.model_fields_set]
        if self.expect is Expected.REFUSED and (given or idle):
            other = min(given, default="") or idle[0]
            raise wrong(f"a server that must refuse is asked without a login, so {other!r} has no meaning")
        return self

    @model_validator(mode="after")
    def _replicas_are_read_only(self) -> Self:
        if self.role is Role.REPLICA and self.write:
            raise wrong("a replica takes no writes", hint="leave 'write' out")
        return self

    @model_validator(mode="after")
    def _address_is_of_the_family(self) -> Self:
        agree_on_family(self.family, self.redis.host or "", None)
        return self

    def spec(self) -> RedisSpec:
        """Return the same as plain data."""
        return RedisSpec(
            where=self.redis.address(),
            role=self.role,
            write=self.role is not Role.REPLICA if self.write is None else self.write,
            degraded_over_memory=self.degraded_over_memory,
            replicas=self.replicas,
            refused=self.expect is Expected.REFUSED,
            silence=min(SILENCE, self.timeout / 2),
            family=self.family,
        )


async def probe(spec: RedisSpec, secrets: Secrets) -> Finding:
    """Log in, ping, ask the server about itself, and write a key of our own that vanishes by itself.

    Phases: `resolve`, `connect` (with the login and the ping), `query`. Facts: `role`, `connections`, `memory_percent`,
    `last_save_ok`, and `replicas` where some are expected. What the login may not see is left out; what it may not do
    although the check needs it is `unknown`.
    """
    try:
        from statusgen.probes.redis_client import conversation, parameters  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    watch = Stopwatch()
    try:
        talk = conversation(parameters(spec.where, secrets), watch, spec.family)
        if spec.refused:
            return await _turned_away(talk, spec.silence)
        async with talk as server:
            return await _examine(server, spec, watch)
    except FamilyMissingError:
        return FAMILY_MISSING
    except TargetError as error:
        return finding_of(error, watch)


async def _turned_away(conversation: AbstractAsyncContextManager[Server], silence: timedelta) -> Finding:
    """Ask for a ping without a login; only an answer to it proves that others get in too.

    How long a refusal took says nothing, so it is left out. What is neither an answer nor a refusal is unknown.
    """
    try:
        async with within(silence.total_seconds()), conversation as server:
            await server.ping()
    except TimeoutError:
        return Finding(outcome=Outcome.UP)
    except TargetError as error:
        if error.reason in _TURNED_AWAY:
            return Finding(outcome=Outcome.UP)
        if error.reason not in _LET_IN:
            return Finding(outcome=Outcome.UNKNOWN, reason=error.reason)
    return Finding(outcome=Outcome.DOWN, reason="login_missing")


async def _examine(server: Server, spec: RedisSpec, watch: Stopwatch) -> Finding:
    with watch.phase("connect"):
        await server.ping()
    with watch.phase("query"):
        said = await server.info()
        role = _role(said)
        if spec.role is not None and role is None:
            return watch.finding(Outcome.UNKNOWN, "no_permission")
        if spec.role not in {None, role}:
            return watch.finding(Outcome.DOWN, "wrong_role", _facts(said, spec))
        if spec.write:
            await server.write(KEY_PREFIX + randomness.token_hex(16), KEY_LIFE)
    reason = _worry(said, spec)
    if reason is None and spec.replicas is not None and _replicas(said) is None:
        return watch.finding(Outcome.UNKNOWN, "no_permission", _facts(said, spec))
    return watch.finding(Outcome.DEGRADED if reason else Outcome.UP, reason, _facts(said, spec))


def _role(said: Said) -> Role | None:
    return {"master": Role.PRIMARY, "slave": Role.REPLICA}.get(str(said.get("role")))


def _memory_share(said: Said) -> float | None:
    """Return the used share of the memory limit; None when there is none or it is not told."""
    used, limit = said.get("used_memory"), said.get("maxmemory")
    return used / limit if isinstance(used, int) and isinstance(limit, int) and limit > 0 else None


def _saves(said: Said) -> bool | None:
    """Return whether the last snapshot and the last write to the log went well; None when it is not told."""
    states = [said[key] for key in ("rdb_last_bgsave_status", "aof_last_write_status") if key in said]
    return all(word == "ok" for word in states) if states else None


def _replicas(said: Said) -> int | None:
    """Return how many replicas have caught up and follow; None when it is not told."""
    if "connected_slaves" not in said:
        return None
    known = (value for name, value in said.items() if re.fullmatch("slave[0-9]+", name))
    return len([value for value in known if isinstance(value, dict) and value.get("state") == "online"])


def _worry(said: Said, spec: RedisSpec) -> str | None:
    """Return why a server that answers is not well, or None."""
    if _saves(said) is False:
        return "save_failed"
    if said.get("master_link_status") == "down":
        return "replication_lag"
    replicas = _replicas(said)
    if spec.replicas is not None and replicas is not None and replicas < spec.replicas:
        return "replica_missing"
    share = _memory_share(said)
    evicts = said.get("maxmemory_policy", "noeviction") != "noeviction"
    return "memory_high" if share is not None and share > spec.degraded_over_memory and not evicts else None


def _facts(said: Said, spec: RedisSpec) -> dict[str, Fact]:
    role, share, saves = _role(said), _memory_share(said), _saves(said)
    clients = said.get("connected_clients")
    told: dict[str, Fact | None] = {
        "role": role and str(role),
        "connections": clients if isinstance(clients, int) else None,
        "memory_percent": None if share is None else round(share * 100, 1),
        "last_save_ok": saves,
        "replicas": None if spec.replicas is None else _replicas(said),
    }
    return {name: value for name, value in told.items() if value is not None}


KIND = ProbeKind(RedisDocument, probe)
