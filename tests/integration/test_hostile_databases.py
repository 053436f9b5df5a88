"""Databases and Redis that are not what they seem: whatever they send, a run ends in time."""

from __future__ import annotations

import pytest

from tests.integration import faults
from tests.integration.faults import Behaviour
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services


def bulk(text: bytes) -> bytes:
    """Return a text as Redis sends it."""
    return b"$%d\r\n%s\r\n" % (len(text), text)


NO_REDIS = [
    faults.flood(b"*2000000000\r\n", b":1\r\n" * 16384),
    faults.flood(b"*1000\r\n", b"*1000\r\n" * 1000),
    faults.flood(b"", b"*1\r\n" * 16384),
    faults.flood(b"*2000000000\r\n", b"*0\r\n" * 16384),
    faults.flood(b"$2000000000\r\n", b"x" * 65536),
    faults.flood(b"+", b"x" * 65536),
    faults.flood(b"*60\r\n", b"+" + b"x" * 60_000 + b"\r\n"),
    faults.greet(b":" + b"9" * 5000 + b"\r\n"),
    faults.greet(b":99999999999999999999\r\n"),
    faults.greet(b"$-7\r\n"),
    faults.greet(b"*-7\r\n"),
    faults.greet(b"*x\r\n"),
    faults.greet(b"%1\r\n+a\r\n+b\r\n"),
    faults.greet(b"\r\n"),
]
"""What is no answer to any command of Redis."""


@pytest.mark.parametrize("behaviour", NO_REDIS)
@pytest.mark.parametrize("word", [b"PING", b"INFO", b"SSCAN"], ids=["ping", "info", "members"])
def test_nothing_that_a_redis_sends_holds_the_run_up(behaviour: Behaviour, word: bytes) -> None:
    kind = "sidekiq" if word == b"SSCAN" else "redis"
    keys = {kind: {"host": "127.0.0.1", "port": "@PORT@"}}
    hostile = faults.redis_until(word, behaviour)
    assert found(observe(keys, against=hostile, timeout=5)) == ("down", "bad_response")


ODD = [
    *(b":7", b"$-1", b"*0", b"*2\r\n+a\r\n+b", b"*2\r\n:0\r\n:7", b"*1\r\n*1\r\n*0", b"*3\r\n:0\r\n*0\r\n*0"),
    bulk(b"a:1\r\n" * 60_000)[:-2],
]
"""Answers that Redis gives, but not to what the probes ask first."""


@pytest.mark.parametrize("answer", ODD, ids=lambda answer: answer[:20].decode().replace("\r\n", " "))
@pytest.mark.parametrize(("kind", "word"), [("redis", b"PING"), ("redis", b"INFO"), ("sidekiq", b"SSCAN")])
def test_an_answer_of_another_shape_is_no_answer(answer: bytes, kind: str, word: bytes) -> None:
    keys = {kind: {"host": "127.0.0.1", "port": "@PORT@"}}
    odd = faults.redis_until(word, faults.greet(answer + b"\r\n"))
    assert found(observe(keys, against=odd, timeout=5)) == ("down", "bad_response")


def test_numbers_that_are_none_are_no_answer() -> None:
    keys = {"sidekiq": {"host": "127.0.0.1", "port": "@PORT@"}}
    nobody = faults.greet(b"*2\r\n$1\r\n0\r\n*1\r\n$1\r\na\r\n" + b"*3\r\n$-1\r\n$-1\r\n$-1\r\n")
    assert found(observe(keys, against=faults.redis_until(b"SSCAN", nobody))) == ("down", "bad_response")
    wordy = faults.greet(b"*2\r\n$1\r\n0\r\n*0\r\n" + b"+many\r\n" * 50)
    assert found(observe(keys, against=faults.redis_until(b"SSCAN", wordy))) == ("down", "bad_response")
    listed = faults.greet(b"*2\r\n$1\r\n0\r\n*0\r\n" + b":0\r\n" * 10 + b"*0\r\n" * 50)
    assert found(observe(keys, against=faults.redis_until(b"SSCAN", listed))) == ("down", "bad_response")


