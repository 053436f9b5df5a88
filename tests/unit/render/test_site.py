"""The rendered site as a whole: which files, with which headers, saying what, and changing when."""

from __future__ import annotations

import gzip
import posixpath
import re
from dataclasses import replace
from datetime import UTC, timedelta
from itertools import pairwise
from typing import Any

import lxml.html
import pytest

from statusgen import crew
from statusgen.crew import Hands
from statusgen.errors import ThemeError
from statusgen.model.announcement import Checklist, Recurrence, Update, Window
from statusgen.model.artifact import Stage
from statusgen.model.components import Vantage
from statusgen.model.page import Page
from statusgen.model.project import Logo
from statusgen.model.theme import Theme
from statusgen.model.told import Affected, DayStory, SeriesView, SpentPlan
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Status
from statusgen.render import render
from tests.conftest import ROOT
from tests.unit.render import pages
from tests.unit.render.conftest import Render
from tests.unit.render.pages import (
    DAY,
    NOW,
    SITE,
    at,
    component,
    group,
    incident,
    maintenance,
    outage,
    page,
    post,
    updates,
)

TIMELY = {"index.html", "api/v2/status.json", "api/v2/summary.json", "status.json"}
ALL = group("All", component("Web"), component("Media"), component("Database"))
EVERY = pytest.mark.parametrize("name", sorted(pages.SITUATIONS))


def text(site: Render, shown: Page, path: str = "index.html") -> str:
    """Return the words of one page, each run of white space as one space."""
    tree = lxml.html.fromstring(site(shown)[path].body)
    for element in tree.xpath("//script|//style|//title"):
        element.drop_tree()
    for element in tree.iter("dt", "dd", "li", "p", "h1", "h2", "h3", "small", "b", "summary"):
        element.tail = f" {element.tail or ''}"
    return " ".join(tree.text_content().split())


def tree(site: Render, shown: Page, path: str = "index.html") -> Any:
    """Return one page as an element tree."""
    return lxml.html.fromstring(site(shown)[path].body)


def known(**more: Any) -> Page:
    """Return a page that knows the components that the announcements affect."""
    return page(group("Core", component("Media"), component("Database")), **more)


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
    assert list(site(pages.busy())) == sorted(files)


def test_every_file_carries_its_headers_and_its_turn(site: Render) -> None:
    found = site(pages.busy())
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
    shown = pages.busy()
    ids = "|".join(one.id for one in shown.components)
    found = {
        re.sub(rf"/({ids})\.(atom|svg|json)$", r"/<id>.\2", re.sub(r"/\w+\.ics$", "/<name>.ics", path)): one.timely
        for path, one in site(shown).items()
        if not path.endswith(".html")
    }
    assert found == named


@EVERY
def test_the_same_page_gives_the_same_bytes(name: str, site: Render) -> None:
    assert site(pages.SITUATIONS[name]()) == site(pages.SITUATIONS[name]())


def test_several_hands_draw_the_same_bytes_and_hold_once_what_pages_share(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "WORTH", 1)
    drawn = render(pages.busy(), theme, Hands(2))
    assert [(one.path, one.body) for one in drawn] == [(one.path, one.body) for one in render(pages.busy(), theme)]
    style = next(one.parts[1] for one in drawn if one.path == "about.html")
    holding = [one for one in drawn if any(part is style for part in one.parts)]
    assert len(holding) > len(pages.busy().incidents)


def test_an_uneventful_run_changes_only_what_carries_the_time(site: Render) -> None:
    shown = pages.busy()
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
    assert len(gzip.compress(site(pages.SITUATIONS[name]())["index.html"].body)) < limit * 1024


