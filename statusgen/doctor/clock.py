"""Judges our clock by that of the bucket. Pure."""

from __future__ import annotations

from datetime import timedelta

from statusgen.doctor.facts import Host
from statusgen.doctor.finding import Finding, Severity

ABOUT = "clock"

SKEWED = timedelta(minutes=15)
"""From here on S3 refuses every request, as `RequestTimeTooSkewed`."""
OFF = timedelta(minutes=1)
"""From here on what the page says of its age is not worth much."""


def judge(bucket: Host) -> tuple[Finding, ...]:
    """Return how far our clock is from the bucket's; nothing when the bucket did not tell."""
    if bucket.clock is None or bucket.asked is None:
        return ()
    apart = bucket.asked - bucket.clock
    seconds = round(abs(apart).total_seconds())
    way = "ahead of" if apart > timedelta() else "behind"
    severity = Severity.PROBLEM if abs(apart) >= SKEWED else Severity.WARNING if abs(apart) >= OFF else Severity.OK
    if severity is Severity.OK:
        return (Finding(about=ABOUT, severity=severity, title=f"our clock and that of {bucket.name} agree"),)
    return (
        Finding(
            about=ABOUT,
            severity=severity,
            title=f"our clock is {seconds} s {way} that of {bucket.name}",
            why="a bucket refuses requests that are a quarter of an hour off"
            if severity is Severity.PROBLEM
            else "the page tells its age by a clock that is wrong",
            advice="set this machine's clock by NTP",
        ),
    )
