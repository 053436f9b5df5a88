"""The kind `postgres`: a login, one query, and what the server says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import Secrets
from statusgen.probes.network import TargetError
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import File, Host, Role, Share, parse_role, parse_share
from statusgen.values import CheckDocument, Document, Duration, Line, Port, Secret, one_of, wrong

if TYPE_CHECKING:
    from statusgen.probes.postgres_client import Said

DEFAULT_PORT = 5432


class SslMode(StrEnum):
    """How the connection is secured, in libpq's words."""

    DISABLE = "disable"
    ALLOW = "allow"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_CA = "verify-ca"
    VERIFY_FULL = "verify-full"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSpec:
    """Where the database is, and what is expected of it.

    `dsn_env` stands alone; `options` are libpq's other parameters. `degraded_over_connections` is a share from 0 to 1.
    """

    dsn_env: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    password_env: str | None = None
    role: Role | None = None
    degraded_over_connections: float = 0.9
    degraded_over_lag: timedelta = timedelta(seconds=10)
    down_over_lag: timedelta = timedelta(seconds=60)


class PostgresTarget(Document):
    """The key `postgres`: either `dsn_env`, or `host` and the others."""

    dsn_env: Secret | None = Field(
        default=None,
        description="The environment variable that holds the whole connection string; stands alone.",
        examples=["MASTODON_DSN"],
    )
    host: Host | None = Field(default=None, description="Where the server is.", examples=["db.example.org"])
    port: Port = Field(default=DEFAULT_PORT, description="Its port.", examples=["6432"])
    database: Line = Field(default="postgres", description="The database to log in to.", examples=["mastodon"])
    user: Line = Field(default="statusgen", description="The role to log in as.", examples=["statusgen"])
    password_env: Secret | None = Field(
        default=None, description="The environment variable that holds its password.", examples=["PG_PASSWORD"]
    )
    sslmode: Annotated[SslMode, BeforeValidator(one_of(SslMode))] = Field(
        default=SslMode.PREFER, description="How to secure the connection, in libpq's words.", examples=["verify-full"]
    )
    ca_file: File | None = Field(
        default=None,
        description="The private authority (PEM) for `verify-ca` and `verify-full`; the public ones when left out.",
        examples=["ca.pem"],
    )

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if self.dsn_env is None and self.host is None:
            raise wrong("expected 'host' or 'dsn_env'", hint="add 'host: db.example.org'")
        if self.dsn_env is not None and self.model_fields_set != {"dsn_env"}:
            other = min(self.model_fields_set - {"dsn_env"})
            raise wrong(f"'dsn_env' stands alone, got {other!r} too", hint="say the same within the connection string")
        return self

    def options(self) -> tuple[tuple[str, str], ...]:
        """Return the parameters for libpq, without the password."""
        if self.dsn_env is not None or self.host is None:
            return ()
        plain = {"host": self.host, "port": str(self.port), "dbname": self.database, "user": self.user}
        return (*plain.items(), ("sslmode", str(self.sslmode)), *self._authority())

    def _authority(self) -> tuple[tuple[str, str], ...]:
        return (("sslrootcert", self.ca_file),) if self.ca_file else ()


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

    @model_validator(mode="after")
    def _lags_are_in_order(self) -> Self:
        if self.degraded_over_lag > self.down_over_lag:
            raise wrong("'degraded_over_lag' is longer than 'down_over_lag', so nothing would ever be degraded")
        return self

    def spec(self) -> PostgresSpec:
        """Return the same as plain data."""
        return PostgresSpec(
            dsn_env=self.postgres.dsn_env,
            options=self.postgres.options(),
            password_env=self.postgres.password_env,
            role=self.role,
            degraded_over_connections=self.degraded_over_connections,
            degraded_over_lag=self.degraded_over_lag,
            down_over_lag=self.down_over_lag,
        )


async def probe(spec: PostgresSpec, secrets: Secrets) -> Finding:
    """Log in, ask one question, and judge what the server says of itself.

    Phases: `connect` (with the login), `query`. Facts: `role`, `connections`, `connections_limit`, `lag_seconds`. What
    the login may not see is left out; a question that it may not ask at all is `unknown`, and so is a replica that
    cannot tell how far behind it is: it has replayed nothing since its start.
    """
    try:
        from statusgen.probes.postgres_client import ask, parameters  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    try:
        where = parameters(spec, secrets)
    except ValueError:
        return Finding(outcome=Outcome.UNKNOWN, reason="secret_invalid")
    watch = Stopwatch()
    try:
        said = await ask(where, watch)
    except TargetError as error:
        return watch.finding(Outcome.UNKNOWN if error.reason == "no_permission" else Outcome.DOWN, error.reason)
    return _judge(said, spec, watch)


def _judge(said: Said, spec: PostgresSpec, watch: Stopwatch) -> Finding:
    role = Role.REPLICA if said.in_recovery else Role.PRIMARY
    lag = None if said.lag is None else max(said.lag, 0.0)
    facts: dict[str, Fact] = {"role": str(role), "connections_limit": said.limit}
    if said.clients is not None:
        facts["connections"] = said.clients
    if lag is not None:
        facts["lag_seconds"] = round(lag, 1)
    if spec.role not in {None, role}:
        return watch.finding(Outcome.DOWN, "wrong_role", facts)
    if role is Role.REPLICA and lag is None:
        return watch.finding(Outcome.UNKNOWN, "not_measured", facts)
    if lag is not None and lag > spec.down_over_lag.total_seconds():
        return watch.finding(Outcome.DOWN, "replication_lag", facts)
    if lag is not None and lag > spec.degraded_over_lag.total_seconds():
        return watch.finding(Outcome.DEGRADED, "replication_lag", facts)
    if said.clients is not None and said.clients > spec.degraded_over_connections * said.limit:
        return watch.finding(Outcome.DEGRADED, "connections_high", facts)
    return watch.finding(Outcome.UP, None, facts)
