"""What checks point at, as people write it: host and port, address, URL, and the file of a private authority."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urljoin, urlsplit

from pydantic import BeforeValidator, ValidationInfo

from statusgen.values import one_of, shape, wrong

DEFAULT_PORTS = {"http": 80, "https": 443}

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_PORT = re.compile(r"[0-9]{1,5}")
_BRACKETED = re.compile(r"\[([^\]]*)\](?::(.*))?")
_HIGHEST_PORT = 65535
_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True)
class HostPort:
    """A name or IP address (IPv6 without brackets) and a TCP port."""

    host: str
    port: int

    def port_at(self, pin: Pin | None) -> int:
        """Return the port to connect to: that of the pin where it has one."""
        return self.port if pin is None or pin.port is None else pin.port


@dataclass(frozen=True, slots=True)
class Pin:
    """The IP address to connect to instead of what the name resolves to; the target's own port when `port` is None."""

    ip: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class HttpUrl:
    """An absolute http or https URL: `host` in ASCII, IPv6 without brackets; `path` begins with `/`, query included."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header (RFC 9110 §7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What has to be equal for two URLs to belong to the same server (RFC 6454)."""
        return (self.scheme, self.host, self.port)

    def join(self, location: str) -> HttpUrl:
        """Return where a Location header leads from here; raises ValueError when it is not an http or https URL."""
        return split_url(urljoin(str(self), location))

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


class Family(StrEnum):
    """The kind of addresses that a target is reached by."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"


def family_of(ip: str) -> Family:
    """Return the family of an IP address."""
    return Family.IPV6 if ":" in ip else Family.IPV4


def is_ip(text: str) -> bool:
    """Return whether the text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def ascii_host(text: str) -> str:
    """Return a host name in lower-case ASCII (IDNA), or an IP address as it is; raises ValueError for anything else."""
    if is_ip(text):
        return text
    name = text if text.isascii() else text.encode("idna").decode("ascii")
    labels = name.removesuffix(".").split(".")
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise ValueError("not a host name")
    return name.lower()


def split_url(text: str) -> HttpUrl:
    """Return the parts of an http or https URL; raises ValueError for anything else. The fragment is dropped."""
    parts = urlsplit(text)
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("neither http nor https")
    port = parts.port if parts.port is not None else DEFAULT_PORTS[parts.scheme]
    if not 1 <= port <= _HIGHEST_PORT:
        raise ValueError("not a port")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + ("?" + _query(parts.query) if parts.query else "")
    return HttpUrl(scheme=parts.scheme, host=ascii_host(parts.hostname or ""), port=port, path=path)


def _query(text: str) -> str:
    return quote(text, safe="/%:@!$&'()*+,;=~-._?")


def parse_url(text: object) -> HttpUrl:
    """Return an http or https URL; a user or password in it is refused and never quoted back."""
    if url := _url_in(text):
        return url
    raise wrong(f"expected a URL such as 'https://example.org/health', got {shape(text)}")


def parse_websocket_url(text: object) -> HttpUrl:
    """Return a ws or wss URL as the http or https URL that its handshake is sent to (RFC 6455 §3)."""
    written = text if isinstance(text, str) else ""
    web = "http" + written.removeprefix("ws") if written.startswith(("ws://", "wss://")) else None
    if url := _url_in(web):
        return url
    hint = f"write {'ws' + written.removeprefix('http')!r}" if _url_in(written) else ""
    raise wrong(f"expected a URL such as 'wss://example.org/api/v1/streaming', got {shape(text)}", hint=hint)


def parse_base_url(text: object) -> HttpUrl:
    """Return the URL of a whole server: an http or https URL without a path."""
    url = parse_url(text)
    if url.path != "/":
        raise wrong(f"expected a URL without a path, got {shape(text)}", hint=f"write {str(url.join('/'))[:-1]!r}")
    return url


def _url_in(text: object) -> HttpUrl | None:
    """Return the URL that a text is, if it is one."""
    if not isinstance(text, str):
        return None
    if "@" in text.partition("//")[2].partition("/")[0]:
        raise wrong(
            "expected a URL without user and password",
            hint="put the secret into a variable and name it: 'headers_env: {Authorization: NAME}'",
        )
    try:
        return None if re.search(r"\s", text) else split_url(text)
    except ValueError:
        return None


