"""The only part that prints. stdout carries the result, stderr whatever went wrong."""

from __future__ import annotations

import itertools
import json
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import click

from statusgen.cli import summary
from statusgen.cli.explained import explained_data, explained_text
from statusgen.cli.options import Format, Settings
from statusgen.config.report import as_github, as_json, as_text
from statusgen.config.source import list_files
from statusgen.doctor.finding import Finding
from statusgen.errors import ExitCode, Problem, ProjectError, StateError, StatusgenError
from statusgen.evaluate.status import RANK
from statusgen.history import table
from statusgen.model.explanation import Explanation
from statusgen.model.observation import Observation
from statusgen.model.page import Page
from statusgen.model.words import Status
from statusgen.pipeline import Published
from statusgen.publish.generations import Generation
from statusgen.publish.seen import Seen
from statusgen.rollback import RolledBack


def published(result: Published, target: str, settings: Settings, *, where: str, dry_run: bool) -> None:
    """Print what the page says now, what was sent and why, and where to look."""
    if settings.format is Format.JSON:
        _json({**summary.page_json(result.page), **summary.plan_json(result.plan, target, dry_run=dry_run)})
    else:
        _lines(summary.page_text(result.page, everything=False))
        if result.newer is None:
            _lines(["", *summary.plan_text(result.plan, target, dry_run=dry_run)])
        _lines([where])


def fresh(at: datetime, target: str, settings: Settings) -> None:
    """Print that somebody else has just published."""
    if settings.format is Format.JSON:
        _json({"target": target, "published_at": at.isoformat(), "done": False})
    else:
        _lines([f"{target} was published at {at:%Y-%m-%d %H:%M:%S} UTC; nothing was done"])


def generations(found: Sequence[Generation], settings: Settings) -> None:
    """Print which earlier pages are kept."""
    if settings.format is Format.JSON:
        _json({"generations": [summary.generation_json(one) for one in found]})
    else:
        _lines(map(summary.generation_text, found) if found else ["no earlier page is kept"])


def findings(found: Sequence[Finding], settings: Settings) -> None:
    """Print what the doctor found."""
    if settings.format is Format.JSON:
        _json(summary.findings_json(found))
    else:
        _lines(summary.findings_text(found))
    if settings.format is Format.GITHUB:
        _lines(summary.findings_github(found))


def rolled_back(result: RolledBack, target: str, settings: Settings, *, dry_run: bool) -> None:
    """Print which earlier page is published again, and what that took."""
    for path in result.lacking:
        aside(f"warning: {path!r} of the earlier page is kept nowhere, and is left out")
    if settings.format is Format.JSON:
        earlier = {"generation": summary.generation_json(result.generation), "lacking": list(result.lacking)}
        _json({**earlier, **summary.plan_json(result.plan, target, dry_run=dry_run)})
    else:
        _lines(summary.rollback_text(result, target, dry_run=dry_run))


def seen(found: Seen, settings: Settings) -> None:
    """Print that readers see what was published, and of when that is."""
    at = f"{found.published:%Y-%m-%d %H:%M:%S} UTC" if found.published else "an unknown time"
    since = ", which somebody else has published since" if found.newer else ""
    cached = "" if found.age is None else f", which a cache has held for {found.age} s"
    packed = f", packed as {found.encoding}" if found.encoding else ""
    if settings.format is not Format.JSON:
        _lines([f"readers see the page of {at}{since}{cached}{packed}"])


def probed(observations: Sequence[Observation], settings: Settings) -> None:
    """Print what was found."""
    if settings.format is Format.JSON:
        _json({"observations": [summary.observation_json(observation) for observation in observations]})
    else:
        _lines(summary.observations_text(observations))


def wrote(name: str, settings: Settings) -> None:
    """Print which file was written."""
    if settings.format is Format.JSON:
        _json({"file": name})
    else:
        _lines([name])


def say(text: str) -> None:
    """Print one line of a result at once, for those who wait for it."""
    _lines([text])
    sys.stdout.flush()


def aside(message: str) -> None:
    """Print a warning that does not change the result."""
    click.echo(message, err=True)


