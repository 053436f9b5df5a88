"""What real servers do when the doctor tries them, and that nothing of it stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from statusgen.demo.services import SeaweedFS
from statusgen.doctor import bucket_rules
from statusgen.doctor.bucket import Place, try_place, try_places
from statusgen.doctor.bucket_facts import CACHE, TYPE, PlaceRole, Tried
from statusgen.doctor.finding import Severity
from statusgen.model.project import StoreAddress
from statusgen.model.providers import Condition
from statusgen.stores.s3_client import client_for
from statusgen.stores.s3_reasons import reason_of
from tests.fakes import FixedSecrets
from tests.ports.conftest import QUICK, Bucket, address_of
from tests.ports.test_s3_faults import Answer, refusal, serving

pytestmark = pytest.mark.services


def place(server: Bucket, prefix: str, role: PlaceRole = "site", *, tls: bool = False) -> Place:
    address = address_of(server, prefix, tls=tls)
    secrets = FixedSecrets({"ACCESS_KEY": server.access_key, "SECRET_KEY": server.secret_key})
    client = client_for(address, root=Path("/"), secrets=secrets, limits=QUICK)
    return Place(
        name=address.url,
        role=role,
        client=client,
        bucket=server.bucket,
        prefix=prefix,
        ca_file=address.ca_file,
        explain=reason_of,
    )


def left_in(where: Place) -> list[str]:
    listing = where.client.list_objects_v2(Bucket=where.bucket, Prefix=where.prefix)
    return [one["Key"] for one in listing.get("Contents", [])]


@contextmanager
def opened(server: SeaweedFS, *actions: str) -> Iterator[None]:
    """Let everybody do something in the server's bucket; afterwards it is as it was."""
    client = server.client()
    before = client.get_bucket_policy(Bucket=server.bucket)["Policy"]
    resources = [f"arn:aws:s3:::{server.bucket}", f"arn:aws:s3:::{server.bucket}/*"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": list(actions), "Resource": resources}
    client.put_bucket_policy(
        Bucket=server.bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    try:
        yield
    finally:
        client.put_bucket_policy(Bucket=server.bucket, Policy=before)


@pytest.mark.parametrize("tls", [False, True])
def test_a_public_site_and_a_private_state_are_seen_as_that(s3: SeaweedFS, space: str, tls: bool) -> None:
    public, private = place(s3, f"public/{space}", tls=tls), place(s3, f"kept-{space}", "state", tls=tls)
    page = {"Bucket": s3.bucket, "Key": f"{public.prefix}/index.html"}
    public.client.put_object(**page, Body=b"<p>", ContentType="text/html")
    site, state = try_places([public, private])
    assert (site.trouble, state.trouble) == ("", "")
    assert (site.if_none_match, site.if_match) == (Condition.HONOURED, Condition.HONOURED)
    assert (site.stored_type, site.stored_cache) == (TYPE, CACHE)
    assert (site.public.status, site.public.content_type, site.public.cache_control) == (200, TYPE, CACHE)
    assert site.page.status == 200
    assert (state.public.status, state.own.status, state.listing.status) == (403, 403, 403)
    assert left_in(public) == [page["Key"]]
    assert not left_in(private)
    worst = [one for one in bucket_rules.judge([state]) if one.severity is not Severity.OK]
    assert not worst


def test_a_state_that_is_open_to_everybody_is_a_problem(s3: SeaweedFS, space: str) -> None:
    where = place(s3, f"kept-{space}", "state")
    with opened(s3, "s3:GetObject", "s3:ListBucket"):
        found = bucket_rules.judge([try_place(where)])
    titles = {one.title for one in found if one.severity is Severity.PROBLEM}
    assert titles == {f"everybody can read the state at {where.name}", f"everybody can list {where.name}"}


def test_a_site_that_is_shut_is_a_problem(s3: SeaweedFS, space: str) -> None:
    (first, *_) = bucket_rules.judge([try_place(place(s3, f"kept-{space}"))])
    assert first.severity is Severity.PROBLEM
    assert "nobody can read" in first.title


def test_a_bucket_that_ignores_conditions_is_seen_to(request: pytest.FixtureRequest, space: str) -> None:
    where = place(request.getfixturevalue("rclone"), space)
    tried = try_place(where)
    assert (tried.if_none_match, tried.if_match) == (Condition.IGNORED, Condition.IGNORED)
    assert not left_in(where)


def test_a_server_that_wants_etags_without_quotes_is_seen_to(request: pytest.FixtureRequest, space: str) -> None:
    where = place(request.getfixturevalue("ceph"), space)
    tried = try_place(where)
    assert (tried.if_none_match, tried.if_match) == (Condition.HONOURED, Condition.UNQUOTED)
    assert not left_in(where)


def test_a_key_that_may_not_write_is_a_problem(s3: SeaweedFS, space: str) -> None:
    policy = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [f"arn:aws:s3:::{s3.bucket}/*"]}
    key, secret = s3.key_for(f"reader-{space}", json.dumps({"Version": "2012-10-17", "Statement": [policy]}))
    secrets = FixedSecrets({"ACCESS_KEY": key, "SECRET_KEY": secret})
    client = client_for(address_of(s3, space), root=Path("/"), secrets=secrets, limits=QUICK)
    where = Place(name="s3://pages", role="state", client=client, bucket=s3.bucket, prefix=space, explain=reason_of)
    (told,) = bucket_rules.judge([try_place(where)])
    assert told.severity is Severity.PROBLEM
    assert "access denied" in told.title


def scripted(script: Callable[[str, str], Answer]) -> tuple[Tried, list[str]]:
    """Return what comes of trying a server that answers as the script says, and what it was asked."""
    with serving(script) as (store, asked):
        where = Place(
            name="s3://bucket", role="site", client=store._client, bucket="bucket", prefix="site", explain=reason_of
        )
        return try_place(where), asked


def test_the_object_is_taken_away_also_after_a_failure() -> None:
    def fails_to_tell(method: str, _: str) -> Answer:
        return refusal(500, "InternalError") if method == "HEAD" else Answer(204 if method == "DELETE" else 200)

    tried, asked = scripted(fails_to_tell)
    assert (tried.trouble, tried.refused, tried.left) == ("the server failed (HTTP 500)", False, "")
    assert asked[-1].startswith("DELETE /bucket/site/doctor-")


def test_an_object_that_may_have_arrived_is_taken_away() -> None:
    tried, asked = scripted(lambda method, _: refusal(500, "InternalError") if method == "PUT" else Answer(204))
    assert tried.trouble
    assert asked[-1].startswith("DELETE ")


def test_an_object_that_cannot_be_taken_away_is_named() -> None:
    tried, _ = scripted(lambda method, _: refusal(403, "AccessDenied") if method == "DELETE" else Answer(200))
    assert tried.left.startswith("site/doctor-")


def test_a_bucket_that_is_not_there_is_a_problem() -> None:
    tried, asked = scripted(lambda *_: refusal(404, "NoSuchBucket"))
    assert (tried.trouble, tried.refused, tried.left) == ("the bucket does not exist", True, "")
    assert all(one.startswith("PUT ") for one in asked), "nothing arrived, so nothing is to be taken away"


def test_conditions_that_are_refused_are_seen_to() -> None:
    puts: list[str] = []

    def refuses(method: str, path: str) -> Answer:
        if method == "PUT":
            puts.append(path)
        return refusal(501, "NotImplemented") if method == "PUT" and len(puts) > 1 else Answer(200)

    tried, _ = scripted(refuses)
    assert (tried.trouble, tried.if_none_match, tried.if_match) == ("", Condition.REFUSED, Condition.REFUSED)


def test_who_does_not_answer_is_not_called_well() -> None:
    secrets = FixedSecrets({"ACCESS_KEY": "x", "SECRET_KEY": "y"})
    with serving(lambda *_: Answer(200)) as (store, _):
        endpoint = store._client.meta.endpoint_url
    gone = StoreAddress(url="s3://b", endpoint=endpoint, access_key_env="ACCESS_KEY", secret_key_env="SECRET_KEY")
    client = client_for(gone, root=Path("/"), secrets=secrets, limits=QUICK)
    tried = try_place(Place(name="s3://b", role="site", client=client, bucket="b", explain=reason_of))
    assert (tried.trouble, tried.refused) == ("cannot connect to the server", False)
    assert {one.severity for one in bucket_rules.judge([tried])} == {Severity.NOTE}