@EVERY
def test_every_link_within_the_site_leads_to_a_file_and_a_place_in_it(name: str, site: Render) -> None:
    found = site(pages.SITUATIONS[name]())
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
    found = site(pages.SITUATIONS[name]())
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
    for path, artifact in site(pages.SITUATIONS[name]()).items():
        if path.endswith(".html"):
            root = lxml.html.fromstring(artifact.body)
            levels = [int(element.tag[1]) for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
            assert levels.count(1) == 1
            assert levels[0] == 1
            assert all(after <= before + 1 for before, after in pairwise(levels)), path
            ids = root.xpath("//@id")
            assert len(ids) == len(set(ids))


def test_the_front_page_answers_from_top_to_bottom(site: Render) -> None:
    root = tree(site, pages.busy())
    assert [" ".join(each.text_content().split()) for each in root.iter("h1", "h2")] == [
        *("Media is down", "What we know", "What is planned", "Components", "From the team", "Lately"),
        *("Subscribe", "About this page", "More"),
    ]
    assert root.xpath("//head/title/text()") == ["Media is down – Hachyderm status"]
    assert root.xpath("//body/@data-valid-until") == ["2022-12-01T19:38:00Z"]
    assert root.xpath("//link[@rel='canonical']/@href") == ["https://status.example.org/index.html"]


def test_a_quiet_front_page_leaves_out_what_it_has_nothing_to_say_about(site: Render) -> None:
    root = tree(site, replace(pages.quiet(), posts=()))
    assert [each.text_content() for each in root.iter("h2")][:2] == ["Components", "Lately"]


def test_the_page_says_how_old_it_is(site: Render) -> None:
    found = text(site, pages.quiet())
    assert "Measured 19:25 UTC from 3 places · next check by 19:31 UTC." in found
    assert "If it is later than 1 December 2022, 19:38 UTC, this page itself is late and may be wrong." in found
    assert "Published 19:26 UTC" in found
    assert "Measured from Frankfurt, Fremont and the rack." in found


def test_the_page_says_which_places_cannot_see(site: Render) -> None:
    assert "from no place (Frankfurt is offline)" in text(site, pages.unseen())
    assert "(A and B are offline)" in text(site, page(blind=("A", "B")))
    assert "Measured from" not in text(site, pages.unseen())


def test_empty_states_are_written(site: Render) -> None:
    first = text(site, pages.first_day())
    assert "Measuring since 19:25 UTC." in first
    assert "18–30 November not measured yet" in first
    never = text(site, pages.never_measured())
    assert "No check has run yet · the first is expected by 19:31 UTC." in never
    assert "No components are described yet." in text(site, page())
    nowhere = page(site=replace(SITE, url="", links=()))
    assert "There are no feeds yet: this site has not been told its own address." in text(
        site, nowhere, "subscribe.html"
    )
    empty = text(site, page(), "history/index.html")
    assert "Nothing has been announced, and no outage has been measured." in empty


def test_an_open_incident_is_told_with_its_newest_update_whole(site: Render) -> None:
    found = text(site, pages.busy())
    assert "Pictures do not load Identified since 18:44 UTC, for 42 minutes · Media (down)" in found
    assert "The media store refuses connections. Posting text works." in found
    assert "Written 19:10 UTC. Next update by 20:00 UTC. 1 earlier update" in found
    assert "We see that pictures do not load" not in found


def test_what_names_many_components_counts_them_where_it_is_told_among_others(site: Render) -> None:
    names = [Affected(f"c{number}", f"C{number}", Status.DEGRADED_PERFORMANCE) for number in range(6)]
    worst = Affected("web", "Web", Status.MAJOR_OUTAGE)
    for affected, gist in (
        ((worst, *names), "Web (down), 6 components (degraded)"),
        (tuple(names), ", ".join(f"{one.name} (degraded)" for one in names)),
    ):
        one, work = incident("outage", affected=affected), maintenance("work", affected=affected)
        components = [component(name.name) for name in affected]
        shown = page(group("All", *components), incidents=(one,), maintenance=(work,))
        assert text(site, shown).count(gist) == 2
        whole = ", ".join(f"{one.name} ({'down' if one is worst else 'degraded'})" for one in affected)
        assert all(whole in text(site, shown, path) for path in ("incidents/outage.html", "maintenance/work.html"))


def test_an_incident_without_updates_tells_its_body(site: Render) -> None:
    view = incident(updates=(), body="Pictures fail.", next_update=None, affected=())
    found = text(site, known(incidents=(view,)))
    assert "Investigating since 18:44 UTC, for 42 minutes Pictures fail." in found
    assert "Written" not in found
    assert "earlier update" not in found


def test_a_late_update_is_called_late(site: Render) -> None:
    shown = known(incidents=(incident(late=True, next_update=at(19)),))
    assert "The update promised for 19:00 UTC is late." in text(site, shown)
    assert "Next update late: it was promised for 1 December 2022, 19:00 UTC" in text(
        site, shown, "incidents/media.html"
    )


def test_planned_maintenance_is_a_leaf_of_a_calendar(site: Render) -> None:
    found = text(site, pages.busy())
    assert (
        "Dec2 Moving the primary database 2 December, 14:00–18:00 UTC (4 hours) · Add to calendar "
        "Expect: Database (down). 3 of 14 steps done" in found
    )
    assert "Dec1 A new Redis In progress 18:00–21:00 UTC (3 hours)" in found
    assert "2 of 5 steps done Writes are paused. Timelines may be empty." in found


def test_maintenance_past_its_end_says_so(site: Render) -> None:
    view = maintenance(
        phase=MaintenancePhase.IN_PROGRESS, overrun=True, starts=at(14), ends=at(18), affected=(), checklist=Checklist()
    )
    shown = known(maintenance=(view,))
    assert "It was to end at 18:00 UTC and is not over." in text(site, shown)
    assert "Expect" not in text(site, shown)
    lasting = text(site, shown, "maintenance/database.html")
    assert "Now In progress past its announced end" in lasting
    assert "steps" not in lasting


def test_a_group_in_good_health_is_folded_and_one_in_trouble_is_open(site: Render) -> None:
    groups = tree(site, pages.busy()).xpath("//details[@class='group']")
    assert [(each.xpath("summary/span[@class='name']/text()")[0], "open" in each.attrib) for each in groups] == [
        ("Mastodon", True),
        ("Data", True),
        ("Support", False),
    ]


def test_a_component_says_its_status_its_uptime_and_what_is_wrong(site: Render) -> None:
    rows = tree(site, pages.busy()).xpath("//ul[contains(@class, 'rows')]/li")
    said = [" ".join(row.text_content().split()).replace("\u202f", " ") for row in rows]
    assert said[0] == "Web 100 % of 90 days"
    assert said[1].endswith("99.96 % of 90 days Down since 18:44 UTC, for 42 minutes: the connection was refused.")
    assert said[3] == "Database 100 % of 90 days PostgreSQL, the primary"
    assert said[5] == "Moderation announced by people, not measured"
    names = [row.xpath("svg[contains(@class, 'shape')]/@aria-label")[0] for row in rows]
    assert names == ["Operational", "Down", "Operational", "Operational", "Under maintenance", "Operational"]


def test_many_components_read_as_small_multiples(site: Render) -> None:
    six = group("Edge", *(component(f"Edge {number}") for number in range(6)))
    five = group("Core", *(component(f"Core {number}") for number in range(5)))
    assert tree(site, page(six, five)).xpath("//ul[contains(@class, 'rows')]/@class") == ["rows many", "rows"]


def test_posts_stand_pinned_first_and_at_most_four(site: Render) -> None:
    many = [post(f"p{number}", title=f"Post {number}", pinned=number == 5) for number in range(6)]
    section = tree(site, page(posts=tuple(many))).xpath("//section[@aria-labelledby='posts']")[0]
    assert section.xpath(".//a/text()") == ["Post 5", "Post 0", "Post 1", "Post 2"]


def test_an_incident_has_the_shape_of_its_impact_until_it_is_resolved(site: Render) -> None:
    impacts = (Impact.NONE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL)
    views = tuple(incident(f"i{number}", impact=impact) for number, impact in enumerate(impacts))
    ended = incident("ended", impact=Impact.CRITICAL, resolved=at(19, 20))
    told = pages.story_of(pages.TODAY, incidents=(*views, ended))
    shown = known(incidents=(*views, ended), days=(told,))
    assert tree(site, shown).xpath("//dl[@class='days']//svg/use/@href") == [
        *("#is-operational", "#is-degraded_performance", "#is-partial_outage", "#is-major_outage", "#is-operational"),
    ]


def test_lately_tells_days_and_folds_quiet_ones(site: Render) -> None:
    found = text(site, pages.busy())
    assert "1 December Pictures do not load identified A new Redis maintenance, in progress" in found
    assert "27–30 November nothing to report 26 November Posts arrive late resolved after 3 hours 30 minutes" in found
    assert "21 November Web and Media were down for 25 minutes, 07:00–07:25 UTC: the connection was refused." in found


def test_an_announcement_page_has_all_updates_with_permanent_places(site: Render) -> None:
    root = tree(site, pages.busy(), "incidents/queues.html")
    assert root.xpath("//ol[@class='timeline']/li/@id") == ["update-2", "update-1"]
    assert root.xpath("//ol/li/h3/a/@href") == ["#update-2", "#update-1"]
    assert root.xpath("//section[@id='update-3']/h2/text()") == ["Postmortem"]
    found = text(site, pages.busy(), "incidents/queues.html")
    assert "Resolved 26 November 2022, 11:30 UTC, after 3 hours 30 minutes" in found
    assert "What was measured Redis was down for 39 minutes, 08:01–08:40 UTC: no answer in time." in found
    assert "Written by Nova" in found


def test_an_incident_that_was_forgotten_says_so_wherever_it_is_told(site: Render) -> None:
    shown = page(ALL, incidents=(incident(forgotten=at(12), checklist=Checklist(1, 3)),))
    front = text(site, shown, "index.html")
    assert "Everything it names has been up since 12:00 UTC, but nobody has said that it is over." in front
    assert "1 of 3 steps done" in front
    told = "Perhaps over Everything it names has been up since 1 December 2022, 12:00 UTC, but nobody has said"
    assert told in text(site, shown, "incidents/media.html")
    day = page(ALL, history=(DayStory(day=NOW.date(), incidents=shown.incidents),))
    assert "identified, perhaps forgotten, 1 of 3 steps done" in text(site, day, "history/2022-12.html")


def test_a_maintenance_that_was_moved_shows_the_old_and_the_new_window(site: Render) -> None:
    later = Update(
        number=1,
        at=at(12),
        phase=MaintenancePhase.SCHEDULED,
        body="",
        window=Window(at(14) + 8 * DAY, at(18) + 8 * DAY),
        affects={"web": Status.DEGRADED_PERFORMANCE},
    )
    spent = SpentPlan(starts=at(14) + DAY, ends=at(18) + DAY, since=at(9))
    shown = page(ALL, maintenance=(maintenance(updates=(later,), earlier=(spent,)),))
    old, new = "2 December", "9 December"
    front = text(site, shown, "index.html")
    assert f"{new}, 14:00–18:00 UTC (4 hours)" in front
    assert f"Moved. It was to be {old}, 14:00–18:00 UTC" in front
    whole = text(site, shown, "maintenance/database.html")
    assert f"Window {new} 2022, 14:00–18:00 UTC (4 hours) It was to be {old} 2022, 14:00–18:00 UTC" in whole
    assert f"New window: {new} 2022, 14:00–18:00 UTC Now: Web (degraded)." in whole
    longer = replace(spent, starts=at(14) + 8 * DAY)
    assert "New end. It was to be" in text(
        site, page(ALL, maintenance=(maintenance(updates=(later,), earlier=(longer,)),)), "index.html"
    )


def test_an_old_address_leads_to_the_new_one_and_nothing_is_told_again(site: Render) -> None:
    before = site(page(ALL, incidents=(incident("old"),)))
    found = site(page(ALL, incidents=(incident("new", aliases=("old", "older")),)))
    for path in ("incidents/old.html", "incidents/older.html"):
        moved = lxml.html.fromstring(found[path].body)
        assert moved.xpath("//link[@rel='canonical']/@href") == ["https://status.example.org/incidents/new.html"]
        assert moved.xpath("//main//a/@href") == ["new.html"]
        assert not moved.xpath("//meta[@http-equiv='refresh']")
    for path in ("feed.xml", "feed.atom", "api/v2/summary.json"):
        renamed = found[path].body.replace(b"incidents/new.html", b"incidents/old.html")
        assert renamed == before[path].body


def test_a_maintenance_that_comes_again_has_a_page_for_each_day_and_one_for_all(site: Render) -> None:
    weeks = (at(2) + 8 * DAY, at(2) + 15 * DAY)
    one = maintenance("patches-2022-12-02", series="patches", following=weeks)
    alone = maintenance("patches", repeats=Recurrence(rule="FREQ=WEEKLY", zone=UTC), aliases=("updates",)).source
    shown = page(ALL, maintenance=(one,), series=(SeriesView(source=alone, occurrences=(one,)),))
    again = "Comes again 9 December 2022 · 16 December 2022 · all dates"
    assert again in text(site, shown, "maintenance/patches-2022-12-02.html")
    whole = text(site, shown, "maintenance/patches.html")
    assert "After 2 December: 9 December 2022, 02:00 UTC · 16 December 2022, 02:00 UTC" in whole
    assert "2 December 2022, 14:00–18:00 UTC scheduled" in whole
    assert "This page has moved" in text(site, shown, "maintenance/updates.html")
    empty = page(ALL, series=(SeriesView(source=alone, occurrences=()),))
    assert "After" not in text(site, empty, "maintenance/patches.html")


def test_an_incident_page_says_when_nothing_was_measured(site: Render) -> None:
    shown = page(
        incidents=(incident(impact=incident().source.impact, authors=(), next_update=None, affected=(), updates=()),)
    )
    found = text(site, shown, "incidents/media.html")
    assert "No outage of what it affects was measured in its time." in found
    assert "Written by" not in found
    assert "Affects" not in found
    assert "Updates" not in found


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ((18, 0), (18, 44), False),
        ((18, 0), (18, 45), True),
        ((18, 50), None, True),
        ((19, 9), (19, 30), True),
        ((19, 10), None, False),
    ],
)
def test_measured_outages_belong_to_an_incident_while_it_lasts(
    start: tuple[int, int], end: tuple[int, int] | None, told: bool, site: Render
) -> None:
    measured = outage("media", at(*start), at(*end) if end else None)
    shown = known(incidents=(incident(resolved=at(19, 10)),), outages=(measured, outage("web", at(18, 50), None)))
    found = text(site, shown, "incidents/media.html")
    assert ("No outage of what it affects" not in found) is told
    assert "web" not in found


