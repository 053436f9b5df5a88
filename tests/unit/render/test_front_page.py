"""The front page says how things are, from top to bottom: what is wrong, what people say of it, what is planned."""

from __future__ import annotations

from dataclasses import replace

from statusgen.model.announcement import Checklist
from statusgen.model.told import Affected
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Status
from tests.unit.render import pages, situations
from tests.unit.render.conftest import Render
from tests.unit.render.pages import (
    SITE,
    at,
    component,
    group,
    incident,
    maintenance,
    page,
    post,
    updates,
)
from tests.unit.render.shown import known, text, tree


def test_the_front_page_answers_from_top_to_bottom(site: Render) -> None:
    root = tree(site, situations.busy())
    assert [" ".join(each.text_content().split()) for each in root.iter("h1", "h2")] == [
        *("Media is down", "What we know", "What is planned", "Components", "From the team", "Lately"),
        *("Subscribe", "About this page", "More"),
    ]
    assert root.xpath("//head/title/text()") == ["Media is down – Hachyderm status"]
    assert root.xpath("/html/@data-valid-until") == ["2022-12-01T19:38:00Z"]
    assert root.xpath("//link[@rel='canonical']/@href") == ["https://status.example.org/index.html"]


def test_a_quiet_front_page_leaves_out_what_it_has_nothing_to_say_about(site: Render) -> None:
    root = tree(site, replace(situations.quiet(), posts=()))
    assert [each.text_content() for each in root.iter("h2")][:2] == ["Components", "Lately"]


def test_the_page_says_how_old_it_is(site: Render) -> None:
    found = text(site, situations.quiet())
    assert "Measured 19:25 UTC from 3 places · next check by 19:31 UTC." in found
    assert "If it is later than 1 December 2022, 19:38 UTC, this page itself is late and may be wrong." in found
    assert "Published 19:26 UTC" in found
    assert "Measured from Frankfurt, Fremont and the rack." in found


def test_the_page_says_which_places_cannot_see(site: Render) -> None:
    assert "from no place (Frankfurt is offline)" in text(site, situations.unseen())
    assert "(A and B are offline)" in text(site, page(blind=("A", "B")))
    assert "Measured from" not in text(site, situations.unseen())


def test_empty_states_are_written(site: Render) -> None:
    first = text(site, situations.first_day())
    assert "Measuring since 19:25 UTC." in first
    assert "18–30 November not measured yet" in first
    never = text(site, situations.never_measured())
    assert "No check has run yet · the first is expected by 19:31 UTC." in never
    assert "No components are described yet." in text(site, page())
    nowhere = page(site=replace(SITE, url="", links=()))
    assert "There are no feeds yet: this site has not been told its own address." in text(
        site, nowhere, "subscribe.html"
    )
    empty = text(site, page(), "history/index.html")
    assert "Nothing has been announced, and no outage has been measured." in empty


def test_an_open_incident_is_told_with_its_newest_update_whole(site: Render) -> None:
    found = text(site, situations.busy())
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
    found = text(site, situations.busy())
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
    groups = tree(site, situations.busy()).xpath("//details[@class='group']")
    assert [(each.xpath("summary/span[@class='name']/text()")[0], "open" in each.attrib) for each in groups] == [
        ("Mastodon", True),
        ("Data", True),
        ("Support", False),
    ]


def test_a_component_says_its_status_its_uptime_and_what_is_wrong(site: Render) -> None:
    rows = tree(site, situations.busy()).xpath("//ul[contains(@class, 'rows')]/li")
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
    found = text(site, situations.busy())
    assert "1 December Pictures do not load identified A new Redis maintenance, in progress" in found
    assert "27–30 November nothing to report 26 November Posts arrive late resolved after 3 hours 30 minutes" in found
    assert "21 November Web and Media were down for 25 minutes, 07:00–07:25 UTC: the connection was refused." in found


def test_links_in_announcements_work_from_the_front_page_too(site: Render) -> None:
    said = updates((at(19), IncidentPhase.IDENTIFIED, "See [the plan](../maintenance/database.md)."))
    shown = known(incidents=(incident(updates=said),))
    assert "maintenance/database.html" in tree(site, shown).xpath("//div[@class='prose']//a/@href")
    own = tree(site, shown, "incidents/media.html").xpath("//div[@class='prose']//a/@href")
    assert own == ["../maintenance/database.html"]


def test_unknown_is_neither_green_nor_red(site: Render) -> None:
    root = tree(site, situations.unseen())
    assert root.xpath("//h1/svg/@class") == ["shape unknown"]
    assert root.xpath("//h1/svg/use/@href") == ["#is-unknown"]


def test_every_status_has_a_shape(site: Render) -> None:
    assert set(tree(site, situations.quiet()).xpath("//symbol/@id")) == {f"is-{status}" for status in Status}


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
