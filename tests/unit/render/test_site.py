"""The rendered site as a whole: which files, with which headers, and changing when."""

from __future__ import annotations

import gzip
import posixpath
import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import lxml.html
import pytest

from statusgen import crew
from statusgen.crew import Hands
from statusgen.errors import ThemeError
from statusgen.model.artifact import Stage
from statusgen.model.project import Logo
from statusgen.model.theme import Theme
from statusgen.render import render
from tests.conftest import ROOT
from tests.unit.render import situations
from tests.unit.render.conftest import Render
from tests.unit.render.pages import (
    DAY,
    NOW,
    SITE,
)
from tests.unit.render.shown import tree

TIMELY = {"index.html", "api/v2/status.json", "api/v2/summary.json", "status.json"}


EVERY = pytest.mark.parametrize("name", sorted(situations.SITUATIONS))


def test_a_site_is_these_files(site: Render) -> None:
    files = [
        "404.html",
        "about.html",
        "api/v2/components.json",
        "api/v2/incidents.json",
        "api/v2/incidents/unresolved.json",
        "api/v2/scheduled-maintenances.json",
        "api/v2/scheduled-maintenances/active.json",
        "api/v2/scheduled-maintenances/upcoming.json",
        "api/v2/status.json",
        "api/v2/summary.json",
        "badge.json",
        "badge.svg",
        *(f"badges/{name}.{form}" for name in ("database", "media", "moderation", "redis") for form in ("json", "svg")),
        *(f"badges/{name}.{form}" for name in ("streaming", "web") for form in ("json", "svg")),
        *(f"components/{name}.{form}" for name in ("database", "media") for form in ("atom", "html")),
        "components/moderation.atom",
        *(f"components/{name}.{form}" for name in ("redis", "streaming", "web") for form in ("atom", "html")),
        "feed.atom",
        "feed.json",
        "feed.xml",
        "history.atom",
        "history/2022-11.html",
        "history/2022-12.html",
        "history/2022.html",
        "history/index.html",
        "incidents/media.html",
        "incidents/queues.html",
        "index.html",
        "maintenance.atom",
        "maintenance.ics",
        "maintenance/database.html",
        "maintenance/index.html",
        "maintenance/redis.html",
        "posts/index.html",
        "posts/leaving.html",
        "posts/thanks.html",
        "subscribe.html",
        "maintenance/database.ics",
        "maintenance/redis.ics",
        "status.json",
        "status.schema.json",
    ]
    assert list(site(situations.busy())) == sorted(files)


def test_every_file_carries_its_headers_and_its_turn(site: Render) -> None:
    found = site(situations.busy())
    assert {path for path, artifact in found.items() if artifact.timely} == TIMELY
    assert [path for path, artifact in found.items() if artifact.stage is Stage.FRONT] == ["index.html"]
    for path, artifact in found.items():
        if path.endswith(".html"):
            assert artifact.content_type == "text/html; charset=utf-8"
            closed = path == "history/2022-11.html"
            seconds = "public, max-age=3600" if closed else "public, max-age=30, stale-if-error=600"
            assert artifact.cache_control == seconds
            assert artifact.stage is (Stage.FRONT if path == "index.html" else Stage.PAGE)


