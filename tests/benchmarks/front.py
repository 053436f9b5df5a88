"""What the front page weighs, and what Lighthouse thinks of it, with ten and with fifty components."""

from __future__ import annotations

import gzip
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from statusgen.config.theme import load_theme
from statusgen.demo.services import Nginx
from statusgen.model.page import Page
from statusgen.render import render
from tests import lighthouse
from tests.browser.conftest import chromium
from tests.unit.render.situations import quiet
from tests.unit.render.test_weight import eventful

SITES: dict[str, Callable[[], Page]] = {
    "quiet": quiet,
    "10 components, 3 incidents, 2 maintenances": lambda: eventful(10),
    "50 components, 3 incidents, 2 maintenances": lambda: eventful(50),
}
ROUNDS = 3

_SERVER = """\
server {{
    listen 127.0.0.1:@PORT@;
    root {folder};
    gzip on;
    gzip_comp_level 9;
}}
"""


def main() -> None:
    """Print a table: bytes of the front page, plain and compressed, and the lowest of each figure of a few rounds."""
    print(f"Lighthouse on its slow phone, Python {platform.python_version()}\n")
    print("| page | bytes | gzip -9 | performance | accessibility | best practices | SEO |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        theme = load_theme(Path(folder), "default")
        server = Nginx(Path(folder) / "nginx", body=_SERVER.format(folder=folder))
        server.start()
        try:
            for name, make in SITES.items():
                [front] = [one.body for one in render(make(), theme) if one.path == "index.html"]
                (Path(folder) / "index.html").write_bytes(front)
                _row(name, front, f"http://127.0.0.1:{server.port}/index.html")
        finally:
            server.stop()


def _row(name: str, front: bytes, address: str) -> None:
    found = [lighthouse.judge(address, chromium()).scores for _ in range(ROUNDS)]
    scores = [min(one[category] for one in found) for category in lighthouse.CATEGORIES]
    sizes = (len(front), len(gzip.compress(front, 9)))
    print(f"| {name} | {' | '.join(f'{number:,}' for number in (*sizes, *scores))} |")


if __name__ == "__main__":
    main()
