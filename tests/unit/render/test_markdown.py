"""What people write, as HTML and as text: never trusted, never in the way."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.announcement import Picture
from statusgen.render.emoji import EMOJI
from statusgen.render.markdown import MAX_LENGTH, pictures_in, to_html, to_text
from statusgen.render.tongue import PLAIN
from statusgen.render.words import CALLOUTS
from tests.work import steps

RACK = Picture(path="posts/rack.0a1b.png", content_type="image/png", width=640, height=480, body=b"")


def html(text: str, *, level: int = 3, prefix: str = "", home: str = "") -> str:
    """Return the HTML on one line, with relative links marked as resolved."""
    return to_html(
        text,
        PLAIN,
        resolve=lambda href: f"R:{href}",
        level=level,
        prefix=prefix,
        home=home,
        pictures={"rack.png": RACK},
    ).replace("\n", "")


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
    assert html("#### a", level=2) == '<h2 id="a">a</h2>'


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
        ("ftp://x.org javascript://x", "<p>ftp://x.org javascript://x</p>"),
    ],
)
def test_links_lead_only_where_they_may(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "address", "around"),
    [
        ("See https://x.org/a_b~c~d?e=1&f.", "https://x.org/a_b~c~d?e=1&f", "See {}."),
        ("(https://x.org/a_(b)).", "https://x.org/a_(b)", "({})."),
        ("**https://x.org**, ==HTTP://x.org/==", "https://x.org", '<strong>{}</strong>, <mark><a href="HTTP://x.org/"'),
        ("https://x.org\\\nb", "https://x.org", "{}<br />b"),
        ("> - https://x.org", "https://x.org", "<li>{}</li>"),
    ],
)
def test_an_address_is_a_link_as_it_stands(text: str, address: str, around: str) -> None:
    shown = address.replace("&", "&amp;")
    assert around.format(f'<a href="{shown}" rel="nofollow noopener">{shown}</a>') in html(text)


@pytest.mark.parametrize("text", ["http://", "https://.", "xhttps://x.org", "`https://x.org`", "https:/x.org"])
def test_what_only_looks_like_an_address_is_text(text: str) -> None:
    assert "<a" not in html(text)


def test_an_address_within_a_link_is_its_words() -> None:
    assert html("[at https://x.org now](b.md)") == '<p><a href="R:b.md">at https://x.org now</a></p>'
    assert to_text("at https://x.org/a_b_c.") == "at https://x.org/a_b_c."


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


HOSTILE = {
    "emphasis": ("*a_ ", "**", "*a"),
    "addresses": ("https://", "https://a ", "https://a).", "https://.", "://", "[https://a"),
    "links": ("[", "![a](", "[a](", "<a:", "[a]: b\n"),
    "code": ("`a", "`", "```\n", "~~~a\n"),
    "quotes and lists": ("> ", "- ", "- a\n", "1. a\n\n"),
    "tasks": ("- [x] a\n", "- [ ] - [x] a\n"),
    "tables": ("|a|b|\n|-|-|\n", "a|"),
    "headings": ("# a\n", "# a\n# a-1\n", "a\n=\n"),
    "strikethrough": ("~~a", "~~a~~", "~~~"),
    "footnotes": ("[^", "[^a", "[^1]", "^[", "^[a", "^[a]", "[^1]: a\n", "[^1]: [^1]: ", "^[[^a", "- [^1]: a\n"),
    "marks": ("==a", "==a==", "=", "==*a", "== "),
    "insertions": ("++a", "++a++", "+", "++*a"),
    "raised": ("^", "^a", "^a ", "^[a", "^`"),
    "lowered": ("~", "~a", "~a ", "~[a", "~\\~"),
    "containers": (":::", ":::info\n", ":::info\na\n:::\n", "> :::info\n", "- :::info\n", ":::info\n:::spoiler\na\n"),
    "alerts": ("> [!NOTE]\n", "> [!NOTE]\n\n", "> > [!TIP]\n"),
    "emoji": (":a", ":tada:", ":", ":+1"),
    "pictures": ("![", "![](rack.png)", "![](rack.png =1x1) ", "![](", "![a](a =", '![](rack.png "a")\n\n'),
}
"""Pieces of each construct that, repeated, lead a careless rule to look at everything again and again."""


@pytest.mark.parametrize(
    "piece", [pytest.param(piece, id=f"{name}-{piece!r}") for name, pieces in HOSTILE.items() for piece in pieces]
)
def test_hostile_texts_are_no_more_work_than_their_length(piece: str) -> None:
    """Of a quadratic rule twice the text would be four times the work; a footnote that exists wakes its rules."""
    texts = ("[^1]: a\n\n" + piece * (size // len(piece)) for size in (500, 1000))
    short, long = (steps(lambda text=text: (html(text), to_text(text))) for text in texts)
    assert long < 2.5 * short


def test_a_quadratic_rule_would_be_seen() -> None:
    def look_at_all_again(size: int) -> None:
        for _ in range(size):
            for _ in range(size):
                pass

    short, long = (steps(lambda size=size: look_at_all_again(size)) for size in (40, 80))
    assert long > 3.5 * short


TAGS = re.findall(r"\S+", "p em strong s code pre a h3 h4 h5 h6 ul ol li blockquote hr br table thead tbody tr th td")
MORE = re.findall(r"\S+", "div span mark ins sub sup details summary img figure figcaption")
PIECES = [
    *"a<>\"'&[]()!*_`~#|-:/\n \\x.^=+",
    ":::info",
    "\n:::",
    "[^a]",
    "\n[^a]: ",
    "> [!NOTE]\n",
    "==",
    "++",
    "rack.png",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_no_text_opens_a_tag_of_its_own(text: str) -> None:
    tags = (part.split(">")[0].split(" ")[0].strip("/") for part in html(text).split("<")[1:])
    assert set(tags) <= {*TAGS, *MORE}


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_no_id_is_given_twice_in_any_text(text: str) -> None:
    ids = re.findall(r' id="([^"]*)"', html("# a\n\n# a\n\n# a-1\n\n[^a] [^a] ^[b]\n\n[^a]: c\n\n" + text))
    assert len(ids) == len(set(ids)) >= 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("==a== ++b++ ==*c*==", "<p><mark>a</mark> <ins>b</ins> <mark><em>c</em></mark></p>"),
        ("*==a==* ===b== a=b c==d e+f g++", "<p><em><mark>a</mark></em> =<mark>b</mark> a=b c==d e+f g++</p>"),
        ("==a ++b==", "<p><mark>a ++b</mark></p>"),
        ("`==a==` \\==a==", "<p><code>==a==</code> ==a==</p>"),
        ("10^6^ H~2~O ~~a~~ ^a b^", "<p>10<sup>6</sup> H<sub>2</sub>O <s>a</s> ^a b^</p>"),
        (":tada: a:+1::fire: :nothing: 12:30:45", "<p>🎉 a👍🔥 :nothing: 12:30:45</p>"),
        ("`:tada:` [:tada:](b) :white_check_mark:", '<p><code>:tada:</code> <a href="R:b">🎉</a> ✅</p>'),
    ],
)
def test_what_hackmd_adds_within_a_line_works(text: str, expected: str) -> None:
    assert html(text) == expected


def test_emoji_are_few_and_no_name_needs_escaping() -> None:
    assert 100 < len(EMOJI) < 200
    assert all(re.fullmatch(r"[a-z0-9_+-]+", name) for name in EMOJI)


def test_a_container_is_a_note_with_its_title() -> None:
    found = html(":::warning Mind *the* gap :fire:\na\n\n- b\n:::\nc")
    title = "<p><strong>Mind <em>the</em> gap 🔥</strong></p>"
    assert found == f'<div class="callout warning" role="note">{title}<p>a</p><ul><li>b</li></ul></div><p>c</p>'


@pytest.mark.parametrize("kind", ["info", "success", "warning", "danger"])
def test_a_container_without_a_title_says_what_kind_it_is(kind: str) -> None:
    start = f'<div class="callout {kind}" role="note"><p><strong>{CALLOUTS[kind]}</strong></p><p>a</p></div>'
    assert html(f":::{kind}\na\n:::") == html(f"::: {kind}\na\n:::") == start


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_an_alert_is_a_note_of_its_kind(kind: str) -> None:
    start = f'<div class="callout {kind}" role="note"><p><strong>{CALLOUTS[kind]}</strong></p><p>a *</p></div><p>b</p>'
    assert html(f"> [!{kind.upper()}]\n> a *\n\nb") == html(f"> [!{kind}] \n>\n> a *\n\nb") == start


def test_a_spoiler_is_folded() -> None:
    assert html(":::spoiler The log\na\n:::") == "<details><summary>The log</summary><p>a</p></details>"


@pytest.mark.parametrize(
    "text", [":::nothing\na", ":::information\na", "> [!NOTHING]", "> a [!NOTE]", ">", "> # [!NOTE]"]
)
def test_what_only_looks_like_a_note_stays_what_it_is(text: str) -> None:
    assert "callout" not in html(text)


def test_notes_lie_in_each_other_and_end_where_what_holds_them_ends() -> None:
    found = html("::::info\n:::danger\na\n:::\n::::\n> :::info\n>\n\nb\n\n> [!TIP]\n> > c\n")
    assert found.count("<div") == found.count("</div>") == 4
    assert found.endswith("<blockquote><p>c</p></blockquote></div>")
    assert "</div></blockquote><p>b</p>" in found


def test_footnotes_are_numbered_as_they_are_met_and_lead_there_and_back() -> None:
    found = html("a[^b] c[^d] e[^b] ^[*f*] [^g]\n\n[^d]: D\n[^b]: B\n\n    more", prefix="text.")
    first = '<sup><a href="#text.note.1" id="text.ref.1">[1]</a></sup>'
    assert found.startswith(f"<p>a{first} c<sup>")
    assert (
        'e<sup><a href="#text.note.1">[1]</a></sup> <sup><a href="#text.note.3" id="text.ref.3">[3]</a></sup>' in found
    )
    assert found.count("<li id=") == 3
    back = ' <a href="#text.ref.1" aria-label="Back to the text">↩︎</a></p></li>'
    assert f'<hr><ol class="notes"><li id="text.note.1"><p>B</p><p>more{back}<li id="text.note.2"><p>D' in found
    assert " [^g]</p>" in found


def test_headings_have_ids_of_their_own_and_links_find_them() -> None:
    found = html("# Größe & co\n# a\n# a-1\n# a\n# :tada:\n[x](#Gr%C3%B6%C3%9Fe--co) [y](#a-2) [z](#else)", prefix="p.")
    assert re.findall(r' id="([^"]*)"', found) == ["p.größe--co", "p.a", "p.a-1", "p.a-2", "p.section"]
    assert '<a href="#p.größe--co">x</a> <a href="#p.a-2">y</a> <a href="R:#else">z</a>' in found


def test_a_heading_of_no_words_is_none() -> None:
    assert html("#\n\n## Title\n\n### #\n\ntext\n\n##") == '<h3 id="title">Title</h3><p>text</p>'


def test_away_from_home_there_are_no_ids_and_links_lead_home() -> None:
    found = html("# a\n[b](#a) c[^1]\n\n[^1]: d", prefix="text.", home="https://x.org/a.html")
    assert " id=" not in found
    assert re.findall('href="([^"]*)"', found) == [
        f"https://x.org/a.html#text.{name}" for name in ("a", "note.1", "ref.1")
    ]


def test_a_picture_of_the_site_is_shown_with_its_size_when_it_comes_into_view() -> None:
    shown = '<img src="R:/posts/rack.0a1b.png" alt="the rack"{} width="640" height="480" loading="lazy">'
    assert html("a ![the *rack*](rack.png)") == f"<p>a {shown.format('')}</p>"
    assert (
        html('a ![the rack](rack.png "new")')
        == f"<p>a {shown.format(' title=&#34;new&#34;').replace('&#34;', chr(34))}</p>"
    )
    linked = html("[![the rack](rack.png)](https://x.org)")
    assert linked == f'<p><a href="https://x.org" rel="nofollow noopener">{shown.format("")}</a></p>'


@pytest.mark.parametrize(
    ("size", "shown"),
    [("=320x", (320, 240)), ("=x240", (320, 240)), ("=320x100", (320, 100)), ("=x", (640, 480)), ("=0x0", (640, 480))],
)
def test_a_picture_has_the_size_that_hackmd_gives_it(size: str, shown: tuple[int, int]) -> None:
    found = html(f"a ![the *rack*](rack.png {size}) b")
    assert f'alt="the rack" width="{shown[0]}" height="{shown[1]}"' in found
    assert found.endswith("> b</p>")


def test_a_picture_with_a_title_and_a_size_is_one_too() -> None:
    assert html('![a](https://x.org/a.png "The rack" =100x)') == html('![a](https://x.org/a.png "The rack")')
    shown = html('![](rack.png "The rack" =320x)')
    assert 'width="320" height="240"' in shown
    assert shown.endswith("<figcaption>The rack</figcaption></figure>")


def test_a_size_makes_no_address_safe_and_no_other_text_a_picture() -> None:
    assert html("![a](javascript:b =1x1)") == "<p>![a](javascript:b =1x1)</p>"
    link = '<p><a href="https://x.org/a.png" rel="nofollow noopener">a (image)</a></p>'
    assert html("![a](https://x.org/a.png =320x240)") == link
    assert "<img" not in html("![a](rack.png =axb) [a](rack.png =1x1) ![a](rack.png =1x1")
    assert html("[![a](rack.png =320x240)](b)").startswith('<p><a href="R:b"><img ')


def test_a_picture_alone_with_a_title_is_a_figure_with_a_caption() -> None:
    shown = '<img src="R:/posts/rack.0a1b.png" alt="" width="640" height="480" loading="lazy">'
    assert html('![](rack.png "a < *b*")') == f"<figure>{shown}<figcaption>a &lt; *b*</figcaption></figure>"
    assert "figure" not in html('- ![](rack.png "in a tight list")')
    assert "figure" not in html('![](https://x.org/rack.png "elsewhere")')


def test_the_pictures_of_a_text_are_told_with_the_lines_of_their_block() -> None:
    text = "a\n\n![a](a.png) and\n![b](<b c.png>)\n\n`![c](c.png)` ![d](https://x.org/d.png)\n\n|a|\n|-|\n|![e](e.png)|"
    assert list(pictures_in(text)) == [("a.png", (2, 3)), ("b%20c.png", (2, 3)), ("e.png", (9, 9))]
    assert list(pictures_in("[a](a.png)")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** `c`\nd", "a b c d"),
        ("==a== ++b++ ~~c~~ :tada: `:tada:`", "a b c 🎉 :tada:"),
        ("10^6^ H~2~O 1^st^", "10⁶ H₂O 1st"),
        ("a[^1] ^[b]\n\n[^1]: c", "a[1] [2]\n\n[1] c\n\n[2] b"),
        ("a\n\n|a|*b*|\n|-|-|\n|c||\n\nd", "a\n\na | b\nc |\n\nd"),
        (":::danger\na\n:::\n> [!TIP]\n> b", "Danger\n\na\n\nTip\n\nb"),
        (":::info Mind *this*\n- a\n- b\n:::", "Mind this\n- a\n- b"),
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
