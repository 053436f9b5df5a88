"""The whole examination: what is looked up, and what all parts of it find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from statusgen.doctor import clock, hosts, independence, references
from statusgen.doctor.facts import Host
from statusgen.doctor.finding import Finding, Severity
from statusgen.doctor.look_up import look_up
from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact
from statusgen.model.project import Project

LookUp = Callable[[Sequence[str], Sequence[str]], Mapping[str, Host]]


def examine(project: Project, artifacts: Iterable[Artifact], ask: LookUp = look_up) -> tuple[Finding, ...]:
    """Return all that is found of a project and the site it gives; never raises for what the network does."""
    urls, theirs = hosts.own_urls(project), hosts.probed(project)
    if not urls:
        return (_unplaced(),)
    known = ask([*urls.values()], theirs)
    ours = {role: known[hosts.host_of(url)] for role, url in urls.items()}
    found = [
        *independence.judge(ours, [known[name] for name in theirs]),
        *references.judge(artifacts, {host.name for host in ours.values()}, {*theirs}),
    ]
    return (*found, *(clock.judge(ours["bucket"]) if "bucket" in ours else ()))


def enforce(project: Project, ask: LookUp = look_up) -> None:
    """Raise `PublishError` when the page shares something with what it reports on, as far as the DNS tells.

    What cannot be looked up stops nothing: on the worst night that may be the very thing that is down.
    """
    urls, theirs = hosts.own_urls(project), hosts.probed(project)
    known = ask([], [*map(hosts.host_of, urls.values()), *theirs])
    ours = {role: known[hosts.host_of(url)] for role, url in urls.items()}
    found = independence.judge(ours, [known[name] for name in theirs])
    shared = [one.title for one in found if one.severity in {Severity.WARNING, Severity.PROBLEM}]
    if shared:
        listed = "".join(f"\n    {title}" for title in shared)
        raise PublishError(
            f"nothing was sent, for the page is not independent, and 'independence: enforce' asks for that:{listed}\n"
            "    hint: `statusgen doctor` says what to do about each; 'independence: tell' publishes nevertheless"
        )


def _unplaced() -> Finding:
    return Finding(
        about=independence.ABOUT,
        severity=Severity.NOTE,
        title="the site has no address: the target is a folder, and 'site.url' is not set",
        why="what it shares with what it reports on depends on where that folder is served from",
        advice="set 'site.url' in statusgen.yaml, or a bucket as the target",
    )
