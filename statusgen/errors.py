"""The error family, its exit codes, and the place and shape of a problem in the project's files.

    StatusgenError          base, never raised itself
    ├── ProjectError        exit 3   the project's files are wrong; every problem at once
    ├── ThemeError          exit 3   a template failed; file, line and the line itself
    ├── KindError           exit 3   an installed package brings a kind of check that cannot be used
    ├── StoreError          exit 4   an object store refused; translated into one of the next two before a user sees it
    ├── StateError          exit 4   observations cannot be read or kept
    ├── PublishError        exit 5   the site could not be published; what was sent, what was not
    └── ChannelError        exit 7   the page is out, but a channel did not hear of it

A failing probe is an observation, never an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command; scripts may branch on them."""

    DONE = 0
    BUG = 1
    USAGE = 2
    PROJECT = 3
    STATE = 4
    PUBLISH = 5
    FAIL_ON = 6
    CHANNEL = 7


EXIT_CODES: dict[ExitCode, str] = {
    ExitCode.DONE: "done; a service that is down is news, not a failure",
    ExitCode.BUG: "a bug of ours",
    ExitCode.USAGE: "the command line is wrong",
    ExitCode.PROJECT: "the project's files, the theme or an installed kind of check are wrong",
    ExitCode.STATE: "state cannot be read or kept",
    ExitCode.PUBLISH: "publishing failed",
    ExitCode.FAIL_ON: "the status reached `--fail-on`",
    ExitCode.CHANNEL: "a channel failed; the page is out",
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file that people wrote; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it is, which key, what is wrong, and what to write instead."""

    at: Place
    key: str
    message: str
    hint: str = ""
    warning: bool = False

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        level = "warning: " if self.warning else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{self.at}: {level}{key}{self.message}{hint}"


class StatusgenError(Exception):
    """Base of every error a user can meet; `exit_code` is what the command ends with."""

    exit_code: ExitCode = ExitCode.BUG


class ProjectError(StatusgenError):
    """The project's files are wrong; `problems` holds every mistake found, sorted by file and position."""

    exit_code = ExitCode.PROJECT

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ThemeError(StatusgenError):
    """A template of the theme failed; `place` is its file and line, `source` the line itself."""

    exit_code = ExitCode.PROJECT

    def __init__(self, place: Place, message: str, source: str = "") -> None:
        self.place = place
        self.source = source
        quoted = f"\n    {source.strip()}" if source.strip() else ""
        super().__init__(f"{place}: {message}{quoted}")


class KindError(StatusgenError):
    """An installed package brings a kind of check that cannot be used."""

    exit_code = ExitCode.PROJECT


class StoreError(StatusgenError):
    """An object store refused an operation; `reason` is safe to show: it never holds credentials or server text."""

    exit_code = ExitCode.STATE

    def __init__(self, operation: str, key: str, reason: str, *, done: Sequence[str] = ()) -> None:
        self.operation = operation
        self.key = key
        self.reason = reason
        self.done: tuple[str, ...] = tuple(done)
        super().__init__(f"cannot {operation} {key!r}: {reason}")


class StateError(StatusgenError):
    """Observations cannot be read or kept."""

    exit_code = ExitCode.STATE


class PublishError(StatusgenError):
    """The site could not be published; what was sent stays valid, nothing was deleted."""

    exit_code = ExitCode.PUBLISH


class ChannelError(StatusgenError):
    """A channel did not hear of an announcement; the page itself is out."""

    exit_code = ExitCode.CHANNEL
