"""The keys that people write in `statusgen.yaml` and `checks/`, as pydantic documents.

Descriptions and examples are the reference of the keys: `docs/reference/configuration.md` is drawn from them, and a
problem quotes the example of a key that is missing.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from statusgen.config.store_document import Store, StoreDocument
from statusgen.model.project import PUBLIC, Independence, PurgeForm
from statusgen.values import (
    Document,
    Duration,
    Line,
    Secret,
    Slug,
    Text,
    Url,
    one_of,
    parse_duration,
    shape,
    wrong,
)

LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
"""A language tag, as far as its form goes."""


def parse_interval(text: object) -> timedelta:
    """Return how often runs are expected: from a second to a day."""
    interval = parse_duration(text)
    if not timedelta(seconds=1) <= interval <= timedelta(days=1):
        raise wrong(f"expected a duration from '1s' to '1d', got {text!r}")
    return interval


def parse_keep(text: object) -> timedelta:
    """Return how long days are remembered: at least a hundred of them."""
    keep = parse_duration(text)
    if keep < timedelta(days=100):
        raise wrong(f"expected a duration from '100d', got {text!r}", hint="a page shows ninety days")
    return keep


def parse_language(text: object) -> str:
    """Return a language tag (BCP 47) such as `en` or `pt-BR`."""
    if isinstance(text, str) and re.fullmatch(LANGUAGE, text):
        return text
    raise wrong(f"expected a language tag such as 'en' or 'pt-BR', got {shape(text)}")


def parse_items(value: object) -> tuple[object, ...]:
    """Return the items of a list as they are; each becomes a document of its own."""
    if isinstance(value, list):
        return tuple(value)
    raise wrong(f"expected a list, each item with a hyphen and a space before it, got {shape(value)}")


RawItems = Annotated[tuple[Any, ...], BeforeValidator(parse_items)]


class LinkDocument(Document):
    """A link in the page's foot."""

    name: Line = Field(description="What the link says.", examples=["Mastodon account"])
    url: Url = Field(description="Where it leads.", examples=["https://mastodon.example/@status"])


def parse_colour(text: object) -> str:
    """Return a colour as `#rrggbb` in lower case."""
    if isinstance(text, str) and re.fullmatch("#[0-9a-fA-F]{6}", text):
        return text.lower()
    raise wrong(f"expected a colour such as '#7a3eb1', got {shape(text)}")


class SiteDocument(Document):
    """What the page says of itself."""

    name: Line = Field(description="The name of what the page is about.", examples=["Hachyderm"])
    url: Url | None = Field(
        default=None, description="Where readers find the page; feeds need it.", examples=["https://status.example.org"]
    )
    description: Text = Field(default="", description="A sentence below the name.", examples=["Status of our instance"])
    language: Annotated[str, BeforeValidator(parse_language)] = Field(
        default="en", description="The language of what you write, as in BCP 47.", examples=["en"]
    )
    languages: tuple[Annotated[str, BeforeValidator(parse_language)], ...] = Field(
        default=(),
        description="Languages that the site speaks besides, each with pages, feeds and a calendar of its own in the "
        "folder of its tag.",
        examples=["[de, ar]"],
    )
    notice: Text = Field(
        default="",
        description="A line on top of every page, for what readers must know first.",
        examples=["Sample data"],
    )
    links: Annotated[tuple[LinkDocument, ...], BeforeValidator(parse_items)] = Field(
        default=(), description="Links in the page's foot.", examples=["[{name: Code, url: https://example.org/code}]"]
    )
    accent: Annotated[str, BeforeValidator(parse_colour)] = Field(
        default="",
        description="The colour of links and of the name on top, made darker or lighter where it could not be read; "
        "never that of a status.",
        examples=["'#7a3eb1'"],
    )
    logo: Line | None = Field(
        default=None,
        description="An image beside the name on top: SVG, PNG or WebP of 8 KiB at most, which every page carries.",
        examples=["logo.svg"],
    )


def parse_allowed(text: object) -> str:
    """Return an IP address, a network such as `10.0.0.0/8`, or the name of a host."""
    if isinstance(text, str):
        try:
            return str(ipaddress.ip_network(text, strict=False))
        except ValueError:
            if re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", text):
                return text.lower()
    raise wrong(f"expected an address, a network such as '192.168.0.0/16' or the name of a host, got {shape(text)}")


class LeaksDocument(Document):
    """What is published knowingly."""

    allow: tuple[Annotated[str, BeforeValidator(parse_allowed)], ...] = Field(
        default=(),
        description="Private addresses, networks and names of internal hosts that may stand on the page.",
        examples=["[192.168.0.0/24, db.internal]"],
    )


