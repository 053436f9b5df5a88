"""Help that helps and starts at once, and an answer in words to everything that goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NoReturn

import click
import pytest
from click.testing import CliRunner

from statusgen import __version__
from statusgen.cli import root, status
from statusgen.cli.root import COMMANDS, EXAMPLES, cli
from statusgen.errors import EXIT_CODES, ChannelError, ExitCode, Place, PublishError, StateError, ThemeError
from tests.conftest import ROOT
from tests.unit.cli.conftest import Statusgen

HEAVY = ("asyncio", "boto3", "cryptography", "feedgen", "httpx", "jinja2", "markdown_it", "pydantic", "rich", "yaml")


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let `status` fail."""

    def fail() -> NoReturn:
        raise error

    monkeypatch.setattr(status, "status", click.Command("status", callback=fail))


def invoke(*args: str) -> click.testing.Result:
    return CliRunner().invoke(cli, args, prog_name="statusgen")


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["--version"]])
def test_asking_for_help_loads_nothing_heavy(args: list[str]) -> None:
    program = (
        "import sys\n"
        "from statusgen.cli import main\n"
        f"sys.argv = ['statusgen', *{args!r}]\n"
        "try:\n    main()\n"
        "except SystemExit as done:\n    assert not done.code\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    )
    assert done.stdout
    assert {name.partition(".")[0] for name in done.stderr.split()} & set(HEAVY) == set()


def test_help_lists_every_command_with_examples_and_exit_codes() -> None:
    said = invoke("--help").stdout
    for section, commands in COMMANDS.items():
        assert f"\n{section}:\n" in said
        assert all(f"  {name}" in said for name in commands)
    assert all(f"  {example}" in said for example in EXAMPLES)
    words = " ".join(said.split())
    assert all(f"{int(code)} {meaning}" in words for code, meaning in EXIT_CODES.items())


@pytest.mark.parametrize("name", [name for commands in COMMANDS.values() for name in commands])
def test_every_command_has_help_of_its_own(name: str) -> None:
    result = invoke(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: statusgen {name} [OPTIONS]" in result.stdout
    styles = "jsonl|csv" if name == "export" else "text|json|github"
    for option in ("--project DIR", "--now INSTANT", f"--format [{styles}]", "-q, --quiet"):
        assert option in result.stdout


def test_the_version_is_said() -> None:
    assert invoke("--version").stdout == f"statusgen {__version__}\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["sing"], "No such command 'sing'"),
        (["status", "--loud"], "No such option"),
        (["status", "--now", "yesterday"], "expected a date and time with a zone such as '2022-12-01T14:00Z'"),
        (["--now", "2022-12-01T14:00", "status"], "expected a time with a zone, got '2022-12-01T14:00'"),
        (["status", "--project", "/nowhere/at/all"], "does not exist"),
        (["status", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_a_wrong_command_line_ends_with_2(args: list[str], message: str) -> None:
    result = invoke(*args)
    assert result.exit_code == ExitCode.USAGE
    assert message in result.stderr


@pytest.mark.parametrize(
    "error",
    [
        StateError("observations cannot be read"),
        PublishError("the target cannot be read"),
        ChannelError("it did not hear of it"),
        ThemeError(Place("themes/plaid/index.html", 3), "unknown variable 'pgae'", "{{ pgae }}"),
    ],
)
def test_an_error_of_the_family_is_said_and_ends_with_its_code(
    error: StateError, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, error)
    result = invoke("status")
    assert (result.exit_code, result.stdout) == (error.exit_code, "")
    assert result.stderr == f"error: {error}\n"


def test_an_error_is_an_annotation_on_github(statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch) -> None:
    (statusgen.root / "themes").mkdir()
    failing_look = PublishError("100 % broken\n    hint: mend it")
    monkeypatch.setattr("statusgen.pipeline.look", lambda *_, **__: (_ for _ in ()).throw(failing_look))
    result = statusgen("status", "--format", "github")
    assert result.stderr == "::error::100 %25 broken%0A    hint: mend it\n"


def test_a_bug_is_said_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATUSGEN_DEBUG", raising=False)
    failing(monkeypatch, KeyError("s3cret-value"))
    result = invoke("status")
    assert (result.exit_code, result.stdout) == (ExitCode.BUG, "")
    assert result.stderr == (
        "error: statusgen failed with KeyError; this is a bug of ours\n"
        "    hint: run it again with STATUSGEN_DEBUG=1 and open an issue with what it prints\n"
    )


def test_the_details_of_a_bug_hold_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATUSGEN_DEBUG", "1")
    monkeypatch.setenv("INSTANCE_TOKEN", "s3cret-value")
    failing(monkeypatch, KeyError("s3cret-value"))
    result = invoke("status")
    assert result.exit_code == ExitCode.BUG
    assert "Traceback (most recent call last):" in result.stderr
    assert "KeyError: '<INSTANCE_TOKEN>'" in result.stderr
    assert "s3cret-value" not in result.stderr


def test_ctrl_c_ends_quietly_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    result = invoke("status")
    assert (result.exit_code, result.stdout) == (root.INTERRUPTED, "")
    assert result.stderr == "\nstopped; nothing is half-way that the next run does not finish\n"


def test_options_before_the_command_are_defaults_for_those_after_it(statusgen: Statusgen) -> None:
    assert statusgen("status").exit_code == 0
    elsewhere = statusgen("status", "--project", str(ROOT / "docs"))
    assert elsewhere.exit_code == ExitCode.PROJECT


def test_a_terminal_without_our_characters_is_no_reason_to_fail(statusgen: Statusgen) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "statusgen", "--project", str(ROOT), "status", "--now", "2022-12-01T12:00Z"],
        capture_output=True,
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"},
    )
    assert done.stdout.startswith(b"? Nothing has been measured yet\n")
    assert done.stderr == b""


def test_the_help_is_no_wider_than_a_terminal() -> None:
    assert max(len(line) for line in invoke("--help").stdout.splitlines()) <= 80
