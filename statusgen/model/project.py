"""The project as read from its files.

Site, locations, groups, components, checks and announcements. Plain data, no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from statusgen.errors import Place
from statusgen.model.announcement import Announcement
from statusgen.model.shard import Shard

PUBLIC = "public"
"""The network that everybody reaches, unless something else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the page's foot."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Logo:
    """A small image, with its media type."""

    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the page says of itself.

    `url` is where readers find it, without a slash at the end; empty when not configured. `accent` is the colour of
    links, such as `#7a3eb1`; empty for the theme's own. `language` is what people write in; `languages` are those that
    the site speaks besides, each with pages of its own in the folder of its tag. `branch` is that folder, on those
    pages; empty on all others.
    """

    name: str
    url: str = ""
    description: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ()
    branch: str = ""
    notice: str = ""
    links: tuple[Link, ...] = ()
    accent: str = ""
    logo: Logo | None = None

    @property
    def tongue(self) -> str:
        """The language of these pages."""
        return self.branch or self.language

    @property
    def tongues(self) -> tuple[str, ...]:
        """Every language that the site speaks, the main one first."""
        return (self.language, *self.languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What to probe, how, and what counts as degraded.

    `spec` is what the prober of this kind takes (a frozen dataclass of its own). `confirm` is the number of further
    tries when one fails. `degraded_over` is the latency above which an answer counts as degraded. `quorum` is how many
    locations must see it down for it to be down, None for the majority. `network` is where its target can be reached.
    `holds` is for a passive check, which nobody probes because its target reports by itself: how long a report speaks.
    """

    id: str
    component: str
    kind: str
    spec: object
    timeout: timedelta = timedelta(seconds=10)
    confirm: int = 2
    degraded_over: timedelta | None = None
    quorum: int | None = None
    network: str = PUBLIC
    holds: timedelta | None = None

    @property
    def passive(self) -> bool:
        """Whether its target reports by itself, so that it is never probed."""
        return self.holds is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A vantage point.

    `controls` are checks of targets outside the homelab that tell whether it is online itself. `provider` is who runs
    it, for readers. `reaches` are the networks whose targets it can probe.
    """

    id: str
    name: str
    controls: tuple[Check, ...] = ()
    provider: str = ""
    reaches: tuple[str, ...] = (PUBLIC,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What readers know of; its status is the worst of its checks."""

    id: str
    name: str
    description: str = ""
    depends_on: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Components that readers see together, in the order written."""

    id: str
    name: str
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAddress:
    """Where objects live.

    `file:dir` or `s3://bucket/prefix`, with what S3 servers need; what a `provider` implies is filled in. Secrets are
    names of variables; `profile` is one of AWS's own configuration.
    """

    url: str
    provider: str = ""
    endpoint: str = ""
    region: str = ""
    addressing: str = "auto"
    access_key_env: str = ""
    secret_key_env: str = ""
    profile: str = ""
    ca_file: str = ""
    acl: str = ""


class PurgeForm(StrEnum):
    """The form in which a CDN is told to forget what changed."""

    PLAIN = "plain"
    CLOUDFLARE = "cloudflare"
    FASTLY = "fastly"
    BUNNY = "bunny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """Whom to tell what changed: the names of the variables that hold the address and the token, and the form."""

    url_env: str
    token_env: str = ""
    form: PurgeForm = PurgeForm.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretUse:
    """The name of an environment variable, and where the project's files ask for it."""

    name: str
    at: Place


class Independence(StrEnum):
    """What becomes of a page that shares something with what it reports on: it is published, or it is not."""

    TELL = "tell"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Everything that people wrote, checked and resolved.

    `interval` is how often a run is expected; an observation counts for two and a half of them. `keep` is how long
    a day is remembered, None for ever. `allowed` are addresses, networks and hosts that may be published. Every
    component id in an announcement exists; ids are unique; updates are in order of time.
    """

    site: Site
    interval: timedelta = timedelta(minutes=5)
    confirm_after: timedelta = timedelta(seconds=3)
    locations: tuple[Location, ...]
    groups: tuple[Group, ...]
    announcements: tuple[Announcement, ...] = ()
    state: StoreAddress = StoreAddress(url="file:.statusgen")
    target: StoreAddress = StoreAddress(url="file:public")
    theme: str = "default"
    keep: timedelta | None = None
    independence: Independence = Independence.TELL
    secrets: tuple[SecretUse, ...] = ()
    allowed: tuple[str, ...] = ()
    purge: Purge | None = None

    @property
    def components(self) -> tuple[Component, ...]:
        """Every component, in the order of the groups."""
        return tuple(component for group in self.groups for component in group.components)

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check, in the order of the components."""
        return tuple(check for component in self.components for check in component.checks)

    def checks_from(self, location: Location, shard: Shard | None = None) -> tuple[Check, ...]:
        """Return what a location probes: every check whose target it can reach, then its controls.

        Of a part, only the checks in it, but every control: whether the location is online is judged for each run.
        """
        probed = (check for check in self.checks if check.network in location.reaches and not check.passive)
        return (*(check for check in probed if shard is None or shard.holds(check.id)), *location.controls)

    @property
    def hold(self) -> timedelta:
        """How long an observation speaks for its target: two and a half intervals."""
        return self.interval * 5 / 2
