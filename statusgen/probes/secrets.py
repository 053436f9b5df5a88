"""Secrets from the environment."""

from __future__ import annotations

from collections.abc import Mapping

from statusgen.ports import MissingSecretError


class EnvSecrets:
    """Gives probers and stores the values of environment variables; shows none of them when printed."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def get(self, name: str) -> str:
        """Return the value; raise `MissingSecretError` with the name when it is unset or empty."""
        value = self._environ.get(name, "")
        if not value:
            raise MissingSecretError(name)
        return value

    def __repr__(self) -> str:
        return "EnvSecrets(…)"
