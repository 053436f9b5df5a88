"""The way to a target: which exception stands for which reason, and which address is tried when."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl

import pytest

from statusgen.probes import network
from statusgen.probes.network import addresses_of, first_connected, proven_by, reason_of, resolve
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Pin


def verification(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (verification(10), "tls_expired"),
        (verification(9), "tls_not_yet_valid"),
        (verification(62), "tls_wrong_name"),
        (verification(64), "tls_wrong_name"),
        (verification(18), "tls_unknown_issuer"),
        (verification(19), "tls_unknown_issuer"),
        (verification(20), "tls_unknown_issuer"),
        (verification(21), "tls_unknown_issuer"),
        (verification(23), "tls_failed"),
        (ssl.SSLError(1, "wrong version number"), "tls_failed"),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), "connection_reset"),
        (ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed"), "connection_reset"),
        (socket.gaierror(-2, "Name or service not known"), "name_not_resolved"),
        (ConnectionRefusedError(errno.ECONNREFUSED, ""), "connection_refused"),
        (ConnectionResetError(errno.ECONNRESET, ""), "connection_reset"),
        (ConnectionAbortedError(errno.ECONNABORTED, ""), "connection_reset"),
        (BrokenPipeError(errno.EPIPE, ""), "connection_reset"),
        (asyncio.IncompleteReadError(b"", 1), "connection_reset"),
        (TimeoutError(), "timeout"),
        (OSError(errno.ETIMEDOUT, ""), "timeout"),
        (OSError(errno.ENETUNREACH, ""), "unreachable"),
        (OSError(errno.EHOSTUNREACH, ""), "unreachable"),
        (OSError(errno.EACCES, ""), "unreachable"),
        (OSError(errno.EMFILE, "too many open files"), None),
        (ValueError("a bug"), None),
    ],
)
def test_an_exception_stands_for_a_reason_or_for_ourselves(error: BaseException, reason: str | None) -> None:
    assert reason_of(error) == reason


def test_the_chain_is_followed_through_from_and_through_context() -> None:
    outer = RuntimeError("a library's own")
    outer.__cause__ = OSError("all attempts failed")
    outer.__cause__.__context__ = verification(10)
    assert reason_of(outer) == "tls_expired"
    assert reason_of(RuntimeError("alone")) is None


def test_a_failure_that_tells_of_ourselves_proves_nothing_and_is_raised_again() -> None:
    assert proven_by(ConnectionRefusedError(errno.ECONNREFUSED, "")) == "connection_refused"
    ours = OSError(errno.EMFILE, "too many open files")
    with pytest.raises(OSError, match="too many open files") as raised:
        proven_by(ours)
    assert raised.value is ours


def test_an_address_stands_for_itself() -> None:
    async def main() -> tuple[tuple[str, ...], float]:
        watch = Stopwatch()
        return await resolve("2001:db8::1", watch), watch.phases_ms

    assert asyncio.run(main()) == (("2001:db8::1",), 0)


def test_a_name_resolves_to_each_of_its_addresses_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, 0)) for address in ("192.0.2.2", "2001:db8::1", "192.0.2.2")]

    async def main() -> tuple[str, ...]:
        return await addresses_of("example.org", None, Stopwatch())

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert asyncio.run(main()) == ("192.0.2.2", "2001:db8::1")


def test_a_pinned_address_needs_no_name() -> None:
    async def main() -> tuple[str, ...]:
        return await addresses_of("nowhere.invalid", Pin("192.0.2.1"), Stopwatch())

    assert asyncio.run(main()) == ("192.0.2.1",)


def connect_to(monkeypatch: pytest.MonkeyPatch, **behaviours: Exception | str | None) -> str:
    """Return where `first_connected` ends up; None is an address that keeps silent."""
    monkeypatch.setattr(network, "PATIENCE", 0.01)

    async def connect(address: str) -> str:
        match behaviours[address]:
            case Exception() as error:
                raise error
            case None:
                await asyncio.sleep(0.05)
                return f"{address} at last"
        return address

    return asyncio.run(first_connected(tuple(behaviours), connect))


REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "")
NO_WAY = OSError(errno.ENETUNREACH, "")


def test_the_first_address_that_connects_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connect_to(monkeypatch, a="yes", b=REFUSED) == "a"
    assert connect_to(monkeypatch, a=NO_WAY, b=REFUSED, c="yes", d="yes") == "c"


def test_a_silent_address_is_passed_over_but_the_last_has_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connect_to(monkeypatch, a=None, b="yes") == "b"
    assert connect_to(monkeypatch, a=REFUSED, b=None) == "b at last"


def test_the_first_error_is_told_when_no_address_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConnectionRefusedError):
        connect_to(monkeypatch, a=REFUSED, b=NO_WAY)


def test_what_is_our_own_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="too many open files"):
        connect_to(monkeypatch, a=OSError(errno.EMFILE, "too many open files"), b="yes")
