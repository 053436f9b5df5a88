"""The kind `banner`: what a server says first, as those of mail and SSH do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.network import reason_of
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import HostPort, Target
from statusgen.values import CheckDocument, Line

LONGEST = 512


@dataclass(frozen=True, slots=True)
class BannerSpec:
    """One server, and how its first line must begin."""

    target: HostPort
    begins_with: bytes


class BannerDocument(CheckDocument):
    """The keys of a `banner` check."""

    kind: ClassVar[str] = "banner"

    banner: Target = Field(description="The host and the port.", examples=["mail.example.org:25"])
    begins_with: Line = Field(description="How the first line must begin.", examples=["SSH-2.0"])

    def spec(self) -> BannerSpec:
        """Return the same as plain data."""
        return BannerSpec(self.banner, self.begins_with.encode())


async def probe(spec: BannerSpec, secrets: Secrets) -> Finding:
    """Connect, read one line, and compare how it begins."""
    watch = Stopwatch()
    try:
        with watch.phase("connect"):
            reader, writer = await asyncio.open_connection(spec.target.host, spec.target.port, limit=LONGEST)
        try:
            with watch.phase("banner"):
                line = await reader.readline()
        finally:
            writer.transport.abort()
    except ValueError:  # the line is longer than the limit
        return watch.finding(Outcome.DOWN, "bad_response")
    except OSError as error:
        return watch.finding(Outcome.DOWN, reason_of(error) or "unreachable")
    if line.startswith(spec.begins_with):
        return watch.finding(Outcome.UP)
    return watch.finding(Outcome.DOWN, "wrong_body")


BANNER = ProbeKind(BannerDocument, probe)
