"""`statusgen.yaml`: the site, the locations, where things go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from statusgen.config.catalogues import path_of
from statusgen.config.checks import read_check
from statusgen.config.clear_secrets import clear_secrets
from statusgen.config.decode import decode, secret_uses
from statusgen.config.documents import LocationDocument, SettingsDocument, SiteDocument
from statusgen.config.logo import read_logo
from statusgen.config.nodes import Node, Table, children, find
from statusgen.config.reading import Reading
from statusgen.config.source import read_source
from statusgen.config.store_address import address, check_stores
from statusgen.config.theme import languages, speaks
from statusgen.config.yaml_reader import read_table
from statusgen.errors import Place
from statusgen.model.observation import CONTROL_PREFIX
from statusgen.model.project import Check, Independence, Link, Location, Purge, Site, StoreAddress
from statusgen.render.tongue import is_english
from statusgen.values import canonical_url, suggest

FILE = "statusgen.yaml"
OUTSIDE = Location(id="outside", name="Outside")
"""The location of a project that names none."""

_LACKS = "write 'site: {name: Our instance}' into it; all other keys have defaults"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `statusgen.yaml` says."""

    site: Site
    interval: timedelta
    confirm_after: timedelta
    locations: tuple[Location, ...]
    state: StoreAddress
    target: StoreAddress
    theme: str
    keep: timedelta | None
    independence: Independence
    allowed: tuple[str, ...] = ()
    purge: Purge | None = None


def read_settings(reading: Reading) -> Settings | None:
    """Return the settings; None, and every problem in `reading`, when the file is missing or wrong."""
    table = _table(reading)
    if table is None:
        return None
    reading.found.extend(clear_secrets(table))
    document = decode(table, SettingsDocument, reading.found)
    locations = tuple(_locations(table, reading)) or (OUTSIDE,)
    reading.networks.update(network for location in locations for network in location.reaches)
    if document is None:
        return None
    reading.secrets.extend(secret_uses(document, table))
    _check_confirm_after(table, document, reading)
    check_stores(table, document, reading)
    _check_theme(table, document, reading)
    _check_languages(table, document, reading)
    return Settings(
        site=_site(document.site, table, reading),
        interval=document.interval,
        confirm_after=document.confirm_after,
        locations=locations,
        state=address(document.state),
        target=address(document.target),
        theme=document.theme,
        keep=document.keep,
        independence=document.independence,
        allowed=document.leaks.allow,
        purge=_purge(document, table, reading),
    )


def _table(reading: Reading) -> Table | None:
    if not (reading.root / FILE).exists():
        misnamed = (reading.root / "statusgen.yml").exists()
        hint = "rename 'statusgen.yml'" if misnamed else f"{_LACKS}. If it is elsewhere, say '--project DIR'"
        reading.wrong(Place(FILE), "", "the file is missing", hint)
        return None
    text = read_source(reading.root, FILE, reading.found)
    return None if text is None else read_table(text, FILE, reading.found, lacks=_LACKS)


def _site(document: SiteDocument, table: Table, reading: Reading) -> Site:
    return Site(
        name=document.name,
        url=canonical_url(document.url) if document.url else "",
        description=document.description,
        language=document.language,
        languages=document.languages,
        notice=document.notice,
        links=tuple(Link(name=link.name, url=link.url) for link in document.links),
        accent=document.accent,
        logo=read_logo(document.logo, find(table, ["site", "logo"]), reading) if document.logo else None,
    )


def _purge(document: SettingsDocument, table: Table, reading: Reading) -> Purge | None:
    said = document.purge
    if said is None:
        return None
    if not document.site.url:
        message = "nobody can be told which addresses changed, for the site has no 'url'"
        reading.wrong(find(table, ["purge"]), "purge", message, "write 'site: {name: ..., url: https://...}'")
    return Purge(url_env=str(said.url_env), token_env=str(said.token_env or ""), form=said.form)


def _locations(table: Table, reading: Reading) -> Iterator[Location]:
    seen: dict[str, Place] = {}
    for node in children(table, "locations"):
        document = decode(node, LocationDocument, reading.found, subject="location")
        controls = _controls(node, document.id if document else "", reading)
        if document is None:
            continue
        if document.id in seen:
            at = find(node, ["id"])
            reading.wrong(at, "location.id", f"{document.id!r} is taken, in {seen[document.id]}", "choose another id")
        seen.setdefault(document.id, find(node, ["id"]))
        yield Location(
            id=document.id,
            name=document.name or document.id,
            controls=controls,
            provider=document.provider or "",
            reaches=document.reaches,
        )


def _controls(node: Node, location: str, reading: Reading) -> tuple[Check, ...]:
    """Return a location's controls; several of one kind are numbered, for nobody looks at their history."""
    controls: dict[str, Check] = {}
    for child in children(node, "controls"):
        written = read_check(child, reading, "control")
        if written is None:
            continue
        name, number = f"{CONTROL_PREFIX}{location}/{written.name}", 1
        while name in controls:
            number += 1
            name = f"{CONTROL_PREFIX}{location}/{written.name}-{number}"
        controls[name] = written.named(name, "", page="")
    return tuple(controls.values())


def _check_confirm_after(table: Table, document: SettingsDocument, reading: Reading) -> None:
    if document.confirm_after >= document.interval:
        at = find(table, ["confirm_after"] if "confirm_after" in table.entries else ["interval"])
        message = "a failed probe would be tried again only after the next run"
        reading.wrong(at, "confirm_after", message, "make 'confirm_after' (3s if unset) shorter than 'interval'")


def _check_languages(table: Table, document: SettingsDocument, reading: Reading) -> None:
    """Refuse a further language that is none: the main one, one twice, or one that the theme does not know."""
    seen = {document.site.language}
    at = find(table, ["site", "languages"])
    for tag in document.site.languages:
        if tag in seen:
            hint = "delete it there: 'languages' are those besides 'language'"
            reading.wrong(at, "site.languages", f"the site speaks {tag!r} already", hint)
        elif not is_english(tag) and not speaks(reading.root, document.theme, tag):
            known = ["en", *languages(reading.root, document.theme)]
            hint = suggest(tag, known) or f"put its words into 'themes/{document.theme}/{path_of(tag)}'"
            reading.wrong(at, "site.languages", f"there is no catalogue of the language {tag!r}", hint)
        seen.add(tag)


def _check_theme(table: Table, document: SettingsDocument, reading: Reading) -> None:
    folder = reading.root / "themes"
    if document.theme == "default" or (folder / document.theme).is_dir():
        return
    known = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    message = f"there is no folder 'themes/{document.theme}'"
    hint = suggest(document.theme, ["default", *known]) or "leave 'theme' out for the default one"
    reading.wrong(find(table, ["theme"]), "theme", message, hint)
