"""Which certificates are trusted, and when one ends."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import certifi

PUBLIC_AUTHORITIES = certifi.where()
"""The file of the authorities that browsers trust: certifi's, so that no verdict depends on the machine."""


def trust(ca_file: str | None, *, protocol: str = "") -> ssl.SSLContext:
    """Return a context that verifies chain and name, against the public authorities or one private authority's file.

    `protocol` is what is offered in the handshake (ALPN, RFC 7301). Raises OSError when the file cannot be read and
    `ssl.SSLError`, which is one, when it holds no certificate.
    """
    file = Path(ca_file or PUBLIC_AUTHORITIES)
    return _trusting(file, protocol, file.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _trusting(file: Path, protocol: str, changed: int) -> ssl.SSLContext:  # noqa: ARG001 - a changed file is another one
    """Reading the public authorities takes 20 ms or more, which a thousand probes in one run would spend in turn."""
    context = ssl.create_default_context(cafile=file)
    if protocol:
        context.set_alpn_protocols([protocol])
    return context


def distrust() -> ssl.SSLContext:
    """Return a context that verifies nothing: to look at a certificate that was just found wrong, never to rely on."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def expiry(writer: asyncio.StreamWriter) -> datetime | None:
    """Return when the other side's certificate ends; None when it sent none that can be read."""
    from cryptography import x509  # noqa: PLC0415 - slow to import, and only this kind needs it

    peer = writer.get_extra_info("ssl_object")
    encoded = peer.getpeercert(binary_form=True) if peer else None
    if not encoded:
        return None
    try:
        return x509.load_der_x509_certificate(encoded).not_valid_after_utc.astimezone(UTC)
    except ValueError:
        return None
