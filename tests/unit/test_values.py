"""Values as people write them: what is understood, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from statusgen import values
from statusgen.model.words import Impact
from statusgen.values import Document, Secret, SecretName

Parser = Callable[[object], object]


def refusal(parse: Parser, value: object) -> tuple[str, str]:
    """Return the message and the hint with which a value is refused."""
    with pytest.raises(PydanticCustomError) as caught:
        parse(value)
    context = caught.value.context or {}
    return context["message"], context["hint"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("30s", 30), ("1.5s", 1.5), ("5m", 300), ("1h30m", 5400), ("14d", 1209600), ("1m1m", 120)],
)
def test_a_duration_is_numbers_with_units(text: str, seconds: float) -> None:
    assert values.parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "s", "fast", "5 m", "-5m", "5m ", "m5", "1e3s", "٣s", ["5m"], {"5m": ""}])
def test_a_duration_is_nothing_else(value: object) -> None:
    message, hint = refusal(values.parse_duration, value)
    assert message == f"expected a duration such as '500ms' or '30s', got {values.shape(value)}"
    assert not hint


def test_a_duration_without_a_unit_is_told_to_have_one() -> None:
    assert refusal(values.parse_duration, "30")[1] == "add a unit, such as '30s'"


def test_a_duration_is_longer_than_nothing_and_shorter_than_time() -> None:
    assert refusal(values.parse_duration, "0s")[0] == "expected a duration longer than nothing, got '0s'"
    for text in ("9999999999d", "9" * 400 + "s"):
        assert refusal(values.parse_duration, text)[0].startswith("expected a duration below a million years, got")


@pytest.mark.parametrize(
    "text", ["2022-12-01T06:00-08:00", "2022-12-01T14:00Z", "2022-12-01 14:00+00:00", "2022-12-01T14:00:00.000Z"]
)
def test_an_instant_is_in_utc_whatever_its_zone(text: str) -> None:
    instant = values.parse_instant(text)
    assert instant == datetime(2022, 12, 1, 14, tzinfo=UTC)
    assert instant.tzinfo is UTC


@pytest.mark.parametrize("value", ["", "soon", "2022-12-01", "2022-12-01Z", "14:00", "20221201", ["2022-12-01T14:00Z"]])
def test_an_instant_is_nothing_less(value: object) -> None:
    message, hint = refusal(values.parse_instant, value)
    expected = "expected a date and time with a zone such as '2022-12-01T14:00Z'"
    assert (message, hint) == (f"{expected}, got {values.shape(value)}", "")


def test_a_time_without_a_zone_is_refused() -> None:
    message, hint = refusal(values.parse_instant, "2022-12-01T14:00")
    assert message == "expected a time with a zone, got '2022-12-01T14:00'"
    assert hint == "add 'Z' for UTC, or the offset of the place you mean, such as '-08:00'"


@pytest.mark.parametrize("text", ["2022-02-30T14:00Z", "2022-12-01T25:00Z", "0001-01-01T00:00+14:00"])
def test_an_instant_that_never_was_is_refused(text: str) -> None:
    assert refusal(values.parse_instant, text)[1] == "check its day and its time: there is no such instant"


def test_a_count_is_a_whole_number() -> None:
    assert values.parse_count("0") == 0
    assert values.parse_count("12") == 12
    for value in ("-1", "1.5", "", "1" * 10, ["1"]):
        assert refusal(values.parse_count, value) == (f"expected a whole number, got {values.shape(value)}", "")


def test_a_bounded_count_names_its_bound() -> None:
    parse = values.at_most(10)
    assert (parse("0"), parse("10")) == (0, 10)
    for value in ("11", "two", ["1"]):
        expected = f"expected a whole number from 0 to 10, got {values.shape(value)}"
        assert refusal(parse, value) == (expected, "")


@pytest.mark.parametrize(("text", "flag"), [("true", True), ("Yes", True), ("false", False), ("NO", False)])
def test_a_flag_is_yes_or_no(text: str, flag: bool) -> None:
    assert values.parse_flag(text) is flag


@pytest.mark.parametrize("value", ["on", "1", "", ["yes"]])
def test_a_flag_is_nothing_else(value: object) -> None:
    assert refusal(values.parse_flag, value) == (f"expected 'true' or 'false', got {values.shape(value)}", "")


def test_a_port_is_one_of_tcp() -> None:
    assert [values.parse_port(text) for text in ("1", "443", "65535")] == [1, 443, 65535]
    for value in ("0", "65536", "https", "-1", ["443"]):
        expected = f"expected a port from 1 to 65535, got {values.shape(value)}"
        assert refusal(values.parse_port, value) == (expected, "")


@pytest.mark.parametrize("text", ["a", "web", "edge-1", "2022-12-01-move", "a" * 64])
def test_an_id_is_made_of_letters_digits_and_hyphens(text: str) -> None:
    assert values.parse_slug(text) == text


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("Edge Köln", "write 'edge-koln'"),
        ("web_1", "write 'web-1'"),
        ("-web-", "write 'web'"),
        ("a" * 65, f"write '{'a' * 64}'"),
        ("", ""),
        ("東京", ""),
        (["web"], ""),
    ],
)
def test_another_id_is_told_the_nearest(value: object, hint: str) -> None:
    message = f"expected an id of lower-case letters, digits and hyphens, got {values.shape(value)}"
    assert refusal(values.parse_slug, value) == (message, hint)


def test_a_line_is_trimmed_text() -> None:
    assert values.parse_line("  Timelines load slowly\n") == "Timelines load slowly"
    assert values.parse_line("a" * 200) == "a" * 200


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "expected text, got nothing"),
        ("  \n", "expected text, got nothing"),
        ("a\nb", "expected one line of text, got several"),
        ("a" * 201, "expected at most 200 characters, got 201"),
        (["a"], "expected text, got a list"),
        ({"a": "b"}, "expected text, got a mapping"),
    ],
)
def test_a_line_is_neither_empty_nor_several_nor_endless(value: object, message: str) -> None:
    assert refusal(values.parse_line, value)[0] == message


def test_a_text_may_be_empty_or_long() -> None:
    assert not values.parse_text("")
    assert values.parse_text("one\ntwo\n") == "one\ntwo"
    assert values.parse_text("a" * 2000) == "a" * 2000
    assert refusal(values.parse_text, "a" * 2001)[0] == "expected at most 2000 characters, got 2001"
    assert refusal(values.parse_text, ["a"])[0] == "expected text, got a list"


@pytest.mark.parametrize(
    "text", ["https://status.example.org", "http://127.0.0.1:8080/a?b=c", "https://[2001:db8::1]/", "https://a.b/c@d"]
)
def test_an_address_is_absolute(text: str) -> None:
    assert values.parse_url(text) == text


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("status.example.org", "write 'https://status.example.org'"),
        ("status.example.org/a", "write 'https://status.example.org/a'"),
        ("ftp://example.org", ""),
        ("https://", ""),
        ("https://:443", ""),
        ("https://example.org:99999", ""),
        ("https://example.org:0", ""),
        ("https://[::1", ""),
        ("https://exa mple.org", ""),
        (["https://example.org"], ""),
    ],
)
def test_anything_else_is_no_address(value: object, hint: str) -> None:
    message = f"expected a web address such as 'https://status.example.org', got {values.shape(value)}"
    assert refusal(values.parse_url, value) == (message, hint)


def test_an_address_with_a_user_is_not_quoted_back() -> None:
    message, hint = refusal(values.parse_url, "https://nova:hunter2@example.org")
    assert message == "expected a web address without a user name, such as 'https://status.example.org'"
    assert not hint


def test_one_of_a_closed_list_is_that_word() -> None:
    assert values.one_of(Impact)("major") is Impact.MAJOR


def test_a_word_beside_a_closed_list_is_told_what_there_is() -> None:
    expected = "expected 'none', 'minor', 'major' or 'critical', got"
    assert refusal(values.one_of(Impact), "Mayor") == (f"{expected} 'Mayor'", "did you mean 'major'?")
    assert refusal(values.one_of(Impact), "huge") == (f"{expected} 'huge'", "")
    assert refusal(values.one_of(Impact), ["major"]) == (f"{expected} a list", "")


def test_words_are_listed_as_people_say_them() -> None:
    assert values.either(["a"]) == "'a'"
    assert values.either(["a", "b"]) == "'a' or 'b'"
    assert values.either(["a", "b", "c"], "and") == "'a', 'b' and 'c'"


def test_a_suggestion_is_near_or_none() -> None:
    assert values.suggest("Partial Outage", ["partial_outage", "major_outage"]) == "did you mean 'partial_outage'?"
    assert not values.suggest("zzz", ["partial_outage"])


def test_what_is_quoted_is_short() -> None:
    assert values.shape("a" * 60) == repr("a" * 60)
    assert values.shape("a" * 61) == repr("a" * 60 + "…")


class Login(Document):
    """A document with a secret."""

    password_env: Secret


def test_a_secret_is_the_name_of_a_variable() -> None:
    login = Login.model_validate({"password_env": "PG_PASSWORD"})
    assert type(login.password_env) is SecretName
    assert login.password_env == "PG_PASSWORD"


@pytest.mark.parametrize("value", ["hunter2", "", "1PASSWORD", "PG-PASSWORD", "A" * 129, ["PG_PASSWORD"]])
def test_what_may_be_a_secret_is_never_quoted_back(value: object) -> None:
    message, hint = refusal(values.parse_secret_name, value)
    assert message == "expected the name of an environment variable"
    assert (
        hint
        == "write a name such as 'PG_PASSWORD', and set that variable where statusgen runs; never the secret itself"
    )


def test_a_document_is_closed_and_frozen() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Login.model_validate({"password_env": "A", "password": "b"})
    with pytest.raises(ValidationError, match="frozen"):
        Login(password_env=SecretName("A")).password_env = SecretName("B")
    assert issubclass(Document, BaseModel)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Status.Example.org/", "https://status.example.org"),
        ("https://status.example.org:443", "https://status.example.org"),
        ("http://status.example.org:80/", "http://status.example.org"),
        ("http://status.example.org:443", "http://status.example.org:443"),
        ("https://status.example.org:8443/Of/It//", "https://status.example.org:8443/Of/It"),
        ("https://status.example.org:/a", "https://status.example.org/a"),
        ("http://[2001:DB8::80]:80", "http://[2001:db8::80]"),
        ('https://status.example.org/{a}"%20~b', "https://status.example.org/%7Ba%7D%22%20~b"),
    ],
)
def test_an_address_of_a_site_has_one_form(written: str, meant: str) -> None:
    """The W3C's validator warns of an id in another form, and readers compare them letter by letter."""
    assert values.canonical_url(values.parse_url(written)) == meant
