"""The kind `pgbouncer`: whether clients wait for a connection to the database, as its admin console tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, OneFamily
from statusgen.probes.network import TargetError, finding_of
from statusgen.probes.postgres_target import PostgresAddress, ServerTarget
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, Share, agree_on_family, parse_share
from statusgen.values import CheckDocument, Count, Duration, Port, wrong

if TYPE_CHECKING:
    from statusgen.probes.pgbouncer_client import Said

DEFAULT_PORT = 6432
CONSOLE = "pgbouncer"
"""The name of the database that is no database but the admin console."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PgbouncerSpec:
    """Where PgBouncer is, and what is expected of it; `degraded_over_connections` is a share from 0 to 1."""

    where: PostgresAddress
    degraded_over_waiting: int = 0
    degraded_over_wait: timedelta = timedelta(seconds=1)
    down_over_wait: timedelta = timedelta(seconds=30)
    degraded_over_connections: float = 0.9
    family: Family | None = None


class PgbouncerTarget(ServerTarget):
    """The key `pgbouncer`."""

    port: Port = Field(default=DEFAULT_PORT, description="Its port.", examples=["5433"])


class PgbouncerDocument(CheckDocument):
    """The keys of a `pgbouncer` check."""

    kind: ClassVar[str] = "pgbouncer"

    pgbouncer: PgbouncerTarget = Field(
        description="Where PgBouncer is; the user must be one of its `stats_users`.",
        examples=["{host: db.example.org, user: statusgen, password_env: PG_PASSWORD}"],
    )
    degraded_over_waiting: Count = Field(
        default=0, description="Degraded when more clients than this wait for a connection.", examples=["20"]
    )
    degraded_over_wait: Duration = Field(
        default=timedelta(seconds=1), description="Degraded when a client has waited longer.", examples=["500ms"]
    )
    down_over_wait: Duration = Field(
        default=timedelta(seconds=30), description="Down when a client has waited longer.", examples=["10s"]
    )
    degraded_over_connections: Annotated[Share, BeforeValidator(parse_share)] = Field(
        default=0.9,
        description="Degraded when it has more of the clients that it takes (`max_client_conn`) than this.",
        examples=["80%"],
    )
    family: OneFamily = None

    @model_validator(mode="after")
    def _waits_are_in_order(self) -> Self:
        if self.degraded_over_wait > self.down_over_wait:
            raise wrong("'degraded_over_wait' is longer than 'down_over_wait', so nothing would ever be degraded")
        return self

    @model_validator(mode="after")
    def _address_is_of_the_family(self) -> Self:
        agree_on_family(self.family, self.pgbouncer.host or "", None)
        return self

    def spec(self) -> PgbouncerSpec:
        """Return the same as plain data."""
        return PgbouncerSpec(
            where=self.pgbouncer.at(CONSOLE),
            degraded_over_waiting=self.degraded_over_waiting,
            degraded_over_wait=self.degraded_over_wait,
            down_over_wait=self.down_over_wait,
            degraded_over_connections=self.degraded_over_connections,
            family=self.family,
        )


async def probe(spec: PgbouncerSpec, secrets: Secrets) -> Finding:
    """Log in to the admin console and ask it for pools, clients and limits.

    Phases: `resolve`, `connect` (with the login), `query`. Facts: `connections`, `connections_limit`, `waiting`,
    `wait_seconds`.
    """
    try:
        from statusgen.probes.pgbouncer_client import MOST, ask, look, parameters  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    watch = Stopwatch()
    try:
        said = await ask(parameters(spec.where, secrets), look, watch, spec.family, MOST)
    except FamilyMissingError:
        return FAMILY_MISSING
    except TargetError as error:
        return finding_of(error, watch)
    outcome, reason = judge(said, spec)
    return watch.finding(outcome, reason, facts_of(said))


def judge(said: Said, spec: PgbouncerSpec) -> tuple[Outcome, str | None]:
    """Return what the pools amount to: nobody gets in any more, clients wait, or it will come to that."""
    taken = said.clients / said.limit if said.clients is not None and said.limit else 0.0
    if said.wait > spec.down_over_wait.total_seconds():
        return Outcome.DOWN, "clients_waiting"
    if taken >= 1:
        return Outcome.DOWN, "too_many_connections"
    if said.waiting > spec.degraded_over_waiting or said.wait > spec.degraded_over_wait.total_seconds():
        return Outcome.DEGRADED, "clients_waiting"
    if taken > spec.degraded_over_connections:
        return Outcome.DEGRADED, "connections_high"
    return Outcome.UP, None


def facts_of(said: Said) -> dict[str, Fact]:
    """Return what may be shown in public."""
    told: dict[str, Fact | None] = {
        "connections": said.clients,
        "connections_limit": said.limit,
        "waiting": said.waiting,
        "wait_seconds": round(said.wait, 1),
    }
    return {name: value for name, value in told.items() if value is not None}


KIND = ProbeKind(PgbouncerDocument, probe)
