"""The kind `command`: a plugin of the Nagios convention, whose exit code is the outcome."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, ValidationInfo

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.perfdata import perfdata
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import parse_file
from statusgen.values import CheckDocument, Secret, shape, wrong

LONGEST_OUTPUT = 16 * 1024
"""Bytes of a plugin's output that are kept; the rest is read and thrown away."""

MOST_OUTPUT = 1024 * 1024
"""Bytes after which nobody listens any longer, which ends most programs."""

LEFTOVERS = 1.0
"""Seconds to wait for the end of the output once the plugin and its group are gone: a child that left the group may
hold it open."""

ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
)
"""What every plugin finds in its environment, besides the variables that its check names."""

_VERDICTS: Mapping[int, tuple[Outcome, str | None]] = MappingProxyType(
    {
        0: (Outcome.UP, None),
        1: (Outcome.DEGRADED, "plugin_warning"),
        2: (Outcome.DOWN, "plugin_critical"),
        3: (Outcome.UNKNOWN, "plugin_unknown"),
    }
)
_MOST_ARGUMENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A program with its arguments, and the environment variables that it is given."""

    command: tuple[str, ...]
    env: tuple[str, ...] = ()


def parse_command(value: object, info: ValidationInfo) -> tuple[str, ...]:
    """Return a program and its arguments; a program of the project's own is named by its path and must be there."""
    if isinstance(value, str) and value:
        raise wrong(f"expected a list, got {shape(value)}", hint=f"no shell reads it: write '{_as_list(value)}'")
    if not isinstance(value, list):
        raise wrong(f"expected a list of the program and its arguments, got {shape(value)}")
    if not 1 <= len(value) <= _MOST_ARGUMENTS:
        raise wrong(f"expected a program and at most {_MOST_ARGUMENTS - 1} arguments, got {len(value)} items")
    for argument in value:
        if not isinstance(argument, str) or "\0" in argument:
            raise wrong(f"expected a program and its arguments, each a text, got {shape(argument)} among them")
    program, *arguments = value
    if not program:
        raise wrong("expected the name or the path of a program, got nothing")
    own = "/" in program and not program.startswith("/")
    return (parse_file(program, info) if own else program, *arguments)


def _as_list(text: str) -> str:
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    return f"[{', '.join(words)}]"


class CommandDocument(CheckDocument):
    """The keys of a `command` check."""

    kind: ClassVar[str] = "command"

    command: Annotated[tuple[str, ...], BeforeValidator(parse_command)] = Field(
        description="The program and its arguments, no shell. A relative path starts at the project's folder; a bare "
        "name is looked for where programs usually are.",
        examples=["[/usr/lib/nagios/plugins/check_load, -w, 8, -c, 16]"],
    )
    env: tuple[Secret, ...] = Field(
        default=(),
        description="The environment variables that it is given, by name, beside `PATH`, `LC_ALL` and `TZ`.",
        examples=["[SNMP_COMMUNITY]"],
    )

    def spec(self) -> CommandSpec:
        """Return the same as plain data."""
        return CommandSpec(command=self.command, env=tuple(map(str, self.env)))


async def probe(spec: CommandSpec, secrets: Secrets) -> Finding:
    """Run it and judge its exit code; nothing that it says is kept but the numbers of its performance data.

    Phases: none. Facts: the performance data.
    """
    environment = {**ENVIRONMENT, **{name: secrets.get(name) for name in spec.env}}
    program = _found(spec.command[0], environment["PATH"])
    if program is None:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    watch = Stopwatch()
    try:
        code, output = await _run((program, *spec.command[1:]), environment)
    except OSError:
        return watch.finding(Outcome.UNKNOWN, "plugin_failed")
    outcome, reason = _VERDICTS.get(code, (Outcome.UNKNOWN, "plugin_failed"))
    return watch.finding(outcome, reason, perfdata(output))


def _found(program: str, folders: str) -> str | None:
    """Return the whole path of a program, wherever it is started from; None when there is none that may be run."""
    file = shutil.which(program, path=folders)
    return str(Path(file).absolute()) if file else None


async def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Return exit code and output, the latter cut short; the program and its process group are gone at the end."""
    inlet, outlet = os.pipe()
    kept = bytearray()
    async with _listening(inlet, kept) as heard:
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=outlet,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env=dict(environment),
                start_new_session=True,
            )
        finally:
            os.close(outlet)
        try:
            code = await process.wait()
        finally:
            await _end(process)
        await asyncio.wait({heard}, timeout=LEFTOVERS)
    return code, kept.decode("utf-8", errors="replace")


@asynccontextmanager
async def _listening(inlet: int, kept: bytearray) -> AsyncIterator[asyncio.Task[None]]:
    """Collect what comes out of a pipe.

    The pipe is ours and not asyncio's, which in some versions waits for its end before it tells of the program's.
    """
    reader = asyncio.StreamReader()
    source, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(inlet, "rb")
    )
    task = asyncio.create_task(_listen(reader, source, kept))
    try:
        yield task
    finally:
        task.cancel()
        source.close()


async def _listen(reader: asyncio.StreamReader, source: asyncio.BaseTransport, kept: bytearray) -> None:
    read = 0
    while read < MOST_OUTPUT and (piece := await reader.read(LONGEST_OUTPUT)):
        kept += piece[: LONGEST_OUTPUT - len(kept)]
        read += len(piece)
    source.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill what is left of the group; a program that another user's rights protect is left alone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


KIND = ProbeKind(CommandDocument, probe)
