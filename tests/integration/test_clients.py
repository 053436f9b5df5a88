"""Other people's programs on a site that is published to a real S3 server, at the root of a host of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest
from icalendar import Calendar

from statusgen.config.theme import load_theme
from statusgen.demo.services import Nginx, SeaweedFS
from statusgen.demo.services.seaweedfs import PUBLIC
from statusgen.pipeline import Site, place
from statusgen.publish.holdings import inspect
from statusgen.render import render
from tests.browser.conftest import launched
from tests.conftest import ROOT, missing
from tests.fakes import Notes
from tests.ports.conftest import open_bucket
from tests.unit.render import pages, situations

pytestmark = pytest.mark.services

PACKAGES = ROOT / ".cache/clients"
WIDGET = PACKAGES / "node_modules/@statuspage/status-widget/dist/index.js"
FORMATS = {"feed.xml": "rss", "feed.atom": "atom", "feed.json": "json"}

_numbers = count()
_HOST = """\
server {{
    listen 127.0.0.1:@PORT@;
    location / {{
        proxy_pass {bucket}/;
        proxy_hide_header Access-Control-Allow-Origin;
        add_header Access-Control-Allow-Origin *;
    }}
}}
server {{
    listen 127.0.0.1:@PORT@;
    server_name localhost;
    root {elsewhere};
}}
"""
_ELSEWHERE = """\
<!doctype html><title>Somebody else's page</title>
<statuspage-widget src="{address}"></statuspage-widget>
<statuspage-widget src="{address}" appearance="badge"></statuspage-widget>
<script src="widget.js"></script>
"""


@pytest.fixture
def address(s3: SeaweedFS, nginx: Callable[[str], Nginx], tmp_path: Path) -> str:
    """Where the busy situation is published; what lies in the folder `elsewhere` is served as `localhost`."""
    shown = situations.busy()
    name = f"{PUBLIC}/clients-{next(_numbers)}"
    site = Site(page=shown, artifacts=render(shown, load_theme(tmp_path, "default")))
    notes = Notes()
    place(site, inspect(open_bucket(s3, name), notes), now=pages.NOW, progress=notes)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    server = nginx(_HOST.format(bucket=f"{s3.endpoint}/{s3.bucket}/{name}", elsewhere=elsewhere))
    return f"http://127.0.0.1:{server.port}"


@pytest.fixture
def packages() -> Path:
    """The folder of the clients from npm."""
    if not WIDGET.exists() or shutil.which("node") is None:
        missing("the clients from npm")
    return PACKAGES


@pytest.fixture
def seen(address: str, packages: Path) -> Any:
    """What the clients from npm make of the site."""
    command = ["node", str(Path(__file__).with_name("clients.cjs")), str(packages), address]
    ran = subprocess.run(command, check=False, timeout=120, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_every_feed_reader_hears_the_same(seen: Any, address: str) -> None:
    smith = seen["feedsmith"]
    assert {path: smith[path]["format"] for path in FORMATS} == FORMATS
    first = smith["feed.xml"]["entries"]
    assert len(first) > 10
    for path in FORMATS:
        assert smith[path]["entries"] == first
    for path, entries in seen["rssParser"].items():
        assert entries == smith[path]["entries"]
        parsed = feedparser.parse(httpx.get(f"{address}/{path}").content)
        assert parsed.bozo == 0
        assert [[one.id, one.title, one.link] for one in parsed.entries] == [one[:3] for one in entries]


def test_every_calendar_reads_the_same(seen: Any, address: str) -> None:
    answer = httpx.get(f"{address}/maintenance.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    ours = [
        [
            str(one["UID"]),
            str(one["SUMMARY"]),
            *(f"{one[name].dt:%Y-%m-%dT%H:%M:%S}.000Z" for name in ("DTSTART", "DTEND")),
            *(str(one["STATUS"]), int(one["SEQUENCE"])),
        ]
        for one in Calendar.from_ical(answer.content).walk("VEVENT")
    ]
    assert len(ours) == 2
    assert seen["nodeIcal"] == seen["icalJs"]["events"] == ours
    assert seen["icalJs"]["again"] == 1800
    assert seen["icalJs"]["source"] == "https://status.example.org/maintenance.ics"


def test_statuspages_client_reads_what_it_asks_for(seen: Any) -> None:
    """Of maintenance it asks for that to come, whichever of its functions is called."""
    found = seen["statuspage"]
    down = {"indicator": "major", "description": "Media is down"}
    assert found["summary"]["status"] == found["status"]["status"] == down
    assert found["components"]["components"] == found["summary"]["components"]
    assert [one["name"] for one in found["unresolved"]["incidents"]] == ["Pictures do not load"]
    assert [one["status"] for one in found["incidents"]["incidents"]] == ["identified", "postmortem"]
    assert [one["name"] for one in found["upcoming"]["scheduled_maintenances"]] == ["Moving the primary database"]


def test_the_exporter_for_prometheus_sees_what_is_wrong(address: str, tmp_path: Path) -> None:
    if find_spec("statuspage_prometheus_exporter") is None:
        missing("statuspage-prometheus-exporter")
    service = {"name": "Ours", "type": "status_page", "url": f"{address}/api/v2/summary.json"}
    (tmp_path / "services.json").write_text(json.dumps({"ours": service}))
    program = (
        "import json\nfrom statuspage_prometheus_exporter.service_checker import SERVICES, check_service_status\n"
        "print(json.dumps(check_service_status('ours', SERVICES['ours'])))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert (found["success"], found["status"]) == (True, 0)
    (incident,) = found["incident_metadata"]
    assert (incident["name"], incident["affected_components"]) == ("Pictures do not load", ["Media"])
    assert incident["shortlink"] == "https://status.example.org/incidents/media.html"
    assert [one["name"] for one in found["maintenance_metadata"]] == ["A new Redis", "Moving the primary database"]
    assert {"Media": "major_outage", "Redis": "under_maintenance"}.items() <= {
        one["name"]: one["status"] for one in found["component_metadata"]
    }.items()


def test_statuspages_widget_shows_it_on_somebody_elses_page(address: str, packages: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "page.html").write_text(_ELSEWHERE.format(address=address))
    shutil.copy(WIDGET, elsewhere / "widget.js")
    with launched() as browser:
        page = browser.new_page()
        page.goto(f"{address.replace('127.0.0.1', 'localhost')}/page.html")
        page.get_by_text("Media is down").first.wait_for(timeout=20_000)
