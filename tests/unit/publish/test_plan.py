"""A plan says what to send and why, and is timid about deleting."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact, Stage
from statusgen.ports import Listed
from statusgen.publish.manifest import MANIFEST_KEY, Manifest, decode, entry, headers_by_digest
from statusgen.publish.plan import ASSET_LIFE, MAX_DELETIONS, Plan, Reason, newer_generation, plan

NOW = datetime(2022, 12, 1, 12, tzinfo=UTC)
HTML = "text/html; charset=utf-8"


def artifact(
    path: str, body: str = "body", stage: Stage = Stage.PAGE, *, cache: str = "no-cache", timely: bool = False
) -> Artifact:
    return Artifact(
        path=path, parts=(body.encode(),), content_type=HTML, cache_control=cache, stage=stage, timely=timely
    )


FRONT = artifact("index.html", stage=Stage.FRONT)
CSS = artifact("assets/style.1.css", stage=Stage.ASSET)


def holding(*artifacts: Artifact, etags: bool = True) -> list[Listed]:
    """Return the listing of a target that holds these."""
    return [
        Listed(
            key=a.path,
            size=len(a.body),
            etag=hashlib.md5(a.body, usedforsecurity=False).hexdigest() if etags else None,
            modified=NOW,
        )
        for a in artifacts
    ]


def remembering(*artifacts: Artifact, leaving: Mapping[str, datetime] | None = None) -> Manifest:
    """Return the manifest of a publisher that sent these."""
    return Manifest(
        entries={a.path: entry(a) for a in artifacts}, leaving=leaving or {}, headers=headers_by_digest(artifacts)
    )


def reasons(made: Plan) -> dict[str, Reason]:
    return {upload.artifact.path: upload.reason for upload in made.uploads}


def test_into_an_empty_target_everything_goes_in_the_order_of_the_stages() -> None:
    feed = artifact("feed.atom", stage=Stage.FEED)
    pages = artifact("history.html"), artifact("404.html")
    made = plan([FRONT, feed, *pages, CSS], [], None, now=NOW, generation=NOW)
    assert [upload.artifact.path for upload in made.uploads] == [
        "assets/style.1.css",
        "404.html",
        "history.html",
        "feed.atom",
        "index.html",
    ]
    assert set(reasons(made).values()) == {Reason.MISSING}
    assert [*made.groups()] == [(CSS,), (pages[1], pages[0]), (feed,), (FRONT,)]
    assert made.manifest is not None
    assert decode(made.manifest, warn=str) == Manifest(
        generation=NOW,
        entries={a.path: entry(a) for a in (FRONT, feed, *pages, CSS)},
        headers=headers_by_digest([FRONT]),
    )
    assert (made.deletions, made.unchanged, made.held, made.empty) == ((), 0, (), False)


def test_when_the_target_equals_the_site_there_is_nothing_to_do() -> None:
    made = plan([FRONT, CSS], holding(FRONT, CSS), remembering(FRONT, CSS), now=NOW)
    assert made.empty
    assert made.unchanged == 2


def test_only_what_changed_is_sent() -> None:
    new = artifact("index.html", "tidings", stage=Stage.FRONT)
    made = plan([new, CSS], holding(FRONT, CSS), remembering(FRONT, CSS), now=NOW)
    assert reasons(made) == {"index.html": Reason.CHANGED}
    assert made.unchanged == 1
    assert made.manifest is not None


def test_the_listing_is_believed_before_the_manifest() -> None:
    """Another publisher overwrote the page after the manifest was written."""
    other = artifact("index.html", "othr", stage=Stage.FRONT)
    made = plan([FRONT], holding(other), remembering(FRONT), now=NOW)
    assert reasons(made) == {"index.html": Reason.CHANGED}


def test_what_vanished_from_the_target_is_sent_again() -> None:
    assert reasons(plan([FRONT], [], remembering(FRONT), now=NOW)) == {"index.html": Reason.MISSING}


def test_changed_headers_are_noticed_though_no_listing_shows_them() -> None:
    before = artifact("index.html", cache="max-age=300", stage=Stage.FRONT)
    made = plan([FRONT], holding(FRONT), remembering(before), now=NOW)
    assert reasons(made) == {"index.html": Reason.HEADERS}


@pytest.mark.parametrize("manifest", [None, remembering(artifact("index.html", "other body"))])
def test_headers_that_nobody_remembers_are_sent_again(manifest: Manifest | None) -> None:
    assert reasons(plan([FRONT], holding(FRONT), manifest, now=NOW)) == {"index.html": Reason.HEADERS}


def test_force_sends_everything() -> None:
    made = plan([FRONT, CSS], holding(FRONT), remembering(FRONT), now=NOW, force=True)
    assert reasons(made) == {"index.html": Reason.FORCED, CSS.path: Reason.MISSING}
    assert len(made.uploads) == 2


def test_a_new_generation_alone_changes_only_the_manifest() -> None:
    made = plan([FRONT], holding(FRONT), remembering(FRONT), now=NOW, generation=NOW)
    assert (made.uploads, made.deletions, made.empty) == ((), (), False)
    assert made.manifest is not None


def test_without_etags_the_manifest_decides() -> None:
    page = artifact("404.html")
    there = holding(FRONT, page, etags=False)
    assert plan([FRONT, page], there, remembering(FRONT, page), now=NOW).empty
    assert reasons(plan([FRONT, page], there, None, now=NOW)) == {
        "index.html": Reason.FORCED,
        "404.html": Reason.FORCED,
    }
    sent_before = remembering(artifact("index.html", "else", stage=Stage.FRONT), page)
    assert reasons(plan([FRONT, page], there, sent_before, now=NOW)) == {"index.html": Reason.CHANGED}
    other_headers = remembering(FRONT, artifact("404.html", cache="no-store"))
    assert reasons(plan([FRONT, page], there, other_headers, now=NOW)) == {"404.html": Reason.HEADERS}


def test_without_etags_another_size_shows_another_body() -> None:
    there = holding(artifact("index.html", "longer than before"), etags=False)
    assert reasons(plan([FRONT], there, remembering(FRONT), now=NOW)) == {"index.html": Reason.CHANGED}


def test_without_etags_what_carries_the_time_is_always_sent() -> None:
    front = artifact("index.html", stage=Stage.FRONT, timely=True)
    assert reasons(plan([front], holding(front, etags=False), remembering(front), now=NOW)) == {
        "index.html": Reason.FORCED
    }
    assert plan([front], holding(front), remembering(front), now=NOW).empty


def test_a_page_that_is_gone_from_the_site_is_deleted_at_once() -> None:
    """It may have been published by mistake."""
    gone = artifact("incidents/mistake.html")
    made = plan([FRONT], holding(FRONT, gone), remembering(FRONT, gone), now=NOW)
    assert made.deletions == ("incidents/mistake.html",)
    assert made.manifest is not None
    assert decode(made.manifest, warn=str) == Manifest(
        entries={"index.html": entry(FRONT)},
        leaving={"incidents/mistake.html": NOW},
        headers=headers_by_digest([FRONT]),
    ), "until it is seen to be gone, the manifest remembers that it is ours"


def test_what_has_left_is_forgotten_with_the_next_manifest_and_is_no_reason_for_one() -> None:
    manifest = remembering(FRONT, leaving={"incidents/mistake.html": NOW})
    assert plan([FRONT], holding(FRONT), manifest, now=NOW).empty
    made = plan([FRONT], holding(FRONT), manifest, now=NOW, generation=NOW)
    assert made.manifest is not None
    assert decode(made.manifest, warn=str) == Manifest(
        generation=NOW, entries={"index.html": entry(FRONT)}, headers=headers_by_digest([FRONT])
    )


def test_a_superseded_asset_lives_on_for_a_day() -> None:
    new = artifact("assets/style.2.css", stage=Stage.ASSET)
    made = plan([FRONT, new], holding(FRONT, CSS, new), remembering(FRONT, CSS), now=NOW)
    assert made.deletions == ()
    assert made.manifest is not None
    manifest = decode(made.manifest, warn=str)
    assert manifest is not None
    assert manifest.leaving == {"assets/style.1.css": NOW + ASSET_LIFE}

    there = holding(FRONT, CSS, new)
    almost = NOW + ASSET_LIFE - timedelta(seconds=1)
    assert plan([FRONT, new], there, manifest, now=almost).empty
    assert plan([FRONT, new], there, manifest, now=NOW + ASSET_LIFE).deletions == ("assets/style.1.css",)


def test_an_asset_that_is_wanted_again_stays() -> None:
    manifest = remembering(FRONT, leaving={CSS.path: NOW - ASSET_LIFE})
    made = plan([FRONT, CSS], holding(FRONT, CSS), manifest, now=NOW)
    assert made.deletions == ()
    assert made.manifest is not None
    assert decode(made.manifest, warn=str) == remembering(FRONT, CSS)


def test_what_we_did_not_write_is_never_deleted() -> None:
    foreign = artifact("raw/home/2022-12-01/120000-run.jsonl")
    own = artifact(MANIFEST_KEY)
    for manifest in (remembering(FRONT), None):
        assert plan([FRONT], holding(FRONT, foreign, own), manifest, now=NOW).deletions == ()


def many(number: int) -> list[Artifact]:
    return [artifact(f"incidents/{position:04}.html") for position in range(number)]


def test_nothing_is_deleted_while_that_would_be_the_larger_part_of_the_site() -> None:
    site = [FRONT, *many(20)]
    there, manifest = holding(*site), remembering(*site)
    kept = site[:10]
    made = plan(kept, there, manifest, now=NOW)
    assert (made.deletions, len(made.held)) == ((), 11)
    assert made.manifest is not None
    again = plan(kept, there, decode(made.manifest, warn=str), now=NOW)
    assert (again.deletions, again.held) == ((), made.held), "the next run does not forget and delete after all"
    assert len(plan(kept, there, manifest, now=NOW, allow_deletes=True).deletions) == 11
    assert len(plan(site[:11], there, manifest, now=NOW).deletions) == 10


def test_a_small_site_may_lose_most_of_its_pages() -> None:
    site = [FRONT, *many(10)]
    made = plan([FRONT], holding(*site), remembering(*site), now=NOW)
    assert (len(made.deletions), len(made.held)) == (10, 0)
    site = [FRONT, *many(11)]
    made = plan([FRONT], holding(*site), remembering(*site), now=NOW)
    assert (len(made.deletions), len(made.held)) == (0, 11)


def test_deletions_of_one_run_are_capped() -> None:
    site = [FRONT, *many(1000)]
    made = plan(site[:600], holding(*site), remembering(*site), now=NOW)
    assert len(made.deletions) == MAX_DELETIONS
    assert made.deletions[0] == "incidents/0599.html"


def test_a_site_without_a_front_page_is_refused() -> None:
    for artifacts in ([], [CSS]):
        with pytest.raises(PublishError, match=r"the site has no 'index\.html', so nothing was sent or deleted"):
            plan(artifacts, [], None, now=NOW)


def test_two_files_of_one_path_are_refused() -> None:
    for artifacts in ([FRONT, FRONT], [FRONT, artifact(MANIFEST_KEY)]):
        with pytest.raises(PublishError, match="the site has two files of one path, so nothing was sent or deleted"):
            plan(artifacts, [], None, now=NOW)


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("published", "ours", "newer"),
    [
        (None, NOW, None),
        (NOW, None, None),
        (NOW - MINUTE, NOW, None),
        (NOW, NOW, None),
        (NOW, NOW - MINUTE, NOW),
        (NOW + 10 * MINUTE, NOW, NOW + 10 * MINUTE),
        (NOW + 11 * MINUTE, NOW, None),
    ],
)
def test_older_input_does_not_turn_back_a_newer_page_unless_its_clock_was_wrong(
    published: datetime | None, ours: datetime | None, newer: datetime | None
) -> None:
    """The store's clock tells whether it was: the one that stamps the manifest."""
    listing = [Listed(key=MANIFEST_KEY, size=1, etag=None, modified=NOW)]
    assert newer_generation(Manifest(generation=published), ours, listing) == newer
    assert newer_generation(None, ours, listing) is None


