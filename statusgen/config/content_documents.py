"""The keys that people write above an announcement, as pydantic documents; see `documents` for what they are for."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from statusgen.config.documents import parse_language
from statusgen.config.rules import Day, Rule, Zone
from statusgen.model.words import Impact, Status
from statusgen.values import Document, Flag, Instant, Line, Slug, one_of, shape, wrong

_parse_announced = one_of(status for status in Status if status is not Status.UNKNOWN)


def parse_affects(value: object) -> dict[str, object]:
    """Return component ids with the status written beside each; None where only ids are listed."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return dict.fromkeys(value)
    hint = "write '{web: partial_outage}', or ids alone: '[web, media]'"
    raise wrong(f"expected components, got {shape(value)}", hint=hint)


def parse_status(word: object) -> Status | None:
    """Return a status that people may announce: every one but `unknown`, which is for measurements."""
    return None if word is None else _parse_announced(word)


Affects = Annotated[
    dict[str, Annotated[Status | None, BeforeValidator(parse_status)]],
    BeforeValidator(parse_affects),
]
Authors = tuple[Line, ...]


class AnnouncementDocument(Document):
    """What stands above every announcement."""

    kind: Line | None = Field(
        default=None, description="`incident`, `maintenance` or `post`, as the folder says.", examples=["incident"]
    )
    title: Line = Field(description="The headline.", examples=["Timelines load slowly"])
    aliases: tuple[Slug, ...] = Field(
        default=(),
        description="Names that the file had before, the oldest first; their addresses lead here.",
        examples=["[2022-12-01-database]"],
    )
    authors: Authors = Field(default=(), description="Who says so.", examples=["[nova, Infrastructure team]"])
    lang: Annotated[str, BeforeValidator(parse_language)] | None = Field(
        default=None, description="The language of the text; that of the site when left out.", examples=["de"]
    )


class IncidentDocument(AnnouncementDocument):
    """Front matter in `content/incidents/`."""

    impact: Annotated[Impact, BeforeValidator(one_of(Impact))] = Field(
        description="How badly it hits readers: `none`, `minor`, `major` or `critical`.", examples=["minor"]
    )
    affects: Affects = Field(
        default_factory=dict,
        description=(
            "Components, each with the status that people give it; for ids alone the impact decides "
            "(`minor`: `degraded_performance`, `major`: `partial_outage`, `critical`: `major_outage`)."
        ),
        examples=["{web: partial_outage}"],
    )
    started: Instant | None = Field(
        default=None, description="When it began; the first update when left out.", examples=["2022-11-23T17:41-08:00"]
    )
    next_update: Instant | None = Field(
        default=None, description="When readers are promised to hear more.", examples=["2022-11-23T19:00-08:00"]
    )


class MaintenanceDocument(AnnouncementDocument):
    """Front matter in `content/maintenance/`."""

    starts: Instant = Field(description="When the window opens.", examples=["2022-12-01T06:00-08:00"])
    ends: Instant = Field(description="When the window closes.", examples=["2022-12-01T10:00-08:00"])
    announced: Instant | None = Field(
        default=None,
        description="When readers first hear of it; the first update when left out.",
        examples=["2022-11-28T18:00-08:00"],
    )
    affects: Affects = Field(
        default_factory=dict,
        description="Components, each with the worst status to expect; `under_maintenance` for ids alone.",
        examples=["{database: major_outage}"],
    )
    repeats: Rule | None = Field(
        default=None,
        description="How it comes again, as a rule of RFC 5545; `starts` and `ends` are then its first window.",
        examples=["FREQ=MONTHLY;BYDAY=1SU"],
    )
    zone: Zone | None = Field(
        default=None,
        description="The place whose clock it follows when it repeats, summer and winter.",
        examples=["Europe/Berlin"],
    )
    skips: tuple[Day, ...] = Field(
        default=(),
        description="Days on which it would come again and does not; readers see it called off.",
        examples=["[2022-12-25]"],
    )


class IncidentUpdateDocument(Document):
    """What may stand right below an update's heading in `content/incidents/`."""

    affects: Affects = Field(
        default_factory=dict,
        description="Components that stand otherwise now, each with its status; those not named stay as they were.",
        examples=["{web: degraded_performance, media: operational}"],
    )
    next_update: Instant | None = Field(
        default=None,
        description="When readers are promised to hear more; it takes the place of every earlier promise.",
        examples=["2022-11-23T20:00-08:00"],
    )


class MaintenanceUpdateDocument(Document):
    """What may stand right below an update's heading in `content/maintenance/`."""

    affects: Affects = Field(
        default_factory=dict,
        description="Components to expect something else of now, with their status; those not named stay as they were.",
        examples=["{web: degraded_performance}"],
    )
    starts: Instant | None = Field(
        default=None,
        description="When the window opens instead; only in a `scheduled` update, and only together with `ends`.",
        examples=["2022-12-08T06:00-08:00"],
    )
    ends: Instant | None = Field(
        default=None, description="When the window closes instead.", examples=["2022-12-08T10:00-08:00"]
    )


class PostDocument(AnnouncementDocument):
    """Front matter in `content/posts/`."""

    published: Instant = Field(description="When readers first see it.", examples=["2022-11-25T10:00-08:00"])
    pinned: Flag = Field(default=False, description="Whether it stays on the front page.", examples=["true"])


class TranslationDocument(Document):
    """Front matter of a translation, `name.de.md` beside `name.md`."""

    title: Line = Field(description="The headline in this language.", examples=["Zeitleisten laden langsam"])
