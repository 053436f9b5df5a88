"""The kind `postgres`: a login, one query, and what the server says of itself."""

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
from statusgen.probes.postgres_target import PostgresAddress, PostgresTarget
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, Role, Share, agree_on_family, parse_role, parse_share
from statusgen.values import CheckDocument, Count, Duration, wrong

if TYPE_CHECKING:
    from statusgen.probes.postgres_client import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSpec:
    """One server, and what is expected of it; `degraded_over_connections` is a share from 0 to 1."""

    where: PostgresAddress
    role: Role | None = None
    degraded_over_connections: float = 0.9
    degraded_over_lag: timedelta = timedelta(seconds=10)
    down_over_lag: timedelta = timedelta(seconds=60)
    replicas: int | None = None
    family: Family | None = None


class PostgresDocument(CheckDocument):
    """The keys of a `postgres` check."""

    kind: ClassVar[str] = "postgres"

    postgres: PostgresTarget = Field(
        description="Where the database is.",
        examples=["{host: db.example.org, database: mastodon, user: statusgen, password_env: PG_PASSWORD}"],
    )
    role: Annotated[Role | None, BeforeValidator(parse_role)] = Field(
        default=None, description="`primary` or `replica`; down in the other role.", examples=["primary"]
    )
    degraded_over_connections: Annotated[Share, BeforeValidator(parse_share)] = Field(
        default=0.9,
        description="Degraded when more of its connections than this are in use.",
        examples=["80%"],
    )
    degraded_over_lag: Duration = Field(
        default=timedelta(seconds=10), description="Degraded when a replica lags longer.", examples=["30s"]
    )
    down_over_lag: Duration = Field(
        default=timedelta(seconds=60), description="Down when a replica lags longer.", examples=["5m"]
    )
    replicas: Count | None = Field(
        default=None, description="Degraded when fewer replicas than this stream from it.", examples=["1"]
    )
    family: OneFamily = None

    @model_validator(mode="after")
    def _lags_are_in_order(self) -> Self:
        if self.degraded_over_lag > self.down_over_lag:
            raise wrong("'degraded_over_lag' is longer than 'down_over_lag', so nothing would ever be degraded")
        return self

    @model_validator(mode="after")
    def _address_is_of_the_family(self) -> Self:
        agree_on_family(self.family, self.postgres.host or "", None)
        return self

    def spec(self) -> PostgresSpec:
        """Return the same as plain data."""
        return PostgresSpec(
            where=self.postgres.address(),
            role=self.role,
            degraded_over_connections=self.degraded_over_connections,
            degraded_over_lag=self.degraded_over_lag,
            down_over_lag=self.down_over_lag,
            replicas=self.replicas,
            family=self.family,
        )


async def probe(spec: PostgresSpec, secrets: Secrets) -> Finding:
    """Log in, ask one question, and judge what the server says of itself.

    Phases: `resolve`, `connect` (with the login), `query`. Facts: `role`, `connections`, `connections_limit`,
    `lag_seconds`, and `replicas` where some are expected. What the login may not see is left out; a question that it
    may not ask at all is `unknown`, and so is a replica that cannot tell how far behind it is: it has replayed nothing
    since its start.
    """
    try:
        from statusgen.probes.postgres_client import ask, look, parameters  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    watch = Stopwatch()
    try:
        said = await ask(parameters(spec.where, secrets), look, watch, spec.family)
    except FamilyMissingError:
        return FAMILY_MISSING
    except TargetError as error:
        return finding_of(error, watch)
    return _judge(said, spec, watch)


def _judge(said: Said, spec: PostgresSpec, watch: Stopwatch) -> Finding:
    role = Role.REPLICA if said.in_recovery else Role.PRIMARY
    lag = None if said.lag is None else max(said.lag, 0.0)
    facts = _facts(said, role, lag, spec)
    if spec.role not in {None, role}:
        return watch.finding(Outcome.DOWN, "wrong_role", facts)
    if role is Role.REPLICA and lag is None:
        return watch.finding(Outcome.UNKNOWN, "not_measured", facts)
    if lag is not None and lag > spec.down_over_lag.total_seconds():
        return watch.finding(Outcome.DOWN, "replication_lag", facts)
    reason = _worry(said, lag, spec)
    if reason is None and spec.replicas is not None and said.replicas is None:
        return watch.finding(Outcome.UNKNOWN, "no_permission", facts)
    return watch.finding(Outcome.DEGRADED if reason else Outcome.UP, reason, facts)


def _worry(said: Said, lag: float | None, spec: PostgresSpec) -> str | None:
    """Return why a server that does its work is not well, or None."""
    if lag is not None and lag > spec.degraded_over_lag.total_seconds():
        return "replication_lag"
    if spec.replicas is not None and said.replicas is not None and said.replicas < spec.replicas:
        return "replica_missing"
    if said.clients is not None and said.clients > spec.degraded_over_connections * said.limit:
        return "connections_high"
    return None


def _facts(said: Said, role: Role, lag: float | None, spec: PostgresSpec) -> dict[str, Fact]:
    told: dict[str, Fact | None] = {
        "role": str(role),
        "connections": said.clients,
        "connections_limit": said.limit,
        "lag_seconds": None if lag is None else round(lag, 1),
        "replicas": None if spec.replicas is None else said.replicas,
    }
    return {name: value for name, value in told.items() if value is not None}


KIND = ProbeKind(PostgresDocument, probe)
