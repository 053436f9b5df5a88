"""The order in which rendered files are sent."""

from __future__ import annotations

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.theme import Theme


def test_what_refers_to_others_is_sent_after_them() -> None:
    assert sorted(Stage) == [Stage.ASSET, Stage.PAGE, Stage.FEED, Stage.FRONT]


def test_an_artifact_is_a_page_that_does_not_carry_the_time_unless_it_says_so() -> None:
    artifact = Artifact(path="404.html", parts=(), content_type="text/html", cache_control="no-cache")
    assert (artifact.stage, artifact.timely) == (Stage.PAGE, False)


def test_an_artifact_is_sent_as_one_whatever_it_is_made_of() -> None:
    artifact = Artifact(path="a.html", parts=(b"<p>", b"a"), content_type="text/html", cache_control="no-cache")
    assert (artifact.body, artifact.size) == (b"<p>a", 4)


def test_a_theme_is_what_was_read_and_where_from() -> None:
    theme = Theme(name="own", templates={"index.html": ""}, assets={}, origins={"index.html": "themes/own/index.html"})
    assert theme.origins.keys() == theme.templates.keys()
