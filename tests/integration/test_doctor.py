"""The doctor against a real name server and a real web server."""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import dns.asyncresolver
import pytest

from statusgen.demo.services import Authority, Nginx
from statusgen.doctor.look_up import CDNS, _cdn, look_up
from tests.integration.conftest import running
from tests.integration.knot import Knot
from tests.integration.operating import Operator

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def knot(services_folder: Path) -> Iterator[Knot]:
    """A server that knows `example.org`."""
    with running(lambda: Knot(services_folder / "knot-doctor")) as server:
        yield server


def ask(port: int) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], port, 2
    return resolver


def test_the_dns_tells_chain_addresses_zone_and_servers(knot: Knot) -> None:
    found = look_up([], ["WWW.example.org"], resolver=ask(knot.port))["www.example.org"]
    assert found.aliases == ("alias.example.org", "edges.example.org")
    assert found.addresses == {ip_address("203.0.113.10"), ip_address("203.0.113.11")}
    assert found.zone == "example.org"
    assert found.servers == {"ns1.example.org", "ns2.example.net"}
    assert found.trouble == ""


def test_both_families_are_asked_for(knot: Knot) -> None:
    found = look_up([], ["mail.example.org"], resolver=ask(knot.port))["mail.example.org"]
    assert found.addresses == {ip_address("203.0.113.25"), ip_address("2001:db8::25")}


def test_a_name_that_does_not_exist_and_a_zone_that_is_broken_are_trouble(knot: Knot) -> None:
    found = look_up([], ["none.example.org", "broken.example", "192.0.2.1"], resolver=ask(knot.port))
    assert found["none.example.org"].trouble == "there is no such name"
    assert found["broken.example"].trouble == "no name server gives an answer"
    assert found["192.0.2.1"].addresses == {ip_address("192.0.2.1")}


def test_a_dns_that_is_silent_is_trouble_in_time() -> None:
    resolver = ask(9)
    resolver.lifetime = 0.3
    assert look_up([], ["example.org"], resolver=resolver)["example.org"].trouble


def test_a_page_that_is_opened_tells_its_certificate_its_network_and_its_clock(
    nginx: Callable[[str], Nginx], authority: Authority
) -> None:
    issued = authority.issue("doctor", "127.0.0.1")
    server = nginx(
        f"server {{ listen 127.0.0.1:@PORT@ ssl; ssl_certificate {issued.chain}; ssl_certificate_key {issued.key};"
        " location / { add_header CF-RAY 7f-FRA; return 200; } }"
    )
    found = look_up([f"https://127.0.0.1:{server.port}/"], [])["127.0.0.1"]
    shown = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", server.port)))
    assert found.certificate == hashlib.sha256(shown).hexdigest()
    assert found.cdn == "Cloudflare"
    assert found.clock is not None
    assert found.asked is not None
    assert abs(found.asked - found.clock) < timedelta(seconds=5)


def test_a_page_that_is_shut_tells_what_the_dns_does() -> None:
    found = look_up(["https://127.0.0.1:9/"], [])["127.0.0.1"]
    assert (found.certificate, found.clock, found.trouble) == ("", None, "")


def test_networks_are_known_by_their_headers() -> None:
    for name, (header, begins) in CDNS.items():
        assert _cdn({header: f"{begins}x"}) == name
    assert _cdn({"server": "nginx"}) == ""


def test_the_command_tries_both_buckets_and_tells_the_policies(operator: Operator) -> None:
    operator.write_project(tls=False)
    config = operator.root / "statusgen.yaml"
    page = f"{operator.server.endpoint}/{operator.server.bucket}/{operator.prefix}/site"
    config.write_text(config.read_text(encoding="utf-8").replace("https://status.example.org", page), encoding="utf-8")
    done = operator.run("doctor", "--format", "json")
    assert done.returncode == 5, done.stderr
    told = {one["title"]: one["severity"] for one in json.loads(done.stdout)["findings"]}
    bucket = f"s3://{operator.server.bucket}/{operator.prefix}"
    assert told[f"nobody can read what is published to {bucket}/site: the answer is 403"] == "problem"
    assert told[f"nobody without a key can read the state at {bucket}/state"] == "ok"
    assert told["a publisher needs this policy and no more"] == "ok"
    assert not [*operator.objects("site"), *operator.objects("state")]
    shut = operator.run("doctor", S3_SECRET="wrong-secret")
    assert shut.returncode == 5, shut.stderr
    assert f"{bucket}/state refuses what a publisher does" in shut.stdout
    assert operator.server.secret_key not in done.stdout + done.stderr + shut.stdout + shut.stderr
