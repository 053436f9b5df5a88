"""`statusgen demo` shows what it promises and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.root import cli
from statusgen.demo.instance import PARTS
from statusgen.demo.services import MissingPartError, answers
from statusgen.demo.services.parts import require
from statusgen.demo.services.processes import wait_until
from statusgen.errors import ExitCode
from tests.conftest import missing

pytestmark = pytest.mark.services

LIMIT = 120
URL = re.compile(r"http://127\.0\.0\.1:(\d+)/\S+/index\.html")


@pytest.fixture(autouse=True)
def _parts() -> None:
    try:
        require(*PARTS)
    except MissingPartError as error:
        missing(" and ".join(error.parts))


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command whose temporary files all lie in a folder of the test."""
    return {"PATH": f"{Path(sys.executable).parent}:{os.defpath}", "HOME": str(folder), "TMPDIR": str(folder)}


@contextmanager
def kept(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run `statusgen demo --keep`; kill it if the test did not end it."""
    command = [sys.executable, "-u", "-m", "statusgen", "demo", "--keep"]
    with subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said_until(process: subprocess.Popen[str], text: str) -> str:
    """Return what a command has said up to a text."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if text in line:
            return said
    pytest.fail(f"it ended without saying {text!r}:\n{said}")


def processes_in(folder: Path) -> list[str]:
    """Return the commands of all processes that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where, command = (process / "cwd").readlink(), (process / "cmdline").read_text()
        except OSError:
            continue
        if where.is_relative_to(folder):
            found.append(command.replace("\0", " "))
    return found


def assert_nothing_is_left(folder: Path) -> None:
    assert list(folder.glob("statusgen-demo-*")) == []
    assert wait_until(lambda: not processes_in(folder), limit=5), processes_in(folder)


def test_it_shows_what_changed_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "statusgen", "demo"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "All systems operational" in done.stdout
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "Web operational" in lines
    for name in ("Timelines", "Fremont", "Redis"):
        assert f"{name} operational → down" in lines
    assert "the connection was refused" in done.stdout
    assert "it depends on Redis" in done.stdout
    assert "Page operational → partly down" in lines
    assert "laying sample history: 90 days" in done.stderr
    found = URL.search(done.stdout)
    assert found
    assert not answers(int(found[1]))
    assert_nothing_is_left(tmp_path)


def test_kept_it_can_be_read_and_published_by_hand_until_ctrl_c(tmp_path: Path) -> None:
    with kept(tmp_path) as process:
        said = said_until(process, "Ctrl-C ends everything")
        found = URL.search(said)
        assert found
        with urllib.request.urlopen(found[0], timeout=10) as answer:
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert "is sample data" in answer.read().decode()
        [source, publish] = [line for line in said.splitlines() if line.startswith("  ") and str(tmp_path) in line]
        by_hand = subprocess.run(
            ["/bin/sh", "-c", f"{source}\n{publish}"],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert by_hand.returncode == ExitCode.DONE, by_hand.stderr
        assert len(processes_in(tmp_path)) > 5
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT) == ExitCode.DONE
    assert_nothing_is_left(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped_while_it_starts_it_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    with kept(tmp_path) as process:
        assert wait_until(lambda: bool(processes_in(tmp_path)), limit=LIMIT)
        process.send_signal(number)
        assert process.wait(LIMIT) == 128 + number
    assert_nothing_is_left(tmp_path)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statusgen.demo.scene.PARTS", ("trustme", "no-such-server", "nor-such-driver"))
    done = CliRunner().invoke(cli, ["demo"])
    assert done.exit_code == ExitCode.USAGE
    assert done.stderr == (
        "error: the demonstration needs 'no-such-server' and 'nor-such-driver', not installed here\n"
        "    hint: pip install 'statusgen[demo]'\n"
    )
