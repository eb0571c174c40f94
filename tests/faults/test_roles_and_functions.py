"""Roles that are not usable yet, functions that are busy: IAM and Lambda as they are on AWS."""

from __future__ import annotations

import json
import shutil

from burst import Burst
from comparing import anonymous
from fault_proxy import Proxy, changed, error
from harness import STEPS, World
from runs import Runs, as_json, waits

from hol.config.files import packaged
from hol.operate import cleanup

ROLE = "myTextClassificationLambdaRole-hol"
FUNCTION = "myTextClassificationInference"
NOT_ASSUMABLE = "The role defined for the function cannot be assumed by Lambda."
GRANT = "Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant."
PENDING = "The operation cannot be performed at this time. The function is currently in the following state: Pending"


def test_F1_role_not_assumable_yet(bursting: World, burst: Burst, burst_front: Proxy, clean: str) -> None:
    """CreateFunction is refused three times, and once for its key grant; then there is one function."""
    code = "InvalidParameterValueException"
    for times, message in ((3, NOT_ASSUMABLE), (1, GRANT)):
        burst.add(bursting.account, "lambda", "CreateFunction", times=times, error={"code": code, "message": message})
    _, recorded = Runs(bursting).up()
    assert burst_front.seen.count("lambda.CreateFunction") == 5
    assert "the new role to become usable" in waits(recorded)
    assert anonymous(bursting) == clean


def test_F2_function_pending(faulty: World, front: Proxy, clean: str) -> None:
    """A function that is Pending is waited for, and a conflict while it is so is waited out."""
    pending = changed(as_json(lambda state: state.update(State="Pending")))
    polls = front.add("lambda.GetFunctionConfiguration", pending, times=3)
    faulty.up()
    assert polls.fired == 3
    _other_code(faulty)
    conflict = front.add("lambda.UpdateFunctionCode", error("ResourceConflictException", PENDING, 409), times=2)
    recorded = faulty.up()
    assert conflict.fired == 2
    assert f"function: ~ code of the function {FUNCTION}" in recorded.lines
    shutil.rmtree(faulty.home / "assets")
    faulty.up()
    assert anonymous(faulty) == clean


def test_F3_update_in_progress(faulty: World, front: Proxy) -> None:
    """After a change of the settings the code is changed only when Lambda says that it has finished."""
    faulty.up(STEPS[1:4])
    _other_code(faulty)
    busy = changed(as_json(lambda state: state.update(LastUpdateStatus="InProgress")))
    polls = front.add("lambda.GetFunctionConfiguration", busy, times=3)
    front.seen.clear()
    faulty.step(3, function__timeout="20")
    between = front.seen[front.seen.index("lambda.UpdateFunctionConfiguration") :]
    between = between[: between.index("lambda.UpdateFunctionCode")]
    assert polls.fired == 3
    assert between.count("lambda.GetFunctionConfiguration") > 3
    assert faulty.step(3, function__timeout="20").marks == {"="}


def _other_code(world: World) -> None:
    shutil.copytree(packaged() / "assets" / "lambda", world.home / "assets" / "lambda")
    (world.home / "assets" / "lambda" / "more.py").write_text("# more\n")


def test_F4_role_seen_late(faulty: World, front: Proxy, clean: str) -> None:
    """IAM forgets a role for some calls after it was made, and gives its id for its ARN."""
    gone = error("NoSuchEntity", f"The role with name {ROLE} cannot be found.", 404)
    for call in ("iam.AttachRolePolicy", "iam.PutRolePolicy"):
        front.add(call, gone, times=2)
    by_id = changed(lambda body: body.replace(f"role/service-role/{ROLE}</Arn>".encode(), b"AROAEXAMPLE</Arn>"))
    front.add("iam.(CreateRole|GetRole)", by_id, times=99)
    faulty.up()
    front.rules.clear()
    assert anonymous(faulty) == clean


def test_F4_role_not_found_on_the_second_run(faulty: World, front: Proxy) -> None:
    """A role that is there and not found twice is looked for again, not made twice and not given up."""
    faulty.step(1)
    gone = error("NoSuchEntity", f"The role with name {ROLE} cannot be found.", 404)
    rule = front.add("iam.GetRole", gone, times=2, when=lambda request: ROLE.encode() in request.body)
    recorded = faulty.step(1)
    assert rule.fired == 2
    assert "role: = attachment of the policy AWSLambdaBasicExecutionRole-" + ROLE in recorded.lines


def test_F5_delete_conflict_after_detach(faulty: World, front: Proxy) -> None:
    """DeleteRole is refused although the policies are detached: it is tried again."""
    before = faulty.listing()
    faulty.step(1)
    conflict = error("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409)
    rule = front.add("iam.DeleteRole", conflict, times=3)
    run, _ = Runs(faulty).down()
    assert rule.fired == 3
    assert run.left == []
    assert faulty.listing() == before


def test_F6_policy_and_profile_added_by_hand(world: World) -> None:
    """What somebody attached to our role is taken off, said so, and stays in the account."""
    iam = world.client("iam")
    world.step(1)
    arn = iam.create_policy(PolicyName="theirs", PolicyDocument=_NOTHING)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=arn)
    iam.create_instance_profile(InstanceProfileName="theirs")
    iam.add_role_to_instance_profile(InstanceProfileName="theirs", RoleName=ROLE)
    run, recorded = Runs(world).down()
    assert run.left == []
    assert any(f"! policy {arn}" in line for line in recorded.lines)
    assert any("! instance profile theirs" in line for line in recorded.lines)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 0
    assert iam.get_instance_profile(InstanceProfileName="theirs")["InstanceProfile"]["Roles"] == []
    assert world.listing()["roles"] == []


_NOTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'


def test_F27_role_made_again_under_a_living_function(world: World, clean: str) -> None:
    """A role of the same name has another id, and the function cannot follow it: the function is made again."""
    world.up()
    before = _role_id(world)
    cleanup.down(world.run(), [step for step in STEPS if step.name in ("role", "policy")])
    assert world.listing()["functions"] == [FUNCTION]
    recorded = world.up()
    assert _role_id(world) != before
    assert f"function: - function {FUNCTION}" in recorded.lines
    world.check()
    assert anonymous(world) == clean


def _role_id(world: World) -> str:
    return str(world.client("iam").get_role(RoleName=ROLE)["Role"]["RoleId"])


def test_F28_stale_permission_pruned(world: World, clean: str) -> None:
    """An invoke permission of ours for an API that is gone is taken away; anybody else's stays."""
    world.up()
    functions = world.client("lambda")
    for sid in ("hol-0ldap1d-root-post", "theirs"):
        functions.add_permission(
            FunctionName=FUNCTION,
            StatementId=sid,
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:{world.account}:0ldap1d/*/POST/",
        )
    another = {"StatementId": "an-account", "Action": "lambda:InvokeFunction", "Principal": "111122223333"}
    functions.add_permission(FunctionName=FUNCTION, **another)
    recorded = world.up()
    assert "api: - invoke permission hol-0ldap1d-root-post" in recorded.lines
    statements = json.loads(functions.get_policy(FunctionName=FUNCTION)["Policy"])["Statement"]
    assert len(statements) == 3
    for sid in ("theirs", "an-account"):
        functions.remove_permission(FunctionName=FUNCTION, StatementId=sid)
    assert anonymous(world) == clean
