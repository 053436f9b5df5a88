"""Real servers for the tests: each starts once, on free loopback ports, in a temporary folder.

A test may stop a server or make it hang: after each test every one of them runs again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest

from statusgen.demo.instance import Streaming
from statusgen.demo.services import Authority, MissingPartError, Nginx, PostgreSQL, Redis, SeaweedFS, Server
from statusgen.sweep import threshold
from tests.conftest import missing
from tests.integration.operating import Operator
from tests.unit.cli.conftest import statusgen, write  # noqa: F401 - fixtures

Some = TypeVar("Some", bound=Server)

_numbers = count()


@pytest.fixture(autouse=True)
def _every_latency_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a machine that is busy with other things keep the latencies that it took: these tests are of the targets."""
    monkeypatch.setattr(threshold, "OURS", math.inf)


@contextmanager
def running(make: Callable[[], Some]) -> Iterator[Some]:
    """Make and start a server for a test; a wheel that is not installed skips the test, or fails it in CI."""
    try:
        server = make()
        server.start()
    except MissingPartError as error:
        missing(" and ".join(error.parts))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def services_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of every server of this session."""
    return tmp_path_factory.mktemp("services")


@pytest.fixture(scope="session")
def authority(services_folder: Path) -> Authority:
    """The throw-away authority whose certificates the servers show."""
    try:
        return Authority(services_folder / "authority")
    except MissingPartError as error:
        missing(" and ".join(error.parts))


@pytest.fixture(scope="session")
def _postgres(services_folder: Path) -> Iterator[PostgreSQL]:
    with running(lambda: PostgreSQL(services_folder / "postgres", settings={"max_connections": "20"})) as server:
        yield server


@pytest.fixture
def postgres(_postgres: PostgreSQL) -> Iterator[PostgreSQL]:
    """PostgreSQL with a password and twenty connections."""
    yield _postgres
    _postgres.restore()


@pytest.fixture(scope="session")
def _redis(services_folder: Path) -> Iterator[Redis]:
    with running(lambda: Redis(services_folder / "redis")) as server:
        yield server


@pytest.fixture
def redis_server(_redis: Redis) -> Iterator[Redis]:
    """Redis with a password."""
    yield _redis
    _redis.restore()


@pytest.fixture(scope="session")
def _streaming(services_folder: Path) -> Iterator[Streaming]:
    with running(lambda: Streaming(services_folder / "streaming")) as server:
        yield server


@pytest.fixture
def streaming(_streaming: Streaming) -> Iterator[Streaming]:
    """A WebSocket server like Mastodon's, which lets in whoever has its token."""
    yield _streaming
    _streaming.restore()


@pytest.fixture(scope="session")
def _s3(services_folder: Path, authority: Authority) -> Iterator[SeaweedFS]:
    with running(lambda: SeaweedFS(services_folder / "s3", authority=authority)) as server:
        yield server


@pytest.fixture
def s3(_s3: SeaweedFS) -> Iterator[SeaweedFS]:
    """An S3 server over http and https, with a bucket `pages`; use prefixes of your own in it."""
    yield _s3
    _s3.restore()


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Callable[[str], Nginx]]:
    """Start an nginx with what stands inside its `http` block, where `@PORT@` becomes its port."""
    with ExitStack() as stack:

        def start(body: str) -> Nginx:
            folder = tmp_path / f"nginx-{len(list(tmp_path.glob('nginx-*')))}"
            return stack.enter_context(running(lambda: Nginx(folder, body=body)))

        yield start


@pytest.fixture
def operator(s3: SeaweedFS, tmp_path: Path) -> Operator:
    """An operator with a prefix of their own."""
    return Operator(tmp_path, s3, f"operator-{next(_numbers)}")
