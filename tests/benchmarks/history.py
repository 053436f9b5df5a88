"""What a run costs when the site is a day, a quarter, one, two and five years old: requests, bytes, time and memory.

Fifty checks from three locations, 288 runs a day, late in the evening, when most of the day has to be read. The state
is laid out as years of runs would have left it, see `aged`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.aged import Site, aged
from tests.factories import DAY, INTERVAL, MINUTE

AGES = {"1 day": 1, "90 days": 90, "1 year": 365, "2 years": 730, "5 years": 1826}
NOW = datetime.fromisoformat("2026-12-29T23:02Z")
"""Its window of ninety days begins with a month."""
ROUNDS = 7
KIB = 1024


def main() -> None:
    """Print a table for most runs, and one for the run that sums up a day."""
    site = Site()
    size = f"{site.checks} checks x {site.locations} locations x {site.runs} runs a day"
    print(f"{size}, Python {platform.python_version()}")
    rows: dict[str, list[str]] = {"most runs": [], "the first run after midnight": [], "the run that closes a day": []}
    for age, days in AGES.items():
        with tempfile.TemporaryDirectory() as folder:
            _lay_out(Path(folder), days, site)
            _run(folder, NOW)  # the past was summed up before
            often = [_run(folder, NOW + number * INTERVAL) for number in range(1, ROUNDS + 1)]
            rows["most runs"].append(_row(age, often))
            midnight = NOW.replace(hour=0, minute=0) + DAY
            rows["the first run after midnight"].append(_row(age, [_run(folder, midnight + MINUTE)]))
            rows["the run that closes a day"].append(_row(age, [_run(folder, midnight + 61 * MINUTE)]))
    for kind, lines in rows.items():
        print(f"\n## {kind}\n")
        print("| age | requests | listed KiB | moved KiB | CPU s | peak MiB |")
        print("| --- | --- | --- | --- | --- | --- |")
        print("\n".join(lines))


def _lay_out(folder: Path, days: int, site: Site) -> None:
    for key, (body, modified) in aged(days, NOW, site).objects.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        os.utime(path, (modified.timestamp(), modified.timestamp()))


def _run(folder: str, now: datetime) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.one_run", folder, now.isoformat()]
    cost: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if cost["warnings"]:
        raise AssertionError(cost["warnings"])
    return cost


def _row(age: str, costs: list[dict[str, Any]]) -> str:
    """Return one line of a table: the last run, and the shortest of the times, which other programs disturbed least."""
    last, seconds = costs[-1], min(cost["seconds"] for cost in costs)
    moved = [f"{last[name] / KIB:.0f}" for name in ("listed", "moved")]
    return f"| {' | '.join([age, str(last['requests']), *moved, f'{seconds:.2f}', str(round(last['peak']))])} |"


if __name__ == "__main__":
    main()
