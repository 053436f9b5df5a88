"""State and target: what each says must fit together, and neither may lie where the other would delete it."""

from __future__ import annotations

from pathlib import Path, PurePath

from statusgen.config.documents import SettingsDocument
from statusgen.config.nodes import Table, find, find_key
from statusgen.config.reading import Reading
from statusgen.config.store_document import Addressing, StoreDocument
from statusgen.model.project import StoreAddress
from statusgen.model.providers import PROVIDERS, Acl, Provider
from statusgen.values import either

_SOURCES = ("checks", "content", "themes")
_ANY = Provider(title="any server")
"""The provider of a store that names none."""


def address(document: StoreDocument) -> StoreAddress:
    """Return a store's address as plain data, with what its provider implies filled in."""
    provider = _provider(document)
    region = document.region or provider.region
    implied = provider.endpoint_for(region=region, account=document.account or "")
    automatic = document.addressing is Addressing.AUTO
    return StoreAddress(
        url=document.url,
        provider=document.provider or "",
        endpoint=document.endpoint or implied,
        region=region,
        addressing=provider.addressing if automatic else str(document.addressing),
        access_key_env=document.access_key_env or "",
        secret_key_env=document.secret_key_env or "",
        profile=document.profile or "",
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
    if address(state).endpoint == address(target).endpoint and _overlap(state.url, target.url, reading.root):
        key = "target" if "target" in table.entries else "state"
        message = f"state {state.url!r} and target {target.url!r} lie in one another"
        hint = "publishing deletes what is not part of the site: give each a bucket, folder or prefix of its own"
        reading.wrong(find(table, [key, "url"]), key, message, hint)


def _check_keys(table: Table, key: str, store: StoreDocument, reading: Reading) -> None:
    if store.url.startswith("file:"):
        for name in sorted(store.model_fields_set - {"url"}):
            hint = "delete it, or write 's3://BUCKET/PREFIX' as the url"
            reading.wrong(find_key(table, [key, name]), f"{key}.{name}", "this key is for a bucket, got a folder", hint)
        return
    _check_provider(table, key, store, reading)
    _check_credentials(table, key, store, reading)
    if store.ca_file and not (reading.root / store.ca_file).is_file():
        at = find(table, [key, "ca_file"])
        reading.wrong(
            at, f"{key}.ca_file", f"there is no file {store.ca_file!r}", "paths start at the project's folder"
        )


def _check_provider(table: Table, key: str, store: StoreDocument, reading: Reading) -> None:
    """Note what the provider needs and is not said, and what it cannot do with."""
    provider, named = _provider(store), _named(store)
    at = find(table, [key, "provider"])
    if store.account and not provider.wants_account:
        takers = either(f"provider: {name}" for name, one in PROVIDERS.items() if one.wants_account)
        hint = f"delete it, or write {takers}"
        reading.wrong(find_key(table, [key, "account"]), f"{key}.account", f"{named} has no accounts here", hint)
    if store.endpoint is None and provider.own:
        hint = "add 'endpoint: https://…', the address of your server"
        reading.wrong(at, f"{key}.provider", f"{named} needs an 'endpoint'", hint)
    if store.endpoint is None and provider.wants_account and not store.account:
        hint = "add 'account: ID', the 32 digits in the address that the provider shows for S3"
        reading.wrong(at, f"{key}.provider", f"{named} needs an 'account'", hint)
    if provider.wants_region and not store.region:
        hint = f"add the one that your bucket is in, such as 'region: {provider.example}'"
        reading.wrong(at, f"{key}.provider", f"{named} needs a 'region'", hint)
    if store.acl and provider.acl is Acl.NONE:
        hint = "delete it, and let people read the whole bucket, as that provider does"
        reading.wrong(find_key(table, [key, "acl"]), f"{key}.acl", f"{named} takes no access lists", hint)


def _check_credentials(table: Table, key: str, store: StoreDocument, reading: Reading) -> None:
    """Note keys of which half is missing, and two places for them."""
    for one, other in (("access_key_env", "secret_key_env"), ("secret_key_env", "access_key_env")):
        if getattr(store, one) and not getattr(store, other):
            message = f"{one!r} goes with {other!r}, got it alone"
            reading.wrong(find_key(table, [key, one]), f"{key}.{one}", message, f"add '{other}: NAME'")
    if store.profile and (store.access_key_env or store.secret_key_env):
        message = "'profile' and 'access_key_env' both say where the keys come from"
        reading.wrong(find_key(table, [key, "profile"]), f"{key}.profile", message, "keep one of them")


def _provider(store: StoreDocument) -> Provider:
    """Return the provider that a store names; one without wishes when it names none."""
    return PROVIDERS[store.provider] if store.provider else _ANY


def _named(store: StoreDocument) -> str:
    """Return how a message names a store's provider."""
    return repr(store.provider) if store.provider else "a store without 'provider'"


def _overlap(one: str, other: str, root: Path) -> bool:
    """Return whether two stores are the same or one lies in the other."""
    first, second = _path(one, root), _path(other, root)
    return first == second or first in second.parents or second in first.parents


def _path(url: str, root: Path) -> PurePath:
    scheme, _, path = url.partition(":")
    return (root / path).resolve() if scheme == "file" else PurePath(scheme, path.lstrip("/"))
