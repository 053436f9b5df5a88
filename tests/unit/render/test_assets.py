"""What a theme brings besides templates."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from markupsafe import escape

from statusgen.model.artifact import Stage
from statusgen.model.theme import Theme
from statusgen.render import assets

CSS = b"/* one */\np {\n  color: red; /* two\n  lines */\n}\n\n"
JS = b'// why\nvar a = "http://x"; // stays\n\n  // why\n  a();\n'
FRONT_CSS, FRONT_JS = b".now:has(a) :is(b, i) {}\n", b"front();\n"
PAGES_CSS, PAGES_JS = b".then { margin: 0 1px }\n", b"pages();\n"
ICON = b'<svg xmlns="http://www.w3.org/2000/svg"><path fill="#fff"/></svg>\n'


def theme(**files: bytes) -> Theme:
    """Return a theme with a style, a script, an icon, and the given files below `assets/`."""
    base = {"style.css": CSS, "script.js": JS, "favicon.svg": ICON}
    base |= {"front.css": FRONT_CSS, "front.js": FRONT_JS, "pages.css": PAGES_CSS, "pages.js": PAGES_JS}
    more = {f"assets/{name}": body for name, body in files.items()}
    return Theme(name="t", templates={}, assets={**base, **more}, origins={})


def test_comments_and_space_stay_with_the_authors() -> None:
    inline = assets.inline(theme())
    assert inline.style == "p{color:red}.then{margin:0 1px}"
    assert inline.script == 'var a = "http://x"; // stays\na();\npages();'


def test_the_front_page_carries_what_it_needs_and_no_other_pages_part() -> None:
    inline = assets.inline(theme(), front=True)
    assert inline.style == "p{color:red}.now:has(a) :is(b,i){}"
    assert inline.script.endswith("\nfront();")


def test_the_front_page_alone_may_ask_for_its_successor() -> None:
    assert "connect-src 'self'" in assets.inline(theme(), front=True).policy
    assert "connect-src" not in assets.inline(theme()).policy


def test_the_policy_allows_the_style_and_script_by_their_digests_and_nothing_else() -> None:
    inline = assets.inline(theme())
    digests = [
        base64.b64encode(hashlib.sha256(source.encode()).digest()).decode() for source in (inline.style, inline.script)
    ]
    assert "&" not in escape(inline.policy)
    assert inline.policy == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_pictures_may_be_loaded_from_the_sites_own_origin_where_there_are_any() -> None:
    assert "; img-src data: 'self'; " in assets.inline(theme(), pictures=True).policy
    assert "; img-src data: 'self'; " in assets.inline(theme(**{"logo.svg": ICON}), pictures=True).policy


def test_a_theme_with_files_of_its_own_may_load_them_from_its_own_origin() -> None:
    policy = assets.inline(theme(**{"logo.svg": ICON})).policy
    assert re.sub("sha256-[^']+", "sha256", policy) == (
        "default-src 'none'; style-src 'sha256' 'self'; script-src 'sha256' 'self'; img-src data: 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'none'"
    )


def test_the_icon_travels_inside_the_page() -> None:
    icon = assets.inline(theme()).icon
    assert icon.startswith("data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%3E")
    assert "#" not in icon
    assert not icon.endswith("%0A")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("logo.SVG", "image/svg+xml"),
        ("a/b.woff2", "font/woff2"),
        ("more.css", "text/css; charset=utf-8"),
        ("data.bin", "application/octet-stream"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_files_are_published_under_names_that_change_with_their_content(name: str, content_type: str) -> None:
    (found,) = assets.files(theme(**{name: b"1"})).items()
    key, artifact = found
    stem, dot, extension = name.rpartition(".")
    expected = f"assets/{stem or name}.{hashlib.sha256(b'1').hexdigest()[:12]}{dot}{extension if dot else ''}"
    assert (key, artifact.path) == (name, expected)
    assert artifact.content_type == content_type
    assert artifact.cache_control == "public, max-age=31536000, immutable"
    assert (artifact.stage, artifact.timely, artifact.body) == (Stage.ASSET, False, b"1")
    assert assets.files(theme(**{name: b"2"}))[name].path != expected
