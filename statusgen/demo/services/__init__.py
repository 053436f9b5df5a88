"""Real servers from wheels, on free loopback ports, in a folder: PostgreSQL, Redis, nginx and SeaweedFS (S3).

Each is a `Server`: `start`, `stop`, `pause` (it hangs) and `resume`, or a `with` block. The demonstration and the tests
use the same ones.
"""

from statusgen.demo.services.authority import Authority, Certificate
from statusgen.demo.services.nginx import Nginx
from statusgen.demo.services.parts import INSTALL, MissingPartError, ServiceError
from statusgen.demo.services.ports import HOST, answers, free_ports, is_free
from statusgen.demo.services.postgres import PostgreSQL
from statusgen.demo.services.redis import Redis
from statusgen.demo.services.seaweedfs import SeaweedFS
from statusgen.demo.services.server import Server

__all__ = [
    "HOST",
    "INSTALL",
    "Authority",
    "Certificate",
    "MissingPartError",
    "Nginx",
    "PostgreSQL",
    "Redis",
    "SeaweedFS",
    "Server",
    "ServiceError",
    "answers",
    "free_ports",
    "is_free",
]
