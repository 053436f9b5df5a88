"""Where a Redis server is, as people write it and as plain data: shared by the kinds that ask one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.probes.targets import File, Host
from statusgen.values import Document, Flag, Line, Port, Secret, at_most, wrong

DEFAULT_PORT = 6379


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisAddress:
    """Where a server is and how to log in; `url_env` stands alone."""

    url_env: str | None = None
    host: str = ""
    port: int = DEFAULT_PORT
    db: int = 0
    username: str | None = None
    password_env: str | None = None
    tls: bool = False
    ca_file: str | None = None


class RedisTarget(Document):
    """The key that names the kind: either `url_env`, or `host` and the others."""

    url_env: Secret | None = Field(
        default=None,
        description="The environment variable that holds the whole `redis://` or `rediss://` URL; only `ca_file` may "
        "stand beside it.",
        examples=["REDIS_URL"],
    )
    host: Host | None = Field(default=None, description="Where the server is.", examples=["redis.example.org"])
    port: Port = Field(default=DEFAULT_PORT, description="Its port.", examples=["6380"])
    db: Annotated[int, BeforeValidator(at_most(9999))] = Field(
        default=0, description="The number of the database.", examples=["1"]
    )
    username: Line | None = Field(default=None, description="The ACL user to log in as.", examples=["statusgen"])
    password_env: Secret | None = Field(
        default=None, description="The environment variable that holds the password.", examples=["REDIS_PASSWORD"]
    )
    tls: Flag = Field(
        default=False, description="Whether the connection is TLS, its certificate verified.", examples=["true"]
    )
    ca_file: File | None = Field(
        default=None,
        description="The private authority (PEM) that issued its certificate; the public ones when left out.",
        examples=["ca.pem"],
    )

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if self.url_env is None and self.host is None:
            raise wrong("expected 'host' or 'url_env'", hint="add 'host: redis.example.org'")
        if self.url_env is not None and self.model_fields_set - {"url_env", "ca_file"}:
            other = min(self.model_fields_set - {"url_env", "ca_file"})
            raise wrong(f"'url_env' stands alone, got {other!r} too", hint="say the same within the URL")
        if self.username is not None and self.password_env is None:
            raise wrong("'username' needs 'password_env'", hint="add 'password_env: REDIS_PASSWORD'")
        return self

    def address(self) -> RedisAddress:
        """Return the same as plain data."""
        return RedisAddress(
            url_env=self.url_env,
            host=self.host or "",
            port=self.port,
            db=self.db,
            username=self.username,
            password_env=self.password_env,
            tls=self.tls,
            ca_file=self.ca_file,
        )
