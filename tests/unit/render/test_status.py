"""Our own status.json, and the schema that promises its shape."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.words import Status
from statusgen.render import status
from statusgen.render.status_schema import SCHEMA
from statusgen.render.tongue import PLAIN
from tests.conftest import ROOT
from tests.unit.render import situations
from tests.unit.render.pages import SITE, component, group, page

REFERENCE = ROOT / "docs/reference/status.schema.json"


def written(shown: Page) -> dict[str, Artifact]:
    """Return the document and its schema by path."""
    return {artifact.path: artifact for artifact in status.documents(shown, PLAIN)}


def document(shown: Page) -> Any:
    """Return status.json."""
    return json.loads(written(shown)["status.json"].body)


@pytest.mark.parametrize("name", sorted(situations.SITUATIONS))
def test_every_situation_keeps_the_promise_of_the_schema(name: str) -> None:
    found = written(situations.SITUATIONS[name]())
    schema = json.loads(found["status.schema.json"].body)
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    checker.validate(json.loads(found["status.json"].body))


def test_the_schema_names_every_field_there_is() -> None:
    """A field that is written and not promised would be a surprise to whoever reads the schema."""

    def unnamed(value: Any, schema: Any, at: str) -> list[str]:
        if isinstance(value, list):
            return [miss for one in value for miss in unnamed(one, schema["items"], at)]
        if not isinstance(value, dict):
            return []
        known = schema["properties"]
        return [f"{at}.{key}" for key in value if key not in known] + [
            miss for key in value if key in known for miss in unnamed(value[key], known[key], f"{at}.{key}")
        ]

    assert unnamed(document(situations.busy()), SCHEMA, "") == []


def test_the_schema_in_the_documentation_is_the_one_that_is_published(update_golden: bool) -> None:
    if update_golden:
        REFERENCE.write_bytes(status.encode(SCHEMA))
    assert REFERENCE.read_bytes() == written(situations.quiet())["status.schema.json"].body


def test_it_says_how_things_are_and_until_when_to_believe_it() -> None:
    found = document(situations.busy())
    assert {key: found[key] for key in list(found)[:12]} == {
        "$schema": "https://status.example.org/status.schema.json",
        "version": 1,
        "name": "Hachyderm status",
        "url": "https://status.example.org",
        "status": "partial_outage",
        "headline": "Media is down",
        "measured_at": "2022-12-01T19:25:00Z",
        "published_at": "2022-12-01T19:26:00Z",
        "next_run_at": "2022-12-01T19:31:00Z",
        "valid_until": "2022-12-01T19:38:00Z",
        "places": ["Frankfurt", "Fremont", "the rack"],
        "blind": [],
    }
    media = found["groups"][0]["components"][1]
    assert (media["id"], media["status"], media["reason"], media["since"]) == (
        *("media", "major_outage", "connection_refused", "2022-12-01T18:44:00Z"),
    )
    assert media["uptime"]["down"] == 42 * 60
    assert found["incidents"][0]["affects"] == [{"id": "media", "status": "major_outage"}]
    assert found["incidents"][0]["next_update_at"] == "2022-12-01T20:00:00Z"
    assert [(one["id"], one["phase"], one["began_at"]) for one in found["maintenance"]] == [
        ("redis", "in_progress", "2022-12-01T18:04:00Z"),
        ("database", "scheduled", None),
    ]


def test_unknown_is_told_as_unknown_here() -> None:
    found = document(page(group("Core", component("Web", Status.UNKNOWN))))
    assert found["status"] == found["groups"][0]["components"][0]["status"] == "unknown"


def test_a_site_without_an_address_still_says_how_it_is() -> None:
    found = document(page(site=replace(SITE, url="", name="a\ud800")))
    assert (found["url"], found["$schema"], found["name"]) == ("", "status.schema.json", "a")


def test_the_document_carries_the_time_and_the_schema_does_not() -> None:
    found = written(situations.quiet())
    told, schema = found["status.json"], found["status.schema.json"]
    assert (told.timely, told.stage, told.cache_control) == (True, Stage.FEED, "public, max-age=30, stale-if-error=600")
    assert (schema.timely, schema.stage, schema.cache_control) == (False, Stage.PAGE, "public, max-age=3600")
    assert told.content_type == "application/json; charset=utf-8"
    assert schema.content_type == "application/schema+json; charset=utf-8"
    assert schema.body == written(situations.busy())["status.schema.json"].body