def test_the_reference_names_every_file_for_programs_and_no_other(site: Render) -> None:
    """A star there says that a file carries the time of the run."""
    cells = re.findall(r"^\| (`.*?) \|", (ROOT / "docs/reference/site.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {name: cell.endswith("*") for cell in cells for name in re.findall("`([^`]+)`", cell)}
    shown = situations.busy()
    ids = "|".join(one.id for one in shown.components)
    found = {
        re.sub(rf"/({ids})\.(atom|svg|json)$", r"/<id>.\2", re.sub(r"/\w+\.ics$", "/<name>.ics", path)): one.timely
        for path, one in site(shown).items()
        if not path.endswith(".html")
    }
    assert found == named


@EVERY
def test_the_same_page_gives_the_same_bytes(name: str, site: Render) -> None:
    assert site(situations.SITUATIONS[name]()) == site(situations.SITUATIONS[name]())


def test_several_hands_draw_the_same_bytes_and_hold_once_what_pages_share(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "WORTH", 1)
    drawn = render(situations.busy(), theme, Hands(2))
    assert [(one.path, one.body) for one in drawn] == [(one.path, one.body) for one in render(situations.busy(), theme)]
    style = next(one.parts[1] for one in drawn if one.path == "about.html")
    holding = [one for one in drawn if any(part is style for part in one.parts)]
    assert len(holding) > len(situations.busy().incidents)


def test_an_uneventful_run_changes_only_what_carries_the_time(site: Render) -> None:
    shown = situations.busy()
    step = timedelta(minutes=5)
    later = replace(
        shown,
        published=NOW + step,
        measured=NOW,
        next_run=shown.next_run + step,
        valid_until=shown.valid_until + step,
        since=shown.since + step if shown.since else None,
    )
    before, after = site(shown), site(later)
    assert {path for path in before if before[path] != after[path]} == TIMELY


@pytest.mark.parametrize(("name", "limit"), [("busy", 14), ("quiet", 14), ("crowded", 14)])
def test_the_front_page_fits_the_first_round_trip(name: str, limit: int, site: Render) -> None:
    """Even with forty components: 14 KB is what one initial congestion window carries."""
    assert len(gzip.compress(site(situations.SITUATIONS[name]())["index.html"].body)) < limit * 1024


@EVERY
def test_every_link_within_the_site_leads_to_a_file_and_a_place_in_it(name: str, site: Render) -> None:
    found = site(situations.SITUATIONS[name]())
    trees = {path: lxml.html.fromstring(one.body) for path, one in found.items() if path.endswith(".html")}
    for path, root in trees.items():
        for href in root.xpath("//a/@href|//link[@rel='alternate']/@href"):
            if re.match("https?:|mailto:", href):
                continue
            target, _, fragment = href.partition("#")
            joined = lxml.html.urljoin(f"https://x/{path}", target).removeprefix("https://x/") if target else path
            assert joined in found, (path, href)
            assert not fragment or trees[joined].xpath(f"//*[@id='{fragment}']"), (path, href)


@EVERY
def test_no_page_carries_inline_styles_or_loads_anything_but_pictures_of_the_site(name: str, site: Render) -> None:
    found = site(situations.SITUATIONS[name]())
    for path, artifact in found.items():
        if path.endswith(".html"):
            root = lxml.html.fromstring(artifact.body)
            assert not root.xpath("//@style|//@*[starts-with(name(), 'on')]")
            assert not root.xpath("//iframe|//script[@src]|//link[@rel='stylesheet']")
            shown = (posixpath.join(posixpath.dirname(path), src) for src in root.xpath("//img/@src"))
            assert {posixpath.normpath(src) for src in shown} <= set(found)
            assert root.xpath("//link[@rel='icon']/@href")[0].startswith("data:")


@EVERY
def test_every_page_has_one_first_heading_and_skips_no_level(name: str, site: Render) -> None:
    for path, artifact in site(situations.SITUATIONS[name]()).items():
        if path.endswith(".html"):
            root = lxml.html.fromstring(artifact.body)
            levels = [int(element.tag[1]) for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
            assert levels.count(1) == 1
            assert levels[0] == 1
            assert all(after <= before + 1 for before, after in pairwise(levels)), path
            ids = root.xpath("//@id")
            assert len(ids) == len(set(ids))


def test_a_teams_colour_and_logo_are_on_every_page_without_another_request(site: Render) -> None:
    shown = replace(situations.busy(), site=replace(SITE, accent="#7a3eb1", logo=Logo("image/svg+xml", b"<svg/>")))
    for path, artifact in site(shown).items():
        if path.endswith(".html"):
            root = lxml.html.fromstring(artifact.body)
            assert "--link:#7a3eb1" in root.xpath("string(//style)")
            (logo,) = root.xpath("//header//img")
            assert (logo.get("src"), logo.get("alt")) == ("data:image/svg+xml;base64,PHN2Zy8+", "")


def test_a_notice_stands_on_top_of_every_page(site: Render) -> None:
    shown = replace(situations.busy(), site=replace(SITE, notice="Sample data <here>."))
    for path, artifact in site(shown).items():
        if path.endswith(".html"):
            first = lxml.html.fromstring(artifact.body).xpath("//body/*[not(self::svg)]")[0]
            assert (first.tag, first.text_content()) == ("p", "Sample data <here>.")


def test_what_people_write_is_marked_with_its_language(site: Render) -> None:
    german = replace(situations.busy(), site=replace(SITE, language="de"))
    assert tree(site, german).xpath("//html/@lang") == ["en"]
    assert set(tree(site, german).xpath("//div[@class='prose']/@lang")) == {"de"}
    assert tree(site, situations.busy()).xpath("//div/@lang") == []


def test_a_theme_may_publish_files_and_refer_to_them(theme: Theme) -> None:
    own = replace(
        theme,
        templates={**theme.templates, "about.html": "{{ asset('logo.svg') }} {{ reason('timeout') }}"},
        assets={**theme.assets, "assets/logo.svg": b"<svg/>"},
    )
    found = {artifact.path: artifact for artifact in render(situations.quiet(), own)}
    path = found["about.html"].body.decode().split()[0]
    assert found[path].body == b"<svg/>"
    assert found[path].stage is Stage.ASSET
    broken = replace(own, templates={**own.templates, "about.html": "{{ asset('gone.svg') }}"})
    with pytest.raises(ThemeError, match=r"about\.html:1:0: there is no file 'assets/gone\.svg' in the theme"):
        render(situations.quiet(), broken)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ _('{n} things') }}", r"the message '\{n\} things' has a place for 'n', and nothing is given for it"),
        ("{{ _('{n} of {all}', n=1) }}", r"a function does not take what it is given \(KeyError: 'all'\)"),
    ],
)
def test_a_message_lacks_none_of_its_facts(theme: Theme, source: str, told: str) -> None:
    broken = replace(
        theme,
        templates={**theme.templates, "about.html": f"<p>\n{source}"},
        origins={**theme.origins, "about.html": "themes/mine/about.html"},
    )
    with pytest.raises(ThemeError, match=rf"themes/mine/about\.html:2:0: {told}\n    \{{\{{ _"):
        render(situations.quiet(), broken)


def test_the_closed_month_follows_the_clock(site: Render) -> None:
    shown = replace(situations.busy(), published=NOW + 31 * DAY)
    assert site(shown)["history/2022-12.html"].cache_control == "public, max-age=3600"
