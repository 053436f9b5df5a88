"""What commands say of what would leak: which files stay in, and where in the project's files that stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from statusgen.cli.options import Settings
from statusgen.cli.wiring import secret_values
from statusgen.config.traces import traces
from statusgen.errors import Problem, PublishError
from statusgen.model.project import Project
from statusgen.publish.leaks import IN_NAME, Leak, search_for
from statusgen.publish.withheld import HINT, first_words, told

PLACES = 5
"""Lines of the project's files that are named at most."""


def refuse_leaks(project: Project, withheld: Sequence[Leak], settings: Settings) -> None:
    """Raise `PublishError` when files are withheld, with where in the project's files it stands."""
    if withheld:
        what = {leak.what.removesuffix(IN_NAME) for leak in withheld}
        found = (one for one in traces(settings.project, search_for(project, secret_values(project))) if one[1] in what)
        places = [f"{at.file}:{at.line} ({held})" for at, held in islice(found, PLACES)]
        raise PublishError(told(withheld, first_words(withheld), places))


def would_leak(project: Project, settings: Settings) -> Iterator[Problem]:
    """Yield a warning for each line of announcements and themes that would be withheld."""
    for at, held in traces(settings.project, search_for(project, secret_values(project)), everything=False):
        yield Problem(at, "", f"this holds {held}, and would not be published", HINT, warning=True)
