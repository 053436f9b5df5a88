"""Drawing templates, and saying where a theme went wrong."""

from __future__ import annotations

from typing import Any

import pytest

from statusgen.errors import Place, ThemeError
from statusgen.model.theme import Theme
from statusgen.render import templates


def theme(folder: str = "mine", /, **sources: str) -> Theme:
    """Return a theme of templates, each from a file of its own."""
    named = {name.replace("_", ".", 1): source for name, source in sources.items()}
    return Theme(name="mine", templates=named, assets={}, origins={name: f"themes/{folder}/{name}" for name in named})


def draw(shown: Theme, **context: Any) -> str:
    """Return the template `a.html` drawn."""
    return templates.draw(templates.environment(shown), shown, "a.html", context)


def test_everything_is_escaped() -> None:
    assert draw(theme(a_html="<p>{{ text }}</p>"), text="<b>&") == "<p>&lt;b&gt;&amp;</p>\n"


def test_empty_lines_and_indentation_are_dropped_except_inside_pre() -> None:
    source = '\n  <p>\n\n  a</p>\n  <pre tabindex="0">x\n\n  y</pre> <pre>1</pre>\n  <b>\n  <pre>\n  z\n</pre>\n  c\n'
    expected = '<p>\na</p>\n<pre tabindex="0">x\n\n  y</pre> <pre>1</pre>\n<b>\n<pre>\n  z\n</pre>\nc\n'
    assert draw(theme(a_html=source)) == expected


@pytest.mark.parametrize(
    ("sources", "place", "message", "source"),
    [
        ({"a_html": "one\n{{ two"}, Place("themes/mine/a.html", 2), "unexpected end of template", "{{ two"),
        ({"a_html": "one\n{% nope %}"}, Place("themes/mine/a.html", 2), "unknown tag 'nope'", "{% nope %}"),
        (
            {"a_html": "one\ntwo\n  {{ three }}"},
            Place("themes/mine/a.html", 3),
            "'three' is undefined",
            "  {{ three }}",
        ),
        (
            {"a_html": "{% include 'b.html' %}", "b_html": "\n{{ number + 'a' }}"},
            Place("themes/mine/b.html", 2),
            "unsupported operand type",
            "{{ number + 'a' }}",
        ),
        (
            {"a_html": "{% include 'b.html' %}", "b_html": "{% if %}"},
            Place("themes/mine/b.html", 1),
            "Expected an expression",
            "{% if %}",
        ),
        (
            {"a_html": "one\n{% include 'gone.html' %}"},
            Place("themes/mine/a.html", 2),
            "there is no template 'gone.html' in theme 'mine'",
            "{% include 'gone.html' %}",
        ),
        (
            {"a_html": "{{ number|nope }}"},
            Place("themes/mine/a.html", 1),
            "No filter named 'nope'",
            "{{ number|nope }}",
        ),
        (
            {"a_html": "one\n{{ month('December') }}"},
            Place("themes/mine/a.html", 2),
            "a function does not take what it is given (AttributeError: 'str' object has no attribute 'year')",
            "{{ month('December') }}",
        ),
        (
            {"a_html": "{% extends 'a.html' %}"},
            Place("themes/mine/a.html", 1),
            "the templates extend or include each other without end",
            "{% extends 'a.html' %}",
        ),
        ({}, Place("a.html", 0), "there is no template 'a.html' in theme 'mine'", ""),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(
    sources: dict[str, str], place: Place, message: str, source: str
) -> None:
    with pytest.raises(ThemeError) as caught:
        draw(theme(**sources), number=1, month=lambda day: day.year)
    assert caught.value.place == place
    assert message.lower() in str(caught.value).lower()
    assert caught.value.source == source


def test_a_mistake_of_ours_is_not_blamed_on_the_theme() -> None:
    def broken() -> str:
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        draw(theme("default", a_html="{{ broken() }}"), broken=broken)
    with pytest.raises(ThemeError, match="ours"):
        draw(theme(a_html="{{ broken() }}"), broken=broken)


def test_a_failing_asset_name_is_blamed_on_the_line_that_asks_for_it() -> None:
    def asset(name: str) -> str:
        raise templates.TemplateMistakeError(f"there is no file 'assets/{name}' in the theme")

    with pytest.raises(ThemeError) as caught:
        draw(theme(a_html="\n{{ asset('logo.svg') }}"), asset=asset)
    assert str(caught.value) == (
        "themes/mine/a.html:2:0: there is no file 'assets/logo.svg' in the theme\n    {{ asset('logo.svg') }}"
    )
