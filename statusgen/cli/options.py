"""The options that commands share. They may stand before the command or after it."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from statusgen.model.shard import Shard

JOB_INDEX = "JOB_COMPLETION_INDEX"
"""The variable in which Kubernetes tells each pod of an indexed Job its number, from 0."""


class Format(StrEnum):
    """How results and problems are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What every command is told: the project's folder, the instant to pretend, how to write, how much."""

    project: Path
    now: datetime | None
    format: Format
    quiet: bool


class InstantType(click.ParamType[datetime]):
    """An instant with a zone."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the instant; a usage error says what is wrong with it."""
        from pydantic_core import PydanticCustomError  # noqa: PLC0415 - help must not load pydantic

        from statusgen.values import parse_instant  # noqa: PLC0415 - help must not load pydantic

        if isinstance(value, datetime):
            return value
        try:
            return parse_instant(value)
        except PydanticCustomError as error:
            self.fail(error.message(), param, ctx)


class DurationType(click.ParamType[timedelta]):
    """A duration from a second up."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the duration; a usage error says what is wrong with it."""
        from pydantic_core import PydanticCustomError  # noqa: PLC0415 - help must not load pydantic

        from statusgen.values import parse_duration  # noqa: PLC0415 - help must not load pydantic

        if isinstance(value, timedelta):
            return value
        try:
            duration = parse_duration(value)
        except PydanticCustomError as error:
            self.fail(error.message(), param, ctx)
        if duration < timedelta(seconds=1):
            self.fail(f"expected a duration from '1s' up, got {value!r}", param, ctx)
        return duration


class ShardType(click.ParamType["Shard"]):
    """A part of the checks, such as `3/16`; `/16` is for a Kubernetes indexed Job, which numbers its pods from 0."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        """Return the part; a usage error says what is wrong with it."""
        from statusgen.model.shard import MOST_PARTS, Shard  # noqa: PLC0415 - help must not load what it needs

        if isinstance(value, Shard):
            return value
        found = re.fullmatch(r"([0-9]{0,3})/([0-9]{1,3})", value, re.ASCII)
        if not found:
            self.fail(f"expected a part such as '3/16', got {value!r}", param, ctx)
        number, parts = found[1] or self._indexed(param, ctx), int(found[2])
        if not 1 <= int(number) <= parts <= MOST_PARTS:
            self.fail(
                f"expected a number from 1 to the number of parts, {MOST_PARTS} at most, got {value!r}", param, ctx
            )
        return Shard(int(number), parts)

    def _indexed(self, param: click.Parameter | None, ctx: click.Context | None) -> int:
        index = os.environ.get(JOB_INDEX, "")
        if not re.fullmatch("[0-9]{1,3}", index, re.ASCII):
            self.fail(
                f"without a number it is taken from {JOB_INDEX}, which an indexed Job sets and this is not", param, ctx
            )
        return int(index) + 1


COMMON = (
    click.Option(
        ["--project"],
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        metavar="DIR",
        help="The project's folder, with statusgen.yaml in it.  [default: this one]",
    ),
    click.Option(
        ["--now"],
        type=InstantType(),
        metavar="INSTANT",
        help="Pretend it is this instant, such as 2022-12-01T14:00Z: for tests and replay.",
    ),
    click.Option(
        ["--format"],
        type=click.Choice([style.value for style in Format]),
        default=Format.TEXT.value,
        help="How to write results and problems; github adds annotations.  [default: text]",
    ),
    click.Option(["-q", "--quiet"], is_flag=True, help="Say nothing of progress; results, warnings and errors stay."),
)


def common_defaults(given: Mapping[str, object]) -> None:
    """Make what was given before the command the default of what may be given after it."""
    context = click.get_current_context()
    chosen = {
        name: value
        for name, value in given.items()
        if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT
    }
    if isinstance(context.command, click.Group):
        context.default_map = dict.fromkeys(context.command.list_commands(context), chosen)


def command(function: Callable[..., None]) -> click.Command:
    """Return the command of a function: its docstring is the help, its first argument the shared settings."""

    @functools.wraps(function)
    def with_settings(project: Path, now: datetime | None, format: str, quiet: bool, **given: Any) -> None:  # noqa: A002 - named so on the command line
        settings = Settings(project=project, now=now, format=Format(format), quiet=quiet)
        click.get_current_context().find_root().obj = settings
        function(settings, **given)

    made = click.command()(with_settings)
    made.params.extend(COMMON)
    return made


def data_command(function: Callable[..., None]) -> click.Command:
    """Return the command of a function that writes data: it has a `--format` of its own, and problems are text."""

    @functools.wraps(function)
    def with_settings(project: Path, now: datetime | None, quiet: bool, **given: Any) -> None:
        settings = Settings(project=project, now=now, format=Format.TEXT, quiet=quiet)
        click.get_current_context().find_root().obj = settings
        function(settings, **given)

    made = click.command()(with_settings)
    made.params.extend(option for option in COMMON if option.name != "format")
    return made


location = click.option("--location", metavar="ID", help="The location this runs from; needed when there are several.")
shard = click.option(
    "--shard",
    type=ShardType(),
    envvar="STATUSGEN_SHARD",
    metavar="N/PARTS",
    help="Probe one part of the checks, such as 3/16; parallel jobs share the work so. Also from STATUSGEN_SHARD.",
)
if_stale = click.option(
    "--if-stale",
    type=DurationType(),
    metavar="DURATION",
    help="Do nothing while somebody else has published within this time, such as 15m: a standby does so.",
)
dry_run = click.option("--dry-run", is_flag=True, help="Do everything but write: say what would be done, and why.")
allow_deletes = click.option(
    "--allow-deletes", is_flag=True, help="Delete what is no longer part of the site, even most of it."
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice(["unknown", "degraded_performance", "partial_outage", "major_outage"]),
    metavar="STATUS",
    help="End with exit code 6 when the page is at least this bad: unknown, degraded_performance, partial_outage or "
    "major_outage.",
)
