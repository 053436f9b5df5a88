"""What is said of a bucket that was tried: one row for each thing it may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from statusgen.doctor.bucket_facts import CACHE, TYPE, Answer, Tried
from statusgen.doctor.bucket_rules import judge
from statusgen.doctor.finding import Severity
from statusgen.model.providers import Condition

GOOD = Answer(status=200, content_type=TYPE, cache_control=CACHE, allow_origin="*")
HTML = Answer(status=200, content_type="text/html; charset=utf-8")
SHUT = Answer(status=403, content_type="application/xml")
LATE = Answer(trouble="no answer within 5 s")
XML = Answer(status=200, content_type="application/xml")

SITE = Tried(
    name="s3://pages",
    role="site",
    if_none_match=Condition.HONOURED,
    if_match=Condition.HONOURED,
    stored_type=TYPE,
    stored_cache=CACHE,
    public=GOOD,
    own=GOOD,
    page=HTML,
    top=HTML,
    listing=SHUT,
)
STATE = replace(SITE, name="s3://kept", role="state", public=SHUT, own=SHUT, page=Answer(), top=Answer())


@pytest.mark.parametrize("place", [SITE, STATE])
def test_a_bucket_that_is_as_it_should_be_gets_nothing_but_ok(place: Tried) -> None:
    assert {one.severity for one in judge([place])} == {Severity.OK}


ROWS: tuple[tuple[Tried, dict[str, Any], Severity, str], ...] = (
    (SITE, {"trouble": "the key is refused", "refused": True}, Severity.PROBLEM, "refuses what a publisher does"),
    (SITE, {"trouble": "no answer in time"}, Severity.NOTE, "could not be tried to the end: no answer in time"),
    (SITE, {"left": "doctor-1"}, Severity.WARNING, "'doctor-1' could not be taken away"),
    (SITE, {"stored_type": "binary/octet-stream"}, Severity.WARNING, "keeps Content-Type as 'binary/octet-stream'"),
    (SITE, {"stored_cache": ""}, Severity.WARNING, "keeps Cache-Control as ''"),
    (SITE, {"public": replace(GOOD, cache_control="max-age=999")}, Severity.WARNING, "get Cache-Control as 'max-age=9"),
    (SITE, {"public": replace(GOOD, content_type="text/plain")}, Severity.WARNING, "get Content-Type as 'text/plain'"),
    (SITE, {"public": SHUT}, Severity.PROBLEM, "nobody can read what is published to s3://pages: the answer is 403"),
    (SITE, {"public": LATE}, Severity.NOTE, "could not be asked: no answer within 5 s"),
    (SITE, {"top": SHUT}, Severity.WARNING, "does not show the front page: the answer is 403, application/xml"),
    (SITE, {"top": XML}, Severity.WARNING, "does not show the front page: the answer is 200, application/xml"),
    (SITE, {"top": Answer(status=404)}, Severity.WARNING, "the answer is 404, of no kind"),
    (SITE, {"top": LATE}, Severity.NOTE, "the bare address of s3://pages could not be asked"),
    (SITE, {"page": SHUT}, Severity.NOTE, "its front page is not out (the answer is 403)"),
    (SITE, {"page": LATE}, Severity.NOTE, "its front page is not out (no answer within 5 s)"),
    (SITE, {"public": replace(GOOD, allow_origin="")}, Severity.NOTE, "may not read the JSON"),
    (SITE, {"listing": XML}, Severity.WARNING, "everybody can list s3://pages"),
    (SITE, {"listing": LATE}, Severity.NOTE, "whether everybody can list s3://pages could not be seen"),
    (STATE, {"listing": XML}, Severity.PROBLEM, "everybody can list s3://kept"),
    (STATE, {"public": GOOD}, Severity.PROBLEM, "everybody can read the state"),
    (STATE, {"own": GOOD}, Severity.PROBLEM, "everybody can read the state"),
    (STATE, {"own": LATE}, Severity.NOTE, "whether everybody can read s3://kept could not be seen: no answer"),
    (SITE, {"if_match": Condition.IGNORED}, Severity.NOTE, "If-Match at s3://pages: ignored"),
    (SITE, {"if_none_match": Condition.REFUSED}, Severity.NOTE, "If-None-Match at s3://pages: refused"),
    (
        SITE,
        {"provider": "aws", "if_match": Condition.IGNORED},
        Severity.NOTE,
        "If-Match at s3://pages: ignored; AWS S3 is known as honoured",
    ),
    (SITE, {"provider": "garage"}, Severity.NOTE, "If-Match at s3://pages: honoured; Garage is known as ignored"),
)


@pytest.mark.parametrize(("place", "change", "severity", "title"), ROWS)
def test_each_fault_is_told_with_its_reason(
    place: Tried, change: dict[str, Any], severity: Severity, title: str
) -> None:
    found = judge([replace(place, **change)])
    (told,) = [one for one in found if title in one.title]
    assert told.severity is severity
    assert told.why
    assert found[0].severity is max((one.severity for one in found), key=[*Severity].index), "the worst comes first"


def test_a_place_of_which_nothing_is_known_is_not_called_well() -> None:
    (told,) = judge([Tried(name="s3://pages", role="site", trouble="cannot connect to the server")])
    assert told.severity is Severity.NOTE


@pytest.mark.parametrize(
    ("provider", "advice"),
    [("garage", "use its web endpoint"), ("r2", "let a CDN"), ("wasabi", "let a CDN"), ("", "let a CDN")],
)
def test_how_to_get_an_index_document_depends_on_the_provider(provider: str, advice: str) -> None:
    found = judge([replace(SITE, provider=provider, top=SHUT)])
    assert any(one.advice.startswith(advice) for one in found)


def test_headers_are_the_same_whatever_their_spaces_and_case() -> None:
    public = replace(GOOD, content_type="text/calendar;charset=UTF-8", cache_control="max-age=47,public")
    assert {one.severity for one in judge([replace(SITE, public=public)])} == {Severity.OK}
