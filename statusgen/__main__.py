"""Runs the command line as `python -m statusgen`."""

from statusgen.cli import main

if __name__ == "__main__":
    main()
