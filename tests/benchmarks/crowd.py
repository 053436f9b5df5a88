"""Five thousand HTTPS checks on one core, of which one in a hundred hangs: is any healthy target ever called down?"""

from __future__ import annotations

import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.clients import TIMEOUT, statusgen
from tests.benchmarks.probing import CONFIRM, job_of, row
from tests.benchmarks.processes import CORES, SERVER_CORE, on_core
from tests.benchmarks.server import serving

CHECKS = 5000
ROUNDS = 10


def main() -> None:
    """Print a line for each round; `ROUNDS` may be given."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    print(f"{CHECKS} checks over TLS, {len(CORES)} cores, Python {platform.python_version()}; timeout {TIMEOUT} s\n")
    print("| round | p50 ms | p99 ms | of 100 ms | wall s | peak MiB | healthy, not up | no latency |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), command=on_core(SERVER_CORE)) as ports:
        job = job_of(ports, Path(folder), "https", checks=CHECKS, hanging=True)
        for number in range(1, rounds + 1):
            print(row(str(number), statusgen(job, confirm=CONFIRM), job), flush=True)


if __name__ == "__main__":
    main()
