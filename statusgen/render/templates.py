"""Draws a theme's templates, and says where in the theme it went wrong when one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import MethodType, TracebackType
from typing import Any

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.runtime import Context
from jinja2.utils import internalcode
from markupsafe import Markup, escape

from statusgen.errors import Place, Problem, ThemeError
from statusgen.model.theme import Theme
from statusgen.render.lasting import NotLastingError

_OURS = "themes/default/"
"""How the files of the default theme are named."""

_Source = tuple[str, str, Callable[[], bool]]


class _Context(Context):
    """What a template draws from; our own functions are called without asking each time whether they want it too."""

    @internalcode
    def call(self, obj: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if type(obj) is not MethodType:
            return super().call(obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)


class _Template(Template):
    """A template that escapes by a way of ours: most of its output is Markup already, or the same few words again."""

    @classmethod
    def from_code(cls, *args: Any, **kwargs: Any) -> Template:
        made = super().from_code(*args, **kwargs)
        made.root_render_func.__globals__["escape"] = _escaped
        return made


def _escaped(value: object) -> str:
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]  # a str
    return _known(value) if kind is str else escape(value)


_known = lru_cache(maxsize=4096)(escape)


class TemplateMistakeError(TemplateError):
    """A template called one of its functions with something that does not exist."""


def environment(theme: Theme) -> Environment:
    """Return what draws the theme's templates: everything is escaped, and a name that does not exist is an error."""
    return _environment(tuple(theme.templates.items()), tuple(theme.origins.items()))


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...], origins: tuple[tuple[str, str], ...]) -> Environment:
    """Return an environment that is made once for the same templates: compiling them takes longer than drawing them."""
    sources, files = dict(templates), dict(origins)

    def load(name: str) -> _Source | None:
        return (sources[name], files[name], lambda: True) if name in sources else None

    made = Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
        optimized=False,  # there is next to nothing to fold, and to look for it takes a tenth of compiling
    )
    made.context_class = _Context
    made.template_class = _Template
    return made


def mistakes(theme: Theme) -> Iterator[Problem]:
    """Yield the first mistake in the syntax of each template; what is wrong besides shows when one is drawn."""
    made = environment(theme)
    for name in sorted(theme.templates):
        try:
            made.get_template(name)
        except TemplateSyntaxError as error:
            failure = _failure(theme, theme.origins[name], error.lineno, error.message or "syntax error")
            line = failure.source.strip()
            yield Problem(failure.place, "", error.message or "syntax error", f"the line is {line!r}" if line else "")


def draw(environment: Environment, theme: Theme, name: str, context: Mapping[str, Any]) -> str:
    """Return a drawn template.

    Raises `ThemeError` with the file, the line and its text when the theme is at fault; any other error is ours.
    """
    try:
        text = environment.get_template(name).render(context)
    except TemplateSyntaxError as error:
        origin = error.filename or theme.origins.get(error.name or "", name)
        raise _failure(theme, origin, error.lineno, error.message or "syntax error") from error
    except TemplateNotFound as error:
        place = _last_template_line(theme, error.__traceback__)
        missing = f"there is no template {error.name!r} in theme {theme.name!r}"
        raise _failure(theme, *(place or (theme.origins.get(name, name), 0)), missing) from error
    except NotLastingError:
        raise
    except Exception as error:
        place = _last_template_line(theme, error.__traceback__)
        if place is None or not _is_at_fault(theme, place[0], error):
            raise
        raise _failure(theme, *place, _reason(theme, error)) from error
    return _tidy(text)


def _tidy(text: str) -> str:
    """Drop the empty lines and indentation that template blocks leave behind; text inside `pre` keeps its own."""
    if "<pre" not in text:
        return "\n".join(filter(None, map(str.strip, text.splitlines()))) + "\n"
    lines = []
    verbatim = False
    for line in text.splitlines():
        if verbatim or line.strip():
            lines.append(line if verbatim else line.strip())
        verbatim = line.rfind("<pre") > line.rfind("</pre>") or (verbatim and "</pre>" not in line)
    return "\n".join(lines) + "\n"


def _failure(theme: Theme, origin: str, line: int, message: str) -> ThemeError:
    names = {path: name for name, path in theme.origins.items()}
    lines = theme.templates.get(names.get(origin, ""), "").splitlines()
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    return ThemeError(Place(origin, line), message, source)


def _last_template_line(theme: Theme, trace: TracebackType | None) -> tuple[str, int] | None:
    origins = set(theme.origins.values())
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in origins:
            found = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _is_at_fault(theme: Theme, origin: str, error: Exception) -> bool:
    """Return whether an error is of the theme's making: what our own templates ask of our functions is right."""
    own = not origin.startswith(_OURS)
    return own or isinstance(error, TemplateError) or _is_innermost(theme, error.__traceback__)


def _reason(theme: Theme, error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "the templates extend or include each other without end"
    if isinstance(error, TemplateError) or _is_innermost(theme, error.__traceback__):
        return str(error)
    return f"a function does not take what it is given ({type(error).__name__}: {error})"


def _is_innermost(theme: Theme, trace: TracebackType | None) -> bool:
    filename = ""
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return filename in set(theme.origins.values())
