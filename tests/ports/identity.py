"""Who vouches for a run, and who gives keys for that: an issuer of identity tokens, and an S3 server that trusts it.

The tokens are real (RS256), and SeaweedFS's token service checks them: signature, audience, subject and end.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from statusgen.demo.services import HOST, Authority, SeaweedFS

ROLE = "arn:aws:iam::123456789012:role/status"
SUBJECT = "repo:example/status:environment:status-page"
AUDIENCE = "sts.amazonaws.com"


class Issuer(ThreadingHTTPServer):
    """Signs tokens, and serves the key that they are checked with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Keys)
        self.key = generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def url(self) -> str:
        """The name that it signs with, below which its keys are."""
        return f"http://{HOST}:{self.server_port}"

    def token(
        self,
        *,
        subject: str = SUBJECT,
        audience: str = AUDIENCE,
        lasts: float = 300.0,
        key: RSAPrivateKey | None = None,
    ) -> str:
        """Return a token as GitHub makes it for a job, or one that is wrong in something."""
        now = int(time.time())
        head = {"alg": "RS256", "typ": "JWT", "kid": "one"}
        claims = {"iss": self.url, "sub": subject, "aud": audience, "iat": now, "exp": int(now + lasts)}
        signed = f"{_packed(json.dumps(head).encode())}.{_packed(json.dumps(claims).encode())}"
        return f"{signed}.{_packed((key or self.key).sign(signed.encode(), PKCS1v15(), SHA256()))}"

    def keys(self) -> Mapping[str, object]:
        """Return its key as a JSON Web Key Set (RFC 7517)."""
        numbers = self.key.public_key().public_numbers()
        parts = {"n": numbers.n.to_bytes(256, "big"), "e": numbers.e.to_bytes(3, "big")}
        packed = {name: _packed(part) for name, part in parts.items()}
        return {"keys": [{"kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256", **packed}]}


class _Keys(BaseHTTPRequestHandler):
    """Answers with the keys."""

    server: Issuer

    def do_GET(self) -> None:
        """Answer."""
        body = json.dumps(self.server.keys()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Run an issuer."""
    with Issuer() as issuer:
        thread = threading.Thread(target=issuer.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield issuer
        finally:
            issuer.shutdown()
            thread.join()


class TrustingSeaweedFS(SeaweedFS):
    """An S3 server with a token service: for one subject of an issuer it gives keys that may use the bucket."""

    def __init__(self, folder: Path, *, authority: Authority, issuer: Issuer) -> None:
        super().__init__(folder, authority=authority)
        self._issuer = issuer
        self._settings = folder / "identities.json"

    def command(self) -> list[str]:
        """Return the server and its options."""
        return [*super().command(), f"-s3.iam.config={self._settings}"]

    def prepare(self) -> None:
        """Write down whom it trusts with what."""
        super().prepare()
        trust = {
            "Effect": "Allow",
            "Principal": {"Federated": "issuer"},
            "Action": ["sts:AssumeRoleWithWebIdentity"],
            "Condition": {"StringEquals": {"oidc:sub": SUBJECT}},
        }
        may = {
            "Effect": "Allow",
            "Action": ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            "Resource": [f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.bucket}/*"],
        }
        provider = {"issuer": self._issuer.url, "clientId": AUDIENCE, "jwksUri": f"{self._issuer.url}/keys"}
        settings = {
            "sts": {
                "tokenDuration": "1h",
                "maxSessionLength": "12h",
                "issuer": "tokens",
                "signingKey": base64.b64encode(secrets.token_bytes(32)).decode(),
            },
            "providers": [{"name": "issuer", "type": "oidc", "enabled": True, "config": provider}],
            "policy": {"defaultEffect": "Deny", "storeType": "memory"},
            "roles": [
                {
                    "roleName": "status",
                    "roleArn": ROLE,
                    "trustPolicy": {"Version": "2012-10-17", "Statement": [trust]},
                    "attachedPolicies": ["use"],
                }
            ],
            "policies": [{"name": "use", "document": {"Version": "2012-10-17", "Statement": [may]}}],
        }
        self._settings.write_text(json.dumps(settings), encoding="utf-8")


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
