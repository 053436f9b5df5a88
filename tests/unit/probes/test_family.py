"""Whether a place has a kind of addresses: the routing table is asked, and nothing is sent."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from statusgen.probes import family, network
from statusgen.probes.family import FamilyMissingError, has_way, require
from statusgen.probes.network import addresses_of
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, Pin

Ask = Callable[[str], str]
NO_WAY = OSError(errno.ENETUNREACH, "")


class Line:
    """A datagram socket whose routes are a function from the address to the source, or an error."""

    def __init__(self, source: Ask) -> None:
        self._source = source
        self._chosen = ""

    def connect(self, where: tuple[str, int]) -> None:
        self._chosen = self._source(where[0])

    def getsockname(self) -> tuple[str, int]:
        return (self._chosen, 4711)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch) -> Callable[[Ask], None]:
    """Lay the routes of this place."""

    def lay(source: Ask) -> None:
        ours = SimpleNamespace(**{**vars(socket), "socket": lambda *_: Line(source)})
        monkeypatch.setattr(family, "socket", ours)

    return lay


def failing(error: Exception) -> Ask:
    def source(address: str) -> str:
        raise error

    return source


@pytest.mark.parametrize(
    ("address", "source", "way"),
    [
        ("203.0.113.10", "198.51.100.7", True),
        ("2001:db8::10", "2001:db8:1::7", True),
        ("2001:db8::10", "fd00::7", True),
        ("2001:db8::10", "fe80::7%eth0", False),
        ("203.0.113.10", "169.254.3.4", False),
        ("fe80::10%eth0", "fe80::7%eth0", True),
        ("::1", "::1", True),
    ],
)
def test_a_source_for_the_local_link_leads_nowhere_else(
    routes: Callable[[Ask], None], address: str, source: str, way: bool
) -> None:
    routes(lambda _: source)
    assert has_way(address) is way


@pytest.mark.parametrize(
    ("number", "way"),
    [
        (errno.ENETUNREACH, False),
        (errno.EADDRNOTAVAIL, False),
        (errno.EAFNOSUPPORT, False),
        (errno.EMFILE, True),
        (errno.EINVAL, True),
    ],
)
def test_only_an_error_that_says_so_is_no_way(routes: Callable[[Ask], None], number: int, way: bool) -> None:
    routes(failing(OSError(number, "")))
    assert has_way("2001:db8::10") is way


def test_one_way_is_enough(routes: Callable[[Ask], None]) -> None:
    def only_itself(address: str) -> str:
        if address != "::1":
            raise NO_WAY
        return "::1"

    routes(only_itself)
    require(Family.IPV6, ["2001:db8::10", "::1"])
    with pytest.raises(FamilyMissingError):
        require(Family.IPV6, ["2001:db8::10"])
    with pytest.raises(FamilyMissingError):
        require(Family.IPV6)


def addresses(
    monkeypatch: pytest.MonkeyPatch, host: str, wanted: Family, pin: Pin | None = None
) -> tuple[tuple[str, ...], list[int]]:
    """Return what a name resolves to, and the families that were asked for; `nowhere` has no address."""
    asked: list[int] = []

    async def answer(host: str, family: int) -> tuple[str, ...]:
        asked.append(family)
        if host == "nowhere":
            raise socket.gaierror(socket.EAI_NONAME, "")
        return ("2001:db8::10",)

    async def main() -> tuple[str, ...]:
        return await addresses_of(host, pin, Stopwatch(), wanted)

    monkeypatch.setattr(network, "look_up", answer)
    return asyncio.run(main()), asked


def test_a_name_is_resolved_to_addresses_of_the_family(
    monkeypatch: pytest.MonkeyPatch, routes: Callable[[Ask], None]
) -> None:
    routes(lambda _: "2001:db8:1::7")
    assert addresses(monkeypatch, "example.org", Family.IPV6) == (("2001:db8::10",), [socket.AF_INET6])
    assert addresses(monkeypatch, "example.org", Family.IPV6, Pin("2001:db8::1")) == (("2001:db8::1",), [])
    assert addresses(monkeypatch, "2001:db8::2", Family.IPV6) == (("2001:db8::2",), [])
    for host in ("nowhere", "203.0.113.10"):
        with pytest.raises(socket.gaierror):
            addresses(monkeypatch, host, Family.IPV6)


@pytest.mark.parametrize("host", ["example.org", "nowhere", "2001:db8::2"])
def test_a_place_without_the_family_says_nothing_of_the_name(
    monkeypatch: pytest.MonkeyPatch, routes: Callable[[Ask], None], host: str
) -> None:
    routes(failing(NO_WAY))
    with pytest.raises(FamilyMissingError):
        addresses(monkeypatch, host, Family.IPV6)


def test_fifty_addresses_share_the_patience_of_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "ALL_PATIENCE", 0.5)

    async def connect(address: int) -> int:
        if address < 49:
            await asyncio.sleep(3600)
        return address

    assert asyncio.run(network.first_connected(range(50), connect)) == 49  # type: ignore[arg-type]  # numbers will do