def test_a_slow_clock_turns_no_page_back() -> None:
    listing = [Listed(key=MANIFEST_KEY, size=1, etag=None, modified=NOW)]
    assert newer_generation(Manifest(generation=NOW), NOW - 60 * MINUTE, listing) == NOW


def test_a_manifest_that_the_listing_does_not_show_yet_is_believed() -> None:
    assert newer_generation(Manifest(generation=NOW), NOW - MINUTE, []) == NOW


def test_pages_go_before_the_assets_they_asked_for() -> None:
    manifest = remembering(FRONT, leaving={"assets/a.css": NOW, "incidents/z.html": NOW - ASSET_LIFE})
    there = holding(FRONT, artifact("assets/a.css"), artifact("incidents/z.html"))
    assert plan([FRONT], there, manifest, now=NOW).deletions == ("incidents/z.html", "assets/a.css")


def test_files_that_are_new_are_named_before_they_are_sent() -> None:
    """So that a run that is cut short leaves nothing behind that nobody knows to be ours."""
    page = artifact("incidents/new.html")
    old = Manifest(generation=NOW, entries={"index.html": entry(FRONT)}, leaving={CSS.path: NOW - ASSET_LIFE})
    made = plan([FRONT, page, CSS], holding(FRONT), old, now=NOW)
    assert made.intent is not None
    assert decode(made.intent, warn=str) == Manifest(
        generation=NOW,
        entries={"index.html": entry(FRONT)},
        leaving={CSS.path: NOW + ASSET_LIFE, "incidents/new.html": NOW},
    )


