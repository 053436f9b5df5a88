"""Which policies are told: small ones, for each who needs one."""

from __future__ import annotations

import json
from dataclasses import replace

from statusgen.doctor.policies import CORS, agent, judge, publisher
from statusgen.model.project import Location, StoreAddress
from tests.factories import project

SITE = StoreAddress(url="s3://pages")
STATE = StoreAddress(url="s3://kept/deep/state")


def test_a_publisher_may_list_the_buckets_and_handle_what_lies_below_the_prefixes() -> None:
    listing, objects = publisher([SITE, STATE])["Statement"]
    assert listing == {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": ["arn:aws:s3:::pages", "arn:aws:s3:::kept"],
    }
    assert objects["Action"] == ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    assert objects["Resource"] == ["arn:aws:s3:::pages/*", "arn:aws:s3:::kept/deep/state/*"]


def test_a_bucket_that_holds_both_is_named_once() -> None:
    listing, _ = publisher([STATE, StoreAddress(url="s3://kept/site/")])["Statement"]
    assert listing["Resource"] == ["arn:aws:s3:::kept"]


def test_who_only_probes_may_put_what_its_location_saw() -> None:
    (only,) = agent(STATE, "homelab")["Statement"]
    assert only == {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": ["arn:aws:s3:::kept/deep/state/raw/homelab/*"],
    }


def test_each_is_told_as_json_in_one_line() -> None:
    locations = (Location(id="github", name="GitHub"), Location(id="homelab", name="Our rack"))
    told = judge(replace(project(), target=SITE, state=STATE, locations=locations))
    assert [json.loads(one.why) for one in told] == [
        publisher([SITE, STATE]),
        agent(STATE, "github"),
        agent(STATE, "homelab"),
        CORS,
    ]
    assert not any("\n" in one.why for one in told)


def test_folders_need_no_policy() -> None:
    assert judge(project()) == ()
