"""What keys and tokens look like when nobody told us about them, in one table.

The prefixes are those that the services publish so that scanners find them; `docs/reference/leaks.md` names the pages.
What has no form of its own, such as a token of Mastodon or a password, is found only by its value, or by the words
that stand before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Shape(NamedTuple):
    """What something secret is called, what it looks like, and where that is told."""

    what: str
    pattern: re.Pattern[bytes]
    source: str


def _shape(what: str, pattern: bytes, source: str) -> Shape:
    return Shape(what, re.compile(pattern), source)


_GITHUB = "github.blog/2021-04-05-behind-githubs-new-authentication-token-formats"
_SCANNING = "docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"

SHAPES: dict[bytes, tuple[Shape, ...]] = {
    rb"://": (
        _shape(
            "a connection string with a password",
            rb"://[^\s/:@<>\"']*:[^\s/@<>\"']+@[A-Za-z0-9\[]",
            "RFC 3986 section 3.2.1",
        ),
    ),
    rb"password=": (
        _shape(
            "a connection string with a password",
            rb"\b(?:host|hostaddr|dbname|user)=[^\s<>]+[^\n<>]{0,200}?\bpassword=[^\s<>&]",
            "postgresql.org/docs/current/libpq-connect.html",
        ),
    ),
    rb"-----BEGIN ": (
        _shape("a private key", rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----", "RFC 7468 section 10"),
    ),
    rb"PuTTY-User-Key": (
        _shape("a private key", rb"PuTTY-User-Key-File-[0-9]+:", "the.earth.li/~sgtatham/putty (appendix C)"),
    ),
    rb"RWRTY0Iy": (_shape("a private key", rb"\bRWRTY0Iy[A-Za-z0-9+/]{60}", "jedisct1.github.io/minisign"),),
    rb"A(?:[KS]IA|Iza|GE-SEC)": (
        _shape(
            "an AWS access key",
            rb"\bA[KS]IA(?![0-9A-Z]{9}EXAMPLE\b)[0-9A-Z]{16}\b",
            "docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
        ),
        _shape("a Google API key", rb"\bAIza[0-9A-Za-z_-]{35}", _SCANNING),
        _shape("a private key", rb"\bAGE-SECRET-KEY-1[0-9A-Z]{50}", "age-encryption.org/v1"),
    ),
    rb"_[A-Za-z0-9]{16}": (
        _shape("a GitHub token", rb"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36}", _GITHUB),
        _shape("a GitHub token", rb"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9]{16,}_[A-Za-z0-9]{20,}", _GITHUB),
        _shape("a Stripe key", rb"(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16,}", "docs.stripe.com/keys"),
        _shape("a Stripe webhook secret", rb"(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/]{32}", "docs.stripe.com/webhooks"),
        _shape("an npm token", rb"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}", _SCANNING),
        _shape("a Hugging Face token", rb"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{34}", _SCANNING),
        _shape("a DigitalOcean token", rb"(?<![A-Za-z0-9])do[oprt]_v1_[a-f0-9]{64}", _SCANNING),
        _shape("a Grafana token", rb"(?<![A-Za-z0-9])glsa_[A-Za-z0-9]{32}_", _SCANNING),
        _shape("a Sentry token", rb"(?<![A-Za-z0-9])sntry[su]_[A-Za-z0-9+/=_-]{40}", _SCANNING),
    ),
    rb"gl[a-z]{2,5}-": (
        _shape(
            "a GitLab token",
            rb"(?<![A-Za-z0-9])gl(?:pat|dt|rt|ptt|ft|soat|cbt|imt|agent)-[A-Za-z0-9_-]{20}",
            "docs.gitlab.com/security/tokens (token prefixes)",
        ),
    ),
    rb"x(?:ox|app-)": (
        _shape("a Slack token", rb"\bxox[abeoprs]-[A-Za-z0-9-]{10}", "api.slack.com/concepts/token-types"),
        _shape("a Slack token", rb"\bxapp-[0-9]-[A-Z0-9]+-[0-9]+-[a-f0-9]{10}", "api.slack.com/concepts/token-types"),
    ),
    rb"hooks": (
        _shape(
            "a Slack webhook",
            rb"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20}",
            "api.slack.com/messaging/webhooks",
        ),
        _shape("a Discord webhook", rb"/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60}", "discord.com/developers/docs"),
    ),
    rb"\.eyJ": (
        _shape(
            "a JSON Web Token",
            rb"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10}",
            "RFC 7519 section 3",
        ),
    ),
    rb"S(?:G\.|CW|K[0-9a-f]{32})": (
        _shape("a SendGrid key", rb"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}", _SCANNING),
        _shape("a Scaleway access key", rb"\bSCW[A-Z0-9]{17}\b", "scaleway.com/docs (API keys)"),
        _shape("a Twilio key", rb"\bSK[0-9a-f]{32}\b", _SCANNING),
    ),
    rb":AA": (
        _shape("a Telegram bot token", rb"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}", "core.telegram.org/bots/features"),
    ),
    rb"sk-": (_shape("a key of an AI service", rb"(?<![A-Za-z0-9])sk-(?:ant-|proj-)?[A-Za-z0-9_-]{36}", _SCANNING),),
    rb"pypi-AgE": (_shape("a PyPI token", rb"\bpypi-AgE[A-Za-z0-9_-]{50}", "pypi.org/help (API tokens)"),),
    rb"tskey-": (_shape("a Tailscale key", rb"\btskey-[a-z]+-[A-Za-z0-9]+-[A-Za-z0-9]{10}", _SCANNING),),
    rb"hvs\.": (_shape("a Vault token", rb"\bhvs\.[A-Za-z0-9_-]{24}", "developer.hashicorp.com/vault (tokens)"),),
    rb"uthorization": (
        _shape(
            "an Authorization header",
            rb"uthorization[\"']?\s*[:=]\s*[\"']?(?:Basic|Bearer|[Tt]oken)\s+(?=\S*[0-9=])[A-Za-z0-9+/=._~-]{12}",
            "RFC 9110 section 11.6.2",
        ),
    ),
    rb"access_token=": (
        _shape("an access token in an address", rb"\baccess_token=(?=\S*[0-9])[A-Za-z0-9._~-]{16}", "RFC 6750 2.3"),
    ),
    rb"X-Amz-Sig": (
        _shape(
            "a signed address",
            rb"\bX-Amz-Signature=[0-9a-f]{64}",
            "docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
        ),
    ),
}
"""What secrets look like, by the pattern of a mark that all of a row hold and that is found in a tenth of the time."""

_LITERAL = re.compile(rb"[A-Za-z0-9:/_ =-]+")
_ROWS = tuple((mark if _LITERAL.fullmatch(mark) else re.compile(mark), shapes) for mark, shapes in SHAPES.items())


def shapes_in(body: bytes) -> Iterator[str]:
    """Yield what is in a body that looks like a secret; perhaps one thing twice."""
    for mark, shapes in _ROWS:
        if mark in body if isinstance(mark, bytes) else mark.search(body):
            yield from (one.what for one in shapes if one.pattern.search(body))
