"""statusgen's own sweep over real `http` checks, alone in its process; `clients` starts it and reads what it prints."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

from statusgen.cli.limits import tries_at_once
from statusgen.clock import SystemClock
from statusgen.model.project import Check
from statusgen.probes import KINDS, EnvSecrets
from statusgen.sweep import run_to_end, sweep
from tests.fakes import Notes

CONFIRM_AFTER = 3.0


def main() -> None:
    """Probe the URLs in the file given, and print the wall time and for each URL its outcome and latency."""
    urls, ca_file, timeout, confirm = sys.argv[1:]
    checks = [
        _check(number, url, ca_file, timeout, int(confirm))
        for number, url in enumerate(Path(urls).read_text().splitlines())
    ]
    began = time.monotonic()
    observations = run_to_end(
        sweep(
            checks,
            location="here",
            run="run",
            kinds=KINDS,
            secrets=EnvSecrets({}),
            clock=SystemClock(),
            confirm_after=timedelta(seconds=CONFIRM_AFTER),
            progress=Notes(),
            at_once=tries_at_once(),
        )
    )
    wall = time.monotonic() - began
    json.dump({"wall": wall, "found": [[one.outcome, one.latency_ms] for one in observations]}, sys.stdout)


def _check(number: int, url: str, ca_file: str, timeout: str, confirm: int) -> Check:
    keys = {"http": url, "timeout": f"{timeout}s"} | ({"ca_file": ca_file} if url.startswith("https") else {})
    document = KINDS["http"].document.model_validate(keys)
    return Check(
        id=f"{number:05}",
        component="web",
        kind="http",
        spec=document.spec(),
        timeout=document.timeout,
        confirm=confirm,
    )


if __name__ == "__main__":
    main()
