"""What was published before can be published again, wherever a rollback is cut short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen import pipeline
from statusgen.errors import PublishError, StateError
from statusgen.model.announcement import Announcement
from statusgen.model.theme import Theme
from statusgen.ports import Blob
from statusgen.publish import generations
from statusgen.publish.manifest import MANIFEST_KEY, Manifest, decode
from statusgen.publish.plan import Reason
from statusgen.rollback import RolledBack, roll_back
from tests import factories
from tests.fakes import MemoryStore, Notes
from tests.unit.pipeline.world import DOWN, PROJECT, THEME, World

MINUTE = timedelta(minutes=1)
GAUDY = replace(THEME, assets={**THEME.assets, "style.css": THEME.assets["style.css"] + b"\nbody { color: red }"})
LOUD = replace(THEME, assets={**THEME.assets, "style.css": THEME.assets["style.css"] + b"\nbody { color: blue }"})
WORDS = (factories.incident(),)


def publish(world: World, theme: Theme = THEME, words: Sequence[Announcement] = (), **more: Any) -> pipeline.Published:
    """Publish a minute later."""
    world.wait(MINUTE)
    return pipeline.publish(
        replace(PROJECT, announcements=tuple(words)),
        theme,
        world.vantage(),
        world.memory,
        world.target,
        secrets={},
        clock=world.clock,
        progress=world.progress,
        engine="tests",
        **more,
    )


def back(world: World, name: str | None = None, **more: Any) -> RolledBack:
    world.wait(MINUTE)
    return roll_back(
        world.target,
        world.state,
        name,
        now=world.clock.now(),
        progress=world.progress,
        **{"secrets": {}, **more},
    )


def files(world: World) -> dict[str, bytes]:
    """Return the site as readers get it."""
    return {key: body for key, (body, _) in world.target.objects.items() if key != MANIFEST_KEY}


def manifest(world: World) -> Manifest:
    found = decode(world.target.objects[MANIFEST_KEY][0], warn=pytest.fail)
    assert found is not None
    return found


@pytest.mark.parametrize("change", [{"theme": GAUDY}, {"words": WORDS}, {"theme": GAUDY, "words": WORDS}])
def test_the_page_before_comes_back_to_the_byte(change: dict[str, Any]) -> None:
    world = World()
    publish(world)
    good = files(world)
    publish(world, **change)
    assert files(world) != good
    result = back(world)
    assert files(world) == good
    assert result.lacking == ()
    headers = {key: (blob.content_type, blob.cache_control) for key, blob in world.target.blobs.items()}
    assert headers["index.html"] == ("text/html; charset=utf-8", "public, max-age=30, stale-if-error=600")


def test_a_second_rollback_takes_the_first_one_back() -> None:
    world = World()
    publish(world)
    publish(world, GAUDY)
    bad = files(world)
    back(world)
    back(world)
    assert files(world) == bad


def test_an_earlier_page_has_a_name() -> None:
    world = World()
    publish(world)
    first = files(world)
    publish(world, GAUDY)
    publish(world, LOUD)
    oldest = back(world, dry_run=True).generation
    publish(world, LOUD)
    found = back(world, dry_run=True)
    assert found.generation == oldest, "a rehearsal leaves nothing behind"
    [*_, first_name] = [one.name for one in generations.known(world.state, warn=pytest.fail)]
    back(world, first_name)
    assert files(world) == first


def test_what_was_only_measured_since_stays_as_it_is() -> None:
    """A component that has gone down since is down under the old words, too."""
    world = World()
    post = factories.post()
    for words in ((post,), (post,), ()):
        publish(world, words=words)
    world.answer = DOWN
    for _ in range(4):
        publish(world)
    measured = files(world)["components/web.html"]
    back(world)
    assert files(world)["components/web.html"] == measured
    assert f"posts/{post.slug}.html" in files(world)


def test_publish_waits_until_the_look_is_mended_and_keeps_what_it_observes() -> None:
    world = World()
    publish(world)
    publish(world, GAUDY)
    back(world)
    good = files(world)
    observed = len(world.state.keys("raw/"))
    with pytest.raises(
        PublishError, match=r"rolled back at 2022-.* the theme or the settings would be the same"
    ) as told:
        publish(world, GAUDY, WORDS)
    assert "mend the theme or the settings and publish; or publish with --force" in str(told.value)
    assert files(world) == good
    assert len(world.state.keys("raw/")) == observed + 1
    publish(world, LOUD)
    assert manifest(world).taken_back is None, "what is mended is published"
    publish(world, GAUDY)


def test_publish_waits_until_the_words_are_mended() -> None:
    world = World()
    publish(world)
    publish(world, words=WORDS)
    back(world)
    with pytest.raises(PublishError, match="what was written would be the same again"):
        publish(world, words=WORDS)
    mended = replace(WORDS[0], title="Mended")
    publish(world, words=(mended,))
    assert manifest(world).taken_back is None


def test_force_ends_the_wait() -> None:
    world = World()
    publish(world)
    publish(world, GAUDY)
    bad = {key: body for key, body in files(world).items() if key.startswith("components/")}
    back(world)
    published = publish(world, GAUDY, force=True)
    assert {upload.reason for upload in published.plan.uploads} == {Reason.FORCED}
    assert bad.items() <= files(world).items()
    publish(world, GAUDY)


def test_uneventful_runs_and_outages_keep_nothing() -> None:
    world = World()
    for _ in range(3):
        publish(world)
    world.answer = DOWN
    for _ in range(4):
        publish(world)
    assert world.state.keys("generations/") == ()


def test_without_an_earlier_page_it_says_when_there_will_be_one() -> None:
    world = World()
    publish(world)
    with pytest.raises(PublishError, match="no earlier page is kept\n    hint: one is, from the first time"):
        back(world)


def test_a_name_that_does_not_exist_is_told() -> None:
    world = World()
    publish(world)
    publish(world, GAUDY)
    with pytest.raises(PublishError, match="no earlier page is called 'x'\n    hint: `statusgen rollback --list`"):
        back(world, "x")


def test_where_nothing_is_published_nothing_is_taken_back() -> None:
    world = World()
    publish(world)
    publish(world, GAUDY)
    world.target.delete([MANIFEST_KEY])
    with pytest.raises(PublishError, match="nothing is published at 'memory:target'"):
        back(world)


def test_it_is_as_timid_about_deleting_as_publish() -> None:
    world = World()
    publish(world)
    good = files(world)
    posts = tuple(factories.post(slug=f"post-{number}") for number in range(60))
    publish(world, words=posts)
    result = back(world)
    assert (result.plan.deletions, len(result.plan.held) >= 60) == ((), True)
    assert good.items() <= files(world).items()
    back(world)
    back(world, allow_deletes=True)
    assert files(world) == good


def test_what_must_not_leave_does_not_come_back_either() -> None:
    world = World()
    publish(world, words=(replace(WORDS[0], body="It is hunter2-and-more."),))
    publish(world)
    bad = files(world)
    with pytest.raises(PublishError, match="TOKEN"):
        back(world, secrets={"TOKEN": "hunter2-and-more"})
    assert files(world) == bad


def test_a_state_that_cannot_keep_does_not_stop_the_page() -> None:
    world = World()
    publish(world)
    written = world.state.write

    def write(blobs: Sequence[Blob]) -> None:
        if any(blob.key.startswith("generations/") for blob in blobs):
            world.state.broken["write"] = "access denied"
        try:
            written(blobs)
        finally:
            world.state.broken.clear()

    world.state.write = write  # type: ignore[method-assign]  # refuses these alone
    publish(world, GAUDY)
    assert b"red" in files(world)["index.html"]
    assert any("could not be kept, so it cannot be rolled back to" in warning for warning in world.progress.warnings)


def test_a_state_that_cannot_be_read_is_an_error_and_leaves_the_page() -> None:
    world = World()
    publish(world)
    publish(world, GAUDY)
    bad = files(world)
    world.state.broken["list"] = "access denied"
    with pytest.raises(StateError, match="earlier pages cannot be read"):
        back(world)
    assert files(world) == bad


def test_a_file_that_is_kept_nowhere_is_told() -> None:
    world = World()
    publish(world, words=WORDS)
    publish(world)
    for key in world.state.keys("generations/"):
        if key.endswith(".tar.gz"):
            world.state.write([Blob(key=key, body=b"damaged")])
    result = back(world)
    assert f"incidents/{WORDS[0].slug}.html" in result.lacking
    assert "index.html" in files(world), "what is published stays"


def test_a_hand_in_the_target_is_put_right() -> None:
    world = World()
    publish(world)
    good = files(world)
    publish(world, GAUDY)
    world.target.write([Blob(key="about.html", body=b"by hand")])
    world.target.delete(["404.html"])
    result = back(world)
    assert files(world) | dict.fromkeys(result.lacking, b"") == good | dict.fromkeys(result.lacking, b"")
    assert set(result.lacking) <= {"about.html", "404.html"}


class CutOffError(Exception):
    """The process is killed."""


class Frail(MemoryStore):
    """A store whose process is killed at one of its operations."""

    left = 10**9

    def _enter(self, method: str, *keys: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise CutOffError
        super()._enter(method, *keys)


@given(at=st.integers(0, 40), of_state=st.booleans())
def test_cut_short_anywhere_it_can_be_repeated(at: int, of_state: bool) -> None:
    world = World(target=Frail("memory:target"))
    world.memory = replace(world.memory, state=Frail("memory:state"))
    publish(world)
    good = files(world)
    publish(world, GAUDY, WORDS)
    first = generations.known(world.state, warn=pytest.fail)[0].name
    frail = world.state if of_state else world.target
    frail.left = at  # type: ignore[attr-defined]  # it is frail
    try:
        back(world, first)
    except CutOffError:
        frail.left = 10**9  # type: ignore[attr-defined]
        assert "index.html" in files(world)
        back(world, first)
    assert files(world) == good
    frail.left = 10**9  # type: ignore[attr-defined]
    publish(world, LOUD, WORDS)
    assert files(world).keys() > good.keys()


def test_its_progress_is_told() -> None:
    world = World(progress=Notes())
    publish(world)
    publish(world, GAUDY)
    world.progress = Notes()
    back(world)
    assert [name for name, _ in world.progress.stages] == ["uploading"]
