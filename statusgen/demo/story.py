"""What the demonstration shows: all is well, two things break, and what the page makes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from statusgen.demo.scene import Scene, scene
from statusgen.demo.signals import undisturbed_end, unwinding
from statusgen.model.page import ComponentView, Page
from statusgen.model.reason import describe
from statusgen.model.words import Status
from statusgen.ports import Clock, Progress

Say = Callable[[str], None]


def demonstrate(*, keep: bool, clock: Clock, progress: Progress, say: Say) -> None:
    """Start everything, publish, break Redis and an edge node, publish again and say what changed.

    With `keep` it all goes on until Ctrl-C. Nothing is left behind, however it ends. Raises `MissingPartError` without
    the extra `demo`, `ServiceError` when a server does not start, and what publishing raises.
    """
    with unwinding(), scene(clock=clock) as here, undisturbed_end():
        here.start(progress)
        before = here.publish(progress)
        say(f"\nEverything runs, and the page says: {_words(before.page.status)}.")
        here.instance.redis.stop()
        here.instance.edges["fremont"].stop()
        say("Redis and the edge node Fremont are stopped; the next run looks again.\n")
        after = here.publish(progress)
        say("\nWhat changed on the page:\n")
        for line in changes(before.page, after.page):
            say(f"  {line}")
        say(f"\n{len(after.plan.uploads)} of {len(after.plan.uploads) + after.plan.unchanged} files were sent again.")
        if keep:
            _stay(here, say)
        else:
            say(f"The page was at {here.url}")
            say("It is gone now; 'statusgen demo --keep' leaves it running to look at.")


def changes(before: Page, after: Page) -> Iterator[str]:
    """Yield a line for each component and one for the page: before, after and why."""
    earlier = {component.id: component for component in before.components}
    width = max(len(component.name) for component in after.components)
    for component in after.components:
        was = earlier[component.id].status
        yield f"{component.name:<{width}}  {_step(was, component.status)}{_why(component, after)}"
    yield ""
    yield f"{'Page':<{width}}  {_step(before.status, after.status)}"


def _step(before: Status, after: Status) -> str:
    return _words(after) if before is after else f"{_words(before)} → {_words(after)}"


def _why(component: ComponentView, page: Page) -> str:
    reason = f": {describe(component.reason)}" if component.reason else ""
    cause = component.explained_by
    return f"{reason}, because of {page.names[cause]}" if cause else reason


def _words(status: Status) -> str:
    return status.replace("_", " ")


def _stay(here: Scene, say: Say) -> None:
    say(f"The page is at {here.url}\n")
    say("Look around: change the files, stop a server, publish again from another terminal:\n")
    say(f"  . {here.environment_file}")
    say(f"  statusgen publish --project {here.root}\n")
    say("Ctrl-C ends everything.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("")
