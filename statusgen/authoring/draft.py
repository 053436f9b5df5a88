"""A new announcement as text, from a template: the one in `content/templates/`, or else our own."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from traceback import walk_tb
from typing import Any

import yaml
from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined
from jinja2.sandbox import SandboxedEnvironment

from statusgen.errors import Place, ThemeError

FOLDER = "content/templates"
"""Where a team keeps its own templates: `incident.md`, `maintenance.md` and `post.md`."""


def template_for(root: Path, kind: str) -> tuple[str, str]:
    """Return the name and the text of the template for a kind of announcement. Raises `ThemeError`."""
    own = root / FOLDER / f"{kind}.md"
    if own.is_file():
        return f"{FOLDER}/{kind}.md", _text(own, f"{FOLDER}/{kind}.md")
    return f"{kind}.md", files(__package__).joinpath("templates", f"{kind}.md").read_text(encoding="utf-8")


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ThemeError(Place(name), "expected UTF-8; save the file as UTF-8") from None


def draft(name: str, template: str, values: Mapping[str, Any]) -> str:
    """Return a template filled in; a value that is None or empty counts as not given.

    Templates are Jinja, with the filter `yaml` for what stands in the front matter. Raises `ThemeError` with the line
    when the template is at fault.
    """
    environment = SandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        keep_trailing_newline=True,
    )
    environment.filters["yaml"] = as_yaml
    try:
        return environment.from_string(template).render(values)
    except TemplateSyntaxError as error:
        raise _at_fault(name, template, error.lineno, error.message or "syntax error") from error
    except Exception as error:  # whatever a team's template does, its line is the answer
        raise _at_fault(name, template, _line(error), str(error)) from error


def as_yaml(value: object) -> str:
    """Return a value as YAML on one line, quoted only where it has to be; a name that does not exist is an error."""
    if isinstance(value, Undefined):
        str(value)
    text: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, sort_keys=False, width=float("inf"))
    return text.removesuffix("\n").removesuffix("\n...")


def _line(error: BaseException) -> int:
    """Return the line of the template that an error comes from."""
    frames = (frame for frame, _ in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>")
    return max((frame.f_lineno for frame in frames), default=1)


def _at_fault(name: str, template: str, line: int, message: str) -> ThemeError:
    lines = template.splitlines()
    return ThemeError(Place(name, line, 1), message, lines[line - 1] if line <= len(lines) else "")