def test_an_incident_with_a_checklist_shows_its_progress(site: Render) -> None:
    shown = known(incidents=(incident(checklist=Checklist(1, 1)),), posts=(post(checklist=Checklist(0, 2)),))
    assert "Progress 1 of 1 step done" in text(site, shown, "incidents/media.html")
    assert "0 of 2 steps done" in text(site, shown, "posts/leaving.html")


def test_a_maintenance_page_says_when_it_really_began_and_ended(site: Render) -> None:
    said = updates((at(18, 4), MaintenancePhase.IN_PROGRESS, "Off."), (at(20), MaintenancePhase.COMPLETED, "Done."))
    view = maintenance(
        phase=MaintenancePhase.COMPLETED,
        starts=at(18),
        ends=at(21),
        began=at(18, 4),
        ended=at(20),
        updates=said,
        authors=("Nova",),
    )
    found = text(site, known(maintenance=(view,)), "maintenance/database.html")
    assert "Really began 1 December 2022, 18:04 UTC Really ended 1 December 2022, 20:00 UTC" in found
    assert "Written by Nova" in found
    punctual = maintenance(phase=MaintenancePhase.COMPLETED, starts=at(18), ends=at(21), began=at(18), ended=at(21))
    assert "Really" not in text(site, known(maintenance=(punctual,)), "maintenance/database.html")