def test_what_parts_is_told_when_people_have_changed_something() -> None:
    page, gone, timely = artifact("a.html"), artifact("gone.html"), artifact("index.html", "then", timely=True)
    old = replace(remembering(timely, page, gone), look="plain", words="hello")
    changed = artifact("a.html", "other"), artifact("index.html", "now", Stage.FRONT, timely=True)
    there = holding(timely, page, gone)
    for look, words, parting in (
        ("plain", "hello", ()),
        ("plain", "hullo", ("index.html", "a.html", "gone.html")),
        ("gaudy", "hello", ("index.html", "a.html", "gone.html")),
    ):
        assert plan(changed, there, old, now=NOW, look=look, words=lambda words=words: words).parting == parting
    assert plan(changed, there, replace(old, look=""), now=NOW, look="gaudy").parting == (), "nobody knows what it was"
    assert plan(changed, holding(page), old, now=NOW, look="gaudy").parting == ("a.html",), "what is there"


def test_the_words_are_only_asked_for_when_something_lasting_changes() -> None:
    asked: list[str] = []

    def words() -> str:
        asked.append("words")
        return "hullo"

    then, now = artifact("index.html", "then", timely=True), artifact("index.html", "now", timely=True)
    page = artifact("a.html")
    old = replace(remembering(then), look="plain", words="hello")
    made = plan([now], holding(then), old, now=NOW, look="plain", words=words)
    assert not asked
    assert made.manifest is not None
    assert decode(made.manifest, warn=str) == replace(old, entries={"index.html": entry(now)})
    plan([now], holding(then, page), replace(old, entries=remembering(then, page).entries), now=NOW, words=words)
    assert len(asked) == 1, "a page is gone"
    plan([now, page], holding(then), old, now=NOW, words=words)
    assert len(asked) == 2, "a page is new"
    plan([now], holding(then), replace(old, words=""), now=NOW, words=words)
    assert len(asked) == 3, "nobody knew"


def test_without_new_files_nothing_has_to_be_named_beforehand() -> None:
    assert plan([FRONT], [], remembering(FRONT), now=NOW).intent is None


def test_what_is_not_there_yet_goes_before_what_may_refer_to_it_at_once() -> None:
    changed, new = artifact("history.html", "that names the new one"), artifact("incidents/new.html")
    feed = artifact("incidents/new.atom", stage=Stage.FEED)
    there = holding(FRONT, artifact("history.html"))
    made = plan([artifact("index.html", "new", stage=Stage.FRONT), changed, new, feed], there, None, now=NOW)
    assert [[one.path for one in group] for group in made.groups()] == [
        ["incidents/new.html"],
        ["incidents/new.atom"],
        ["history.html"],
        ["index.html"],
    ]


def test_what_lies_there_and_is_not_ours_is_told() -> None:
    there = holding(FRONT, artifact("robots.txt"), artifact("old.html"), artifact(MANIFEST_KEY))
    known = remembering(FRONT, leaving={"old.html": NOW})
    assert plan([FRONT], there, known, now=NOW).foreign == ("robots.txt",)
    assert plan([FRONT], there, None, now=NOW).foreign == ("old.html", "robots.txt")
