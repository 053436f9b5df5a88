"""`watch` as a process of its own, over a real S3 server: it outlives the server, and ends when it is told to."""

from __future__ import annotations

import signal
import subprocess

import pytest

from tests.integration.operating import Operator

pytestmark = pytest.mark.services

LIMIT = 60.0
PROGRAM = """
import sys
from statusgen import watch
from statusgen.cli import main, progress

def probing(self, what, total):
    print(what, flush=True)

def waiting(until):
    print("waiting", flush=True)
    return wait(until)

progress.LineProgress.start = probing
wait, watch.run_to_end = watch.run_to_end, waiting
sys.argv[0] = "statusgen"
main()
"""


def told(stream: object, words: str) -> None:
    """Read lines until one holds the words; fail when the process ends before."""
    for line in stream:  # type: ignore[attr-defined]  # a text stream
        if words in line:
            return
    raise AssertionError(f"it never said {words!r}")


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """Send a signal and return the exit code and what was still said on stderr."""
    process.send_signal(number)
    _, said = process.communicate(timeout=LIMIT)
    return process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_between_two_runs_it_ends_at_once_with_what_the_last_one_came_to(
    operator: Operator, number: signal.Signals
) -> None:
    operator.write_project(tls=False)
    process = operator.start("watch", "--every", "1h", program=PROGRAM)
    told(process.stdout, "waiting")
    assert ended(process, number)[0] == 0
    assert "index.html" in operator.objects("site")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_within_a_run_it_leaves_nothing_half_way_that_the_next_does_not_finish(
    operator: Operator, number: signal.Signals
) -> None:
    operator.write_project(tls=False)
    operator.make_the_target_hang()
    operator.server.pause()
    process = operator.start("watch", "--every", "1h", "--probe-only", program=PROGRAM)
    said = "stopped; nothing is half-way that the next run does not finish\n"
    told(process.stdout, "probing")
    assert ended(process, number) == (130, f"\n{said}")


def test_it_outlives_a_server_that_is_gone_for_a_while_and_nothing_is_lost(operator: Operator) -> None:
    operator.write_project(tls=False)
    process = operator.start("watch", "--every", "1s", program=PROGRAM)
    told(process.stdout, "https://status.example.org")
    operator.server.stop()
    told(process.stderr, "error: the target 's3://")
    assert list((operator.root / ".statusgen/spool/raw").rglob("*.jsonl"))
    operator.server.start()
    while list((operator.root / ".statusgen/spool/raw").rglob("*.jsonl")):
        told(process.stdout, "waiting")
    told(process.stdout, "https://status.example.org")
    told(process.stdout, "waiting")
    assert ended(process, signal.SIGTERM)[0] == 0
    operator.run("probe")
    assert not list((operator.root / ".statusgen/spool").rglob("*.jsonl"))
