"""Kinds of check that other packages bring: each is an entry point in the group `statusgen.probes`, named as its kind.

Names are read from the packages' metadata. A package itself is loaded when a check asks for its kind, so that one that
is broken stops nobody who does not use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points

from statusgen.errors import KindError
from statusgen.ports import ProbeKind
from statusgen.values import CheckDocument

GROUP = "statusgen.probes"


class Kinds(Mapping[str, ProbeKind]):
    """Every kind of check by its name: our own first, then those of installed packages."""

    def __init__(self, own: Mapping[str, ProbeKind], points: Iterable[EntryPoint]) -> None:
        self._own = own
        self._points = _by_name(own, points)
        self._loaded: dict[str, ProbeKind] = {}

    def __getitem__(self, name: str) -> ProbeKind:
        """Return a kind, loading its package at first; raise `KindError` when that cannot be used."""
        if name in self._own:
            return self._own[name]
        if name not in self._loaded:
            self._loaded[name] = _load(self._points[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter((*self._own, *self._points))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._own) + len(self._points)

    def __contains__(self, name: object) -> bool:
        """Return whether there is such a kind, without loading it."""
        return name in self._own or name in self._points


def with_installed(own: Mapping[str, ProbeKind]) -> Kinds:
    """Return our own kinds and those of installed packages; raise `KindError` when one offers a name that is taken."""
    return Kinds(own, entry_points(group=GROUP))


def _by_name(own: Mapping[str, ProbeKind], points: Iterable[EntryPoint]) -> dict[str, EntryPoint]:
    offered: dict[str, list[EntryPoint]] = defaultdict(list)
    for point in points:
        offered[point.name].append(point)
    for name, (first, *others) in sorted(offered.items()):
        if name in own:
            raise KindError(_told(first, "offers", "is one of statusgen's own", "remove the package"))
        if others:
            also = " and ".join(sorted(_package(point) for point in others))
            raise KindError(_told(first, "offers", f"is offered by {also} too", "remove all but one of them"))
    return {name: point for name, [point] in offered.items()}


def _load(point: EntryPoint) -> ProbeKind:
    try:
        found = point.load()
    except (Exception, SystemExit) as error:
        raise KindError(_told(point, "brings", f"cannot be loaded: {_why(error)}")) from error
    if wrong := _wrong(found, point.name):
        raise KindError(_told(point, "brings", f"cannot be used: {wrong}"))
    kind: ProbeKind = found
    return kind


def _wrong(found: object, name: str) -> str:
    """Return what is wrong with what a package brings; empty when it is a kind of that name."""
    if not isinstance(found, ProbeKind):
        return f"it is no ProbeKind but of the type {type(found).__name__!r}"
    document: object = found.document
    if not (isinstance(document, type) and issubclass(document, CheckDocument)):
        return "its document is no subclass of CheckDocument"
    if (named := getattr(document, "kind", None)) != name:
        return f"its document is for the kind {named!r}"
    if name not in {field.alias or key for key, field in document.model_fields.items()}:
        return f"its document has no key {name!r}"
    return ""


def _why(error: BaseException) -> str:
    """Return why a package could not be loaded, in words that quote nothing but names of modules."""
    if isinstance(error, ModuleNotFoundError):
        return f"the module {error.name!r} is missing"
    return f"it failed with {type(error).__name__}"


def _told(point: EntryPoint, does: str, what: str, advice: str = "update the package, or remove it") -> str:
    """Return the message for a package whose kind cannot be used."""
    entry = f"{point.name} = {point.value}"
    return (
        f"{_package(point)} {does} the kind of check {point.name!r}, which {what}\n"
        f"    hint: {advice}; it is the entry point {entry!r} in {GROUP!r}"
    )


def _package(point: EntryPoint) -> str:
    return f"the package {point.dist.name!r} {point.dist.version}" if point.dist else "a package"
