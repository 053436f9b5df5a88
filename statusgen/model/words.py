"""The words that leave the process.

Outcomes, statuses, phases, impacts, in Atlassian Statuspage's spelling where it has one.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What one probe found. `skipped`: its place cannot measure this at all, so that it says nothing of the target."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Status(StrEnum):
    """What readers are told of a component, a group or the page."""

    OPERATIONAL = "operational"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"
    UNDER_MAINTENANCE = "under_maintenance"
    UNKNOWN = "unknown"


class Impact(StrEnum):
    """How badly an incident hits readers, as its author judges it."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class IncidentPhase(StrEnum):
    """The life of an incident."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"


class MaintenancePhase(StrEnum):
    """The life of a maintenance."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


Phase = IncidentPhase | MaintenancePhase

INCIDENT_STEPS: dict[IncidentPhase, frozenset[IncidentPhase]] = {
    IncidentPhase.INVESTIGATING: frozenset(IncidentPhase) - {IncidentPhase.POSTMORTEM},
    IncidentPhase.IDENTIFIED: frozenset(IncidentPhase) - {IncidentPhase.POSTMORTEM},
    IncidentPhase.MONITORING: frozenset(IncidentPhase) - {IncidentPhase.POSTMORTEM},
    IncidentPhase.RESOLVED: frozenset({IncidentPhase.POSTMORTEM}),
    IncidentPhase.POSTMORTEM: frozenset({IncidentPhase.POSTMORTEM}),
}
"""Which phase may follow which in an incident; one that comes back after `resolved` is a new incident."""

MAINTENANCE_STEPS: dict[MaintenancePhase, frozenset[MaintenancePhase]] = {
    MaintenancePhase.SCHEDULED: frozenset(MaintenancePhase),
    MaintenancePhase.IN_PROGRESS: frozenset(MaintenancePhase) - {MaintenancePhase.SCHEDULED},
    MaintenancePhase.VERIFYING: frozenset(
        {MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING, MaintenancePhase.COMPLETED}
    ),
    MaintenancePhase.COMPLETED: frozenset(),
    MaintenancePhase.CANCELLED: frozenset(),
}
"""Which phase may follow which in a maintenance; that it has begun says its window, and need not be written."""
