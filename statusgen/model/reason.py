"""Why a probe did not find its target up: a closed list, so that no host name, path or credential reaches a page.

`http_<code>` stands for every unexpected HTTP status from 100 to 599; all other reasons are in `REASONS`. Where one
check asks several parts of a target, `streaming:timeout` says which of them it is.
"""

from __future__ import annotations

import re
from types import MappingProxyType

REASONS = MappingProxyType(
    {
        # the way there
        "timeout": "no answer in time",
        "name_not_resolved": "its name could not be resolved",
        "connection_refused": "the connection was refused",
        "connection_reset": "the connection was cut off",
        "unreachable": "the network path was unreachable",
        "open": "a port that must be closed was open",
        # TLS
        "tls_expired": "the certificate has expired",
        "tls_not_yet_valid": "the certificate is not valid yet",
        "tls_expires_soon": "the certificate expires soon",
        "tls_wrong_name": "the certificate is for another name",
        "tls_unknown_issuer": "the certificate's issuer is not trusted",
        "tls_failed": "no secure connection could be made",
        # HTTP
        "redirect_loop": "it redirected without end",
        "bad_response": "the answer could not be understood",
        "body_too_large": "the answer was too large",
        "wrong_body": "the answer did not contain what it should",
        "wrong_header": "a header of the answer was not what it should be",
        "wrong_redirect": "it redirected to the wrong place",
        "origin_unproven": "a cache answered, not the service itself",
        "wrong_instance": "another instance answered",
        "login_required": "it answers only those who are logged in",
        "rate_limited": "it was asked too often",
        # DNS
        "dns_nxdomain": "the name does not exist in the DNS",
        "dns_no_answer": "the DNS has no such record for the name",
        "dns_servfail": "its DNS server could not answer",
        "dns_refused": "its DNS server refused to answer",
        "wrong_answer": "the DNS did not answer what it should",
        "dns_subnet_ignored": "the DNS server does not answer by where one asks from",
        # PostgreSQL and Redis
        "wrong_password": "the login was refused",
        "login_missing": "it lets in whoever has no login",
        "no_permission": "the login may not do what the check needs",
        "wrong_database": "the database does not exist",
        "too_many_connections": "it accepts no more connections",
        "connections_high": "its connections are nearly used up",
        "wrong_role": "it is not in the expected role",
        "replication_lag": "its replica lags behind",
        "query_failed": "a query failed",
        "starting": "it is still starting",
        "read_only": "it refuses writes",
        "save_failed": "it could not save its data",
        "memory_high": "its memory is nearly used up",
        "replica_missing": "fewer replicas than expected follow it",
        "clients_waiting": "its clients wait for a connection",
        # Sidekiq
        "no_worker": "no process works on a queue",
        "queue_behind": "jobs wait too long in a queue",
        "retries_high": "many failed jobs wait to be tried again",
        "dead_high": "many failed jobs were given up",
        # measured values and plugins
        "value_high": "a measured value was too high",
        "value_low": "a measured value was too low",
        "plugin_warning": "its plugin warned",
        "plugin_critical": "its plugin found it failing",
        "plugin_unknown": "its plugin could not tell",
        "plugin_failed": "its plugin failed",
        # judgement
        "slow": "it answered slowly",
        "unsteady": "it answered only some of the time",
        "heartbeat_missed": "it has not reported in time",
        "family_missing": "the place it was measured from lacks that kind of address",
        "location_offline": "the place it was measured from was offline itself",
        "secret_missing": "a secret it needs was not given",
        "secret_invalid": "a secret it needs could not be understood",
        "driver_missing": "the software to measure it is not installed",
        "not_measured": "it was not measured",
        "flapping": "it goes down and comes back again and again",
        "recovering": "it has been back for a short while only",
        "prober_failed": "the measurement itself failed",
    }
)
"""Every reason, in the words that readers see."""

PARTS = MappingProxyType(
    {
        "web": "web",
        "streaming": "streaming",
        "lookup": "account lookup",
        "instance": "instance details",
        "webfinger": "finding people",
        "nodeinfo": "finding the instance",
        "media": "media",
    }
)
"""Every part that a reason can name, in the words that readers see: those of a Mastodon."""

UNSTEADY = "unsteady"
"""The reason of what was seen down and answers some of its tries but not all."""

_HTTP = re.compile(r"http_([1-5][0-9][0-9])")


def http_reason(code: int) -> str:
    """Return the reason for an unexpected HTTP status; a code outside 100 to 599 is a `bad_response`."""
    reason = f"http_{code}"
    return reason if is_reason(reason) else "bad_response"


def is_reason(text: str) -> bool:
    """Return whether the text is one of the closed list, of a part or of the whole."""
    part, mark, plain = text.rpartition(":")
    return (part in PARTS or not mark) and (plain in REASONS or _HTTP.fullmatch(plain) is not None)


def of_part(part: str, reason: str) -> str:
    """Return the reason for a part of a target, such as `streaming:timeout`."""
    return f"{part}:{reason}"


def without_part(reason: str) -> str:
    """Return the reason alone, whichever part it is of."""
    return reason.rpartition(":")[2]


def describe(reason: str) -> str:
    """Return a reason in people's words, to follow "because"; an unknown one says only that it failed."""
    if not is_reason(reason):
        return "it failed"
    part, _, plain = reason.rpartition(":")
    match = _HTTP.fullmatch(plain)
    why = f"it answered with HTTP status {match[1]}" if match else REASONS[plain]
    return f"{why} ({PARTS[part]})" if part else why
