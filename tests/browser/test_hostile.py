"""Every string of a public corpus that would run a script on a careless page does nothing on ours.

The corpus is that of brs-kb, a package under the MIT licence: nearly five thousand strings from filters' bypasses,
cheat sheets and bug bounties, some hundred of them in Markdown. They are told as announcements, in every place where
people write, and the pages are opened without their policy, so that nothing but the escaping holds. So is the HTML that
feeds carry.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from brs_kb.payloads import FULL_PAYLOAD_DATABASE

from statusgen.config.theme import load_theme
from statusgen.model.announcement import Update
from statusgen.model.words import IncidentPhase
from statusgen.render import render
from statusgen.render.entries import prose
from statusgen.render.tongue import PLAIN
from tests.unit.render.pages import at, incident, page, post

CORPUS = sorted({entry.payload for entry in FULL_PAYLOAD_DATABASE.values()})
AT_ONCE = 500
TIMES = range(0, len(CORPUS), AT_ONCE)

CLOSED = re.compile(r"<(img|svg|body|iframe|input|details|video|audio)\b[^<]*>|<script[^<]*></script>")
"""Strings after which a page goes on as before, so that each has its turn on one page."""

FORMS = (
    "{}",
    "a {} b",
    "[a]({})",
    "[a](<{}>)",
    '[a](b "{}")',
    "![{}]({})",
    "![a](rack.png '{}')",
    "[a][{}]\n\n[{}]: {}",
    "# {}",
    "- [ ] {}",
    "> {}",
    "|{}|\n|-|\n|{}|",
    "`{}`",
    "```{}\n{}\n```",
    "=={}== ++{}++ ^{}^ ~{}~ ~~{}~~",
    ":::warning {}\n{}\n:::",
    "> [!NOTE]\n> {}",
    "a[^{}] ^[{}]\n\n[^{}]: {}",
    "<{}>",
    ":{}:",
)
"""The places of a text in which people write."""

SUSPICIOUS = """() => {
    const known = new Set(%s);
    const found = [];
    for (const one of document.querySelectorAll('*')) {
        for (const name of one.getAttributeNames()) {
            const value = one.getAttribute(name);
            if (/^on/i.test(name) || name === 'style' || name === 'srcdoc') found.push(name + '=' + value);
            if (/^(href|src|srcset|action|formaction|data|poster|background|xlink:href|to|values)$/i.test(name)
                && /^\\s*(javascript|vbscript|data|blob|file|filesystem):/i.test(value)
                && !(one.tagName === 'LINK' && one.rel === 'icon')) found.push(name + '=' + value);
        }
        if (!known.has(one.tagName.toLowerCase())) found.push('<' + one.tagName + '>');
    }
    if (document.scripts.length !== %d) found.push(document.scripts.length + ' scripts');
    return found;
}"""
KNOWN = (
    *("html", "head", "meta", "title", "link", "style", "body", "svg", "symbol", "circle", "path", "rect", "use"),
    *("header", "main", "footer", "article", "section", "script", "time", "dl", "dt", "dd", "div", "span", "p", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "em", "strong", "s", "mark", "ins", "sub", "sup", "code"),
    *("pre", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "hr", "br", "b", "details", "summary", "img"),
    *("figure", "figcaption", "progress"),
)


@dataclass
class Watched:
    """One open page, and every sign that something written on it came to life."""

    page: Any
    signs: list[str] = field(default_factory=list)


Watch = Callable[..., Any]


@pytest.fixture
def watch(browser: Any, address: str) -> Watch:
    """Open a page without its policy, and gather the dialogs, scripts, requests and navigations that it dares."""

    @contextmanager
    def opened(path: str, *, scripts: int = 1) -> Iterator[Watched]:
        context = browser.new_context(bypass_csp=True)
        try:
            page = context.new_page()
            watched = Watched(page)

            def judge(route: Any) -> None:
                url = route.request.url
                if url.startswith(f"{address}/hostile/"):
                    route.continue_()
                else:
                    watched.signs.append(f"request: {url}")
                    route.abort()

            page.route("**/*", judge)
            page.on("dialog", lambda dialog: (watched.signs.append(f"dialog: {dialog.message}"), dialog.dismiss()))
            page.on("pageerror", lambda error: watched.signs.append(f"script: {error}"))
            page.on("console", lambda message: watched.signs.append(f"console: {message.text}"))
            page.on("popup", lambda popup: watched.signs.append(f"popup: {popup.url}"))
            page.goto(f"{address}/hostile/{path}")
            watched.signs.extend(page.evaluate(SUSPICIOUS % (json.dumps(KNOWN), scripts)))
            page.wait_for_load_state("networkidle")
            yield watched
        finally:
            context.close()

    return opened


@pytest.fixture(scope="module")
def hostile(site_folder: Path) -> Iterator[Path]:
    """The corpus as a site: one stretch of strings is two incidents, with one string an update, plain and in the forms.

    An update is a text of its own, so that no string can hide the next one in a block of code.
    """
    theme = load_theme(site_folder, "default")
    incidents, posts = [], []
    folder = site_folder / "hostile"
    folder.mkdir()
    for start in TIMES:
        payloads = CORPUS[start : start + AT_ONCE]
        forms = [FORMS[number % len(FORMS)].replace("{}", payload) for number, payload in enumerate(payloads)]
        about = {"title": payloads[0], "authors": tuple(payloads[:5]), "affected": ()}
        incidents.append(incident(f"plain-{start}", updates=said(payloads), **about))
        incidents.append(incident(f"forms-{start}", updates=said(forms), **about))
        posts.append(post(f"whole-{start}", title=payloads[-1], body="\n\n".join(payloads)))
        read = (prose(page(), posts[0].source, text, PLAIN) for text in (*payloads, *forms))
        put(folder / f"feed-{start}.html", "<!doctype html><body>" + "\n".join(read))
    for artifact in render(page(posts=tuple(posts), incidents=tuple(incidents)), theme):
        file = folder / artifact.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(artifact.body)
    careless = "<!doctype html><body>" + "\n".join(payload for payload in CORPUS if CLOSED.fullmatch(payload))
    put(folder / "careless.html", careless)
    yield folder
    shutil.rmtree(folder)  # what follows judges every page that is there


def put(file: Path, html: str) -> None:
    file.write_text(html, encoding="utf-8", errors="replace")


def said(bodies: list[str]) -> tuple[Update, ...]:
    """Return an update for each text."""
    return tuple(
        Update(number=number, at=at(18), phase=IncidentPhase.INVESTIGATING, body=text)
        for number, text in enumerate(bodies, 1)
    )


def test_the_corpus_is_large_and_the_same_everywhere() -> None:
    assert len(CORPUS) > 4000
    assert sum("](" in payload for payload in CORPUS) > 50


@pytest.mark.parametrize("start", TIMES)
@pytest.mark.parametrize("kind", ["incidents/plain", "incidents/forms", "posts/whole"])
def test_no_string_of_the_corpus_comes_to_life(kind: str, start: int, watch: Watch, hostile: Path) -> None:
    with watch(f"{kind}-{start}.html") as watched:
        assert watched.signs == []


@pytest.mark.parametrize("start", TIMES)
def test_nor_does_one_in_a_reader_of_feeds(start: int, watch: Watch, hostile: Path) -> None:
    with watch(f"feed-{start}.html", scripts=0) as watched:
        assert watched.signs == []


@pytest.mark.parametrize("path", ["index.html", "history/2022-11.html"])
def test_nor_does_one_as_a_title(path: str, watch: Watch, hostile: Path) -> None:
    with watch(path) as watched:
        assert watched.signs == []


def test_on_a_careless_page_they_would(watch: Watch, hostile: Path) -> None:
    with watch("careless.html") as watched:
        kinds = {sign.split(":")[0] for sign in watched.signs}
        assert {"dialog", "request", "<IFRAME>"} <= kinds
        assert sum(sign.startswith("on") for sign in watched.signs) > 20
