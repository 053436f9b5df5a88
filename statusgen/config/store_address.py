"""State and target: what each says must fit together, and neither may lie where the other would delete it."""

from __future__ import annotations

from pathlib import Path, PurePath

from statusgen.config.documents import SettingsDocument, StoreDocument
from statusgen.config.nodes import Table, find, find_key
from statusgen.config.reading import Reading
from statusgen.model.project import StoreAddress

_SOURCES = ("checks", "content", "themes")


def address(document: StoreDocument) -> StoreAddress:
    """Return a store's address as plain data."""
    return StoreAddress(
        url=document.url,
        endpoint=document.endpoint or "",
        region=document.region or "",
        addressing=str(document.addressing),
        access_key_env=document.access_key_env or "",
        secret_key_env=document.secret_key_env or "",
        ca_file=document.ca_file or "",
        acl=str(document.acl or ""),
    )


def check_stores(table: Table, document: SettingsDocument, reading: Reading) -> None:
    """Note what is wrong with the stores in themselves, and with where they lie."""
    state, target = document.state, document.target
    for key, store in (("state", state), ("target", target)):
        _check_keys(table, key, store, reading)
        sources = [folder for folder in _SOURCES if _overlap(store.url, f"file:{folder}", reading.root)]
        if sources:
            message = f"{store.url!r} would mix with what you write in '{sources[0]}/'"
            reading.wrong(find(table, [key, "url"]), key, message, "choose a folder of its own, such as 'file:public'")
    if state.endpoint == target.endpoint and _overlap(state.url, target.url, reading.root):
        key = "target" if "target" in table.entries else "state"
        message = f"state {state.url!r} and target {target.url!r} lie in one another"
        hint = "publishing deletes what is not part of the site: give each a bucket, folder or prefix of its own"
        reading.wrong(find(table, [key, "url"]), key, message, hint)


def _check_keys(table: Table, key: str, store: StoreDocument, reading: Reading) -> None:
    for name in sorted(store.model_fields_set - {"url"}) if store.url.startswith("file:") else ():
        hint = "delete it, or write 's3://BUCKET/PREFIX' as the url"
        reading.wrong(find_key(table, [key, name]), f"{key}.{name}", "this key is for a bucket, got a folder", hint)
    for one, other in (("access_key_env", "secret_key_env"), ("secret_key_env", "access_key_env")):
        if getattr(store, one) and not getattr(store, other):
            message = f"{one!r} goes with {other!r}, got it alone"
            reading.wrong(find_key(table, [key, one]), f"{key}.{one}", message, f"add '{other}: NAME'")
    if store.ca_file and not (reading.root / store.ca_file).is_file():
        at = find(table, [key, "ca_file"])
        reading.wrong(
            at, f"{key}.ca_file", f"there is no file {store.ca_file!r}", "paths start at the project's folder"
        )


def _overlap(one: str, other: str, root: Path) -> bool:
    """Return whether two stores are the same or one lies in the other."""
    first, second = _path(one, root), _path(other, root)
    return first == second or first in second.parents or second in first.parents


def _path(url: str, root: Path) -> PurePath:
    scheme, _, path = url.partition(":")
    return (root / path).resolve() if scheme == "file" else PurePath(scheme, path.lstrip("/"))
