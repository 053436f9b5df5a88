"""However fast a target sends, everybody else has a turn: what is there already is not read all at once."""

from __future__ import annotations

from typing import Any

import pytest

from statusgen.demo.services import Authority
from tests.integration.elsewhere import LONGEST, Talk, observe_beside, talking
from tests.integration.observing import found

pytestmark = pytest.mark.services

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PLAIN = {"http": "http://127.0.0.1:@PORT@/"}
EXTENDED = b"1;" + b"x" * 60_000 + b"\r\ny\r\n"
"""A chunk of one byte, behind an extension (RFC 9112 §7.1.1) that is nearly as long as a line may be."""

EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (Talk(first=CHUNKED, then=EXTENDED * 50), "body_too_large"),
        (Talk(first=CHUNKED, then=b"1\r\nx\r\n" * 10_000), "body_too_large"),
        (Talk(then=EARLY * 1000), "bad_response"),
    ],
    ids=["extensions", "chunks", "interim"],
)
def test_an_answer_that_comes_without_a_pause_holds_nobody_else_up(talk: Talk, reason: str) -> None:
    holds_nobody_up(PLAIN, talk, reason)


@pytest.mark.parametrize(
    ("first", "reason"),
    [(HEAD + b"X-Large: " + b"x" * 200_000, "bad_response"), (HEAD + b"\r\n" + b"x" * 200_000, "body_too_large")],
    ids=["head", "body"],
)
def test_an_answer_in_records_of_one_byte_holds_nobody_else_up(authority: Authority, first: bytes, reason: str) -> None:
    certificate = authority.issue("localhost", "localhost")
    talk = Talk(first=first, certificate=(str(certificate.chain), str(certificate.key)))
    holds_nobody_up({"http": "https://localhost:@PORT@/", "ca_file": str(authority.file)}, talk, reason)


def holds_nobody_up(keys: dict[str, Any], talk: Talk, reason: str) -> None:
    with talking(talk) as port:
        seen, longest = observe_beside(keys, port, timeout=8)
    assert found(seen) == ("down", reason)
    assert longest < LONGEST
