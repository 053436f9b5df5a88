"""Where the keys of a bucket come from: named variables, AWS's own, a profile, or a web identity; and what is said when
they do not come.

A real token service is in `test_web_identity.py`. The one here answers over a real socket what Amazon's documentation
says (AssumeRoleWithWebIdentity, version 2011-06-15), and does on order what a real one cannot be made to do. The S3
server behind it is real, and one that asks nobody what a session token means.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from statusgen.demo.services import HOST
from statusgen.errors import StoreError
from statusgen.ports import Blob
from statusgen.stores.s3 import S3Store
from statusgen.stores.s3_client import open_s3
from tests.fakes import FixedSecrets
from tests.ports.conftest import QUICK, address_of
from tests.storm.rclone import Rclone

pytestmark = pytest.mark.services

ROLE = "arn:aws:iam::123456789012:role/status"
TOKEN = "header.hunter2-claims.signature"

SourcesOf = Callable[..., None]


@dataclass
class TokenService:
    """A token service that gives the keys of a server to whoever comes with the right token for the right role."""

    server: Rclone
    port: int = 0
    lasts: timedelta = timedelta(hours=1)
    refuses: tuple[int, str] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, asked: dict[str, str]) -> tuple[int, str]:
        """Return the status and the body for a request's parameters."""
        self.asked.append(asked)
        known = (asked["Action"], asked["Version"]) == ("AssumeRoleWithWebIdentity", "2011-06-15")
        if not known or self.refuses:
            status, code = self.refuses or (400, "InvalidAction")
            return (
                status,
                f"<ErrorResponse><Error><Code>{code}</Code><Message>{TOKEN}</Message></Error></ErrorResponse>",
            )
        ends = datetime.now(UTC) + self.lasts
        return 200, (
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
            f"<AccessKeyId>{self.server.access_key}</AccessKeyId>"
            f"<SecretAccessKey>{self.server.secret_key}</SecretAccessKey>"
            f"<SessionToken>for-an-hour</SessionToken><Expiration>{ends:%Y-%m-%dT%H:%M:%SZ}</Expiration>"
            "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        )


@pytest.fixture
def service(rclone: Rclone) -> Iterator[TokenService]:
    """A token service on a port of its own."""
    service = TokenService(rclone)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, text = service.answer(dict(parse_qsl(body)))
            self.send_response_only(status)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as listening:
        service.port = listening.server_port
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield service
        listening.shutdown()
        thread.join()


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SourcesOf:
    """Leave nothing of this machine's own configuration, and set variables and the text of AWS's files."""
    for name in (
        "ACCESS_KEY_ID",
        "SECRET_ACCESS_KEY",
        "SESSION_TOKEN",
        "PROFILE",
        "WEB_IDENTITY_TOKEN_FILE",
        "ROLE_ARN",
    ):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def set_up(*, config: str = "", keys: str = "", **variables: str) -> None:
        for file, text in (("config", config), ("credentials", keys)):
            (tmp_path / file).write_text(text)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    set_up()
    return set_up


def keyless(server: Rclone, space: str, **more: str) -> S3Store:
    """Return a store whose address names no variables."""
    address = replace(address_of(server, space), access_key_env="", secret_key_env="", **more)
    return open_s3(address, root=Path("/"), secrets=FixedSecrets(), limits=QUICK)


def works(store: S3Store) -> bool:
    store.write([Blob(key="a", body=b"x")])
    return store.read(["a"]) == {"a": b"x"}


def refusal(store: S3Store) -> str:
    with pytest.raises(StoreError) as failure:
        store.list()
    return failure.value.reason


def identify(service: TokenService, sources: SourcesOf, file: Path, **more: str) -> None:
    """Say what a workflow says that has a token for a role."""
    sources(
        AWS_ROLE_ARN=ROLE,
        AWS_WEB_IDENTITY_TOKEN_FILE=str(file),
        AWS_ENDPOINT_URL_STS=f"http://{HOST}:{service.port}",
        AWS_DEFAULT_REGION="us-east-1",
        **more,
    )


@pytest.fixture
def token(tmp_path: Path) -> Path:
    """A file with an identity token."""
    file = tmp_path / "token"
    file.write_text(TOKEN)
    return file


def test_keys_come_from_awss_own_variables(rclone: Rclone, space: str, sources: SourcesOf) -> None:
    sources(AWS_ACCESS_KEY_ID=rclone.access_key, AWS_SECRET_ACCESS_KEY=rclone.secret_key)
    assert works(keyless(rclone, space))


def test_keys_come_from_the_profile_that_is_named(rclone: Rclone, space: str, sources: SourcesOf) -> None:
    """It wins over the variables, which may be those of another bucket."""
    keys = f"[status]\naws_access_key_id = {rclone.access_key}\naws_secret_access_key = {rclone.secret_key}\n"
    sources(keys=keys, AWS_ACCESS_KEY_ID="AKIANOBODYKNOWSME", AWS_SECRET_ACCESS_KEY="hunter2")
    assert works(keyless(rclone, space, profile="status"))
    assert refusal(keyless(rclone, space)) == "the access key is not known to the server"


def test_the_region_of_a_profile_is_used_where_the_address_has_none(
    rclone: Rclone, space: str, sources: SourcesOf
) -> None:
    sources(
        config="[profile status]\nregion = eu-north-1\n",
        keys="[status]\naws_access_key_id = a\naws_secret_access_key = b\n",
    )
    assert keyless(rclone, space, profile="status", region="")._client.meta.region_name == "eu-north-1"
    assert keyless(rclone, space, profile="status")._client.meta.region_name == "us-east-1"


def test_a_web_identity_is_turned_into_keys(
    rclone: Rclone, space: str, sources: SourcesOf, service: TokenService, token: Path
) -> None:
    identify(service, sources, token)
    store = keyless(rclone, space)
    sent: list[bytes] = []
    store._client.meta.events.register(
        "before-send.s3", lambda request, **_: sent.append(request.headers["X-Amz-Security-Token"])
    )
    assert works(store)
    assert sent == [b"for-an-hour"] * 2
    assert [(one["RoleArn"], one["WebIdentityToken"]) for one in service.asked] == [(ROLE, TOKEN)]


def test_a_web_identity_may_stand_in_a_profile(
    rclone: Rclone, space: str, sources: SourcesOf, service: TokenService, token: Path
) -> None:
    text = f"[profile status]\nrole_arn = {ROLE}\nweb_identity_token_file = {token}\nregion = us-east-1\n"
    sources(config=text, AWS_ENDPOINT_URL_STS=f"http://{HOST}:{service.port}")
    assert works(keyless(rclone, space, profile="status"))
    assert len(service.asked) == 1


def test_keys_that_run_out_are_fetched_anew(
    rclone: Rclone, space: str, sources: SourcesOf, service: TokenService, token: Path
) -> None:
    """A `watch` runs for longer than keys last, and the token in the file is replaced meanwhile."""
    service.lasts = timedelta(minutes=5)
    identify(service, sources, token)
    store = keyless(rclone, space)
    assert works(store)
    token.write_text("another-token")
    assert works(store)
    assert {one["WebIdentityToken"] for one in service.asked} == {TOKEN, "another-token"}


def test_a_refused_identity_is_said_so(
    rclone: Rclone, space: str, sources: SourcesOf, service: TokenService, token: Path
) -> None:
    identify(service, sources, token)
    for status, code, said in (
        (400, "ExpiredTokenException", "the identity token has expired: fetch a new one"),
        (400, "InvalidIdentityToken", "the identity token was refused: check its issuer and its audience"),
        (403, "AccessDenied", "the role was refused: check 'AWS_ROLE_ARN', and whom the role trusts"),
    ):
        service.refuses = (status, code)
        assert refusal(keyless(rclone, space)) == said


def test_a_token_that_is_not_there_is_said_so(
    rclone: Rclone, space: str, sources: SourcesOf, service: TokenService, tmp_path: Path
) -> None:
    identify(service, sources, tmp_path / "none")
    store = keyless(rclone, space)
    for act in (store.list, lambda: store.read(["a"]), lambda: store.write([Blob(key="a", body=b"")])):
        with pytest.raises(StoreError, match="the file in 'AWS_WEB_IDENTITY_TOKEN_FILE' cannot be read"):
            act()
    assert service.asked == []


def test_an_identity_without_a_role_is_said_so(rclone: Rclone, space: str, sources: SourcesOf, token: Path) -> None:
    sources(AWS_WEB_IDENTITY_TOKEN_FILE=str(token))
    with pytest.raises(StoreError, match="configuration is incomplete: a web identity needs 'AWS_ROLE_ARN', too"):
        keyless(rclone, space)


def test_a_token_service_that_is_gone_is_said_so(
    rclone: Rclone, space: str, sources: SourcesOf, service: TokenService, token: Path
) -> None:
    service.port = 1
    identify(service, sources, token)
    assert refusal(keyless(rclone, space)) == "cannot connect to the server"
