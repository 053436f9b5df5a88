"""The command line. `root` knows which commands there are, `wiring` alone chooses adapters, `report` alone prints."""

from __future__ import annotations

from statusgen.cli.root import cli


def main() -> None:
    """Run the command that the arguments name."""
    cli(prog_name="statusgen")
