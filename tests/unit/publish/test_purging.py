"""Each CDN is told in its own form what changed, and nothing when nothing did."""

from __future__ import annotations

import json

from statusgen.model.project import PurgeForm
from statusgen.publish.plan import Plan, Reason, Upload
from statusgen.publish.purging import FORMS, changed, requests
from tests.unit.publish.test_leaks import page

URL = "https://status.example.org"


def of(*paths: str, deleted: tuple[str, ...] = ()) -> Plan:
    uploads = tuple(Upload(page("", path), Reason.CHANGED) for path in paths)
    return Plan(intent=None, uploads=uploads, manifest=None, deletions=deleted, unchanged=0)


def test_what_was_sent_and_deleted_has_changed_and_so_has_the_address_that_readers_type() -> None:
    assert changed(of("index.html", "feed.xml", deleted=("posts/a.html",)), URL) == (
        f"{URL}/",
        f"{URL}/index.html",
        f"{URL}/feed.xml",
        f"{URL}/posts/a.html",
    )
    assert changed(of("feed.xml"), URL) == (f"{URL}/feed.xml",)


def test_every_form_has_its_header_and_its_body() -> None:
    assert set(FORMS) == set(PurgeForm)
    told = {form: requests(FORMS[form], [f"{URL}/a"], "word") for form in FORMS}
    bodies = {form: one.body for form, (one,) in told.items()}
    assert bodies == {
        PurgeForm.PLAIN: b'{"purge":["https://status.example.org/a"]}',
        PurgeForm.CLOUDFLARE: b'{"files":["https://status.example.org/a"]}',
        PurgeForm.FASTLY: b"",
        PurgeForm.BUNNY: b"",
    }
    headers = {form: {**one.headers} for form, (one,) in told.items()}
    assert headers[PurgeForm.CLOUDFLARE] == {"Content-Type": "application/json", "Authorization": "Bearer word"}
    assert headers[PurgeForm.FASTLY]["Fastly-Key"] == headers[PurgeForm.BUNNY]["AccessKey"] == "word"
    assert requests(FORMS[PurgeForm.PLAIN], ["x"], "")[0].headers == {"Content-Type": "application/json"}
    assert requests(FORMS[PurgeForm.BUNNY], [], "word") == ()


def test_cloudflare_takes_thirty_at_once_and_is_told_to_forget_all_when_that_is_too_much() -> None:
    urls = [f"{URL}/{number}" for number in range(301)]
    some = requests(FORMS[PurgeForm.CLOUDFLARE], urls[:61], "word")
    assert [len(json.loads(one.body)["files"]) for one in some] == [30, 30, 1]
    assert len(requests(FORMS[PurgeForm.CLOUDFLARE], urls[:300], "word")) == 10
    [all_of_it] = requests(FORMS[PurgeForm.CLOUDFLARE], urls, "word")
    assert json.loads(all_of_it.body) == {"purge_everything": True}
