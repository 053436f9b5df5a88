"""What a theme brings besides templates: the style, script and icon inside each page, and the files published beside.

A page carries its style and script itself, so that it is one request, works when saved, and its policy can name their
digests. The front page, which must open on the worst network, carries what it needs and nothing that only others do.
Files below `assets/` are published under names that change with their content.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.theme import Theme
from statusgen.render import accent as accents

STYLES = {True: ("style.css", "front.css"), False: ("style.css", "pages.css")}
SCRIPTS = {True: ("script.js", "front.js"), False: ("script.js", "pages.js")}
"""What a page carries, by whether it is the front page."""

ICON = "favicon.svg"
_ASKS = {True: "connect-src 'self'; ", False: ""}
"""Only the front page asks for its own successor."""

FOLDER = "assets/"

FOR_EVER = "public, max-age=31536000, immutable"
"""For what lies under a name that changes with its content."""

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s*([{};])\s*|(?<=[:,])\s+")
"""Space that means nothing: round braces and semicolons, and after the colon of a declaration and a comma."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """What every page carries in its head: style, script and icon, and the policy that allows them and no other."""

    style: Markup
    script: Markup
    icon: str
    policy: Markup


def inline(theme: Theme, *, front: bool = False, pictures: bool = False, accent: str = "") -> Inline:
    """Return the theme's style, script and icon, ready for the front page or for any other.

    With `pictures`, the policy allows those of the site.
    """
    style = _slim_css("\n".join(_text(theme, name) for name in STYLES[front])) + accents.style(accent)
    script = _slim_js("\n".join(_text(theme, name) for name in SCRIPTS[front]))
    own = " 'self'" if files(theme) else ""
    fonts = f" font-src{own};" if own else ""
    shown = " 'self'" if pictures else ""
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'{own}; script-src '{_digest(script)}'{own}; "
        f"img-src data:{own or shown};{fonts} {_ASKS[front]}base-uri 'none'; form-action 'none'"
    )
    icon = "data:image/svg+xml," + quote(_text(theme, ICON).strip(), safe="='():/;,")
    return Inline(style=Markup(style), script=Markup(script), icon=icon, policy=Markup(policy))  # noqa: S704  the theme's own


def files(theme: Theme) -> dict[str, Artifact]:
    """Return the files that the theme publishes, by their path within `assets/`."""
    return {
        path.removeprefix(FOLDER): _published(path, body)
        for path, body in sorted(theme.assets.items())
        if path.startswith(FOLDER)
    }


def _published(path: str, body: bytes) -> Artifact:
    stem, extension = posixpath.splitext(path)
    return Artifact(
        path=f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{extension}",
        parts=(body,),
        content_type=_TYPES.get(extension.lower(), "application/octet-stream"),
        cache_control=FOR_EVER,
        stage=Stage.ASSET,
    )


def _text(theme: Theme, path: str) -> str:
    return theme.assets[path].decode("utf-8")


def _digest(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode('ascii')}"


def _slim_css(source: str) -> str:
    """Drop comments and space, which are for the theme's authors."""
    return _CSS_SPACE.sub(r"\1", _CSS_COMMENT.sub("", source)).replace(";}", "}").strip()


def _slim_js(source: str) -> str:
    """Drop lines that are only a comment, and indentation; nothing within a line is touched."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
