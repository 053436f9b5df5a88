"""What can be said of components in trouble: for each state every sentence that the page makes of it.

They are whole sentences, not made of parts, for in other languages the state changes with whom it is said of and with
how many there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from statusgen.model.catalogue import Plural, msg, msgs
from statusgen.model.words import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """One state. `named` is said of components by their names, the others of several by their number."""

    named: Plural
    some: Plural
    all: Plural
    spread: Plural
    scattered: Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Since when a state lasts: with how long that is, without, and when nobody knows."""

    for_: str
    since: str
    unknown: str


DOWN = Predicate(
    named=msgs("{names} is down", "{names} are down"),
    some=msgs("{group}: {n} of {total} is down", "{group}: {n} of {total} are down"),
    all=msgs("{group}: all {n} is down", "{group}: all {n} are down"),
    spread=msgs("{n} component is down: {where}", "{n} components are down: {where}"),
    scattered=msgs("{n} component in {groups} groups is down", "{n} components in {groups} groups are down"),
)
PARTLY_DOWN = Predicate(
    named=msgs("{names} is partly down", "{names} are partly down"),
    some=msgs("{group}: {n} of {total} is partly down", "{group}: {n} of {total} are partly down"),
    all=msgs("{group}: all {n} is partly down", "{group}: all {n} are partly down"),
    spread=msgs("{n} component is partly down: {where}", "{n} components are partly down: {where}"),
    scattered=msgs(
        "{n} component in {groups} groups is partly down", "{n} components in {groups} groups are partly down"
    ),
)
DEGRADED = Predicate(
    named=msgs("{names} is degraded", "{names} are degraded"),
    some=msgs("{group}: {n} of {total} is degraded", "{group}: {n} of {total} are degraded"),
    all=msgs("{group}: all {n} is degraded", "{group}: all {n} are degraded"),
    spread=msgs("{n} component is degraded: {where}", "{n} components are degraded: {where}"),
    scattered=msgs("{n} component in {groups} groups is degraded", "{n} components in {groups} groups are degraded"),
)
SLOW = Predicate(
    named=msgs("{names} is slow", "{names} are slow"),
    some=msgs("{group}: {n} of {total} is slow", "{group}: {n} of {total} are slow"),
    all=msgs("{group}: all {n} is slow", "{group}: all {n} are slow"),
    spread=msgs("{n} component is slow: {where}", "{n} components are slow: {where}"),
    scattered=msgs("{n} component in {groups} groups is slow", "{n} components in {groups} groups are slow"),
)
UNSTABLE = Predicate(
    named=msgs("{names} is unstable", "{names} are unstable"),
    some=msgs("{group}: {n} of {total} is unstable", "{group}: {n} of {total} are unstable"),
    all=msgs("{group}: all {n} is unstable", "{group}: all {n} are unstable"),
    spread=msgs("{n} component is unstable: {where}", "{n} components are unstable: {where}"),
    scattered=msgs("{n} component in {groups} groups is unstable", "{n} components in {groups} groups are unstable"),
)
RECOVERING = Predicate(
    named=msgs("{names} is recovering", "{names} are recovering"),
    some=msgs("{group}: {n} of {total} is recovering", "{group}: {n} of {total} are recovering"),
    all=msgs("{group}: all {n} is recovering", "{group}: all {n} are recovering"),
    spread=msgs("{n} component is recovering: {where}", "{n} components are recovering: {where}"),
    scattered=msgs(
        "{n} component in {groups} groups is recovering", "{n} components in {groups} groups are recovering"
    ),
)
IN_TROUBLE = Predicate(
    named=msgs("{names} is in trouble", "{names} are in trouble"),
    some=msgs("{group}: {n} of {total} is in trouble", "{group}: {n} of {total} are in trouble"),
    all=msgs("{group}: all {n} is in trouble", "{group}: all {n} are in trouble"),
    spread=msgs("{n} component is in trouble: {where}", "{n} components are in trouble: {where}"),
    scattered=msgs(
        "{n} component in {groups} groups is in trouble", "{n} components in {groups} groups are in trouble"
    ),
)
"""What is said of components whose states differ."""

