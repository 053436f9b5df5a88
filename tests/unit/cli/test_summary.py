"""What commands say of announcements, from a page."""

from __future__ import annotations

from statusgen.cli import summary
from statusgen.model.words import MaintenancePhase
from tests.unit.render.pages import at, incident, maintenance, page

PAGE = page(
    incidents=(incident(title="Pictures: 50 %, late", forgotten=at(12), late=True, next_update=at(18)),),
    maintenance=(
        maintenance(starts=at(14), ends=at(18), began=at(14), phase=MaintenancePhase.IN_PROGRESS, overrun=True),
        maintenance("next", starts=at(14), ends=at(18), began=at(14), phase=MaintenancePhase.VERIFYING),
    ),
)


def test_a_workflow_is_warned_of_what_was_forgotten_and_of_what_runs_late() -> None:
    title = "Pictures%3A 50 %25%2C late"
    assert [*summary.warnings_github(PAGE)] == [
        f"::warning title={title}::the update promised for 18:00 UTC is overdue",
        (
            f"::warning title={title}::forgotten? all that it names has been up since 12:00 UTC: if it is over, "
            "add an update 'resolved'"
        ),
        "::warning title=Moving the primary database::it was to end at 18:00 UTC and is not over",
    ]


def test_the_summary_of_a_workflow_tells_of_announcements_too() -> None:
    lines = [line for line in summary.page_markdown(PAGE) if line.startswith("- ")]
    assert lines == [
        "- incident: Pictures: 50 %, late (identified)",
        "- the update promised for 18:00 UTC is overdue",
        "- forgotten? all that it names has been up since 12:00 UTC: if it is over, add an update 'resolved'",
        "- maintenance: Moving the primary database (in progress, longer than announced, 3 of 14 steps done)",
        "- maintenance: Moving the primary database (verifying, 3 of 14 steps done)",
    ]