def test_a_server_that_says_anything_of_itself_tells_numbers_alone() -> None:
    said = b"role:master\r\nconnected_clients:<b>\r\nused_memory:%s\r\nmaxmemory:1\r\nslave0:x=y\r\n" % (b"9" * 4000)
    telling = faults.redis_until(b"INFO", faults.greet(bulk(said)))
    seen = observe({"redis": {"host": "127.0.0.1", "port": "@PORT@"}, "write": "false"}, against=telling)
    assert found(seen) == UP
    assert seen.facts == {"role": "primary"}


FIVE = [25] * 5
"""Columns of text."""


ROW = faults.postgres_rows(FIVE, [b"y" * 16_000] * 5)[len(faults.postgres_rows(FIVE)) :]


NAMELESS = b"".join(faults.postgres_message(b"S", b"n%d\0\0" % number) for number in range(50_000))
TOO_MUCH = [
    faults.flood(faults.postgres_rows(FIVE), ROW),
    faults.flood(faults.postgres_rows([]), faults.postgres_message(b"D", bytes(2)) * 1000),
    faults.flood(faults.postgres_rows(FIVE) + b"D\x7f\xff\xff\xff\0\5\x7f\xff\xff\0", b"y" * 65536),
    faults.flood(b"", faults.postgres_message(b"N", b"SNOTICE\0Mhello\0\0") * 1000),
    faults.flood(b"", faults.postgres_message(b"A", bytes(4) + b"channel\0hello\0") * 1000),
    faults.flood(b"", NAMELESS),
    faults.flood(b"", faults.postgres_message(b"C", b"SELECT 1\0") * 1000),
    faults.flood(b"E\x7f\xff\xff\xff", b"x" * 65536),
]


@pytest.mark.parametrize("behaviour", TOO_MUCH)
@pytest.mark.parametrize("kind", ["postgres", "pgbouncer"])
def test_nothing_that_a_database_answers_holds_the_run_up(behaviour: Behaviour, kind: str) -> None:
    keys = {kind: {"host": "127.0.0.1", "port": "@PORT@", "sslmode": "disable"}}
    hostile = faults.postgres_until_asked(behaviour)
    assert found(observe(keys, against=hostile, timeout=5)) == ("down", "bad_response")


@pytest.mark.parametrize(
    "behaviour",
    [
        faults.flood(faults.POSTGRES_LET_IN, faults.postgres_message(b"N", b"SNOTICE\0Mhello\0\0") * 1000),
        faults.flood(faults.POSTGRES_LET_IN, NAMELESS),
        faults.flood(b"E\x7f\xff\xff\xff", b"x" * 65536),
        faults.flood(b"E", b"x" * 65536),
        faults.flood(b"R\x7f\xff\xff\xff", b"x" * 65536),
        faults.flood(b"", b"v" * 65536),
    ],
)
@pytest.mark.parametrize("sslmode", ["disable", "prefer"])
def test_nothing_that_a_database_says_at_its_door_holds_the_run_up(behaviour: Behaviour, sslmode: str) -> None:
    keys = {"postgres": {"host": "127.0.0.1", "port": "@PORT@", "sslmode": sslmode}}
    assert observe(keys, against=behaviour, timeout=5).reason in {"bad_response", "connection_reset", "tls_failed"}


@pytest.mark.parametrize(
    ("types", "row"),
    [
        ([25] * 5, [b"y"] * 5),
        ([16, 20, 23, 701], [b"f", b"1", b"1", b"0"]),
        ([16, 20, 23, 701, 20], [b"f", b"1", None, b"0", b"0"]),
        ([16, 20, 23, 701, 20], [b"f", b"1", b"one", b"0", b"0"]),
        ([16, 20, 23, 701, 20], [b"f", b"1", b"1", b"nan", b"0"]),
        ([16, 20, 23, 1114, 20], [b"f", b"1", b"1", b"9999999-99-99 99:99:99", b"0"]),
        ([16, 20, 23, 701, 1700], [b"f", b"1", b"1", b"0", b"1e9"]),
        ([], []),
    ],
)
def test_a_row_of_another_shape_is_no_answer(types: list[int], row: list[bytes]) -> None:
    rows = faults.postgres_rows(types, row) + faults.postgres_message(b"C", b"SELECT 1\0") + faults.POSTGRES_READY
    odd = faults.postgres_until_asked(faults.repeat(rows))
    for kind in ("postgres", "pgbouncer"):
        keys = {kind: {"host": "127.0.0.1", "port": "@PORT@", "sslmode": "disable"}}
        assert found(observe(keys, against=odd, timeout=5)) == ("down", "bad_response")
