"""What a preview of a link to a page shows, in a chat or below a post, to people who never open it."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from statusgen.model.words import IncidentPhase
from tests.factories import update
from tests.unit.render.conftest import Render
from tests.unit.render.pages import at, component, group, incident, page, post
from tests.unit.render.situations import SITUATIONS


def gist(body: bytes) -> str:
    """Return what a page says of itself in its head."""
    [found] = lxml_html.document_fromstring(body.decode()).xpath("//meta[@name='description']/@content")
    return str(found)


def test_that_of_an_incident_is_its_phase_and_what_was_said_last(site: Render) -> None:
    said = update(at(13), IncidentPhase.MONITORING, "The **new** disk\nis [in](https://x.example).")
    shown = group("Core", component("Web"), component("Media"))
    made = site(page(shown, incidents=(incident("web", updates=(said,)),)))
    assert gist(made["incidents/web.html"].body) == "Monitoring: The new disk is in."


def test_a_long_text_is_cut_at_a_word(site: Render) -> None:
    made = site(page(posts=(post("plan", body="word " * 500),)))
    found = gist(made["posts/plan.html"].body)
    assert found.endswith("word…")
    assert len(found) <= 200


@pytest.mark.parametrize("name", sorted(SITUATIONS))
def test_every_page_says_something(name: str, site: Render) -> None:
    bodies = {path: one.body for path, one in site(SITUATIONS[name]()).items() if path.endswith(".html")}
    assert [path for path, body in bodies.items() if not gist(body).strip()] == []
