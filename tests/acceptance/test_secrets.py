"""Whatever fails, no secret gets out: not to readers, not into the state, not into a log."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.acceptance.conftest import BEGAN, Operator, Run

pytestmark = pytest.mark.services

PLANTED = {
    "AWS_SECRET_ACCESS_KEY": "planted+aws/secret=key",
    "GITHUB_TOKEN": "ghp_planted0token0of0a0workflow0000000000",
    "UNRELATED_PASSWORD": "planted-and-not-named-anywhere",
    "DEMO_HEADER": "Bearer planted-header-value",
}
"""Secrets beside the real ones: some that nobody names, one for a header."""

WRONG_PASSWORD = "planted-wrong-password"

MORE_CHECKS = """\
group: With secrets in addresses
components:
  - id: dsn
    name: By connection string
    checks:
      - postgres: {dsn_env: DEMO_DSN}
        timeout: 2s
        confirm: 0
  - id: url
    name: By URL
    checks:
      - redis: {url_env: DEMO_REDIS_URL}
        timeout: 2s
        confirm: 0
  - id: header
    name: By header
    checks:
      - http: https://social.example/health
        headers_env: {Authorization: DEMO_HEADER}
        connect_to: 127.0.0.1:@EDGE@
        ca_file: authority.pem
        timeout: 2s
        confirm: 0
"""


def test_no_secret_gets_out_whatever_fails(operator: Operator) -> None:
    instance = operator.scene.instance
    dsn, url = instance.database.url, instance.redis.url
    given = {**PLANTED, "DEMO_DSN": dsn, "DEMO_REDIS_URL": url, "STATUSGEN_DEBUG": "1"}
    operator.write("checks/4-more.yaml", MORE_CHECKS.replace("@EDGE@", str(instance.edges["frankfurt"].port)))
    secrets = {**PLANTED, **operator.environ, "DEMO_DSN": dsn, "DEMO_REDIS_URL": url, "wrong": WRONG_PASSWORD}
    runs = list(_everything_that_fails(operator, given))
    assert {0, 3, 5} <= {run.code for run in runs}
    seen = {f"run {number}": run.out + run.err for number, run in enumerate(runs)}
    seen |= {name: body.decode(errors="replace") for name, body in operator.remembered().items()}
    seen |= _site(operator)
    leaks = {(where, name) for where, text in seen.items() for name, value in secrets.items() if _is_in(value, text)}
    assert not leaks


def _everything_that_fails(operator: Operator, given: dict[str, str]) -> Iterator[Run]:
    """Yield a run of each way to fail: wrong secrets, mangled ones, dead and hung servers, dead S3, wrong files."""
    instance = operator.scene.instance
    instants = (BEGAN + number * timedelta(minutes=30) for number in range(20))

    def publish(*options: str, **changed: str) -> Run:
        return operator.run("publish", *options, at=next(instants), **{**given, **changed})

    yield publish()
    yield publish("--format", "json", DEMO_PG_PASSWORD=WRONG_PASSWORD)
    mangled = given["DEMO_DSN"].replace("postgresql://", "postgresql//")
    yield publish("--format", "github", DEMO_DSN=mangled, DEMO_REDIS_URL="redis://:planted@[", DEMO_HEADER="new\nline")
    yield publish(DEMO_S3_SECRET_KEY=PLANTED["AWS_SECRET_ACCESS_KEY"])
    instance.redis.pause()
    yield publish("--quiet")
    instance.redis.stop()
    instance.database.stop()
    yield publish("--dry-run")
    instance.store.stop()
    yield publish()
    instance.store.start()
    yield publish("--format", "json")
    yield operator.run("status", at=next(instants), **given)
    operator.write(
        "checks/5-wrong.yaml",
        f"group: Wrong\ncomponents: [{{id: x, checks: [{{redis: {given['DEMO_REDIS_URL']}}}]}}]\n",
    )
    yield publish()


def _site(operator: Operator) -> dict[str, str]:
    """Return every object in the bucket, the manifest too."""
    store = operator.scene.instance.store
    with closing(store.client()) as client:
        listed = client.list_objects_v2(Bucket=store.bucket, Prefix=f"public/{operator.root.name}/")["Contents"]
        bodies = {one["Key"]: client.get_object(Bucket=store.bucket, Key=one["Key"])["Body"].read() for one in listed}
    return {key: body.decode(errors="replace") for key, body in bodies.items()}


def _is_in(secret: str, text: str) -> bool:
    """Return whether a text holds a secret as it is, quoted for a URL, or in base64."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return any(form in text for form in (secret, quote(secret, safe=""), encoded))
