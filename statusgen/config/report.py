"""Problems as people, programs and GitHub want to read them. Pure: a problem in, text out."""

from __future__ import annotations

import json
from collections.abc import Iterable

from statusgen.errors import Problem

_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""What workflow commands need escaped, in their message and in the values of their properties."""


def as_text(problems: Iterable[Problem]) -> str:
    """Return `path:line:column: key: message` lines, each hint below its problem; no line end at the end."""
    return "\n".join(str(problem) for problem in problems)


def as_json(problems: Iterable[Problem]) -> str:
    """Return a JSON object; each of its `problems` has `file, line, column, level, key, message, hint`"""
    return json.dumps({"problems": [_record(problem) for problem in problems]}, indent=2, ensure_ascii=False)


def as_github(problems: Iterable[Problem]) -> str:
    """Return workflow commands, one a line, which GitHub shows as annotations at the lines they speak of."""
    return "\n".join(_annotation(problem) for problem in problems)


def _record(problem: Problem) -> dict[str, str | int]:
    return {
        "file": problem.at.file,
        "line": problem.at.line,
        "column": problem.at.column,
        "level": _level(problem),
        "key": problem.key,
        "message": problem.message,
        "hint": problem.hint,
    }


def _annotation(problem: Problem) -> str:
    properties = {"file": problem.at.file}
    if problem.at.line:
        properties |= {"line": str(problem.at.line), "col": str(problem.at.column)}
    if problem.key:
        properties["title"] = problem.key
    message = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    stated = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{_level(problem)} {stated}::{message.translate(_MESSAGE)}"


def _level(problem: Problem) -> str:
    return "warning" if problem.warning else "error"
