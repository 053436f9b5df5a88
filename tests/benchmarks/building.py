"""What building a site costs: statusgen beside Hugo with a minimal theme and Pelican, on the same Markdown.

Full and cold, then again with nothing changed, then with one announcement more. Trees lie in memory where the machine
has a file system for that, for a disk would be what is measured.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import corpus

NUMBERS = (100, 1_000, 4_000, 10_000)
IN_MEMORY = Path("/dev/shm")
NOW = "2026-11-24T12:00Z"
ONE_MORE = 1
ROUNDS = 3
"""Of these the least counts, which other programs disturbed least."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds of the clock and of all processors, and MiB of all its processes together."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Generator:
    """One of those compared: how its project is laid out around the announcements, and how it is run."""

    name: str
    content: str
    lay_out: Callable[[Path], None]
    command: Sequence[str]
    own: bool = False


def _lay_out_ours(root: Path) -> None:
    (root / "checks").mkdir()
    (root / "statusgen.yaml").write_text("site: {name: Example, url: https://status.example.org}\n")
    components = "".join(
        f"  - {{id: c{number}, name: C{number}, checks: [{{http: 'https://example.org/{number}'}}]}}\n"
        for number in range(corpus.COMPONENTS)
    )
    (root / "checks/all.yaml").write_text(f"group: All\ncomponents:\n{components}")


def _lay_out_hugo(root: Path) -> None:
    layouts = root / "layouts/_default"
    layouts.mkdir(parents=True)
    (root / "hugo.toml").write_text('baseURL = "https://status.example.org/"\ntitle = "Example"\n')
    page = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>"
    each = '{{ range .Paginator.Pages }}<p><a href="{{ .RelPermalink }}">{{ .Title }}</a></p>{{ end }}'
    (layouts / "single.html").write_text(f"{page}{{{{ .Content }}}}")
    (layouts / "list.html").write_text(f'{page}{each}{{{{ template "_internal/pagination.html" . }}}}')


def _lay_out_pelican(root: Path) -> None:
    (root / "pelicanconf.py").write_text(
        "SITENAME = 'Example'\nSITEURL = 'https://status.example.org'\nTIMEZONE = 'UTC'\nTHEME = 'simple'\n"
        "FEED_ALL_ATOM = 'feed.atom'\nFEED_MAX_ITEMS = 100\nDEFAULT_PAGINATION = 20\nLOG_LEVEL = 'ERROR'\n"
    )


GENERATORS = (
    Generator(
        "statusgen",
        "content/incidents",
        _lay_out_ours,
        [sys.executable, "-m", "statusgen", "build", "--now", NOW, "--output", "public"],
        own=True,
    ),
    Generator(
        "Hugo, minimal theme", "content/incidents", _lay_out_hugo, ["hugo", "--quiet", "--destination", "public"]
    ),
    Generator(
        "Pelican", "content", _lay_out_pelican, ["pelican", "content", "-s", "pelicanconf.py", "-o", "public", "-q"]
    ),
)


def main() -> None:
    """Print three tables; what is not installed is left out."""
    print(f"{len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}\n")
    there = [one for one in GENERATORS if shutil.which(one.command[0])]
    cold: list[str] = []
    memory: list[str] = []
    more: list[str] = []
    for generator in there:
        costs = []
        for number in NUMBERS:
            with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
                root = Path(folder)
                costs.append(_cold(generator, root, number))
                if number == NUMBERS[-1]:
                    more.append(_one_more(generator, root, number))
        cold.append(_row(generator.name, *(f"{cost.wall:.2f} ({cost.cpu:.2f})" for cost in costs)))
        memory.append(_row(generator.name, *(f"{cost.peak:.0f}" for cost in costs)))
    heads = [f"{number:,}" for number in NUMBERS]
    _print("full and cold: seconds (of processors)", ["", *heads], cold)
    _print("memory of all processes together, MiB", ["", *heads], memory)
    _print(
        f"one more than {NUMBERS[-1]:,}",
        ["", "again: s", "files written", "one more: s", "files written", "files that differ"],
        more,
    )


def _cold(generator: Generator, root: Path, number: int) -> Cost:
    """Return the least that it takes in several rounds, each of which finds nothing of the one before.

    Memory is looked at in a round of its own, for looking at it takes a good part of a core.
    """
    corpus.write(root / generator.content, number, own=generator.own)
    generator.lay_out(root)
    costs = []
    for watched in (True, *[False] * ROUNDS):
        for made in ("public", "resources", _CACHE):
            shutil.rmtree(root / made, ignore_errors=True)
        costs.append(_run(generator, root, watched=watched))
    first, *timed = costs
    return Cost(min(one.wall for one in timed), min(one.cpu for one in timed), first.peak)


def _one_more(generator: Generator, root: Path, number: int) -> str:
    """Return what it takes to build again, and to build with one announcement more."""
    first = _tree(root / "public")
    again = _run(generator, root)
    second = _tree(root / "public")
    *_, newest = corpus.incidents(number + ONE_MORE)
    (root / generator.content / newest.name).write_text(newest.file(own=generator.own), encoding="utf-8")
    more = _run(generator, root)
    third = _tree(root / "public")
    paths = second.keys() | third.keys()
    differ = sum(second.get(path, _NONE)[1] != third.get(path, _NONE)[1] for path in paths)
    written = [str(sum(old.get(path) != new[path] for path in new)) for old, new in ((first, second), (second, third))]
    return _row(generator.name, f"{again.wall:.2f}", written[0], f"{more.wall:.2f}", written[1], str(differ))


_NONE = (0, "")
_CACHE = "cache"
"""Where in the project's folder a program keeps what it wants to find again."""


def _tree(folder: Path) -> dict[str, tuple[int, str]]:
    """Return each file with when it was written, and a digest of what it holds."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
    }


def _run(generator: Generator, root: Path, *, watched: bool = False) -> Cost:
    cache = str(root / _CACHE)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "STATUSGEN_CACHE": cache, "HUGO_CACHEDIR": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    before = os.times()
    start = time.perf_counter()
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(generator.command, cwd=root, stdout=said, stderr=said, env=environment) as process,
    ):
        memory = _Memory(process.pid) if watched else None
        code = process.wait()
        wall = time.perf_counter() - start
        after = os.times()
        peak = memory.end() if memory else 0.0
        if code:
            said.seek(0)
            raise SystemExit(f"{generator.name} failed:\n{said.read().decode(errors='replace')}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(wall, cpu, peak)


class _Memory:
    """The most that a process and its children ever held together; what they share counts once (PSS)."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> float:
        """Return it in MiB."""
        self._ended.set()
        self._thread.join()
        return self._peak / 1024

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            self._peak = max(self._peak, sum(map(_held, [self._pid, *_children(self._pid)])))


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        found = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return found + [grandchild for child in found for grandchild in _children(child)]
    return []


def _held(pid: int) -> int:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return 0


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _print(title: str, heads: Sequence[str], rows: Sequence[str]) -> None:
    print(f"## {title}\n", _row(*heads), _row(*["---"] * len(heads)), *rows, "", sep="\n")


if __name__ == "__main__":
    main()
