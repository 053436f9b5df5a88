"""The words of readers in tables, as messages that a `Tongue` puts into its language; and times as programs read them.

A status, a phase, a kind of check: each is marked here as a message, and translated where it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType

from statusgen.model.catalogue import msg
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Phase, Status

TROUBLE = (Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.DEGRADED_PERFORMANCE)
"""The statuses in which something does not work, worst first."""

LABELS: Mapping[Status, str] = MappingProxyType(
    {
        Status.OPERATIONAL: msg("operational"),
        Status.DEGRADED_PERFORMANCE: msg("degraded"),
        Status.PARTIAL_OUTAGE: msg("partly down"),
        Status.MAJOR_OUTAGE: msg("down"),
        Status.UNDER_MAINTENANCE: msg("under maintenance"),
        Status.UNKNOWN: msg("no fresh data"),
    }
)
"""A status in the words of readers, to stand alone."""

PHASES: Mapping[Phase, str] = MappingProxyType(
    {
        IncidentPhase.INVESTIGATING: msg("Investigating"),
        IncidentPhase.IDENTIFIED: msg("Identified"),
        IncidentPhase.MONITORING: msg("Monitoring"),
        IncidentPhase.RESOLVED: msg("Resolved"),
        IncidentPhase.POSTMORTEM: msg("Postmortem"),
        MaintenancePhase.SCHEDULED: msg("Scheduled"),
        MaintenancePhase.IN_PROGRESS: msg("In progress"),
        MaintenancePhase.VERIFYING: msg("Verifying"),
        MaintenancePhase.COMPLETED: msg("Completed"),
        MaintenancePhase.CANCELLED: msg("Cancelled"),
    }
)

PHASES_WITHIN: Mapping[Phase, str] = MappingProxyType(
    {
        IncidentPhase.INVESTIGATING: msg("investigating"),
        IncidentPhase.IDENTIFIED: msg("identified"),
        IncidentPhase.MONITORING: msg("monitoring"),
        IncidentPhase.RESOLVED: msg("resolved"),
        IncidentPhase.POSTMORTEM: msg("postmortem"),
        MaintenancePhase.SCHEDULED: msg("scheduled"),
        MaintenancePhase.IN_PROGRESS: msg("in progress"),
        MaintenancePhase.VERIFYING: msg("verifying"),
        MaintenancePhase.COMPLETED: msg("completed"),
        MaintenancePhase.CANCELLED: msg("cancelled"),
    }
)
"""The same within a line."""

RESCHEDULED = msg("Rescheduled")
"""What stands for a phase where a maintenance is given another start."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "http": msg("a page is fetched"),
        "tls": msg("its certificate is looked at"),
        "tcp": msg("a connection is made"),
        "dns": msg("its name is looked up"),
        "websocket": msg("a stream is opened"),
        "mastodon": msg("Mastodon is used as an app uses it"),
        "postgres": msg("the database is queried"),
        "pgbouncer": msg("the database's pool is asked who waits"),
        "redis": msg("a command is sent to Redis"),
        "sidekiq": msg("its queues are measured"),
        "prometheus": msg("its own measurements are read"),
        "command": msg("a program of the team looks"),
        "heartbeat": msg("it has to report by itself"),
    }
)
"""How each kind of check asks, in the words of readers; a kind that others bring is told by its name."""

IMPACTS: Mapping[Impact, str] = MappingProxyType(
    {
        Impact.NONE: msg("none"),
        Impact.MINOR: msg("minor"),
        Impact.MAJOR: msg("major"),
        Impact.CRITICAL: msg("critical"),
    }
)

IMPACT_MARKS: Mapping[Impact, Status] = MappingProxyType(
    {
        Impact.NONE: Status.OPERATIONAL,
        Impact.MINOR: Status.DEGRADED_PERFORMANCE,
        Impact.MAJOR: Status.PARTIAL_OUTAGE,
        Impact.CRITICAL: Status.MAJOR_OUTAGE,
    }
)
"""The shape that stands beside an open incident."""

CALLOUTS: Mapping[str, str] = MappingProxyType(
    {
        "info": msg("Good to know"),
        "success": msg("Done"),
        "warning": msg("Warning"),
        "danger": msg("Danger"),
        "note": msg("Note"),
        "tip": msg("Tip"),
        "important": msg("Important"),
        "caution": msg("Caution"),
        "spoiler": msg("More"),
    }
)
"""The kinds of blocks that stand out of a text, and the title of one that its author gave none."""


def stamp(at: datetime) -> str:
    """Return RFC 3339 in UTC to the second: `2022-12-01T14:00:00Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def midnight(at: datetime) -> datetime:
    """Return when a UTC day began: for what has no instant of its own, so that it does not move with every run."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def milli_stamp(at: datetime) -> str:
    """Return RFC 3339 in UTC with milliseconds, as Statuspage writes it: `2022-12-01T14:00:00.000Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def rfc822(at: datetime) -> str:
    """Return the date form of RSS 2.0 (RFC 822 with four-digit years): `Thu, 01 Dec 2022 14:00:00 GMT`."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)
