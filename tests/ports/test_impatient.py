"""A store that is not waited for: what it answers in time is the real one's word, and what is late is given up."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from statusgen.errors import StoreError
from statusgen.history import doubted
from statusgen.model.project import StoreAddress
from statusgen.ports import Blob, ObjectStore
from statusgen.stores.impatient import Impatient
from statusgen.stores.s3 import S3Store
from statusgen.stores.s3_client import Limits, open_s3
from tests.fakes import START, FixedSecrets, MemoryStore
from tests.ports.conftest import MakeStore

BRIEF = 0.05
"""Seconds of patience, where nothing answers anyway."""


@pytest.fixture
def silent() -> Iterator[S3Store]:
    """A bucket on a server that accepts connections and never answers; a request would be waited for for a minute."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = StoreAddress(
            url="s3://bucket/state",
            endpoint=f"http://127.0.0.1:{server.getsockname()[1]}",
            access_key_env="KEY",
            secret_key_env="KEY",
        )
        limits = Limits(connect=60, read=60, attempts=1)
        store = open_s3(address, root=Path("/"), secrets=FixedSecrets({"KEY": "hunter2-secret"}), limits=limits)
        yield store
        store.close()


def test_what_is_answered_in_time_is_the_real_stores_word(make_store: MakeStore) -> None:
    real = make_store("main")
    store = Impatient(real, patience=60)
    assert store.name == real.name
    store.write([Blob(key="a/b", body=b"body"), Blob(key="c", body=b"")])
    assert store.list() == real.list()
    assert [one.key for one in store.list("a/")] == ["a/b"]
    assert store.read(["a/b", "missing"]) == {"a/b": b"body"}
    assert store.read([]) == {}
    store.delete(["c"])
    assert [one.key for one in real.list()] == ["a/b"]


def test_what_the_real_store_raises_is_raised() -> None:
    real = MemoryStore()
    real.broken = {"list": "access denied", "read": "access denied"}
    for question in (lambda store: store.list("a"), lambda store: store.read(["a"])):
        with pytest.raises(StoreError, match="access denied"):
            question(Impatient(real, patience=60))


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda store: store.list(), "cannot list 's3://bucket/state': no answer in time"),
        (lambda store: store.list("raw/"), "cannot list 'raw/': no answer in time"),
        (lambda store: store.read(["a", "b"]), "cannot read 'a': no answer in time"),
    ],
)
def test_a_server_that_never_answers_is_given_up(
    silent: S3Store, ask: Callable[[ObjectStore], object], said: str
) -> None:
    with pytest.raises(StoreError) as failure:
        ask(Impatient(silent, BRIEF))
    assert str(failure.value) == said


def test_a_state_that_never_answers_doubts_nothing(silent: S3Store) -> None:
    state = Impatient(silent, BRIEF)
    assert doubted(MemoryStore(), state, "home", now=START, hold=timedelta(minutes=12)) == frozenset()
