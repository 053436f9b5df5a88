"""Components as readers see them at one instant, and who sees them. The docstrings are the theme author's reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.model.measured import DayBar, Period, PlaceSpeed, Uptime
from statusgen.model.words import Status

_NO_TIME = Uptime(period=timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """What one location says of one check now.

    `status` is None where the location cannot measure it; `reason` then says why, if that is known. `since` is when it
    began to say so, whatever its reasons were: None when it never said anything. `provider` is who runs the place;
    empty when that is not written.
    """

    location: str
    name: str
    status: Status | None
    reason: str | None = None
    since: datetime | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check of a component now: the verdict, and what each location says, in the order written.

    `voters` counts the locations that have a vote, `failing` those of them that see something wrong.
    """

    id: str
    kind: str
    status: Status
    reason: str | None
    places: tuple[PlaceView, ...]
    voters: int = 0
    failing: int = 0

    @property
    def disputed(self) -> bool:
        """Whether some places see something wrong and others do not."""
        return 0 < self.failing < self.voters


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentView:
    """A component as readers see it now.

    `status` is what is announced, `measured` what was measured; they differ under maintenance, when people raised
    it, or when it is `manual`: without checks it is `operational` on people's word until an incident raises it, while
    `measured` stays `unknown` and `bars` is empty. `reason` (closed list) explains a measured status that is not
    operational; `since` is when the present measured status began, None when it was never measured. `bars` are the
    ninety days of the window, oldest first, today last; `periods` are its figures over 7, 30, 90 and 365 whole days,
    without today. `typical_ms` is the median latency over the window of its first
    check that answers. `explained_by` is the id of the component it depends on whose outage explains this one's, also
    while both are unsettled after it.
    `times` is how often it went down in the episode that is not over yet, which began at `episode`; 0 and None
    otherwise. `today` is the uptime of today until the present measured status began, so that it stays what it is while
    nothing happens. `checks` says who sees what, `speeds` how fast its first
    check that answers did, by place. `depends_on` and `dependents` are ids of components.
    """

    id: str
    name: str
    description: str
    status: Status
    measured: Status
    reason: str | None = None
    since: datetime | None = None
    bars: tuple[DayBar, ...] = ()
    uptime: Uptime
    periods: tuple[Period, ...] = ()
    typical_ms: float | None = None
    explained_by: str | None = None
    episode: datetime | None = None
    times: int = 0
    today: Uptime = _NO_TIME
    speeds: tuple[PlaceSpeed, ...] = ()
    checks: tuple[CheckView, ...] = ()
    depends_on: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()
    manual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A group: its rolled-up status and its components in the order written."""

    id: str
    name: str
    status: Status
    components: tuple[ComponentView, ...]


@dataclass(frozen=True, slots=True)
class Vantage:
    """A place that probes: its name, who runs it (may be empty), and how many checks it carries out in each run."""

    name: str
    provider: str
    checks: int