def test_a_teams_colour_and_logo_are_on_every_page_without_another_request(site: Render) -> None:
    shown = replace(pages.busy(), site=replace(SITE, accent="#7a3eb1", logo=Logo("image/svg+xml", b"<svg/>")))
    for path, artifact in site(shown).items():
        if path.endswith(".html"):
            root = lxml.html.fromstring(artifact.body)
            assert "--link:#7a3eb1" in root.xpath("string(//style)")
            (logo,) = root.xpath("//header//img")
            assert (logo.get("src"), logo.get("alt")) == ("data:image/svg+xml;base64,PHN2Zy8+", "")


def test_a_year_lists_what_was_announced_in_it(site: Render) -> None:
    year = text(site, pages.busy(), "history/2022.html")
    assert "2022 December 2022 1 incident, 1 maintenance" in year
    assert "Pictures do not load" in year
    assert "Posts arrive late resolved after 3 hours 30 minutes" in year
    assert "Media was down 3 times" in year
    assert "Leaving the basement post" in year
    empty = tree(site, pages.busy(), "history/2022.html").xpath("//ul[not(li)]")
    assert empty == []


def test_maintenance_is_listed_as_planned_and_past(site: Render) -> None:
    done = maintenance(
        "old", MaintenancePhase.COMPLETED, starts=at(9, days_ago=9), began=at(9, days_ago=9), ended=at(11, days_ago=9)
    )
    both = text(site, known(maintenance=(maintenance(), done)), "maintenance/index.html")
    assert both.index("Planned") < both.index("2 December 2022, 14:00–18:00 UTC") < both.index("Past")
    assert "22 November 2022 Moving the primary database completed after 2 hours" in both
    none = text(site, known(), "maintenance/index.html")
    assert "Nothing is planned. Past There has been none." in none


