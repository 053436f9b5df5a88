"""What was measured and what was written, told at length: bars, charts, stories and prose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from statusgen.model.announcement import Announcement
from statusgen.model.components import ComponentView, GroupView
from statusgen.model.measured import DayBar, DaySpeed, Outage, PlaceSpeed
from statusgen.model.told import IncidentView, MaintenanceView, PostView, SeriesView
from statusgen.render import bars, chart, diary, links, markdown, portable, stories, troubles
from statusgen.render.stories import Story
from statusgen.render.troubles import Trouble
from statusgen.render.vocabulary.base import Base

_GIST, _ENOUGH = 200, 1000
"""Characters of a text in a preview, and of Markdown that hold so much of it."""


@dataclass(frozen=True, slots=True)
class Stories(Base):
    """The functions that draw and tell."""

    def troubles(self, component: ComponentView) -> tuple[Trouble, ...]:
        """The outages of a component by episode, newest first."""
        return troubles.troubles(self.page, component.id, self.say)

    def contents(self, month: diary.Month) -> str:
        """What a month tells, in words: `2 incidents, 1 maintenance`."""
        return month.contents(self.say)

    def bars(self, days: tuple[DayBar, ...]) -> Markup:
        """Days as a drawing with its story in words, oldest first."""
        return bars.draw(days, self.say, running=None if self.near else self.page.published.date())

    def days_of(self, group: GroupView) -> tuple[DayBar, ...]:
        """The days of a group, each that of its worst component; for `bars`."""
        return bars.merge(group)

    def speed_scale(self, component: ComponentView) -> float:
        """The latency in milliseconds at the upper end of the scale of a component's charts."""
        return chart.top(component.speeds)

    def speed_chart(self, place: PlaceSpeed, component: ComponentView, top_ms: float) -> Markup:
        """How fast a component answered from a place, as a drawing over the days of its bars without today."""
        first, days = component.bars[0].day, len(component.bars) - 1
        return chart.draw(place, self.say, first=first, days=days, top_ms=top_ms)

    def speed_words(self, place: PlaceSpeed) -> str:
        """The same in a sentence."""
        return chart.describe(place, self.say)

    def speed_table(self, component: ComponentView) -> tuple[tuple[date, tuple[DaySpeed | None, ...]], ...]:
        """The same as a table: each day, newest first, with what every place saw; None where there was no answer."""
        return chart.table(component.speeds)

    def stories(self, outages: tuple[Outage, ...]) -> tuple[Story, ...]:
        """Outages as stories: what began together is one."""
        return stories.stories(outages)

    def story(self, story: Story, near: date | None = None) -> str:
        """A story in one sentence; `near` is an instant whose day and year need not be repeated."""
        return stories.sentence(story, self.page.names, self.say, near or self.near)

    def story_details(self, story: Story, near: date | None = None) -> tuple[str, ...]:
        """A sentence for each component of a story that has several."""
        return stories.details(story, self.page.names, self.say, near or self.near)

    def prose(self, text: str, source: Announcement, level: int, part: str = links.TEXT) -> Markup:
        """Markdown that people wrote, as HTML whose outermost heading has the given level.

        `part` tells the ids within it from those of other parts: that of an update is `update-2`.
        """
        own = self.here == links.path_of(source)
        return markdown.to_html(
            text,
            self.say,
            resolve=self._resolver(source),
            level=level,
            prefix=links.prefix(part, None if own else source),
            pictures=source.pictures,
        )

    def _resolver(self, source: Announcement) -> markdown.Resolve:
        return lambda href: links.link(self.page, links.target_of(href, links.path_of(source)), self.here)

    def gist(self, view: IncidentView | MaintenanceView | PostView | SeriesView) -> str:
        """How an announcement stands and how its newest text begins: what a preview of a link to it shows."""
        updates = view.updates if isinstance(view, IncidentView | MaintenanceView) else ()
        newest = next((one.body for one in reversed(updates) if one.body), view.source.body)
        text = " ".join(markdown.to_text(newest[:_ENOUGH], self.say).split())
        beginning = portable.excerpt(text, _GIST)
        if not isinstance(view, IncidentView | MaintenanceView):
            return beginning
        phase = self.say.phase(view.phase)
        return self.say("{what}: {why}", what=phase, why=beginning) if beginning else phase
