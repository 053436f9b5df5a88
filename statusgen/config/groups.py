"""`checks/`: groups, their components, and the checks of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from statusgen.config.checks import WrittenCheck, read_check
from statusgen.config.clear_secrets import clear_secrets
from statusgen.config.decode import decode
from statusgen.config.documents import ComponentDocument, GroupDocument
from statusgen.config.nodes import Node, Table, children, find, named
from statusgen.config.reading import Reading
from statusgen.config.source import list_files, read_source
from statusgen.config.yaml_reader import read_table
from statusgen.errors import Place
from statusgen.model.project import Check, Component, Group
from statusgen.values import slugify, suggest

FOLDER = "checks"
_LACKS = "write 'group: …' and 'components:', or delete the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Every component id that the files name, with its place, whether or not its component is right.

    `complete` is false when a file could not be read, so that an unknown id may well be in it.
    """

    ids: dict[str, Place] = field(default_factory=dict)
    complete: bool = True

    def check(self, name: str, at: Place, key: str, reading: Reading) -> None:
        """Note a problem when no component has this id."""
        if self.complete and name not in self.ids:
            hint = suggest(name, self.ids) or f"known components: {', '.join(sorted(self.ids))}"
            reading.wrong(at, key, f"there is no component {name!r}", hint)


def read_groups(reading: Reading) -> tuple[tuple[Group, ...], Inventory]:
    """Return the groups in the order of their files, and the inventory that other files may refer to."""
    tables: list[Table] = []
    complete = True
    for name in list_files(reading.root, FOLDER):
        if name.endswith((".yaml", ".yml")):
            text = read_source(reading.root, name, reading.found)
            table = None if text is None else read_table(text, name, reading.found, lacks=_LACKS)
            complete = complete and table is not None
            tables.extend([] if table is None else [table])
    inventory = Inventory(ids=_ids(tables, reading), complete=complete)
    if complete and not inventory.ids:
        hint = f"write '{FOLDER}/web.yaml' with 'group:' and 'components:'"
        reading.wrong(Place(FOLDER), "", "no component is declared, so the page could not tell of anything", hint)
    _check_dependencies(tables, inventory, reading)
    return _groups(tables, reading), inventory


def _ids(tables: Iterable[Table], reading: Reading) -> dict[str, Place]:
    """Return where each component id stands first; a second time is a problem."""
    ids: dict[str, Place] = {}
    for table in tables:
        for node in children(table, "components"):
            for name, at in named(node, "id"):
                if name in ids:
                    hint = "ids are unique in the whole project; choose another"
                    reading.wrong(at, "component.id", f"{name!r} is taken, in {ids[name]}", hint)
                ids.setdefault(name, at)
    return ids


def _groups(tables: Iterable[Table], reading: Reading) -> tuple[Group, ...]:
    groups: dict[str, Group] = {}
    where: dict[str, Place] = {}
    for table in tables:
        reading.found.extend(clear_secrets(table))
        document = decode(table, GroupDocument, reading.found)
        components = tuple(_components(table, reading))
        if document is None:
            continue
        at = find(table, ["id"] if document.id else ["group"])
        group_id = document.id or slugify(document.group)
        if not group_id:
            reading.wrong(at, "group", f"no id can be made from {document.group!r}", "add 'id: …' to the file")
        elif group_id in groups:
            message = f"the group {group_id!r} is there already, in {where[group_id]}"
            reading.wrong(at, "group", message, "put its components into one file, or give one of them another 'id:'")
        groups[group_id] = Group(id=group_id, name=document.group, components=components)
        where[group_id] = at
    return tuple(groups.values())


def _components(table: Table, reading: Reading) -> Iterator[Component]:
    for node in children(table, "components"):
        document = decode(node, ComponentDocument, reading.found, subject="component")
        component = document.id if document is not None else "?"
        written = [read_check(child, reading, "check") for child in children(node, "checks")]
        checks = tuple(_named(component, [check for check in written if check is not None], reading))
        if document is not None:
            yield Component(
                id=document.id,
                name=document.name,
                description=document.description,
                depends_on=document.depends_on,
                checks=checks,
            )


def _named(component: str, written: Iterable[WrittenCheck], reading: Reading) -> Iterator[Check]:
    """Yield the checks of a component under their ids, which are kept in history and so never made up."""
    seen: dict[str, Place] = {}
    for check in written:
        check_id = f"{component}/{check.name}"
        if check.name in seen:
            message = f"a second check {check.name!r} in this component, the first is in {seen[check.name]}"
            reading.wrong(check.at, "check", message, "give one of them an 'id:', such as 'id: api'")
        seen.setdefault(check.name, check.at)
        yield check.named(check_id, component, page=reading.page)


def _check_dependencies(tables: Iterable[Table], inventory: Inventory, reading: Reading) -> None:
    needs: dict[str, dict[str, Place]] = {}
    for table in tables:
        for node in children(table, "components"):
            for own, _ in named(node, "id")[:1]:
                needs[own] = dict(_dependencies(own, node, inventory, reading))
    _check_circles(needs, reading)


def _dependencies(own: str, node: Node, inventory: Inventory, reading: Reading) -> Iterator[tuple[str, Place]]:
    for name, at in named(node, "depends_on"):
        if name == own:
            reading.wrong(at, "component.depends_on", f"{name!r} depends on itself", "delete it here")
            continue
        inventory.check(name, at, "component.depends_on", reading)
        yield name, at


def _check_circles(needs: dict[str, dict[str, Place]], reading: Reading) -> None:
    """Note each circle of dependencies, at the line that closes it."""
    while circle := _circle(needs):
        start = min(range(len(circle)), key=lambda index: list(needs).index(circle[index]))
        names = circle[start:] + circle[:start]
        at = needs[names[-1]].pop(names[0])
        message = f"a circle of dependencies: {' → '.join([*names, names[0]])}"
        hint = "delete the weakest of them: which component can work without the next?"
        reading.wrong(at, "component.depends_on", message, hint)


def _circle(needs: dict[str, dict[str, Place]]) -> list[str]:
    """Return components of which each depends on the next and the last on the first; none when there is no circle."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[:0:-1]
    return []