def test_posts_are_listed_with_who_wrote_them(site: Render) -> None:
    listed = text(site, known(posts=(post(), post("b", authors=(), title="Thanks"))), "posts/index.html")
    assert "28 November 2022 Leaving the basement by Nova and Malte 28 November 2022 Thanks" in listed
    assert "Nothing has been written yet." in text(site, known(), "posts/index.html")


def test_every_feed_is_explained_with_its_whole_address(site: Render) -> None:
    root = tree(site, pages.busy(), "subscribe.html")
    addresses = root.xpath("//dl[@data-copy]//a/@href")
    assert "https://status.example.org/feed.xml" in addresses
    assert root.xpath("//dl[@data-copy]//a/text()") == addresses
    assert all(each.text_content().strip() for each in root.xpath("//dl[@class='outlets']//dd"))


def test_the_page_tells_what_is_measured_from_where(site: Render) -> None:
    shown = replace(pages.busy(), vantages=(Vantage("Frankfurt", "Hetzner", 12), Vantage("the rack", "", 1)))
    about = text(site, shown, "about.html")
    assert "FrankfurtHetzner12 checks the rack–1 check" in about
    assert "Each place looks every 5 minutes." in about
    assert "What nobody saw for 12 minutes is unknown" in about
    assert "Mediaa page is fetched and its certificate is looked at" in about
    assert "Moderationnot measured: people say how it is" in about
    assert "What it shares with what it reports on Nothing." in about
    assert "Each place looks" not in text(site, pages.busy(), "about.html")


