"""Why a probe did not find its target up: a closed list, so that no host name, path or credential reaches a page.

`http_<code>` stands for every unexpected HTTP status from 100 to 599; all other reasons are in `REASONS`. Where one
check asks several parts of a target, `streaming:timeout` says which of them it is.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Protocol

from statusgen.model.catalogue import msg

REASONS = MappingProxyType(
    {
        # the way there
        "timeout": msg("no answer in time"),
        "name_not_resolved": msg("its name could not be resolved"),
        "connection_refused": msg("the connection was refused"),
        "connection_reset": msg("the connection was cut off"),
        "unreachable": msg("the network path was unreachable"),
        "open": msg("a port that must be closed was open"),
        # TLS
        "tls_expired": msg("the certificate has expired"),
        "tls_not_yet_valid": msg("the certificate is not valid yet"),
        "tls_expires_soon": msg("the certificate expires soon"),
        "tls_wrong_name": msg("the certificate is for another name"),
        "tls_unknown_issuer": msg("the certificate's issuer is not trusted"),
        "tls_failed": msg("no secure connection could be made"),
        # HTTP
        "redirect_loop": msg("it redirected without end"),
        "bad_response": msg("the answer could not be understood"),
        "body_too_large": msg("the answer was too large"),
        "wrong_body": msg("the answer did not contain what it should"),
        "wrong_header": msg("a header of the answer was not what it should be"),
        "wrong_redirect": msg("it redirected to the wrong place"),
        "origin_unproven": msg("a cache answered, not the service itself"),
        "wrong_instance": msg("another instance answered"),
        "login_required": msg("it answers only those who are logged in"),
        "rate_limited": msg("it was asked too often"),
        # DNS
        "dns_nxdomain": msg("the name does not exist in the DNS"),
        "dns_no_answer": msg("the DNS has no such record for the name"),
        "dns_servfail": msg("its DNS server could not answer"),
        "dns_refused": msg("its DNS server refused to answer"),
        "wrong_answer": msg("the DNS did not answer what it should"),
        "dns_subnet_ignored": msg("the DNS server does not answer by where one asks from"),
        # PostgreSQL and Redis
        "wrong_password": msg("the login was refused"),
        "login_missing": msg("it lets in whoever has no login"),
        "no_permission": msg("the login may not do what the check needs"),
        "wrong_database": msg("the database does not exist"),
        "too_many_connections": msg("it accepts no more connections"),
        "connections_high": msg("its connections are nearly used up"),
        "wrong_role": msg("it is not in the expected role"),
        "replication_lag": msg("its replica lags behind"),
        "query_failed": msg("a query failed"),
        "starting": msg("it is still starting"),
        "read_only": msg("it refuses writes"),
        "save_failed": msg("it could not save its data"),
        "memory_high": msg("its memory is nearly used up"),
        "replica_missing": msg("fewer replicas than expected follow it"),
        "clients_waiting": msg("its clients wait for a connection"),
        # Sidekiq
        "no_worker": msg("no process works on a queue"),
        "queue_behind": msg("jobs wait too long in a queue"),
        "retries_high": msg("many failed jobs wait to be tried again"),
        "dead_high": msg("many failed jobs were given up"),
        # measured values and plugins
        "value_high": msg("a measured value was too high"),
        "value_low": msg("a measured value was too low"),
        "plugin_warning": msg("its plugin warned"),
        "plugin_critical": msg("its plugin found it failing"),
        "plugin_unknown": msg("its plugin could not tell"),
        "plugin_failed": msg("its plugin failed"),
        # judgement
        "slow": msg("it answered slowly"),
        "unsteady": msg("it answered only some of the time"),
        "heartbeat_missed": msg("it has not reported in time"),
        "family_missing": msg("the place it was measured from lacks that kind of address"),
        "location_offline": msg("the place it was measured from was offline itself"),
        "secret_missing": msg("a secret it needs was not given"),
        "secret_invalid": msg("a secret it needs could not be understood"),
        "driver_missing": msg("the software to measure it is not installed"),
        "not_measured": msg("it was not measured"),
        "flapping": msg("it goes down and comes back again and again"),
        "recovering": msg("it has been back for a short while only"),
        "prober_failed": msg("the measurement itself failed"),
    }
)
"""Every reason, in the words that readers see."""

PARTS = MappingProxyType(
    {
        "web": msg("web"),
        "streaming": msg("streaming"),
        "lookup": msg("account lookup"),
        "instance": msg("instance details"),
        "webfinger": msg("finding people"),
        "nodeinfo": msg("finding the instance"),
        "media": msg("media"),
    }
)
"""Every part that a reason can name, in the words that readers see: those of a Mastodon."""

UNSTEADY = "unsteady"
"""The reason of what was seen down and answers some of its tries but not all."""


class Say(Protocol):
    """What puts a message into a language, with the facts that it names."""

    def __call__(self, message: str, /, **facts: object) -> str: ...


def in_english(message: str, /, **facts: object) -> str:
    """Return a message as it stands in the code, with its facts."""
    return message.format_map(facts)


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


def describe(reason: str, say: Say = in_english) -> str:
    """Return a reason in people's words, to follow "because"; an unknown one says only that it failed.

    `say` puts a message into the language of its readers; English unless one is given.
    """
    if not is_reason(reason):
        return say("it failed")
    part, _, plain = reason.rpartition(":")
    match = _HTTP.fullmatch(plain)
    why = say("it answered with HTTP status {code}", code=match[1]) if match else say(REASONS[plain])
    return say("{why} ({part})", why=why, part=say(PARTS[part])) if part else why
