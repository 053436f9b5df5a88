"""The kind `prometheus`: one instant query, and what its value must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar, Self
from urllib.parse import quote

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Finding
from statusgen.model.reason import http_reason
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.certificates import trust
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, OneFamily
from statusgen.probes.http import HttpSpec
from statusgen.probes.http_expect import Answer
from statusgen.probes.http_headers import HeaderName, Pairs, private_headers
from statusgen.probes.network import TargetError
from statusgen.probes.prometheus_values import Limits, QueryError, judge, values_of
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import HttpUrl, UrlTarget, agree_on_family
from statusgen.probes.web_keys import PrivateAuthority, WebNode
from statusgen.sweep.attention import within
from statusgen.values import CheckDocument, Secret, Text, shape, wrong

_NUMBER = re.compile(r"([+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:e[+-]?[0-9]{1,2})?)(%?)", re.IGNORECASE)
_MISTAKES = frozenset({400, 422})
"""Statuses with which Prometheus turns a query away: it cannot be read, or not be carried out."""

_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusSpec:
    """One query; `patience` ends a little before the check's deadline, so that a silent server proves nothing."""

    request: HttpSpec
    limits: Limits
    patience: timedelta


def parse_number(text: object) -> float:
    """Return a number such as `0.9`, `-3` or `1e9`, or a share in percent such as `90%`."""
    number = _NUMBER.fullmatch(text) if isinstance(text, str) else None
    if number is None:
        raise wrong(f"expected a number such as '0.9' or '90%', got {shape(text)}")
    return float(number[1]) / (100 if number[2] else 1)


Number = Annotated[float | None, BeforeValidator(parse_number)]


class PrometheusDocument(CheckDocument):
    """The keys of a `prometheus` check."""

    kind: ClassVar[str] = "prometheus"

    prometheus: UrlTarget = Field(
        description="The URL of the server, without `/api/v1/query`.", examples=["https://prometheus.example.org"]
    )
    query: Text = Field(
        description="The instant query (PromQL). It yields a number, or series of which the worst decides.",
        examples=["max(1 - node_filesystem_avail_bytes / node_filesystem_size_bytes)"],
    )
    degraded_above: Number = Field(default=None, description="Degraded when a value is above this.", examples=["80%"])
    down_above: Number = Field(default=None, description="Down when a value is above this.", examples=["95%"])
    degraded_below: Number = Field(default=None, description="Degraded when a value is below this.", examples=["3"])
    down_below: Number = Field(default=None, description="Down when a value is below this.", examples=["1"])
    headers_env: dict[HeaderName, Secret] = Field(
        default_factory=dict,
        description="Headers whose value is a secret: each with the environment variable that holds it.",
        examples=["{Authorization: PROMETHEUS_TOKEN}"],
    )
    connect_to: WebNode = None
    family: OneFamily = None
    ca_file: PrivateAuthority = None

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if not self.query:
            raise wrong("expected a query, got nothing")
        if "?" in self.prometheus.path:
            raise wrong("expected the URL of the server without a query", hint="the query stands under 'query'")
        if self.ca_file and self.prometheus.scheme != "https":
            raise wrong("'ca_file' needs an https URL")
        agree_on_family(self.family, self.prometheus.host, self.connect_to)
        return self

    @model_validator(mode="after")
    def _limits_are_in_order(self) -> Self:
        limits = self._limits()
        if limits == Limits():
            raise wrong("no value would ever be wrong", hint="add a limit such as 'down_above: 95%'")
        for word, lower, higher in (
            ("above", limits.degraded_above, limits.down_above),
            ("below", limits.down_below, limits.degraded_below),
        ):
            if lower is not None and higher is not None and lower >= higher:
                raise wrong(f"between 'degraded_{word}' and 'down_{word}' nothing would ever be degraded")
        above, below = limits.lowest_above, limits.highest_below
        if above is not None and below is not None and above < below:
            raise wrong("no value would ever be right: each is above the one limit or below the other")
        return self

    def _limits(self) -> Limits:
        return Limits(
            degraded_above=self.degraded_above,
            down_above=self.down_above,
            degraded_below=self.degraded_below,
            down_below=self.down_below,
        )

    def spec(self) -> PrometheusSpec:
        """Return the same as plain data."""
        base = self.prometheus
        path = f"{base.path.removesuffix('/')}/api/v1/query?query={quote(self.query, safe='')}"
        return PrometheusSpec(
            request=HttpSpec(
                url=HttpUrl(base.scheme, base.host, base.port, path),
                headers=(("Accept", "application/json"),),
                headers_env=tuple(self.headers_env.items()),
                connect_to=self.connect_to,
                family=self.family,
                ca_file=self.ca_file,
            ),
            limits=self._limits(),
            patience=self.timeout * 0.9,
        )


async def probe(spec: PrometheusSpec, secrets: Secrets) -> Finding:
    """Ask, and judge the value that is worst.

    A server that cannot be asked proves nothing of what it would have told, so that is `unknown`. Phases: those of
    `http`. Facts: `value` (that of the worst series), `series` (their number).
    """
    private = private_headers(spec.request.headers_env, secrets)
    if private is None:
        return Finding(outcome=Outcome.UNKNOWN, reason="secret_invalid")
    watch = Stopwatch()
    try:
        values = values_of(await _answer(spec, private, watch))
    except FamilyMissingError:
        return FAMILY_MISSING
    except QueryError:
        return watch.finding(Outcome.UNKNOWN, "query_failed")
    except TargetError as error:
        return watch.finding(Outcome.UNKNOWN, error.reason)
    except TimeoutError:
        return watch.finding(Outcome.UNKNOWN, "timeout")
    outcome, reason, facts = judge(values, spec.limits)
    return watch.finding(outcome, reason, facts)


async def _answer(spec: PrometheusSpec, private: Pairs, watch: Stopwatch) -> Answer:
    from statusgen.probes.http_client import fetch  # noqa: PLC0415 - slow to import

    trusted = trust(spec.request.ca_file, protocol="http/1.1")
    async with within(spec.patience.total_seconds()):
        answer = await fetch(spec.request, private, trusted=trusted, watch=watch)
    if answer.status in _MISTAKES:
        raise QueryError
    if answer.status != _OK:
        raise TargetError(http_reason(answer.status))
    return answer


KIND = ProbeKind(PrometheusDocument, probe)
