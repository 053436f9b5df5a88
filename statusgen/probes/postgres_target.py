"""Where a server is that speaks PostgreSQL's protocol, as people write it and as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.probes.targets import File, Host
from statusgen.values import Document, Line, Port, Secret, one_of, wrong

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
class PostgresAddress:
    """Where a server is and how to log in: `dsn_env` stands alone; `options` are libpq's other parameters."""

    dsn_env: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    password_env: str | None = None


class ServerTarget(Document):
    """The key that names the kind: either `dsn_env`, or `host` and the others."""

    dsn_env: Secret | None = Field(
        default=None,
        description="The environment variable that holds the whole connection string; stands alone.",
        examples=["MASTODON_DSN"],
    )
    host: Host | None = Field(default=None, description="Where the server is.", examples=["db.example.org"])
    port: Port = Field(default=DEFAULT_PORT, description="Its port.", examples=["6432"])
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

    def at(self, database: str) -> PostgresAddress:
        """Return the same as plain data, for one database."""
        if self.dsn_env is not None or self.host is None:
            return PostgresAddress(dsn_env=self.dsn_env)
        plain = {"host": self.host, "port": str(self.port), "dbname": database, "user": self.user}
        authority = (("sslrootcert", self.ca_file),) if self.ca_file else ()
        options = (*plain.items(), ("sslmode", str(self.sslmode)), *authority)
        return PostgresAddress(options=options, password_env=self.password_env)


class PostgresTarget(ServerTarget):
    """The key `postgres`."""

    database: Line = Field(default="postgres", description="The database to log in to.", examples=["mastodon"])

    def address(self) -> PostgresAddress:
        """Return the same as plain data."""
        return self.at(self.database)