def test_the_history_lists_months_and_a_month_its_days(site: Render) -> None:
    index = text(site, pages.busy(), "history/index.html")
    assert "December 2022 November 2022 1 incident, 2 days with a measured outage, 2 posts" in index
    root = tree(site, pages.busy(), "history/2022-11.html")
    assert root.xpath("//dl[@class='days']/div/@id") == ["2022-11-28", "2022-11-26", "2022-11-23", "2022-11-21"]
    month = text(site, pages.busy(), "history/2022-11.html")
    assert "Monday 28 November Leaving the basement post Thank you post" in month
    assert "Each of them Web was down for 20 minutes" in month


def test_the_page_for_what_is_not_there_works_at_any_depth(site: Render) -> None:
    root = tree(site, pages.quiet(), "404.html")
    assert set(root.xpath("//a/@href")) == {"https://status.example.org/index.html"}
    nameless = tree(site, page(site=replace(SITE, url="")), "404.html")
    assert set(nameless.xpath("//a/@href")) == {"/index.html"}


def test_a_notice_stands_on_top_of_every_page(site: Render) -> None:
    shown = replace(pages.busy(), site=replace(SITE, notice="Sample data <here>."))
    for path, artifact in site(shown).items():
        if path.endswith(".html"):
            first = lxml.html.fromstring(artifact.body).xpath("//body/*[not(self::svg)]")[0]
            assert (first.tag, first.text_content()) == ("p", "Sample data <here>.")


