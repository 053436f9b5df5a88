"""The command that holds the others: which there are, loaded when they are used, and what happens when one fails."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import click

from statusgen import __version__
from statusgen.cli.options import COMMON, common_defaults
from statusgen.errors import EXIT_CODES, ExitCode, StatusgenError

COMMANDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "The main job": {
            "publish": "Probe, remember, build and upload: everything, in this order.",
            "watch": "Publish again and again, on the beat.",
            "rollback": "Publish the page that was there before.",
        },
        "Its parts": {
            "probe": "Probe from one location and keep what was found.",
            "heartbeat": "Report that something was done, such as a backup.",
            "build": "Build the site from what is remembered, into a folder.",
        },
        "Looking": {
            "validate": "Find every mistake in the project's files, all at once.",
            "doctor": "Find what could take the page down, and what its buckets do.",
            "status": "Say how things stand, without probing.",
            "explain": "Say what a day's figure is made of, and who saw it.",
            "export": "Write out what was observed, for other programs.",
        },
        "Writing": {
            "new": "Write a new incident, maintenance or post.",
            "update": "Say something new of an incident or a maintenance.",
            "resolve": "Say that an incident is over, or a maintenance done.",
            "serve": "Show the site in a browser while it is written.",
        },
        "Trying": {
            "demo": "Start a miniature instance and an S3 server here, break them, and publish.",
        },
    }
)
"""Every command, by section; each is the function of its name in the module of its name."""

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "statusgen validate": "check the files before you commit them",
        "statusgen publish --dry-run": "probe, and say what would be uploaded and why",
        "statusgen publish": "what a scheduler runs every few minutes",
        "statusgen status --format json": "the present state, for scripts",
        "statusgen explain web 2022-11-30": "what happened that day, and how it counts",
        'statusgen update pictures identified "…"': "tell readers more, in one line",
    }
)

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""


class Root(click.Group):
    """Loads a command when it is used, so that asking for help costs nothing, and turns errors into answers."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the library's signature
        """Return the names of the commands, in the order of the help."""
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, or None when there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"statusgen.cli.{cmd_name}")
        found: click.Command = getattr(module, cmd_name)
        return found

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, examples, options and exit codes."""
        width = max(len(name) for name in self.list_commands(ctx))
        for section, commands in COMMANDS.items():
            with formatter.section(section):
                formatter.write_dl([(name.ljust(width), what) for name, what in commands.items()])
        with formatter.section("Examples"):
            formatter.write_dl(list(EXAMPLES.items()))
        click.Command.format_options(self, ctx, formatter)
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), meaning) for code, meaning in EXIT_CODES.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever goes wrong ends as a message and an exit code, never as a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            click.echo("\nstopped; nothing is half-way that the next run does not finish", err=True)
            ctx.exit(INTERRUPTED)
        except StatusgenError as error:
            from statusgen.cli import report  # noqa: PLC0415 - help must not load it

            report.failure(error, ctx.obj)
            ctx.exit(error.exit_code)
        except Exception as error:  # noqa: BLE001 - the last resort: a bug of ours
            from statusgen.cli import report  # noqa: PLC0415 - help must not load it

            report.bug(error)
            ctx.exit(ExitCode.BUG)


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="statusgen %(version)s")
def cli(**given: object) -> None:
    """Tell people how your services are doing, from a place that does not go down with them.

    Probes what you run, combines it with what you write in Markdown, and publishes a static status page with feeds to
    object storage.
    """
    common_defaults(given)


cli.params.extend(COMMON)