def _split_host_port(text: str) -> tuple[str, str]:
    """Return host and port as written; the port is empty when there is none."""
    if bracketed := _BRACKETED.fullmatch(text):
        return bracketed[1], bracketed[2] or ""
    if text.count(":") > 1:
        return text, ""
    host, _, port = text.partition(":")
    return host, port


def parse_host_port(text: object, default: int | None = None) -> HostPort:
    """Return a host and a port, written `name:443` or `[2001:db8::1]:443`; the port may go if there is a default."""
    if isinstance(text, str):
        host, port = _split_host_port(text)
        number = port or str(default or "")
        try:
            if _PORT.fullmatch(number) and 1 <= int(number) <= _HIGHEST_PORT:
                return HostPort(ascii_host(host), int(number))
        except ValueError:
            pass
    hint = "a URL has its own kind: 'http: https://…'" if isinstance(text, str) and "://" in text else ""
    raise wrong(
        f"expected a host and a port such as 'example.org:443' or '[2001:db8::1]:443', got {shape(text)}", hint=hint
    )


def parse_pin(text: object) -> Pin:
    """Return an IP address, with or without a port: `203.0.113.10`, `203.0.113.10:8443`, `[2001:db8::1]:8443`."""
    if isinstance(text, str):
        ip, port = _split_host_port(text)
        if is_ip(ip) and not port:
            return Pin(ip)
        if is_ip(ip) and _PORT.fullmatch(port) and 1 <= int(port) <= _HIGHEST_PORT:
            return Pin(ip, int(port))
    raise wrong(
        f"expected an IP address such as '203.0.113.10' or '[2001:db8::1]:8443', got {shape(text)}",
        hint="an address, not a name: this node is to be reached whatever the DNS says",
    )


def parse_host(text: object) -> str:
    """Return a host name or an IP address."""
    try:
        if isinstance(text, str):
            return ascii_host(text)
    except ValueError:
        pass
    raise wrong(f"expected a host name or an IP address, got {shape(text)}")


def agree_on_family(family: Family | None, host: str, pin: Pin | None, *, key: str = "connect_to") -> None:
    """Refuse a family beside an address of the other one, written in the target or pinned."""
    ip = pin.ip if pin else host
    if family is None or not is_ip(ip) or family_of(ip) is family:
        return
    where = repr(key) if pin else "the target"
    raise wrong(f"{where} is {shape(ip)}, which is not of the family {str(family)!r}", hint="leave 'family' out")


class Role(StrEnum):
    """What a database server is to its replicas or its primary."""

    PRIMARY = "primary"
    REPLICA = "replica"


parse_role = one_of(Role)
Share = float


def parse_share(text: object) -> Share:
    """Return a share from above 0 to 1, written in percent such as `90%`."""
    number = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)%", text) if isinstance(text, str) else None
    if number and 0 < float(number[1]) <= 100:  # noqa: PLR2004 - percent
        return float(number[1]) / 100
    raise wrong(f"expected a share such as '90%', got {shape(text)}")


def parse_file(text: object, info: ValidationInfo) -> str:
    """Return the path of a file; a relative one starts at the project's folder, which the reader gives as `root`."""
    if not isinstance(text, str) or not text or "\0" in text:
        raise wrong(f"expected the path of a file, got {shape(text)}")
    root = (info.context or {}).get("root")
    if root is None:
        return text
    file = Path(root, text)
    if not file.is_file():
        raise wrong(f"there is no file {shape(text)}", hint="a relative path starts at the project's folder")
    return str(file)


Target = Annotated[HostPort, BeforeValidator(parse_host_port)]
UrlTarget = Annotated[HttpUrl, BeforeValidator(parse_url)]
WebSocketTarget = Annotated[HttpUrl, BeforeValidator(parse_websocket_url)]
BaseUrl = Annotated[HttpUrl, BeforeValidator(parse_base_url)]
ConnectTo = Annotated[Pin, BeforeValidator(parse_pin)]
Host = Annotated[str, BeforeValidator(parse_host)]
File = Annotated[str, BeforeValidator(parse_file)]
AddressFamily = Annotated[Family, BeforeValidator(one_of(Family))]
