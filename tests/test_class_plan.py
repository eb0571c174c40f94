"""What a class will take, said before anything is made; and a class whose attendees have accounts of their own."""

from __future__ import annotations

import json
from dataclasses import replace

import class_room
import pytest
from fault_proxy import Proxy, said
from harness import World

from hol.cli.group.planning import lines
from hol.cloud.session import assumed
from hol.group.plan import plan
from hol.operate.findings import worst
from hol.words.errors import Exit, PermissionDenied


@pytest.fixture
def new_account(faulty: World, front: Proxy) -> World:
    """A new account, as AWS gives it: ten executions at once, and no instance for an endpoint."""
    quotas = {
        "Quotas": [
            {"QuotaName": "ml.m5.large for endpoint usage", "QuotaCode": "L-61547B1F", "Value": 0.0},
            {"QuotaName": "ml.m5.xlarge for endpoint usage", "QuotaCode": "L-0", "Value": 9.0},
        ]
    }
    limits = {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}}
    endless = float("inf")
    front.add(
        "servicequotas.ListServiceQuotas",
        said(200, json.dumps(quotas).encode(), "application/x-amz-json-1.1"),
        times=endless,
    )
    front.add("lambda.GetAccountSettings", said(200, json.dumps(limits).encode()), times=endless)
    return faulty


def _class(world: World, labs: int, **settings: str):
    found = class_room.group(world, labs, clock=class_room.SharedClock(), endpoint__create="true", **settings)
    return replace(found, config=replace(found.config, target="aws"))


@pytest.mark.parametrize(("labs", "up", "down"), [(10, 50, 300), (30, 150, 900), (300, 1500, 9000)])
def test_a_new_account_is_told_what_to_do(new_account: World, labs: int, up: int, down: int) -> None:
    before = new_account.listing()
    group = _class(new_account, labs)
    found = plan(group)
    assert (found.up.seconds, found.up.quota.name) == (up, "CreateDeployment")
    assert (found.down.seconds, found.down.quota.name) == (down, "DeleteRestApi")
    by_code = {one.code: one for one in found.findings}
    assert "may run 0 endpoints on ml.m5.large, and the class needs 1" in str(by_code["HOL-C01"].what)
    assert "--quota-code L-61547B1F --desired-value 1" in str(by_code["HOL-C01"].fix)
    assert ("HOL-C02" in by_code) == (labs > 10)
    if labs > 10:
        assert f"at most 10 functions at once, for {labs} attendees" in str(by_code["HOL-C02"].what)
        assert "--quota-code L-B99A9384" in str(by_code["HOL-C02"].fix)
    assert worst(list(found.findings)) == Exit.PERMISSION
    shown = [str(line) for line in lines(group, found)]
    assert shown[0] == f"attendees: {labs}; accounts: 1"
    assert any("the endpoint blazingtext-text-classification-class" in line for line in shown)
    assert any("USD an hour" in line for line in shown)
    assert new_account.listing() == before


def test_an_endpoint_each_needs_as_many_instances_and_costs_as_much(new_account: World) -> None:
    one, each = plan(_class(new_account, 10)), plan(_class(new_account, 10, class__endpoint="each"))
    assert each.dollars == pytest.approx(10 * one.dollars)
    assert any("the class needs 10" in str(finding.what) for finding in each.findings)


def test_reserved_executions_are_refused_in_a_class(new_account: World) -> None:
    found = plan(_class(new_account, 10, function__concurrency="5"))
    assert "50 concurrent executions cannot be reserved" in " ".join(str(one.what) for one in found.findings)


def test_a_region_holds_so_many_apis(world: World) -> None:
    assert "HOL-C04" in [one.code for one in plan(class_room.group(world, 601)).findings]
    assert "HOL-C04" not in [one.code for one in plan(class_room.group(world, 600)).findings]


def test_an_account_of_its_own_is_reached_by_a_role(world: World, other_world: World) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{world.account}:root"}, "Action": "sts:AssumeRole"}
        ],
    }
    iam = other_world.client("iam")
    iam.create_role(RoleName="Teaching", AssumeRolePolicyDocument=json.dumps(trust))
    rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="Teaching", PolicyName="all", PolicyDocument=json.dumps(rights))
    there = assumed(world.cloud(), other_world.account, "Teaching")
    assert there.account == other_world.account
    assert f"{other_world.account}:assumed-role/Teaching/" in there.identity
    there.call("s3.create_bucket", {"Bucket": f"made-by-the-role-{other_world.account}"})
    assert other_world.listing()["buckets"] == [f"made-by-the-role-{other_world.account}"]
    with pytest.raises(PermissionDenied, match="Nobody"):
        assumed(world.cloud(), other_world.account, "Nobody")
