"""Each row of the table finds what its service hands out, and no ordinary text."""

from __future__ import annotations

import re

import pytest

from statusgen.publish.shapes import SHAPES, shapes_in

A36 = "a1B2c3D4e5F6g7H8i9J0" * 2
EXAMPLES = {
    "postgres://mastodon:s3cret@db:5432/mastodon": "a connection string with a password",
    "rediss://:s3cret@10.0.0.5:6379": "a connection string with a password",
    "https://user:s3cret@[::1]/": "a connection string with a password",
    "host=db.example dbname=m user=x password=s3cret": "a connection string with a password",
    "-----BEGIN PRIVATE KEY-----": "a private key",
    "-----BEGIN OPENSSH PRIVATE KEY-----": "a private key",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----": "a private key",
    "PuTTY-User-Key-File-3: ssh-ed25519": "a private key",
    "RWRTY0Iy" + "A" * 64: "a private key",
    "AGE-SECRET-KEY-1" + "QPZRY9X8GF" * 6: "a private key",
    "key AKIA" + "A1" * 8: "an AWS access key",
    "key ASIA" + "A1" * 8: "an AWS access key",
    "AIza" + A36[:35]: "a Google API key",
    "token ghp_" + A36[:36]: "a GitHub token",
    "github_pat_" + A36[:22] + "_" + A36: "a GitHub token",
    "sk_live_" + A36[:24]: "a Stripe key",
    "rk_test_" + A36[:24]: "a Stripe key",
    "whsec_" + A36[:32]: "a Stripe webhook secret",
    "npm_" + A36[:36]: "an npm token",
    "hf_" + A36[:34]: "a Hugging Face token",
    "dop_v1_" + "0a" * 32: "a DigitalOcean token",
    "glsa_" + A36[:32] + "_0a": "a Grafana token",
    "sntrys_" + A36: "a Sentry token",
    "token glpat-" + "a1-b" * 5: "a GitLab token",
    "token gldt-" + "a1-b" * 5: "a GitLab token",
    "token xoxb-" + "1234-abcde": "a Slack token",
    "xapp-1-A0123-456-" + "0a" * 10: "a Slack token",
    "https://hooks.slack.com/services/T0123456/B0123456/abcdefgh": "a Slack webhook",
    "https://discord.com/api/webhooks/123456789012345678/" + A36 + A36[:20]: "a Discord webhook",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN": "a JSON Web Token",
    "SG." + A36[:22] + "." + A36 + "a1b": "a SendGrid key",
    "SCW" + "A1B2C3D4E5F6G7H8J": "a Scaleway access key",
    "SK" + "0a" * 16: "a Twilio key",
    "1234567890:AA" + A36[:33]: "a Telegram bot token",
    "sk-proj-" + A36: "a key of an AI service",
    "pypi-AgE" + A36 + A36[:10]: "a PyPI token",
    "tskey-auth-kAbc-" + A36[:12]: "a Tailscale key",
    "hvs." + A36[:24]: "a Vault token",
    "Authorization: Bearer 0123456789abcdef": "an Authorization header",
    '"authorization": "Basic dXNlcjpwYXNzd29yZA=="': "an Authorization header",
    "https://example.org/?access_token=0123456789abcdef": "an access token in an address",
    "?X-Amz-Signature=" + "0a" * 32: "a signed address",
}


@pytest.mark.parametrize(("text", "what"), EXAMPLES.items())
def test_what_looks_like_a_secret_is_found_without_being_told(text: str, what: str) -> None:
    found = set(shapes_in(f"before {text} after".encode()))
    assert found == {what}


def test_every_shape_has_an_example_and_a_source_and_is_found_by_its_mark() -> None:
    for mark, shapes in SHAPES.items():
        for shape in shapes:
            of_it = [text for text in EXAMPLES if shape.pattern.search(f" {text} ".encode())]
            assert of_it, shape.what
            assert all(re.search(mark, text.encode()) for text in of_it), shape.what
            assert shape.source


@pytest.mark.parametrize(
    "text",
    [
        "<a href='https://hachyderm.io:443/@nova'>nova</a> postgres://db/mastodon 2022-12-01T06:00:00Z a:b@c",
        "task-list-item-checkbox-of-a-very-long-name-indeed and disk-usage",
        "the key AKIAIOSFODNN7EXAMPLE of AWS's own documentation",
        "send an Authorization: Bearer header, or access_token=… in the address",
        "password=… goes into the file; -----BEGIN CERTIFICATE-----",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    ],
)
def test_ordinary_text_is_no_secret(text: str) -> None:
    assert [*shapes_in(text.encode())] == []
