"""What people write, as HTML and as text: never trusted, never in the way."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.render.markdown import MAX_LENGTH, to_html, to_text
from tests.work import calls


def html(text: str, *, level: int = 3) -> str:
    """Return the HTML on one line, with relative links marked as resolved."""
    return to_html(text, resolve=lambda href: f"R:{href}", level=level).replace("\n", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** *c* `d` ~~e~~", "<p>a <strong>b</strong> <em>c</em> <code>d</code> <s>e</s></p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("```py\nx < y\n```", '<pre tabindex="0"><code>x &lt; y</code></pre>'),
        ("    x < y", '<pre tabindex="0"><code>x &lt; y</code></pre>'),
    ],
)
def test_marks_become_elements_and_html_becomes_text(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# a\n## b\n## c\n# d", [3, 4, 4, 3]),
        ("### a\n###### b\n### c", [3, 4, 3]),
        ("## a\n# b\n## c", [3, 3, 4]),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", [3, 4, 5, 6, 6, 6]),
    ],
)
def test_headings_fit_below_the_page_and_skip_no_level(text: str, levels: list[int]) -> None:
    found = html(text)
    assert [int(part[0]) for part in found.split("<h")[1:]] == levels
    assert all(f"</h{level}>" in found for level in levels)


def test_the_outermost_heading_has_the_level_asked_for() -> None:
    assert html("#### a", level=2) == "<h2>a</h2>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](https://x.org)", '<p><a href="https://x.org" rel="nofollow noopener">a</a></p>'),
        ("<mailto:n@x.org>", '<p><a href="mailto:n@x.org" rel="nofollow noopener">mailto:n@x.org</a></p>'),
        ('[a](b.md "t")', '<p><a href="R:b.md" title="t">a</a></p>'),
        ("[a](#b)", '<p><a href="R:#b">a</a></p>'),
        ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
        ("[a](&#106;avascript:b)", "<p>[a](javascript:b)</p>"),
        ("[a](//x.org)", "<p>[a](//x.org)</p>"),
        ("[a](data:image/png;base64,x)", "<p>[a](data:image/png;base64,x)</p>"),
        ("<ftp://x.org>", "<p>&lt;ftp://x.org&gt;</p>"),
    ],
)
def test_links_lead_only_where_they_may(text: str, expected: str) -> None:
    assert html(text) == expected


def test_images_become_links_and_their_words_within_a_link() -> None:
    link = '<a href="https://x.org/a.png" rel="nofollow noopener">the rack (image)</a>'
    assert html("![the *rack*](https://x.org/a.png)") == f"<p>{link}</p>"
    assert html("![](a.png)") == '<p><a href="R:a.png">untitled (image)</a></p>'
    inside = '<p><a href="https://x.org" rel="nofollow noopener">rack (image)</a> b</p>'
    assert html("[![rack](a.png)](https://x.org) b") == inside


def test_task_lists_say_what_is_done_in_words() -> None:
    found = html("- [x] a **b**\n- [ ] c\n- [X] d\n- [y] e\n- [x]f\n- [link](x.md)\n- ")
    done = '<li class="task done"><span class="box" role="img" aria-label="done">☑</span> '
    todo = '<li class="task"><span class="box" role="img" aria-label="to do">☐</span> '
    assert found.startswith(f"<ul>{done}a <strong>b</strong></li>{todo}c</li>{done}d</li><li>[y] e</li><li>[x]f</li>")
    assert html("- > quote").count("task") == 0


def test_tables_scroll_by_keyboard_and_carry_no_style() -> None:
    found = html("| a | b | c | d |\n|:-|-:|:-:|-|\n| 1 | 2 | 3 | 4 |")
    assert found.startswith('<div class="wide" role="group" aria-label="Table" tabindex="0"><table>')
    assert found.endswith("</table></div>")
    row = '<td class="left">1</td><td class="right">2</td><td class="center">3</td><td>4</td>'
    assert f"<tr>{row}</tr>" in found
    assert "style" not in found


def test_a_table_wider_than_any_screen_stays_text() -> None:
    wide = "|".join("a" * 202) + "\n" + "|".join("-" * 202)
    assert "<table" not in html(wide)
    assert "<table" in html("|".join("a" * 201) + "\n" + "|".join("-" * 201))


def test_a_text_is_cut_at_a_length_that_no_file_of_a_project_has() -> None:
    assert html("a" * (MAX_LENGTH + 5)) == f"<p>{'a' * MAX_LENGTH}</p>"


@pytest.mark.parametrize("piece", ["- [x] a\n", "*a_ ", "[", "`a", "> ", "|a|b|\n|-|-|\n", "![a](", "# a\n", "a|"])
def test_hostile_texts_are_no_more_work_than_their_length(piece: str) -> None:
    """Of a quadratic rule twice the text would be four times the work."""
    short, long = (calls(lambda size=size: html(piece * (size // len(piece)))) for size in (3000, 6000))
    assert long < 2.5 * short


@given(st.text(alphabet=st.sampled_from("a<>\"'&[]()!*_`~#|-:/\n \\x."), max_size=80))
def test_no_text_opens_a_tag_of_its_own(text: str) -> None:
    allowed = re.findall(
        r"\S+", "p em strong s code pre a h3 h4 h5 h6 ul ol li blockquote hr br table tr th td div span"
    )
    tags = (part.split(">")[0].split(" ")[0].strip("/") for part in html(text).split("<")[1:])
    assert set(tags) <= {*allowed, "thead", "tbody"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** `c`\nd", "a b c d"),
        ("a  \nb", "a\nb"),
        ("# a\n\nb\n\nc", "a\n\nb\n\nc"),
        ("- [x] a\n- b\n\nc", "- [x] a\n- b\n\nc"),
        ("1. a\n\n   b\n\n2. c", "- a\n\nb\n\n- c"),
        ("![rack](a.png) [b](https://x.org)", "rack (image) b"),
        ("```\nx\ny\n```", "x\ny"),
        ("", ""),
    ],
)
def test_plain_text_keeps_the_words_and_drops_the_marks(text: str, expected: str) -> None:
    assert to_text(text) == expected
