"""What the demonstration shows: all is well, two things break, and what the page makes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from statusgen.demo.scene import Scene, scene
from statusgen.demo.signals import undisturbed_end, unwinding
from statusgen.model.page import Page
from statusgen.model.words import Status
from statusgen.ports import Clock, Progress
from statusgen.render import sentence
from statusgen.render.tongue import PLAIN

Say = Callable[[str], None]


def demonstrate(*, keep: bool, clock: Clock, progress: Progress, say: Say) -> None:
    """Start everything, publish, break Redis and an edge node, publish again and say what changed.

    With `keep` it all goes on until Ctrl-C. Nothing is left behind, however it ends. Raises `MissingPartError` without
    the extra `demo`, `ServiceError` when a server does not start, and what publishing raises.
    """
    with unwinding(), scene(clock=clock) as here, undisturbed_end():
        here.start(progress)
        here.lay_past(progress)
        before = here.publish(progress)
        say(f"\nEverything runs, and the page says: {sentence.headline(before.page, PLAIN)}.")
        here.instance.redis.stop()
        here.instance.edges["fremont"].stop()
        say("Redis and the edge node Fremont are stopped; the next run looks again.\n")
        after = here.publish(progress)
        say("\nWhat changed on the page:\n")
        for line in changes(before.page, after.page):
            say(f"  {line}".rstrip())
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
        yield f"{component.name:<{width}}  {_step(earlier[component.id].status, component.status)}"
        if note := sentence.note(component, after, PLAIN, near=after.published):
            yield f"{'':<{width}}  {note}"
    yield ""
    yield f"{'Page':<{width}}  {_step(before.status, after.status)}"


def _step(before: Status, after: Status) -> str:
    label = PLAIN.label(after)
    return label if before is after else f"{PLAIN.label(before)} → {label}"


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
