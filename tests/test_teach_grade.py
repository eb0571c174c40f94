"""`hol check` over work done by hand: nothing is said against what is right, and every mistake is named."""

from __future__ import annotations

import re

import pytest
from handmade import Hands, another_right_way, ask
from harness import STEPS, World
from mistakes import MISTAKES, Mistake

from hol.teach.grade import check as grade
from hol.teach.grade.finding import Finding

READS = re.compile(r"(get|list|head|describe|test_invoke|invoke)(_|$)")


def looked(world: World, *steps: str) -> list[Finding]:
    """The findings of these steps, or of all."""
    run = grade.lenient(world.run())
    return [f for step in STEPS if not steps or step.name in steps for f in grade.findings(run, step)]


def wrong(found: list[Finding]) -> list[str]:
    return [f"{f.facet}: {f.what}: {f.wrong}" for f in found if not f.right]


def test_right_work_by_hand_is_not_complained_about(world: World) -> None:
    world.step(0)
    Hands(world).make()
    assert wrong(looked(world)) == []


def test_hols_own_work_is_not_complained_about(world: World) -> None:
    world.up()
    assert wrong(looked(world)) == []


@pytest.mark.parametrize("settings", [{"function__concurrency": "1"}, {"stage__rate": "2", "stage__burst": "1"}])
def test_a_lab_that_lets_little_in_at_once_is_not_called_wrong_for_the_tests_own_haste(
    world: World, settings: dict[str, str]
) -> None:
    """Four tests ask at once; with one place in the function the others were told 429 (by Lambda, as on AWS)."""
    world.up(**settings)
    for _ in range(3):
        assert len(world.check(**settings).checks) == 6


def test_another_right_way_is_not_complained_about(world: World) -> None:
    """Customer managed log policy, hol's code with its environment variable, a bucket policy instead of ACLs, …"""
    world.step(0)
    hands = Hands(world)
    own = "arn:aws:sagemaker:us-east-1:*:endpoint/blazingtext-text-classification"
    hands.make(
        policy={"document": ask("sagemaker:*", resource=own)},
        function={"MemorySize": 512, "Runtime": "python3.12"},
        permission={"source": f"arn:aws:execute-api:us-east-1:{world.account}:*"},
        bucket={"ownership": "BucketOwnerEnforced"},
        publish=None,
    )
    another_right_way(hands)
    assert wrong(looked(world)) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.step}: {mistake.name}")
def test_a_mistake_is_named(world: World, mistake: Mistake) -> None:
    if mistake.step in ("function", "stage"):
        world.step(0)
    mistake.commit(Hands(world))
    found = [f"{f.facet}: {f.wrong}" for f in looked(world, mistake.step) if not f.right]
    assert found, "it passed"
    assert any(line.startswith(f"{mistake.facet}: ") and mistake.says in line for line in found), found


def test_there_are_mistakes_enough() -> None:
    assert len(MISTAKES) >= 40


def test_a_look_changes_nothing(world: World) -> None:
    hands = Hands(world)
    hands.make("permission")
    before = world.listing()
    run = grade.lenient(world.run())
    for step in STEPS:
        grade.findings(run, step)
    writes = [call.operation for call in run.transcript if not READS.match(call.operation.split(".")[1])]
    assert (world.listing(), writes) == ({**before, "log groups": world.listing()["log groups"]}, [])


def test_another_labs_resource_is_said_to_be_so(world: World) -> None:
    hands = Hands(world)
    hands.role()
    hands.iam.tag_role(RoleName=hands.config.role.name, Tags=[{"Key": "hol:lab", "Value": "somebody"}])
    assert "hol:lab" in wrong(looked(world, "role"))[0]
