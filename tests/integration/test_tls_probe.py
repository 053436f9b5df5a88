"""A `tls` check tells whether a certificate is good, for whom, from whom and until when."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from statusgen.demo.services import Authority, Nginx
from tests.integration import faults
from tests.integration.faults import Behaviour
from tests.integration.observing import found, observe

pytestmark = pytest.mark.services

NAME = "social.example"
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority that can also issue what is not valid yet."""

    authority: trustme.CA
    file: Path

    def server(self, *names: str, since: datetime = NOW - DAY, until: datetime = NOW + 90 * DAY) -> ssl.SSLContext:
        """Return what a server with such a certificate needs."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert(*names, not_before=since, not_after=until).configure_cert(context)
        return context


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """A throw-away authority."""
    file = tmp_path_factory.mktemp("issuer") / "authority.pem"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(file))
    return Issuer(authority, file)


def check(issuer: Issuer | None = None, **keys: Any) -> dict[str, Any]:
    trusted = {"ca_file": str(issuer.file)} if issuer else {}
    return {"tls": NAME, "connect_to": "127.0.0.1:@PORT@", **trusted, **keys}


def iso(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def test_a_good_certificate_is_up_and_its_end_is_told(issuer: Issuer) -> None:
    until = NOW + 90 * DAY + timedelta(hours=1)
    seen = observe(check(issuer), against=faults.hang, tls=issuer.server(NAME, until=until))
    assert found(seen) == ("up", None)
    assert seen.facts == {"expires": iso(until), "days_left": 90}
    assert list(seen.phases) == ["connect", "tls"]


def test_a_certificate_that_ends_soon_is_degraded(issuer: Issuer) -> None:
    soon = issuer.server(NAME, until=NOW + 10 * DAY + timedelta(hours=1))
    seen = observe(check(issuer), against=faults.hang, tls=soon)
    assert found(seen) == ("degraded", "tls_expires_soon")
    assert seen.facts["days_left"] == 10
    assert found(observe(check(issuer, degraded_before_expiry="9d"), against=faults.hang, tls=soon)) == ("up", None)


@pytest.mark.parametrize(
    ("names", "since", "until", "reason"),
    [
        ((NAME,), NOW - 30 * DAY, NOW - 2 * DAY - timedelta(hours=1), "tls_expired"),
        ((NAME,), NOW + DAY, NOW + 30 * DAY, "tls_not_yet_valid"),
        (("other.example", "127.0.0.1"), NOW - DAY, NOW + 30 * DAY, "tls_wrong_name"),
    ],
)
def test_a_bad_certificate_is_down_and_its_end_is_still_told(
    issuer: Issuer, names: tuple[str, ...], since: datetime, until: datetime, reason: str
) -> None:
    seen = observe(check(issuer), against=faults.hang, tls=issuer.server(*names, since=since, until=until))
    assert found(seen) == ("down", reason)
    assert seen.facts["expires"] == iso(until)
    assert seen.facts["days_left"] == (until - NOW) // DAY - (1 if reason == "tls_wrong_name" else 0) or -3


def test_a_certificate_for_another_address_is_for_another_name(issuer: Issuer) -> None:
    keys = {"tls": "127.0.0.1:@PORT@", "ca_file": str(issuer.file)}
    assert found(observe(keys, against=faults.hang, tls=issuer.server(NAME))) == ("down", "tls_wrong_name")


def test_an_unknown_issuer_is_down(issuer: Issuer) -> None:
    seen = observe(check(), against=faults.hang, tls=issuer.server(NAME))
    assert found(seen) == ("down", "tls_unknown_issuer")
    assert "expires" in seen.facts


def test_a_certificate_that_signed_itself_is_of_an_unknown_issuer(tmp_path: Path, issuer: Issuer) -> None:
    alone = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    pair = tmp_path / "pair.pem"
    pair.write_bytes(alone.private_key_pem.bytes() + alone.cert_pem.bytes())
    context.load_cert_chain(pair)
    assert found(observe(check(issuer), against=faults.hang, tls=context)) == ("down", "tls_unknown_issuer")


def test_another_name_may_be_asked_for(issuer: Issuer) -> None:
    keys = check(issuer, tls="127.0.0.1:@PORT@", server_name=NAME)
    assert found(observe(keys, against=faults.hang, tls=issuer.server(NAME))) == ("up", None)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
        (faults.reset_after_first_bytes, "connection_reset"),
        (faults.greet(b"220 mail.example ESMTP\r\n"), "tls_failed"),
        (faults.greet(faults.GARBAGE), "tls_failed"),
    ],
)
def test_a_handshake_that_goes_wrong_is_an_observation_in_time(behaviour: Behaviour, reason: str) -> None:
    assert found(observe(check(), against=behaviour, timeout=1)) == ("down", reason)


def test_a_real_server_whose_second_look_fails_keeps_its_reason(
    nginx: Callable[[str], Nginx], authority: Authority
) -> None:
    certificate = authority.issue("expired", NAME, not_after=NOW - DAY)
    server = nginx(
        f"server {{ listen 127.0.0.1:@PORT@ ssl; ssl_certificate {certificate.chain};"
        f" ssl_certificate_key {certificate.key}; }}"
    )
    keys = {"tls": NAME, "connect_to": f"127.0.0.1:{server.port}", "ca_file": str(authority.file)}
    seen = observe(keys)
    assert found(seen) == ("down", "tls_expired")
    assert seen.facts == {"expires": iso(NOW - DAY), "days_left": -2}
    server.pause()
    assert found(observe(keys, timeout=0.5)) == ("down", "timeout")
    server.resume()
    server.stop()
    assert found(observe(keys)) == ("down", "connection_refused")


def test_a_name_that_does_not_exist_is_not_resolved() -> None:
    assert found(observe({"tls": "nowhere.invalid:443"})) == ("down", "name_not_resolved")


def test_an_authority_that_cannot_be_read_is_our_failure_and_not_the_targets(tmp_path: Path) -> None:
    keys = {"tls": "127.0.0.1:@PORT@", "ca_file": str(tmp_path / "absent.pem")}
    seen = observe(keys, against=faults.hang, complaint="failed with FileNotFoundError")
    assert found(seen) == ("unknown", "prober_failed")