def test_what_people_write_is_marked_with_its_language(site: Render) -> None:
    german = replace(pages.busy(), site=replace(SITE, language="de"))
    assert tree(site, german).xpath("//html/@lang") == ["en"]
    assert set(tree(site, german).xpath("//div[@class='prose']/@lang")) == {"de"}
    assert tree(site, pages.busy()).xpath("//div/@lang") == []


def test_links_in_announcements_work_from_the_front_page_too(site: Render) -> None:
    said = updates((at(19), IncidentPhase.IDENTIFIED, "See [the plan](../maintenance/database.md)."))
    shown = known(incidents=(incident(updates=said),))
    assert "maintenance/database.html" in tree(site, shown).xpath("//div[@class='prose']//a/@href")
    own = tree(site, shown, "incidents/media.html").xpath("//div[@class='prose']//a/@href")
    assert own == ["../maintenance/database.html"]


def test_unknown_is_neither_green_nor_red(site: Render) -> None:
    root = tree(site, pages.unseen())
    assert root.xpath("//h1/svg/@class") == ["shape unknown"]
    assert root.xpath("//h1/svg/use/@href") == ["#is-unknown"]


def test_every_status_has_a_shape(site: Render) -> None:
    assert set(tree(site, pages.quiet()).xpath("//symbol/@id")) == {f"is-{status}" for status in Status}


def test_a_theme_may_publish_files_and_refer_to_them(theme: Theme) -> None:
    own = replace(
        theme,
        templates={**theme.templates, "404.html": "{{ asset('logo.svg') }} {{ reason('timeout') }}"},
        assets={**theme.assets, "assets/logo.svg": b"<svg/>"},
    )
    found = {artifact.path: artifact for artifact in render(pages.quiet(), own)}
    path = found["404.html"].body.decode().split()[0]
    assert found[path].body == b"<svg/>"
    assert found[path].stage is Stage.ASSET
    broken = replace(own, templates={**own.templates, "404.html": "{{ asset('gone.svg') }}"})
    with pytest.raises(ThemeError, match=r"404\.html:1:0: there is no file 'assets/gone\.svg' in the theme"):
        render(pages.quiet(), broken)


def test_the_closed_month_follows_the_clock(site: Render) -> None:
    shown = replace(pages.busy(), published=NOW + 31 * DAY)
    assert site(shown)["history/2022-12.html"].cache_control == "public, max-age=3600"


def test_a_component_has_a_page_that_says_how_it_stands_and_who_sees_what(site: Render) -> None:
    found = text(site, pages.busy(), "components/media.html").replace("\u202f", " ")
    assert "Media is down Down since 1 December 2022, 18:44 UTC: the connection was refused." in found
    rows = tree(site, pages.busy(), "components/media.html").xpath("//section[@aria-labelledby='sight']//tr")
    said = [" | ".join(" ".join(cell.text_content().split()) for cell in row) for row in rows]
    assert said == [
        "Place | Says | Since",
        "http",
        "Frankfurt | down: the connection was refused | 1 December 2022, 18:44 UTC",
        "Fremont | down: the connection was refused | 1 December 2022, 18:44 UTC",
        "the rack | down: the connection was refused | 1 December 2022, 18:44 UTC",
        "tls seen from 1 of 2 places",
        "Frankfurt | down: the connection was refused | 1 December 2022, 18:44 UTC",
        "Fremont | operational | 3 September 2022 or earlier",
        "The Moon | offline itself | –",
        "Io | not measured here: the place it was measured from lacks that kind of address | –",
        "Mars (Olympus & Sons) | not measured here | –",
        "Pluto | no fresh data: it was not measured | –",
    ]


