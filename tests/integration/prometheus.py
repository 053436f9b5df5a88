"""A real Prometheus, Debian's, which scrapes itself, speaks TLS and asks for a password."""

from __future__ import annotations

import base64
import http.client
import json
import shutil
import ssl
from pathlib import Path

from statusgen.demo.services import HOST, Authority, MissingPartError, Server, free_ports

NAME = "localhost"
TOKEN = "Basic " + base64.b64encode(b"watcher:hunter2-hunter2").decode()
"""The header that lets in."""

_HASHED = "$2b$04$AYtjJ9hBPfi876ZaloeR4uM0yg7M2x43Z5Eb4aW95puy8DfxxMQrO"  # the password, by bcrypt

_CONFIGURATION = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: itself
    scheme: https
    tls_config: {{ca_file: {ca}, server_name: {name}}}
    basic_auth: {{username: watcher, password: hunter2-hunter2}}
    static_configs: [{{targets: ["{host}:{port}"]}}]
"""

_WEB = """\
tls_server_config: {{cert_file: {chain}, key_file: {key}}}
basic_auth_users: {{watcher: {hashed}}}
"""


class Prometheus(Server):
    """Prometheus as one process."""

    label = "prometheus"

    def __init__(self, folder: Path, *, authority: Authority) -> None:
        program = shutil.which("prometheus")
        if program is None:
            raise MissingPartError("prometheus")
        super().__init__(folder)
        self._program = program
        self._authority = authority
        self._certificate = authority.issue("prometheus", NAME)
        self.port = free_ports(1)[0]

    def prepare(self) -> None:
        """Write its configuration."""
        ca = self._authority.file
        text = _CONFIGURATION.format(ca=ca, name=NAME, host=HOST, port=self.port)
        (self.folder / "prometheus.yml").write_text(text)
        web = _WEB.format(chain=self._certificate.chain, key=self._certificate.key, hashed=_HASHED)
        (self.folder / "web.yml").write_text(web)

    def command(self) -> list[str]:
        """Return the server and its options."""
        files = {"config": "prometheus.yml", "web.config": "web.yml"}
        return [
            self._program,
            *(f"--{option}.file={self.folder / name}" for option, name in files.items()),
            f"--storage.tsdb.path={self.folder / 'data'}",
            f"--web.listen-address={HOST}:{self.port}",
            "--query.timeout=5s",
        ]

    def is_ready(self) -> bool:
        """Return whether it has scraped itself."""
        context = ssl.create_default_context(cafile=self._authority.file)
        line = http.client.HTTPSConnection(NAME, self.port, context=context, timeout=2)
        try:
            line.request("GET", "/api/v1/query?query=up", headers={"Authorization": TOKEN})
            return bool(json.load(line.getresponse())["data"]["result"])
        except (OSError, ValueError, KeyError, http.client.HTTPException):
            return False
        finally:
            line.close()
