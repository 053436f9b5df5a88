"""A real browser on rendered sites, served by a real server on loopback.

Playwright keeps an event loop running while its browser is open, in which other tests could not run theirs. So the
browser lives as long as one module of tests, not as long as the session.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from statusgen.config.theme import load_theme
from statusgen.demo.services import MissingPartError, Nginx
from statusgen.render import render
from tests.browser.kinds import Place, needed
from tests.conftest import missing
from tests.golden import sites
from tests.unit.render import situations
from tests.unit.render.pages import NOW

_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
_SITE = """\
server {{
    listen 127.0.0.1:@PORT@;
    root {folder};
    error_page 404 /quiet/404.html;
}}
"""


@dataclass
class Visit:
    """One open page with everything it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as needing a browser."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """Return the program of Chromium as the system packages it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return path or missing("Chromium")


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rendered situations, one folder each, and the golden sites below `golden/`."""
    folder = tmp_path_factory.mktemp("sites")
    made = {name: make() for name, make in situations.SITUATIONS.items()}
    made |= {f"golden/{case}": sites.page(case) for case in sites.CASES}
    for name, shown in made.items():
        for artifact in render(shown, load_theme(folder, "default", shown.site.tongues)):
            file = folder / name / artifact.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(artifact.body)
    return folder


@pytest.fixture(scope="session")
def every(site_folder: Path) -> list[Place]:
    """Every page of every situation."""
    names = [*situations.SITUATIONS, *(f"golden/{case}" for case in sites.CASES)]
    files = ((name, file) for name in names for file in (site_folder / name).rglob("*.html"))
    return sorted((name, file.relative_to(site_folder / name).as_posix()) for name, file in files)


@pytest.fixture(scope="session")
def places(site_folder: Path, every: list[Place]) -> list[Place]:
    """Pages that together hold every part that any page of any situation is made of."""
    return needed({(name, path): (site_folder / name / path).read_bytes() for name, path in every})


@pytest.fixture(scope="session")
def address(site_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sites are served, without a slash at the end."""
    try:
        server = Nginx(tmp_path_factory.mktemp("nginx"), body=_SITE.format(folder=site_folder))
        server.start()
    except MissingPartError as error:
        missing(" and ".join(error.parts))
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()


@contextmanager
def launched() -> Iterator[Browser]:
    """Run Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=_QUIET)
        yield running
        running.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    with launched() as running:
        yield running


@pytest.fixture
def visit(browser: Browser, address: str) -> Callable[..., Any]:
    """Open a page of a situation: `with visit("busy", "index.html", color_scheme="dark") as visit:`."""

    @contextmanager
    def opened(name: str, path: str = "index.html", *, now: datetime | None = NOW, **options: Any) -> Iterator[Visit]:
        context = browser.new_context(**{"timezone_id": "UTC", "locale": "en-GB", **options})
        try:
            page = context.new_page()
            visit = Visit(page)
            page.on("request", lambda request: visit.requests.append(request.url))
            page.on("console", lambda message: visit.complaints.append(message.text))
            page.on("pageerror", lambda error: visit.complaints.append(str(error)))
            if now is not None:
                page.clock.install(time=now)
            page.goto(f"{address}/{name}/{path}")
            yield visit
        finally:
            context.close()

    return opened