def page(shown: Page, settings: Settings) -> None:
    """Print how things stand."""
    if settings.format is Format.JSON:
        _json(summary.page_json(shown))
    else:
        _lines(summary.page_text(shown, everything=True))
    if settings.format is Format.GITHUB:
        _lines(summary.warnings_github(shown))


def workflow(shown: Page) -> None:
    """Add to the summary and the outputs of a GitHub workflow, where there is one."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        _append(path, summary.page_markdown(shown))
    if path := os.environ.get("GITHUB_OUTPUT"):
        _append(path, [f"status={shown.status}", f"url={shown.site.url}"])


def explained(found: Explanation, settings: Settings) -> None:
    """Print what a day's figure is made of."""
    if settings.format is Format.JSON:
        _json(explained_data(found))
    else:
        _lines(explained_text(found))


def exported(found: Iterable[Observation], style: str, output: Path | None) -> None:
    """Write observations to a file, whole or not at all, or else print them."""
    chosen = table.DataFormat(style)
    lines = itertools.chain([table.head(chosen)], map(table.WRITERS[chosen], found))
    if output is None:
        sys.stdout.writelines(lines)
        return
    partial = output.with_name(f".{output.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        partial.replace(output)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise click.BadParameter(f"{str(output)!r} cannot be written: {why}", param_hint="--output") from error
    finally:
        partial.unlink(missing_ok=True)


def problems(found: Sequence[Problem], settings: Settings) -> None:
    """Print every problem of the project's files, or that there is none."""
    if settings.format is Format.JSON:
        click.echo(as_json(found))
    elif found:
        click.echo(as_github(found) if settings.format is Format.GITHUB else as_text(found))
    if settings.format is Format.JSON or settings.quiet:
        return
    wrong = sum(not problem.warning for problem in found)
    counts = [f"{_number(wrong, 'problem')}"] if wrong else ["no problems"]
    counts += [_number(len(found) - wrong, "warning")] if len(found) > wrong else []
    click.echo(f"{_number(_files(settings.project), 'file')}, {', '.join(counts)}")


def failure(error: StatusgenError, settings: Settings | None) -> None:
    """Say on stderr what went wrong; as data on stdout too when data was asked for."""
    style = settings.format if settings else Format.TEXT
    if style is Format.GITHUB:
        found = error.problems if isinstance(error, ProjectError) else ()
        message = str(error).replace("%", "%25").replace("\n", "%0A")
        click.echo(as_github(found) if found else f"::error::{message}", err=True)
    else:
        click.echo(str(error) if isinstance(error, ProjectError) else f"error: {error}", err=True)
    if style is Format.JSON:
        _json({"error": str(error), "exit_code": int(error.exit_code)})


def bug(error: Exception) -> None:
    """Say that it is our fault; the details only on request, and without any secret of the environment."""
    click.echo(f"error: statusgen failed with {type(error).__qualname__}; this is a bug of ours", err=True)
    if os.environ.get("STATUSGEN_DEBUG") == "1":
        click.echo(_without_secrets("".join(traceback.format_exception(error))), err=True)
    else:
        click.echo("    hint: run it again with STATUSGEN_DEBUG=1 and open an issue with what it prints", err=True)


def end(shown: Page | None, trouble: StateError | None, fail_on: str | None) -> None:
    """End the command with what it came to: observations that wait, or a status that was not to be reached."""
    if trouble:
        raise trouble
    if shown and fail_on and RANK[shown.status] >= RANK[Status(fail_on)]:
        raise SystemExit(ExitCode.FAIL_ON)


def _without_secrets(text: str) -> str:
    from statusgen.cli.wiring import secret_values  # noqa: PLC0415 - a bug in the wiring must still be reported

    for name, value in secret_values().items():
        text = text.replace(value, f"<{name}>")
    return text


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line, color=False if os.environ.get("NO_COLOR") else None)


def _json(document: object) -> None:
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    click.echo()


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _files(root: Path) -> int:
    return 1 + sum(1 for folder in ("checks", "content") for _ in list_files(root, folder))


def _append(path: str, lines: Iterable[str]) -> None:
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        click.echo(f"warning: {path!r} cannot be written: {error.strerror}", err=True)
