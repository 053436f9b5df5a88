"""What to allow to whom: the smallest policies for a project's buckets, to paste. Pure.

They are in the language of AWS's IAM, which Ceph, MinIO, SeaweedFS and others speak, too.
"""

from __future__ import annotations

import json
from typing import Any

from statusgen.doctor.finding import Finding, Severity
from statusgen.history.keys import RAW
from statusgen.model.project import Project, StoreAddress

ABOUT = "policies"

CORS: dict[str, Any] = {
    "CORSRules": [{"AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"]}]
}
"""The rule of a site's bucket that lets programs on any page read its JSON, as `put-bucket-cors` takes it."""

_OBJECTS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
_ARN = "arn:aws:s3:::"


def judge(project: Project) -> tuple[Finding, ...]:
    """Return each policy as a finding that is told and is not wrong; nothing for folders."""
    found: list[Finding] = []
    stores = [one for one in (project.target, project.state) if _is_bucket(one)]
    if stores:
        found.append(_told("a publisher needs this policy and no more", publisher(stores)))
    if _is_bucket(project.state):
        for location in project.locations:
            title = f"a machine that only probes from {location.id!r} needs this policy and no more"
            found.append(_told(title, agent(project.state, location.id)))
    if _is_bucket(project.target):
        found.append(_told("programs on other pages may read the site's JSON by this rule for CORS", CORS))
    return tuple(found)


def publisher(stores: list[StoreAddress]) -> dict[str, Any]:
    """Return the policy of who publishes: list the buckets, and read, write and delete below the prefixes."""
    buckets = list(dict.fromkeys(f"{_ARN}{_split(one)[0]}" for one in stores))
    objects = list(dict.fromkeys(f"{_ARN}{_below(one)}*" for one in stores))
    return _policy(_allow("s3:ListBucket", buckets), _allow(_OBJECTS, objects))


def agent(state: StoreAddress, location: str) -> dict[str, Any]:
    """Return the policy of who only probes: put observations of one location, and neither read nor delete."""
    return _policy(_allow("s3:PutObject", [f"{_ARN}{_below(state)}{RAW}{location}/*"]))


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: str | list[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resources}


def _is_bucket(address: StoreAddress) -> bool:
    return address.url.startswith("s3://")


def _split(address: StoreAddress) -> tuple[str, str]:
    bucket, _, prefix = address.url.removeprefix("s3://").strip("/").partition("/")
    return bucket, prefix


def _below(address: StoreAddress) -> str:
    """Return the bucket and the prefix, with a slash at the end."""
    return "/".join(part for part in (*_split(address), "") if part) + "/"


def _told(title: str, policy: dict[str, Any]) -> Finding:
    return Finding(about=ABOUT, severity=Severity.OK, title=title, why=json.dumps(policy))
