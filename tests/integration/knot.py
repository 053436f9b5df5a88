"""A real DNS server, Debian's Knot, that answers for the zone `example.org`, by where one asks from for one name."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from statusgen.demo.services import HOST, MissingPartError, Server, free_ports

_CONFIGURATION = """\
server:
    rundir: "{folder}"
    listen: {host}@{port}
    edns-client-subnet: on
database:
    storage: "{folder}"
log:
  - target: stderr
    any: warning
mod-geoip:
  - id: edges
    config-file: "{folder}/edges.yaml"
    mode: subnet
    ttl: 30
zone:
  - domain: example.org
    file: "{folder}/example.org.zone"
    module: mod-geoip/edges
  - domain: broken.example
    file: "{folder}/absent.zone"
"""

_EDGES = """\
social.example.org:
  - net: 198.51.100.0/24
    A: [203.0.113.10, 203.0.113.11]
  - net: 192.0.2.0/24
    A: 203.0.113.20
  - net: 2001:db8::/32
    A: 203.0.113.30
"""

_ZONE = """\
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 60
@ NS ns1
@ NS ns2.example.net.
@ MX 10 mail
@ CAA 0 issue "letsencrypt.org"
@ TXT "v=spf1 -all"
@ TXT "two " "parts"
ns1 A 203.0.113.53
mail A 203.0.113.25
mail AAAA 2001:db8::25
www 60 CNAME alias
alias 120 CNAME edges
edges A 203.0.113.10
edges A 203.0.113.11
_sip._tcp SRV 0 5 443 mail
25 PTR mail
{long}
"""


class Knot(Server):
    """Knot DNS as one process, on one port for UDP and TCP."""

    label = "knot"

    def __init__(self, folder: Path) -> None:
        program = shutil.which("knotd", path="/usr/sbin:/usr/local/sbin")
        if program is None or not any(Path("/usr/lib").glob("*/knot/modules*/geoip.so")):
            raise MissingPartError("knot with knot-module-geoip")
        super().__init__(folder)
        self._program = program
        self.port = free_ports(1)[0]

    def prepare(self) -> None:
        """Write its configuration and its zone."""
        long = "\n".join(f'long TXT "{number:02d} {"x" * 200}"' for number in range(40))
        (self.folder / "example.org.zone").write_text(_ZONE.format(long=long))
        (self.folder / "edges.yaml").write_text(_EDGES)
        text = _CONFIGURATION.format(folder=self.folder, host=HOST, port=self.port)
        (self.folder / "knot.conf").write_text(text)

    def command(self) -> list[str]:
        """Return the server and its configuration."""
        return [self._program, "-c", str(self.folder / "knot.conf")]

    def is_ready(self) -> bool:
        """Return whether it answers a question, here about a name that it does not know."""
        with socket.socket(type=socket.SOCK_DGRAM) as line:
            line.settimeout(1)
            line.connect((HOST, self.port))
            try:
                line.send(b"\0\1\0\0\0\1\0\0\0\0\0\0\7example\3org\0\0\6\0\1")
                return line.recv(512)[3] & 15 == 0
            except OSError:
                return False
