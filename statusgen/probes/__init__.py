"""Probers: one file per kind of check, one name in `KINDS`.

Each carries out its check once. A kind is imported when a check needs it, and its driver when that check is carried
out, so that a project without a database needs none and waits for none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from statusgen.ports import ProbeKind
from statusgen.probes.installed import with_installed
from statusgen.probes.secrets import EnvSecrets

_NAMES = (
    "http",
    "tls",
    "tcp",
    "dns",
    "websocket",
    "mastodon",
    "postgres",
    "pgbouncer",
    "redis",
    "sidekiq",
    "prometheus",
    "command",
    "heartbeat",
)


class _Own(Mapping[str, ProbeKind]):
    """Our own kinds by the words that people write, each of which is the name of the file, too."""

    def __getitem__(self, name: str) -> ProbeKind:
        if name not in _NAMES:
            raise KeyError(name)
        kind: ProbeKind = import_module(f"{__name__}.{name}").KIND
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)

    def __contains__(self, name: object) -> bool:
        return name in _NAMES


KINDS: Mapping[str, ProbeKind] = _Own()
"""Every kind of check of our own, by the word that people write; `with_installed` adds those of other packages."""

__all__ = ["KINDS", "EnvSecrets", "with_installed"]