PREDICATES: Mapping[Status, Predicate] = MappingProxyType(
    {Status.MAJOR_OUTAGE: DOWN, Status.PARTIAL_OUTAGE: PARTLY_DOWN, Status.DEGRADED_PERFORMANCE: DEGRADED}
)
REASONED: Mapping[str | None, Predicate] = MappingProxyType(
    {"slow": SLOW, "flapping": UNSTABLE, "recovering": RECOVERING}
)
"""What a component is that is degraded for one of these reasons."""

STANDING: Mapping[Status, str] = MappingProxyType(
    {
        Status.OPERATIONAL: msg("{name} is operational"),
        Status.UNDER_MAINTENANCE: msg("{name} is under maintenance"),
        Status.UNKNOWN: msg("We cannot see {name}"),
    }
)
"""What is said of one component that is not in trouble."""

LASTING: Mapping[Status, Lasting] = MappingProxyType(
    {
        Status.MAJOR_OUTAGE: Lasting(
            for_=msg("down since {when}, for {length}"),
            since=msg("down since {when}"),
            unknown=msg("down for an unknown time"),
        ),
        Status.PARTIAL_OUTAGE: Lasting(
            for_=msg("partly down since {when}, for {length}"),
            since=msg("partly down since {when}"),
            unknown=msg("partly down for an unknown time"),
        ),
        Status.DEGRADED_PERFORMANCE: Lasting(
            for_=msg("degraded since {when}, for {length}"),
            since=msg("degraded since {when}"),
            unknown=msg("degraded for an unknown time"),
        ),
    }
)
"""Since when a component is in trouble, to stand below its name."""

CLAIMED: Mapping[Status, str] = MappingProxyType(
    {
        Status.MAJOR_OUTAGE: msg("down, say the people who run it"),
        Status.PARTIAL_OUTAGE: msg("partly down, say the people who run it"),
        Status.DEGRADED_PERFORMANCE: msg("degraded, say the people who run it"),
        Status.UNDER_MAINTENANCE: msg("under maintenance"),
    }
)
"""What people say of a component against what is measured."""

CAUSES: Mapping[Status, tuple[str, str]] = MappingProxyType(
    {
        Status.MAJOR_OUTAGE: (
            msg("it depends on {name}, which is down"),
            msg("it depends on {name}, which is down too"),
        ),
        Status.PARTIAL_OUTAGE: (
            msg("it depends on {name}, which is partly down"),
            msg("it depends on {name}, which is partly down too"),
        ),
        Status.DEGRADED_PERFORMANCE: (
            msg("it depends on {name}, which is degraded"),
            msg("it depends on {name}, which is degraded too"),
        ),
        Status.OPERATIONAL: (msg("it depends on {name}, which is operational"),) * 2,
        Status.UNDER_MAINTENANCE: (msg("it depends on {name}, which is under maintenance"),) * 2,
        Status.UNKNOWN: (msg("it depends on {name}, of which there is no fresh data"),) * 2,
    }
)
"""What explains a component's trouble: how what it depends on is doing, and the same when it is doing as badly."""

REASONED_CAUSES: Mapping[str | None, tuple[str, str]] = MappingProxyType(
    {
        "slow": (msg("it depends on {name}, which is slow"), msg("it depends on {name}, which is slow too")),
        "flapping": (
            msg("it depends on {name}, which is unstable"),
            msg("it depends on {name}, which is unstable too"),
        ),
        "recovering": (
            msg("it depends on {name}, which is recovering"),
            msg("it depends on {name}, which is recovering too"),
        ),
    }
)
"""The same where it is degraded for one of these reasons."""
