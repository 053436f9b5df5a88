"""The policies that the guides tell people to give a key are enough to publish, and for nothing else."""

from __future__ import annotations

import json
import re
from itertools import count

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.conftest import ROOT
from tests.integration.operating import Operator

pytestmark = pytest.mark.services

GUIDES = ("publish-to-s3.md", "set-up-a-bucket.md")
_users = count()


def policy_of(guide: str, server_bucket: str, prefix: str) -> str:
    """Return a guide's policy, for the buckets it names: here both are prefixes of one."""
    text = (ROOT / "docs/how-to" / guide).read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    policy = json.loads(block)
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Allow"}
    text = re.sub(r"status-example-(org|state)/\*", f"{server_bucket}/{prefix}/*", block)
    return re.sub(r"status-example-(org|state)", server_bucket, text)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_policy_of_a_guide_is_enough_to_publish_and_for_nothing_else(operator: Operator, guide: str) -> None:
    server = operator.server
    policy = policy_of(guide, server.bucket, operator.prefix)
    key, secret = server.key_for(f"publisher-{next(_users)}", policy)
    operator.write_project(tls=True)
    for _ in range(2):
        done = operator.run("publish", S3_ID=key, S3_SECRET=secret)
        assert done.returncode == 0, done.stderr
    assert "index.html" in operator.objects("site")
    client = boto3.Session(key, secret, region_name=server.region).client("s3", endpoint_url=server.endpoint)
    for refused in (
        lambda: client.put_object(Bucket=server.bucket, Key=f"not-{operator.prefix}", Body=b"x"),
        lambda: client.get_object(Bucket=server.bucket, Key="ready"),
        lambda: client.delete_bucket_policy(Bucket=server.bucket),
        lambda: client.create_bucket(Bucket="another"),
    ):
        with pytest.raises(ClientError) as failure:
            refused()
        assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
