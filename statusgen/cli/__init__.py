"""The command line. `root` knows which commands there are, `wiring` alone chooses adapters, `report` alone prints."""

from __future__ import annotations

import gc
import io
import sys

from statusgen.cli.root import cli


def main() -> None:
    """Run the command that the arguments name."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our characters is no reason to fail
    gc.set_threshold(200_000)  # a site is thousands of objects that stay: to look through them often finds nothing
    cli(prog_name="statusgen")
