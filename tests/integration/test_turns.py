"""However fast a target sends, everybody else has a turn: what is there already is not read all at once."""

from __future__ import annotations

import asyncio

import pytest

from statusgen.demo.services import Authority
from statusgen.model.observation import Observation
from tests.integration import faults
from tests.integration.elsewhere import LONGEST, Talk, observe_beside, observed_beside, talking
from tests.integration.observing import found

pytestmark = pytest.mark.services

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (HEAD + b"X-Large: " + b"x" * 200_000, "bad_response"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + faults.EXTENDED_CHUNK * 4, "body_too_large"),
    ],
    ids=["head", "body"],
)
def test_an_answer_in_records_of_one_byte_holds_nobody_else_up(authority: Authority, said: bytes, reason: str) -> None:
    certificate = authority.issue("localhost", "localhost")
    keys = {"http": "https://localhost:@PORT@/", "ca_file": str(authority.file)}
    with talking(Talk(said=said, certificate=(str(certificate.chain), str(certificate.key)))) as port:
        seen, longest = observe_beside(keys, port, timeout=25)
    assert found(seen) == ("down", reason)
    assert longest < LONGEST


@pytest.mark.parametrize("records", faults.EMPTY_RECORDS, ids=["full", "empty"])
@pytest.mark.parametrize(("kind", "reason"), [("tls", "timeout"), ("http", "tls_failed")])
def test_a_handshake_that_begins_again_and_again_holds_nobody_else_up(kind: str, reason: str, records: bytes) -> None:
    target = "https://127.0.0.1:@PORT@/" if kind == "http" else "127.0.0.1:@PORT@"
    with talking(Talk(said=records * 8)) as port:
        seen, longest = observe_beside({kind: target}, port, timeout=1.5)
    assert (str(seen.outcome) in {"down", "unknown"}, seen.reason) == (True, reason)
    assert longest < LONGEST


@pytest.mark.parametrize("kind", ["postgres", "pgbouncer"])
def test_a_password_that_takes_long_to_compute_holds_nobody_else_up(kind: str) -> None:
    """Not by `observe`, which sees the socket that is left to the thread."""

    async def main() -> tuple[Observation, float]:
        async with faults.serving(faults.postgres_laborious(4_000_000)) as port:
            keys = {kind: {"host": "127.0.0.1", "port": "@PORT@", "sslmode": "disable", "password_env": "PG"}}
            return await observed_beside(keys, port, env={"PG": "s3cret"}, timeout=0.5)

    seen, longest = asyncio.run(main())
    assert found(seen) == ("down", "timeout")
    assert longest < LONGEST
