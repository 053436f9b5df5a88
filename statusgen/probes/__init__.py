"""Probers: one file per kind of check, one row per kind in `KINDS`.

Each carries out its check once. Drivers are imported when a check needs them, so that a project without a database
needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from statusgen.ports import ProbeKind
from statusgen.probes import (
    command,
    dns,
    heartbeat,
    http,
    mastodon,
    pgbouncer,
    postgres,
    prometheus,
    redis,
    sidekiq,
    tcp,
    tls,
    websocket,
)
from statusgen.probes.installed import with_installed
from statusgen.probes.secrets import EnvSecrets

KINDS: Mapping[str, ProbeKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            ProbeKind(http.HttpDocument, http.probe),
            ProbeKind(tls.TlsDocument, tls.probe),
            ProbeKind(tcp.TcpDocument, tcp.probe),
            ProbeKind(dns.DnsDocument, dns.probe),
            ProbeKind(websocket.WebSocketDocument, websocket.probe),
            ProbeKind(mastodon.MastodonDocument, mastodon.probe),
            ProbeKind(postgres.PostgresDocument, postgres.probe),
            ProbeKind(pgbouncer.PgbouncerDocument, pgbouncer.probe),
            ProbeKind(redis.RedisDocument, redis.probe),
            ProbeKind(sidekiq.SidekiqDocument, sidekiq.probe),
            ProbeKind(prometheus.PrometheusDocument, prometheus.probe),
            ProbeKind(command.CommandDocument, command.probe),
            ProbeKind(heartbeat.HeartbeatDocument, heartbeat.probe),
        )
    }
)
"""Every kind of check of our own, by the word that people write; `with_installed` adds those of other packages."""

__all__ = ["KINDS", "EnvSecrets", "with_installed"]
