"""A thousand checks in one run, of a server that answers in exactly 100 ms: whose latency is it that is told?

Over HTTP and over TLS, with no target that hangs and with one in a hundred. Clients have one core, the server another.
"""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from statusgen.sweep import APART
from tests.benchmarks.clients import AT_ONCE, CURL, EXPORTER, TIMEOUT, Job, Result, curl, exporter, statusgen
from tests.benchmarks.ours import CONFIRM_AFTER
from tests.benchmarks.processes import CORES, SERVER_CORE, on_core
from tests.benchmarks.server import DELAY, Ports, serving

CHECKS = 1000
HANGS = 100
"""One target of so many hangs, where any does."""
CONFIRM = 2

Client = tuple[str, Callable[[Job], Result]]


def main() -> None:
    """Print a table for each of the four cases."""
    print(f"{CHECKS} checks, {len(CORES)} cores, Python {platform.python_version()}; timeout {TIMEOUT} s")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), command=on_core(SERVER_CORE)) as ports:
        for scheme in ("http", "https"):
            for hanging in (False, True):
                print(f"\n## {scheme}, {f'one in {HANGS} hangs' if hanging else 'all answer'}\n")
                print("| client | p50 ms | p99 ms | of 100 ms | wall s | peak MiB | healthy, not up | no latency |")
                print("| --- | --- | --- | --- | --- | --- | --- | --- |")
                job = job_of(ports, Path(folder), scheme, checks=CHECKS, hanging=hanging)
                for name, run in _clients(hanging=hanging):
                    print(row(name, run(job), job), flush=True)
    bound = CHECKS * APART + (1 + CONFIRM) * TIMEOUT + CONFIRM * CONFIRM_AFTER
    print(f"\nstatusgen's pacing and longest deadline: {bound:.0f} s with {1 + CONFIRM} tries, else", end=" ")
    print(f"{CHECKS * APART + TIMEOUT:.0f} s")


def job_of(ports: Ports, folder: Path, scheme: str, *, checks: int, hanging: bool) -> Job:
    """Return so many URLs of the server."""
    paths = ("/hang" if hanging and number % HANGS == HANGS // 2 else f"/{number}" for number in range(checks))
    return Job(folder=folder, urls=[ports.url(scheme, path) for path in paths], ca_file=ports.ca_file)


def row(name: str, result: Result, job: Job) -> str:
    """Return one line of a table."""
    p50, p99 = result.quantile(0.5), result.quantile(0.99)
    ratios = " / ".join(f"{latency / (DELAY * 1000):.3f}" for latency in (p50, p99))
    cells = [name, f"{p50:.1f}", f"{p99:.1f}", ratios, f"{result.wall:.1f}", f"{result.peak_mib:.0f}"]
    cells += [str(job.healthy - result.up), str(result.up - len(result.latencies))]
    return f"| {' | '.join(cells)} |"


def _clients(*, hanging: bool) -> Iterator[Client]:
    yield "statusgen, tried once", lambda job: statusgen(job, confirm=0)
    if hanging:
        yield f"statusgen, tried {1 + CONFIRM} times", lambda job: statusgen(job, confirm=CONFIRM)
    if EXPORTER:
        yield f"blackbox_exporter, {APART * 1000:.0f} ms apart", lambda job: exporter(job, paced=True)
        yield f"blackbox_exporter, {AT_ONCE} at once", lambda job: exporter(job, paced=False)
    if CURL:
        yield f"curl, {AT_ONCE} at once", curl


if __name__ == "__main__":
    main()
