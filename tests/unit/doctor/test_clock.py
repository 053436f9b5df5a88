"""Our clock is told apart from the bucket's when that does harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from statusgen.doctor.clock import judge
from statusgen.doctor.facts import Host

NOW = datetime(2022, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("apart", "severity", "title"),
    [
        (timedelta(), "ok", "our clock and that of s3.example agree"),
        (timedelta(seconds=59), "ok", "our clock and that of s3.example agree"),
        (timedelta(seconds=60), "warning", "our clock is 60 s ahead of that of s3.example"),
        (timedelta(minutes=-5), "warning", "our clock is 300 s behind that of s3.example"),
        (timedelta(minutes=-15), "problem", "our clock is 900 s behind that of s3.example"),
    ],
)
def test_how_far_it_is(apart: timedelta, severity: str, title: str) -> None:
    [found] = judge(Host(name="s3.example", clock=NOW, asked=NOW + apart))
    assert (str(found.severity), found.title) == (severity, title)
    assert bool(found.advice) == (severity != "ok")


def test_a_bucket_that_does_not_tell_is_not_judged() -> None:
    assert judge(Host(name="s3.example", asked=NOW)) == ()
