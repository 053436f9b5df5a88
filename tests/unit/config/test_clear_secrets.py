"""Secrets in clear are recognised, and what only looks like one is left alone."""

from __future__ import annotations

import pytest

from statusgen.config.clear_secrets import clear_secrets
from statusgen.config.yaml_reader import read_table
from statusgen.errors import Problem


def secrets_in(text: str) -> list[Problem]:
    found: list[Problem] = []
    table = read_table(text, "a.yaml", found)
    assert table is not None
    assert not found
    return list(clear_secrets(table))


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2",
        "db_password: hunter2",
        "smtp-password: hunter2",
        "auth: {token: hunter2}",
        "api_key: hunter2",
        "secretKey: hunter2",
        "headers: {Authorization: hunter2}",
        "headers: {Cookie: session=hunter2}",
        "dsn: postgresql://statusgen:hunter2@db.example.org/mastodon",
        "dsn: postgresql://:hunter2@db.example.org/mastodon",
        "dsn: postgresql://statusgen:hunt/er2@db.example.org/mastodon",
        "dsn: redis://:hunter2@10.0.0.1:6379/0",
        "dsn: host=db user=statusgen password=hunter2",
        "dsn: postgresql://db.example.org/mastodon?sslpassword=hunter2",
        "urls: ['https://example.org/health?access_token=hunter2']",
        "note: Bearer hunter2hunter2",
        "note: AKIAIOSFODNN7EXAMPLE",
        "note: ASIAIOSFODNN7EXAMPLE",
        "access_key_env: SCW0EXAMPLE1EXAMPLE2",
        "access_key_env: HUNTER2HUNTER2HUNTER",
        "note: ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "note: glpat-abcdefghijklmnopqrst",
        'note: "-----BEGIN RSA PRIVATE KEY-----"',
    ],
)
def test_a_secret_is_recognised_and_not_quoted(text: str) -> None:
    (problem,) = secrets_in(text)
    assert problem.message == "a secret stands here in clear"
    assert "hunter" not in str(problem).lower()


@pytest.mark.parametrize(
    "text",
    [
        "password_env: PG_PASSWORD",
        "access_key_env: STATUS_ACCESS_KEY_V2",
        "access_key_env: STATUSBUCKETKEYBERL1",
        "note: HUNTER2HUNTER2HUNTER",
        "headers_env: {Authorization: API_AUTH}",
        "password:",
        "http: https://example.org:8080/path@x",
        "http: https://example.org/@nova",
        "http: https://example.org/reset-password?step=1",
        "tcp: example.org:443",
        "title: The password reset page is slow",
        "description: Tokens expire after an hour",
        "note: Basic services are back",
    ],
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert secrets_in(text) == []


def test_the_hint_shows_what_to_write_instead() -> None:
    assert secrets_in("password: a")[0].hint.startswith("write 'password_env: NAME',")
    assert secrets_in("headers: {Authorization: a}")[0].hint.startswith("write 'headers_env: {Authorization: NAME}',")
    assert secrets_in("urls: ['redis://:hunter2@a']")[0].hint.startswith("take it out,")
