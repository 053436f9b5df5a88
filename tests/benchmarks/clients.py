"""What probes: statusgen, blackbox_exporter and curl, each asked for the same URLs, each telling its own latencies."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.benchmarks.processes import CLIENT_CORE, on_core, watched

TIMEOUT = 5
"""Seconds that every client gives a target."""

EXPORTER = shutil.which("prometheus-blackbox-exporter")
CURL = shutil.which("curl")
AT_ONCE = 100
APART = 0.003

_MODULE = """\
modules:
  http:
    prober: http
    timeout: {timeout}s
    http: {{preferred_ip_protocol: ip4, tls_config: {{ca_file: {ca_file}}}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be probed: URLs, of which those that end in `/hang` never answer."""

    folder: Path
    urls: Sequence[str]
    ca_file: Path

    @property
    def healthy(self) -> int:
        """How many answer."""
        return sum(not url.endswith("/hang") for url in self.urls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it; `latencies` are of targets that were found up (ms), `up` is how many those are."""

    wall: float
    peak_mib: float
    up: int
    latencies: Sequence[float]

    def quantile(self, share: float) -> float:
        """Return a quantile of the latencies, by the nearest rank."""
        return sorted(self.latencies)[round(share * (len(self.latencies) - 1))]


def statusgen(job: Job, *, confirm: int) -> Result:
    """Run our own sweep."""
    (job.folder / "urls").write_text("\n".join(job.urls))
    argv = [sys.executable, "-m", "tests.benchmarks.ours", str(job.folder / "urls"), str(job.ca_file)]
    with watched([*on_core(CLIENT_CORE), *argv, str(TIMEOUT), str(confirm)]) as (process, peak):
        told = json.loads(process.communicate()[0])
    up = [latency for outcome, latency in told["found"] if outcome == "up"]
    return Result(wall=told["wall"], peak_mib=peak.mib, up=len(up), latencies=[one for one in up if one is not None])


def curl(job: Job) -> Result:
    """Run one curl with many transfers at once; `--parallel-immediate`, for it waits for connections to share else."""
    assert CURL
    lines = (f'url = "{url}"\noutput = "/dev/null"' for url in job.urls)
    (job.folder / "curlrc").write_text("\n".join(lines))
    options = ["--parallel", "--parallel-immediate", "--parallel-max", str(AT_ONCE), "--no-progress-meter"]
    options += ["--max-time", str(TIMEOUT), "--cacert", str(job.ca_file), "--config", str(job.folder / "curlrc")]
    began = time.monotonic()
    command = [*on_core(CLIENT_CORE), CURL, *options, "--write-out", "%{http_code} %{time_total}\\n"]
    with watched(command) as (process, peak):
        told = process.communicate()[0].splitlines()
    wall = time.monotonic() - began
    found = [float(seconds) * 1000 for code, seconds in map(str.split, told) if code == "200"]
    return Result(wall=wall, peak_mib=peak.mib, up=len(found), latencies=found)


def exporter(job: Job, *, paced: bool) -> Result:
    """Run blackbox_exporter and ask it for one target after the other as Prometheus does, or for many at once."""
    assert EXPORTER
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = job.folder / "blackbox.yml"
    config.write_text(_MODULE.format(timeout=TIMEOUT, ca_file=job.ca_file))
    options = [f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
    with watched([*on_core(CLIENT_CORE), EXPORTER, *options]) as (_, peak):
        began, answers = asyncio.run(_scrape(port, job.urls, paced=paced))
        wall = time.monotonic() - began
    up = [text for text in answers if re.search(r"^probe_success 1$", text, re.MULTILINE)]
    durations = [re.search(r"^probe_duration_seconds (\S+)$", text, re.MULTILINE) for text in up]
    found = [float(duration[1]) * 1000 for duration in durations if duration]
    return Result(wall=wall, peak_mib=peak.mib, up=len(up), latencies=found)


async def _scrape(port: int, urls: Sequence[str], *, paced: bool) -> tuple[float, list[str]]:
    """Return when the first scrape began, once the exporter is there, and what it answers for each URL."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            break
    slots = asyncio.Semaphore(len(urls) if paced else AT_ONCE)

    async def scrape(number: int, url: str) -> str:
        await asyncio.sleep(number * APART if paced else 0)
        async with slots:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET /probe?module=http&target={quote(url, safe='')} HTTP/1.0\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            return answer.decode()

    began = time.monotonic()
    return began, await asyncio.gather(*(scrape(number, url) for number, url in enumerate(urls)))