def test_a_component_has_its_figures_and_its_outages_with_their_seconds(site: Render) -> None:
    found = text(site, pages.busy(), "components/media.html").replace("\u202f", " ")
    assert "Today100 % of 18 hours, until 1 December 2022, 18:44 UTCnot a second" in found.replace(" Today", "Today")
    rows = tree(site, pages.busy(), "components/media.html").xpath("//section[@aria-labelledby='outages']//tr")
    said = [" | ".join(" ".join(cell.text_content().split()) for cell in row) for row in rows]
    refused = "The connection was refused"
    assert said == [
        "Began | Down | Why",
        "1 December 2022, 18:44 UTC | goes on | The connection was refused",
        f"23 November 2022, 04:00 UTC | 3 times until 23 November 2022, 04:23 UTC, 9 minutes in all | {refused}",
        "21 November 2022, 07:01 UTC | 24 minutes | The connection was refused",
    ]
    periods = tree(site, pages.busy(), "components/media.html").xpath("//section[@aria-labelledby='uptime']//tbody//th")
    assert [one.text_content() for one in periods] == ["Today", "7 days", "30 days", "90 days", "365 days"]
    assert "None was measured in these 90 days." in text(site, pages.busy(), "components/streaming.html")
    often = outage("media", at(18), None, episode=at(17), number=4)
    first = outage("media", at(17), at(17, 3))
    assert "goes on, 4 times so far" in text(site, known(outages=(first, often)), "components/media.html")


def test_a_component_leads_to_what_hangs_together_with_it(site: Render) -> None:
    root = tree(site, pages.busy(), "components/web.html")
    links = root.xpath("//section[@aria-labelledby='around']//a/@href")
    assert links == ["database.html", "media.html"]
    support = component("Support", manual=True, measured=Status.UNKNOWN, bars=(), since=None)
    shown = page(group("Core", component("Web", depends_on=("support",)), support))
    said = text(site, shown, "components/web.html")
    assert "Depends on Support operational" in said
    assert "components/support.html" not in site(shown)
    assert tree(site, shown).xpath("//ul[contains(@class, 'rows')]//a/@href") == ["components/web.html"]


def test_a_component_that_was_never_measured_says_so_on_its_page(site: Render) -> None:
    found = text(site, pages.never_measured(), "components/web.html")
    assert "We cannot see Web No data yet: it was not measured." in found


def test_the_part_that_fails_is_named_wherever_the_reason_is(site: Render) -> None:
    reason = "streaming:http_502"
    checks = (pages.sight(Status.MAJOR_OUTAGE, reason=reason),)
    broken = component("Media", Status.MAJOR_OUTAGE, reason=reason, since=at(18, 44), checks=checks)
    shown = page(group("Core", broken))
    said = ": it answered with HTTP status 502 (streaming)"
    assert f"Since 18:44 UTC, for 42 minutes{said}" in text(site, shown)
    assert f"Down since 1 December 2022, 18:44 UTC{said}." in text(site, shown, "components/media.html")
    assert text(site, shown, "components/media.html").count(f"down{said}") == 3


def test_the_front_page_says_where_places_disagree(site: Render) -> None:
    shaky = component(
        "Media",
        Status.DEGRADED_PERFORMANCE,
        reason="connection_refused",
        since=at(18, 44),
        checks=(pages.sight(Status.OPERATIONAL, failing=1),),
    )
    said = "Degraded since 18:44 UTC, for 42 minutes: the connection was refused; seen from 1 of 3 places."
    assert said in text(site, page(group("Core", shaky)))
