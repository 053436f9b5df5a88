"""What an HTTP answer must be, as people write it and as a pure judgement of an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.reason import http_reason
from statusgen.probes.http_cache import UNPROVEN, from_cache
from statusgen.probes.targets import HttpUrl
from statusgen.values import Document, Flag, shape, wrong

Codes = tuple[range, ...]
Steps = tuple[str | int, ...]

OK = (range(200, 300),)
REDIRECT = (range(300, 400),)

_CODES = re.compile(r"([1-5][0-9][0-9])(?:-([1-5][0-9][0-9]))?")
_STEP = re.compile(r"""\.([\w-]+)|\[([0-9]{1,6})\]|\["([^"]+)"\]""", re.ASCII)
_CHARSET = re.compile(r"""charset\s*=\s*"?([\w.:-]+)""", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What an answer must be; None and empty mean that nothing is asked of that part."""

    status: Codes = OK
    body: str | None = None
    body_regex: re.Pattern[str] | None = None
    json: tuple[tuple[Steps, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    redirect: str | None = None
    uncached: bool = False


ANSWERED = Expectation()
"""A status from 200 to 299, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. Header names are in lower case; values of a header that came more than once are joined."""

    url: HttpUrl
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body in the encoding that it states, else UTF-8; bytes that do not fit become U+FFFD."""
        stated = _CHARSET.search(self.headers.get("content-type", ""))
        try:
            return self.body.decode(stated[1] if stated else "utf-8", errors="replace")
        except (LookupError, ValueError):
            return self.body.decode("utf-8", errors="replace")


def judge(answer: Answer, expectation: Expectation) -> str | None:
    """Return why the answer is not what is expected, or None when it is."""
    if not any(answer.status in codes for codes in expectation.status):
        return http_reason(answer.status)
    if expectation.redirect is not None and not _leads_to(answer, expectation.redirect):
        return "wrong_redirect"
    if not all(name in answer.headers and text in answer.headers[name] for name, text in expectation.headers):
        return "wrong_header"
    if not _body_fits(answer, expectation):
        return "wrong_body"
    return UNPROVEN if expectation.uncached and from_cache(answer.headers) else None


def _leads_to(answer: Answer, wanted: str) -> bool:
    try:
        return answer.url.join(answer.headers["location"]) == answer.url.join(wanted)
    except (KeyError, ValueError):
        return False


def _body_fits(answer: Answer, expectation: Expectation) -> bool:
    text = answer.text
    if expectation.body is not None and expectation.body not in text:
        return False
    if expectation.body_regex is not None and not expectation.body_regex.search(text):
        return False
    return not expectation.json or _json_fits(text, expectation.json)


def _json_fits(text: str, wanted: tuple[tuple[Steps, str], ...]) -> bool:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return all(_says(document, steps, value) for steps, value in wanted)


def _says(document: Any, steps: Steps, wanted: str) -> bool:
    """Return whether the value at a path reads as wanted: a text as it is, anything else as JSON writes it."""
    for step in steps:
        match document, step:
            case dict(), str() if step in document:
                document = document[step]
            case list(), int() if step < len(document):
                document = document[step]
            case _:
                return False
    return wanted == (document if isinstance(document, str) else json.dumps(document))


def parse_codes(value: object) -> Codes:
    """Return status codes written as `200`, `200-299` or a list of such."""
    found = [_CODES.fullmatch(item) if isinstance(item, str) else None for item in _as_list(value)]
    codes = [range(int(match[1]), int(match[2] or match[1]) + 1) for match in found if match]
    if not codes or len(codes) < len(found) or not all(codes):
        raise wrong(f"expected a status such as '200', a range such as '200-299' or a list of them, got {shape(value)}")
    return tuple(codes)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def parse_regex(text: object) -> re.Pattern[str]:
    """Return a compiled regular expression."""
    if not isinstance(text, str):
        raise wrong(f"expected a regular expression, got {shape(text)}")
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise wrong(f"expected a regular expression, got {shape(text)}: {error}") from None


def parse_json_values(value: object) -> tuple[tuple[Steps, str], ...]:
    """Return what a JSON body must say: values by path, such as `{status: UP, "$.queues[0].name": default}`."""
    if not isinstance(value, dict) or not value:
        raise wrong(f"expected paths and their values such as '{{status: UP}}', got {shape(value)}")
    for path, wanted in value.items():
        if not isinstance(wanted, str):
            hint = "go down to it with a path such as '$.list[0].name'"
            raise wrong(f"expected a single value for {shape(path)}, got {shape(wanted)}", hint)
    return tuple((parse_json_path(path), wanted) for path, wanted in value.items())


def parse_json_path(text: str) -> Steps:
    """Return the steps of a path: names after dots, positions from 0 and odd names in brackets, `$` first or not."""
    rest = text.removeprefix("$") if text.startswith(("$", "[")) else f".{text}"
    steps: list[str | int] = []
    while rest and (match := _STEP.match(rest)):
        name, position, quoted = match.groups()
        steps.append(int(position) if position else name or quoted)
        rest = rest[match.end() :]
    if rest or not steps:
        raise wrong(f"expected a JSON path such as '$.queues[0].name', got {shape(text)}")
    return tuple(steps)


def parse_header_texts(value: object) -> tuple[tuple[str, str], ...]:
    """Return what headers must contain: texts by name."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise wrong(f"expected header names and texts such as '{{Content-Type: text/html}}', got {shape(value)}")
    return tuple((name.lower(), text) for name, text in value.items())


class ExpectDocument(Document):
    """The key `expect`."""

    status: Annotated[Codes | None, BeforeValidator(parse_codes)] = Field(
        default=None,
        description="The status: a code, a range or a list of them; `200-299` when left out.",
        examples=["200", "200-299", "[200, 401]"],
    )
    body: str | None = Field(default=None, description="A text that the body contains.", examples=["OK"])
    body_regex: Annotated[re.Pattern[str] | None, BeforeValidator(parse_regex)] = Field(
        default=None, description="A regular expression (Python's) that is found in the body.", examples=["'^OK$'"]
    )
    json_values: Annotated[tuple[tuple[Steps, str], ...], BeforeValidator(parse_json_values)] = Field(
        default=(),
        alias="json",
        description="Values that a JSON body holds, by path: names after dots, positions from 0 in brackets.",
        examples=["{status: UP}", "{'$.queues[0].name': default}"],
    )
    headers: Annotated[tuple[tuple[str, str], ...], BeforeValidator(parse_header_texts)] = Field(
        default=(), description="Texts that headers contain, by name.", examples=["{Content-Type: text/html}"]
    )
    redirect: str | None = Field(
        default=None,
        description="Where it redirects to, absolute or from the target; `status` is `300-399` then when left out.",
        examples=["https://www.example.org/"],
    )
    uncached: Flag = Field(
        default=False,
        description="Degraded when a cache answers in the origin's place, which proves the edge alone.",
        examples=["true"],
    )

    @model_validator(mode="after")
    def _redirect_has_a_fitting_status(self) -> Self:
        if self.redirect is not None and any(code not in REDIRECT[0] for codes in self.status or () for code in codes):
            raise wrong("expected a status from 300 to 399 beside 'redirect'", hint="leave 'status' out")
        return self

    def expectation(self) -> Expectation:
        """Return the same as plain data."""
        return Expectation(
            status=self.status or (OK if self.redirect is None else REDIRECT),
            body=self.body,
            body_regex=self.body_regex,
            json=self.json_values,
            headers=self.headers,
            redirect=self.redirect,
            uncached=self.uncached,
        )
