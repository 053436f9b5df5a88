"""The reference of Markdown: what comes out of each example, and every name, as the code has it."""

from __future__ import annotations

import re

from statusgen.config.notes import IGNORED
from statusgen.model.announcement import Picture
from statusgen.render import links
from statusgen.render.emoji import EMOJI
from statusgen.render.markdown import to_html
from statusgen.render.tongue import PLAIN
from statusgen.render.words import CALLOUTS
from tests.conftest import ROOT

FILE = ROOT / "docs/reference/markdown.md"
EXAMPLE = re.compile(r"(```markdown\n(.*?)```\n\n```html\n)(.*?)(```\n)", re.DOTALL)
LISTS = {
    "KEYS": re.compile(r"(?<=and do no harm:)[^.]*(?=\.\n)"),
    "EMOJI": re.compile(r"(?<=## Emoji\n\n)[^#]*(?=\n)"),
}
RACK = Picture(
    path="posts/rack.0123456789ab.jpg", content_type="image/jpeg", width=1600, height=1200, body=b"not looked at"
)


def rendered(text: str) -> str:
    """Return a text as it is on the page of a post."""
    own = "posts/example.html"
    html = to_html(
        text,
        PLAIN,
        resolve=lambda href: links.relative(links.target_of(href, own), own),
        level=2,
        prefix=links.prefix(links.TEXT),
        pictures={"rack.jpg": RACK},
    )
    return str(html)


def drawn(text: str) -> str:
    """Return the page with what its examples become, and with the lists of names."""
    text = EXAMPLE.sub(lambda found: found[1] + rendered(found[2]) + found[4], text)
    keys = ", ".join(f"`{key}`" for key in sorted(IGNORED, key=str.lower))
    text = LISTS["KEYS"].sub(lambda _: f" {keys}", text)
    names = " · ".join(f"{sign} `:{name}:`" for name, sign in sorted(EMOJI.items()))
    return LISTS["EMOJI"].sub(lambda _: names, text)


def test_every_example_becomes_what_stands_below_it(update_golden: bool) -> None:
    text = FILE.read_text(encoding="utf-8")
    if update_golden:
        FILE.write_text(drawn(text), encoding="utf-8")
        text = FILE.read_text(encoding="utf-8")
    assert len(EXAMPLE.findall(text)) == text.count("```markdown") == 10
    assert drawn(text) == text


def test_every_kind_of_note_is_named() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert [kind for kind in CALLOUTS if f"`:::{kind}`" not in text and f"`{kind.upper()}`" not in text] == []
