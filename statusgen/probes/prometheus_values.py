"""What Prometheus answers to an instant query, and what the values amount to."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from statusgen.model.observation import Fact
from statusgen.model.words import Outcome
from statusgen.probes.http_expect import Answer
from statusgen.probes.network import TargetError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a value may not be above or below; None is no limit."""

    degraded_above: float | None = None
    down_above: float | None = None
    degraded_below: float | None = None
    down_below: float | None = None

    @property
    def lowest_above(self) -> float | None:
        """The lowest limit on what is too high."""
        return min((limit for limit in (self.degraded_above, self.down_above) if limit is not None), default=None)

    @property
    def highest_below(self) -> float | None:
        """The highest limit on what is too low."""
        return max((limit for limit in (self.degraded_below, self.down_below) if limit is not None), default=None)


class QueryError(Exception):
    """The query cannot be answered, or is not answered by numbers: a mistake in the check, not of the target."""


def values_of(answer: Answer) -> tuple[float, ...]:
    """Return the values of an answer: of a scalar, or one for each series of a vector.

    Raises `QueryError`, and `TargetError` for what is no answer of Prometheus.
    """
    try:
        said = json.loads(answer.text)
        data = said["data"] if said["status"] == "success" else None
        if data is None or data["resultType"] in {"matrix", "string"}:
            raise QueryError
        return _values(data["resultType"], data["result"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise TargetError("bad_response") from None


def _values(kind: str, result: Any) -> tuple[float, ...]:
    if kind == "scalar":
        return (float(result[1]),)
    if kind == "vector":
        return tuple(float(series["value"][1]) for series in result)
    raise ValueError("no type of result that is known")


def judge(values: Sequence[float], limits: Limits) -> tuple[Outcome, str | None, dict[str, Fact]]:
    """Return the outcome of the worst value, its reason, and what may be told.

    | of the values | outcome |
    | --- | --- |
    | any beyond a limit for down | `down` |
    | else any beyond a limit for degraded | `degraded` |
    | else none at all, or one that is not a number | `unknown` |
    | else | `up` |
    """
    numbers = [value for value in values if not math.isnan(value)]
    for outcome, above, below in (
        (Outcome.DOWN, limits.down_above, limits.down_below),
        (Outcome.DEGRADED, limits.degraded_above, limits.degraded_below),
    ):
        if above is not None and numbers and max(numbers) > above:
            return outcome, "value_high", _facts(values, max(numbers))
        if below is not None and numbers and min(numbers) < below:
            return outcome, "value_low", _facts(values, min(numbers))
    if not values or len(numbers) < len(values):
        return Outcome.UNKNOWN, "not_measured", _facts(values, None)
    return Outcome.UP, None, _facts(values, max(numbers) if limits.lowest_above is not None else min(numbers))


def _facts(values: Sequence[float], worst: float | None) -> dict[str, Fact]:
    """Return the facts; a value that is infinite cannot be written down."""
    facts: dict[str, Fact] = {"series": len(values)}
    return facts | {"value": worst} if worst is not None and math.isfinite(worst) else facts
