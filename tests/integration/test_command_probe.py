"""A `command` check believes a plugin's exit code, keeps its numbers, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from statusgen.demo.services.processes import is_alive, wait_until
from statusgen.model.observation import Observation
from tests.conftest import missing
from tests.integration.observing import found, observe

pytestmark = pytest.mark.services

PLUGINS = Path("/usr/lib/nagios/plugins")


def plugin(name: str) -> str:
    if not (PLUGINS / name).exists():
        missing("monitoring-plugins-basic")
    return str(PLUGINS / name)


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], str]:
    """Make a program of some lines of Python."""

    def make(text: str) -> str:
        file = tmp_path / "plugin"
        file.write_text(f"#!{sys.executable} -I\nimport os, signal, subprocess, sys, time\n{text}\n")
        file.chmod(0o755)
        return str(file)

    return make


def run(program: str, *arguments: str, timeout: float = 10, **keys: Any) -> Observation:
    env = keys.pop("environ", None)
    return observe({"command": [program, *arguments], **keys}, env=env, timeout=timeout)


@pytest.mark.parametrize(
    ("code", "outcome", "reason"),
    [
        ("0", "up", None),
        ("1", "degraded", "plugin_warning"),
        ("2", "down", "plugin_critical"),
        ("3", "unknown", "plugin_unknown"),
        ("4", "unknown", "plugin_failed"),
        ("127", "unknown", "plugin_failed"),
    ],
)
def test_the_exit_code_is_the_outcome(
    script: Callable[[str], str], code: str, outcome: str, reason: str | None
) -> None:
    seen = run(script("print('secret-host is broken | time=0.5s;1;2 queue=12'); sys.exit(int(sys.argv[1]))"), code)
    assert found(seen) == (outcome, reason)
    assert seen.facts == {"time": 0.5, "queue": 12}
    assert "secret-host" not in repr(seen)
    assert seen.latency_ms is not None


def test_real_plugins_are_understood() -> None:
    disk = run(plugin("check_disk"), "-w", "0%", "-c", "0%", "-p", "/")
    assert found(disk) == ("up", None)
    assert disk.facts
    load = run(plugin("check_load"), "-w", "0,0,0", "-c", "10000,10000,10000")
    assert load.outcome in {"up", "degraded"}
    assert set(load.facts) == {"load1", "load5", "load15"}
    assert found(run(plugin("check_tcp"), "-H", "127.0.0.1", "-p", "1")) == ("down", "plugin_critical")
    assert found(run(plugin("check_dummy"), "1", "a warning")) == ("degraded", "plugin_warning")
    assert found(run(plugin("check_disk"))) == ("unknown", "plugin_unknown")


def test_a_plugin_that_a_signal_ends_has_failed(script: Callable[[str], str]) -> None:
    assert found(run(script("os.kill(os.getpid(), signal.SIGSEGV)"))) == ("unknown", "plugin_failed")


@pytest.mark.parametrize("program", ["/nowhere/check_disk", "check_that_nobody_wrote", "/etc/passwd", "/"])
def test_a_program_that_is_not_there_is_told(program: str) -> None:
    assert found(run(program)) == ("unknown", "driver_missing")


def test_a_program_that_cannot_be_run_has_failed(tmp_path: Path) -> None:
    for text in ("no program at all", "#!/nowhere/interpreter\n"):
        file = tmp_path / "plugin"
        file.write_text(text)
        file.chmod(0o755)
        assert found(run(str(file))) == ("unknown", "plugin_failed")


def test_a_program_of_the_projects_own_is_found_from_where_it_runs(
    script: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(script("print('|', f'a={os.getcwd() == \"/\":d}')")).parent)
    seen = run("./plugin")
    assert found(seen) == ("up", None)
    assert seen.facts == {"a": 1}


def test_no_shell_reads_the_arguments(script: Callable[[str], str]) -> None:
    program = script("sys.exit(sys.argv[1:] != ['$HOME; exit 2', '*', ''])")
    assert found(run(program, "$HOME; exit 2", "*", "")) == ("up", None)


def test_the_environment_is_what_the_check_names(script: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATUSGEN_OTHER_SECRET", "s3cret-s3cret")
    environ = {"SNMP_COMMUNITY": "public-s3cret", "STATUSGEN_OTHER_SECRET": "s3cret-s3cret"}
    program = script("print('|', len(os.environ)); sys.exit(sorted(os.environ) != sys.argv[1:])")
    assert found(run(program, "LC_ALL", "PATH", "TZ", environ=environ)) == ("up", None)
    named = run(program, "LC_ALL", "PATH", "SNMP_COMMUNITY", "TZ", env=["SNMP_COMMUNITY"], environ=environ)
    assert found(named) == ("up", None)
    assert found(run(program, env=["SNMP_COMMUNITY"])) == ("unknown", "secret_missing")


def test_it_reads_nothing_and_what_it_complains_of_is_not_kept(script: Callable[[str], str]) -> None:
    program = script("sys.stderr.write('x' * 10**6 + '| a=1'); sys.exit(len(sys.stdin.read()))")
    seen = run(program)
    assert found(seen) == ("up", None)
    assert seen.facts == {}


def test_much_output_is_read_and_thrown_away(script: Callable[[str], str]) -> None:
    seen = run(script("print('OK | first=1'); print('x' * 500_000, '| last=2')"))
    assert found(seen) == ("up", None)
    assert seen.facts == {"first": 1}


def test_output_without_end_is_cut_off(script: Callable[[str], str]) -> None:
    program = script("signal.signal(signal.SIGPIPE, signal.SIG_DFL)\nwhile True: os.write(1, b'x' * 65536)")
    assert found(run(program)) == ("unknown", "plugin_failed")


def test_output_that_is_no_text_is_read_as_far_as_it_is(script: Callable[[str], str]) -> None:
    seen = run(script("os.write(1, b'\\xff\\xfe | a=1 \\xff=2\\n')"))
    assert found(seen) == ("up", None)
    assert seen.facts == {"a": 1, "value": 2}


STUBBORN = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, 1); time.sleep(600)"])
open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid}")
"""


def processes_in(file: Path) -> list[int]:
    return [int(word) for word in file.read_text().split()]


def test_at_the_deadline_the_whole_group_is_gone(script: Callable[[str], str], tmp_path: Path) -> None:
    told = tmp_path / "pids"
    seen = run(script(f"{STUBBORN}\ntime.sleep(600)"), str(told), timeout=2)
    assert found(seen) == ("down", "timeout")
    assert len(processes_in(told)) == 2
    assert wait_until(lambda: not any(map(is_alive, processes_in(told))), limit=10)


def test_what_a_plugin_leaves_behind_ends_with_it(script: Callable[[str], str], tmp_path: Path) -> None:
    told = tmp_path / "pids"
    seen = run(script(f"{STUBBORN}\nprint('OK | a=1', flush=True)"), str(told))
    assert found(seen) == ("up", None)
    assert seen.facts == {"a": 1}
    assert wait_until(lambda: not any(map(is_alive, processes_in(told))), limit=10)


def test_a_child_that_left_the_group_does_not_hold_the_answer_back(
    script: Callable[[str], str], tmp_path: Path
) -> None:
    told = tmp_path / "pids"
    program = script(
        STUBBORN.replace('time.sleep(600)"]', 'time.sleep(600)"], start_new_session=True') + "print('| a=1')"
    )
    seen = run(program, str(told))
    for pid in processes_in(told)[1:]:
        os.kill(pid, signal.SIGKILL)
    assert found(seen) == ("up", None)
    assert seen.facts == {"a": 1}
