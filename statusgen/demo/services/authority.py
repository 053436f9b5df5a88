"""A throw-away certificate authority for servers on loopback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from statusgen.demo.services.parts import MissingPartError


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A server's certificate with its chain, and its key, as PEM files."""

    chain: Path
    key: Path


class Authority:
    """Issues certificates below one folder; `file` is what clients must trust."""

    def __init__(self, folder: Path) -> None:
        try:
            import trustme  # noqa: PLC0415 - an extra
        except ModuleNotFoundError:
            raise MissingPartError("trustme") from None
        folder.mkdir(parents=True, exist_ok=True)
        self._authority = trustme.CA(organization_name="statusgen throw-away authority")
        self._folder = folder
        self.file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self.file))

    def issue(self, label: str, *names: str, not_after: datetime | None = None) -> Certificate:
        """Issue a certificate for host names and addresses; `not_after` may lie in the past."""
        issued = self._authority.issue_cert(*names, not_after=not_after)
        chain = self._folder / f"{label}.pem"
        key = self._folder / f"{label}.key"
        key.touch(mode=0o600)
        issued.private_key_pem.write_to_path(str(key))
        chain.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
        return Certificate(chain=chain, key=key)