class PurgeDocument(Document):
    """A webhook that is told what changed, after it was published."""

    url_env: Secret = Field(
        description="The environment variable that holds the address to send to.", examples=["PURGE_URL"]
    )
    token_env: Secret | None = Field(
        default=None, description="The environment variable that holds the token.", examples=["PURGE_TOKEN"]
    )
    form: Annotated[PurgeForm, BeforeValidator(one_of(PurgeForm))] = Field(
        default=PurgeForm.PLAIN,
        description="What is sent: `plain`, or what `cloudflare`, `fastly` or `bunny` take.",
        examples=["cloudflare"],
    )


class SettingsDocument(Document):
    """The file `statusgen.yaml`."""

    site: SiteDocument = Field(description="What the page says of itself.", examples=["{name: Our instance}"])
    interval: Annotated[timedelta, BeforeValidator(parse_interval)] = Field(
        default=timedelta(minutes=5),
        description="How often a run is expected, from `1s` to `1d`; an observation counts for two and a half of them.",
        examples=["5m"],
    )
    confirm_after: Duration = Field(
        default=timedelta(seconds=3),
        description="How long to wait before a failed probe is tried again.",
        examples=["3s"],
    )
    locations: RawItems = Field(
        default=(),
        description="The vantage points that probes run from; one with the id `outside` when left out.",
        examples=["[{id: outside, name: Outside}]"],
    )
    state: Store = Field(
        default=StoreDocument(url="file:.statusgen"),
        description="Where observations live.",
        examples=["s3://my-status-state"],
    )
    target: Store = Field(
        default=StoreDocument(url="file:public"), description="Where the site goes.", examples=["s3://my-status"]
    )
    theme: Slug = Field(
        default="default",
        description="The folder below `themes/` whose files override the default theme.",
        examples=["night"],
    )
    purge: PurgeDocument | None = Field(
        default=None,
        description="The cache in front of the page that is told what changed.",
        examples=["{url_env: PURGE_URL, token_env: PURGE_TOKEN, form: cloudflare}"],
    )
    leaks: LeaksDocument = Field(
        default=LeaksDocument(),
        description="What the leak check lets out.",
        examples=["{allow: [192.168.0.0/24]}"],
    )
    keep: Annotated[timedelta | None, BeforeValidator(parse_keep)] = Field(
        default=None,
        description="How long a day is remembered, from `100d`; what is older is deleted. For ever when left out.",
        examples=["800d"],
    )
    independence: Annotated[Independence, BeforeValidator(one_of(Independence))] = Field(
        default=Independence.TELL,
        description="Whether a page that shares something with what it reports on is published: `tell` leaves that to "
        "`statusgen doctor`, `enforce` refuses.",
        examples=["enforce"],
    )


class LocationDocument(Document):
    """A vantage point in `locations:`."""

    id: Slug = Field(description="Its id; it names the place of its observations in the state.", examples=["frankfurt"])
    name: Line | None = Field(
        default=None, description="Its name for readers; the id when left out.", examples=["Frankfurt"]
    )
    provider: Line | None = Field(
        default=None,
        description="Who runs it, for readers: what shares a provider fails together.",
        examples=["Hetzner"],
    )
    reaches: tuple[Slug, ...] = Field(
        default=(PUBLIC,),
        description="The networks whose targets it can probe, as in the `network` of checks.",
        examples=["[public, rack]"],
    )
    controls: RawItems = Field(
        default=(),
        description=(
            "Checks of targets that share nothing with your own: when all of them fail, the location is offline itself."
        ),
        examples=["[{tcp: one.one.one.one:443}]"],
    )


class GroupDocument(Document):
    """A file in `checks/`. Groups stand on the page in the order of their file names."""

    group: Line = Field(description="The name of the group.", examples=["Edge nodes"])
    id: Slug | None = Field(default=None, description="Its id; made from the name when left out.", examples=["edge"])
    components: RawItems = Field(
        description="Its components, in the order in which readers see them.",
        examples=["[{id: web, name: Web, checks: [{http: https://example.org/health}]}]"],
    )


class ComponentDocument(Document):
    """A component in `components:`, which is what readers know."""

    id: Slug = Field(description="Its id; it never changes, because history is kept under it.", examples=["web"])
    name: Line = Field(description="Its name for readers.", examples=["Web"])
    description: Text = Field(
        default="", description="A sentence for readers.", examples=["Timelines, posts and profiles"]
    )
    depends_on: tuple[Slug, ...] = Field(
        default=(),
        description="Components without which this one cannot work; their outage explains this one's.",
        examples=["[database]"],
    )
    checks: RawItems = Field(
        default=(),
        description="Its checks. The key that names a kind says what to probe; its status is the worst of them.",
        examples=["[{http: https://example.org/health}]"],
    )
