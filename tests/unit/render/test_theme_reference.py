"""The reference for theme authors is drawn from the docstrings of what templates get."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable
from typing import Any

from statusgen.model import announcement, components, measured, page, project, told
from statusgen.model.theme import Theme
from statusgen.render import diary, outlets, stories, troubles, vocabulary
from statusgen.render.assets import Inline
from tests.conftest import ROOT

FILE = ROOT / "docs/reference/theme.md"
BEGIN = "<!-- generated: `pytest tests/unit/render/test_theme_reference.py --update-golden` -->\n"
DATA = (
    *(
        page.Page,
        project.Site,
        project.Link,
        project.Logo,
        components.GroupView,
        components.ComponentView,
        measured.Uptime,
        measured.Period,
    ),
    *(components.CheckView, components.PlaceView, measured.PlaceSpeed, measured.DaySpeed),
    *(measured.DayBar, measured.Outage),
    *(told.IncidentView, announcement.Incident, told.MaintenanceView, told.SpentPlan, announcement.Maintenance),
    *(told.SeriesView, announcement.Recurrence),
    *(told.PostView, announcement.Post, announcement.Update, announcement.Checklist, told.Affected, told.DayStory),
    *(announcement.Picture,),
    *(components.Vantage,),
    *(diary.Stretch, diary.Year, diary.Month, diary.Day, stories.Story, stories.Episode, troubles.Trouble),
    *(outlets.Shelf, outlets.Outlet, Inline),
)


def one_line(text: str | None) -> str:
    """Return a docstring without its line breaks, fit for a table."""
    return " ".join((text or "").split()).replace("|", "\\|")


def functions() -> str:
    """Return the table of functions."""
    rows = ["| call | gives |", "| --- | --- |"]
    for name in vocabulary.FUNCTIONS:
        function: Callable[..., Any] = getattr(vocabulary.Vocabulary, name)
        given = [one.name for one in inspect.signature(function).parameters.values() if one.name != "self"]
        rows.append(f"| `{name}({', '.join(given)})` | {one_line(function.__doc__)} |")
    return "\n".join(rows)


def fields(kind: type) -> str:
    """Return the section of one kind of data: what it is, its fields, and what it tells besides."""
    rows = [f"### {kind.__name__}", "", (inspect.getdoc(kind) or "").strip(), "", "| field | type |", "| --- | --- |"]
    rows += [f"| `{one.name}` | `{str(one.type).replace('|', chr(92) + '|')}` |" for one in dataclasses.fields(kind)]
    told = [(name, one) for name, one in vars(kind).items() if isinstance(one, property)]
    rows += ["", *(f"- `{name}`: {one_line(one.__doc__)}" for name, one in told)] if told else []
    return "\n".join(rows)


def generated() -> str:
    """Return the generated part of the reference."""
    return "\n\n".join(["## Functions", functions(), "## Data", *(fields(kind) for kind in DATA)]) + "\n"


def test_the_reference_is_drawn_from_the_code(update_golden: bool) -> None:
    written, mark, _ = FILE.read_text(encoding="utf-8").partition(BEGIN)
    assert mark
    if update_golden:
        FILE.write_text(f"{written}{BEGIN}\n{generated()}", encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == f"{written}{BEGIN}\n{generated()}"


def test_every_template_and_every_file_of_the_theme_is_in_the_reference(theme: Theme) -> None:
    written = FILE.read_text(encoding="utf-8")
    files = {*theme.templates, *theme.assets}
    assert {name for name in files if f"`{name}`" not in written} == set()
    told = set(re.findall(r"^\| `([a-z0-9/]+\.[a-z]+)` \|", written.partition(BEGIN)[0], re.MULTILINE))
    assert told == files
