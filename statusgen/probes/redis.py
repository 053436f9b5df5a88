"""The kind `redis`: a login, a ping, a real write, and what the server says of itself."""

from __future__ import annotations

import secrets as randomness
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import Secrets
from statusgen.probes.network import TargetError
from statusgen.probes.redis_target import RedisAddress, RedisTarget
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Role, Share, parse_role, parse_share
from statusgen.values import CheckDocument, Flag, wrong

if TYPE_CHECKING:
    from statusgen.probes.redis_client import Said, Server

KEY_PREFIX = "statusgen:probe:"
KEY_LIFE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSpec:
    """One server, and what is expected of it."""

    where: RedisAddress
    role: Role | None = None
    write: bool = True
    degraded_over_memory: float = 0.9


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

    @model_validator(mode="after")
    def _replicas_are_read_only(self) -> Self:
        if self.role is Role.REPLICA and self.write:
            raise wrong("a replica takes no writes", hint="leave 'write' out")
        return self

    def spec(self) -> RedisSpec:
        """Return the same as plain data."""
        return RedisSpec(
            where=self.redis.address(),
            role=self.role,
            write=self.role is not Role.REPLICA if self.write is None else self.write,
            degraded_over_memory=self.degraded_over_memory,
        )


async def probe(spec: RedisSpec, secrets: Secrets) -> Finding:
    """Log in, ping, ask the server about itself, and write a key of our own that vanishes by itself.

    Phases: `connect` (with the login and the ping), `query`. Facts: `role`, `connections`, `memory_percent`,
    `last_save_ok`. What the login may not see is left out; what it may not do although the check needs it is `unknown`.
    """
    try:
        from statusgen.probes.redis_client import conversation, parameters  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    try:
        where = parameters(spec.where, secrets)
    except ValueError:
        return Finding(outcome=Outcome.UNKNOWN, reason="secret_invalid")
    watch = Stopwatch()
    try:
        async with conversation(where) as server:
            return await _examine(server, spec, watch)
    except TargetError as error:
        return watch.finding(Outcome.UNKNOWN if error.reason == "no_permission" else Outcome.DOWN, error.reason)


async def _examine(server: Server, spec: RedisSpec, watch: Stopwatch) -> Finding:
    with watch.phase("connect"):
        await server.ping()
    with watch.phase("query"):
        said = await server.info()
        role = _role(said)
        if spec.role is not None and role is None:
            return watch.finding(Outcome.UNKNOWN, "no_permission")
        if spec.role not in {None, role}:
            return watch.finding(Outcome.DOWN, "wrong_role", _facts(said))
        if spec.write:
            await server.write(KEY_PREFIX + randomness.token_hex(16), KEY_LIFE)
    reason = _worry(said, spec)
    return watch.finding(Outcome.DEGRADED if reason else Outcome.UP, reason, _facts(said))


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


def _worry(said: Said, spec: RedisSpec) -> str | None:
    """Return why a server that answers is not well, or None."""
    if _saves(said) is False:
        return "save_failed"
    if said.get("master_link_status") == "down":
        return "replication_lag"
    share = _memory_share(said)
    evicts = said.get("maxmemory_policy", "noeviction") != "noeviction"
    return "memory_high" if share is not None and share > spec.degraded_over_memory and not evicts else None


def _facts(said: Said) -> dict[str, Fact]:
    role, share, saves = _role(said), _memory_share(said), _saves(said)
    told: dict[str, Fact | None] = {
        "role": role and str(role),
        "connections": said.get("connected_clients"),
        "memory_percent": None if share is None else round(share * 100, 1),
        "last_save_ok": saves,
    }
    return {name: value for name, value in told.items() if value is not None}
