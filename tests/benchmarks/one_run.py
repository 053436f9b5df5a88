"""What the state costs one run: keep what was seen, and make the page; alone in its process, `history` starts it."""

from __future__ import annotations

import json
import re
import sys
import time
from datetime import datetime
from pathlib import Path

from statusgen import pipeline
from statusgen.history import append
from statusgen.stores.directory import DirectoryStore
from tests.benchmarks.aged import Meter, Site, component_id
from tests.factories import component, group, location, project
from tests.fakes import Notes


def main() -> None:
    """Do a run over the state in the folder given, at the instant given, and print what it cost."""
    folder, instant = sys.argv[1:]
    now, site, notes = datetime.fromisoformat(instant), Site(), Notes()
    state = Meter(DirectoryStore(Path(folder), name="file:state"))
    watched = project(
        group(*(component(component_id(number)) for number in range(site.checks))),
        locations=[location(f"place-{number}") for number in range(site.locations)],
    )
    began = time.process_time()
    append(state, next(site.day(now)), warn=notes.warn)
    page = pipeline.look(watched, state, now=now, progress=notes, tidy=True)
    seconds = time.process_time() - began
    # Not `getrusage`, whose peak is also that of the process that started this one.
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    cost = {
        "requests": state.requests,
        "listed": state.listed,
        "moved": state.moved,
        "seconds": seconds,
        "peak": int(peak) / 1024,
    }
    json.dump(cost | {"warnings": notes.warnings, "measured": str(page.measured)}, sys.stdout)


if __name__ == "__main__":
    main()
