"""What checks point at is read strictly, and every mistake says what was expected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from statusgen.probes.targets import (
    File,
    HostPort,
    HttpUrl,
    Pin,
    parse_host,
    parse_host_port,
    parse_pin,
    parse_share,
    parse_url,
)


def message_of(parse: Callable[[object], Any], value: object) -> tuple[str, str]:
    with pytest.raises(PydanticCustomError) as error:
        parse(value)
    context = error.value.context or {}
    return context["message"], context["hint"]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org", HttpUrl("https", "example.org", 443, "/")),
        ("http://EXAMPLE.org:8080/a?b=c#d", HttpUrl("http", "example.org", 8080, "/a?b=c")),
        ("https://[2001:db8::1]:8443/", HttpUrl("https", "2001:db8::1", 8443, "/")),
        ("http://127.0.0.1", HttpUrl("http", "127.0.0.1", 80, "/")),
        ("https://bücher.example/ä b".replace(" ", ""), HttpUrl("https", "xn--bcher-kva.example", 443, "/%C3%A4b")),
        ("https://example.org?q=ä&r=%20", HttpUrl("https", "example.org", 443, "/?q=%C3%A4&r=%20")),
        ("https://example.org/@admin", HttpUrl("https", "example.org", 443, "/@admin")),
    ],
)
def test_a_url_is_read_into_its_parts(text: str, url: HttpUrl) -> None:
    assert parse_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://exa mple.org",
        "https://-bad-.org",
        "https://example.org:0",
        "https://example.org:65536",
        "https://example.org:port",
        "https://[2001:db8::1",
        "https://1.2.3.4.5",
        "https://" + "a" * 64 + ".org",
        "https://" + "a." * 130 + "org",
        "https://a..org",
        "",
        ["https://example.org"],
    ],
)
def test_what_is_no_url_is_refused(text: object) -> None:
    message, _ = message_of(parse_url, text)
    assert message.startswith("expected a URL such as 'https://example.org/health', got ")


@pytest.mark.parametrize("text", ["https://user:s3cret@example.org/", "https://s3cret@example.org", "//s3cret@x"])
def test_a_login_in_a_url_is_refused_and_not_quoted_back(text: str) -> None:
    message, hint = message_of(parse_url, text)
    assert message == "expected a URL without user and password"
    assert "headers_env" in hint
    assert "s3cret" not in message + hint


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://example.org/", "example.org"),
        ("https://example.org:80/", "example.org:80"),
        ("http://[2001:db8::1]:8080/", "[2001:db8::1]:8080"),
    ],
)
def test_the_host_header_has_the_port_unless_it_is_the_schemes_own(url: str, authority: str) -> None:
    assert parse_url(url).authority == authority
    assert str(parse_url(url)) == url


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/login", "https://example.org/login"),
        ("next", "https://example.org/a/next"),
        ("//other.example/", "https://other.example/"),
        ("http://example.org/x?y", "http://example.org/x?y"),
        ("", "https://example.org/a/b"),
    ],
)
def test_a_location_leads_on_from_where_it_was_said(location: str, leads_to: str) -> None:
    assert str(parse_url("https://example.org/a/b").join(location)) == leads_to


@pytest.mark.parametrize(
    ("location", "because"),
    [
        ("ftp://example.org/", "neither http nor https"),
        ("javascript:alert(1)", "neither http nor https"),
        ("https://[x/", "Invalid IPv6"),
        ("https://bad host/", "not a host name"),
        ("https://example.org:0/", "not a port"),
    ],
)
def test_a_location_that_is_no_web_address_leads_nowhere(location: str, because: str) -> None:
    with pytest.raises(ValueError, match=because):
        parse_url("https://example.org/").join(location)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("example.org:22", HostPort("example.org", 22)),
        ("[2001:db8::1]:22", HostPort("2001:db8::1", 22)),
        ("192.0.2.1:65535", HostPort("192.0.2.1", 65535)),
        ("localhost.:1", HostPort("localhost.", 1)),
    ],
)
def test_a_host_and_a_port_are_read(text: str, target: HostPort) -> None:
    assert parse_host_port(text) == target


@pytest.mark.parametrize(
    "text", ["example.org", "example.org:", "example.org:0", "example.org:65536", "2001:db8::1", ":22", "a b:22", None]
)
def test_a_host_without_a_port_is_refused_where_there_is_no_default(text: object) -> None:
    message, hint = message_of(parse_host_port, text)
    assert message.startswith("expected a host and a port such as 'example.org:443' or '[2001:db8::1]:443', got ")
    assert hint == ""


def test_a_default_port_stands_in() -> None:
    assert parse_host_port("example.org", default=443) == HostPort("example.org", 443)
    assert parse_host_port("2001:db8::1", default=443) == HostPort("2001:db8::1", 443)
    assert parse_host_port("[2001:db8::1]", default=443) == HostPort("2001:db8::1", 443)


def test_a_url_for_a_host_and_a_port_has_a_hint() -> None:
    assert message_of(parse_host_port, "https://example.org")[1] == "a URL has its own kind: 'http: https://…'"


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("203.0.113.10", Pin("203.0.113.10")),
        ("203.0.113.10:8443", Pin("203.0.113.10", 8443)),
        ("2001:db8::1", Pin("2001:db8::1")),
        ("[2001:db8::1]", Pin("2001:db8::1")),
        ("[2001:db8::1]:8443", Pin("2001:db8::1", 8443)),
    ],
)
def test_an_address_to_connect_to_has_a_port_or_not(text: str, pin: Pin) -> None:
    assert parse_pin(text) == pin


@pytest.mark.parametrize(
    "text", ["example.org", "203.0.113.10:0", "203.0.113.10:x", "203.0.113", "", [], "1.2.3.4:99999"]
)
def test_a_name_to_connect_to_is_refused(text: object) -> None:
    message, hint = message_of(parse_pin, text)
    assert message.startswith("expected an IP address such as '203.0.113.10' or '[2001:db8::1]:8443', got ")
    assert hint.startswith("an address, not a name")


def test_a_host_is_a_name_or_an_address() -> None:
    assert parse_host("DB.example.org") == "db.example.org"
    assert parse_host("2001:db8::1") == "2001:db8::1"
    for wrong in ("db:5432", "", None):
        assert message_of(parse_host, wrong)[0].startswith("expected a host name or an IP address, got ")


def test_a_share_is_written_in_percent() -> None:
    assert parse_share("90%") == 0.9
    assert parse_share("0.5%") == 0.005
    assert parse_share("100%") == 1
    for wrong in ("0%", "100.1%", "0.9", "90 %", "-1%", None):
        assert message_of(parse_share, wrong)[0].startswith("expected a share such as '90%', got ")


class _Keys(BaseModel):
    file: File


def test_a_relative_file_starts_at_the_projects_folder(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.touch()
    assert _Keys.model_validate({"file": "ca.pem"}, context={"root": tmp_path}).file == str(file)
    assert _Keys.model_validate({"file": str(file)}, context={"root": Path("/elsewhere")}).file == str(file)
    assert _Keys.model_validate({"file": "ca.pem"}).file == "ca.pem"


def test_a_file_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"there is no file 'ca\.pem'"):
        _Keys.model_validate({"file": "ca.pem"}, context={"root": tmp_path})
    for wrong in ("", "a\0b", ["a"]):
        with pytest.raises(ValidationError, match="expected the path of a file, got"):
            _Keys.model_validate({"file": wrong}, context={"root": tmp_path})
