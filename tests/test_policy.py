"""The operator's policy: what the steps name is what they use, and what `hol policy` prints is enough and no more."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import parliament
import pytest
from botocore.exceptions import ClientError
from harness import STEPS, Recorded, World
from sampling import some

from hol.aws import policies, roles
from hol.cloud import actions
from hol.cloud.actions import Call
from hol.cloud.session import Place
from hol.config import files as configuration
from hol.engine import runner
from hol.engine.step import Step
from hol.operate import cleanup, policy
from hol.words.errors import HolError

SETTINGS = {"endpoint__ttl": "4h", "tags": "{course: nlp}"}


@dataclass(frozen=True)
class Operator(World):
    """An account, worked in by an IAM user of it instead of its root."""

    key: tuple[str, str] = ("", "")

    @property
    def place(self) -> Place:
        return replace(super().place, credentials=self.key)


def _operator(world: World) -> Operator:
    """A user without any permission yet."""
    iam = world.client("iam")
    iam.create_user(UserName="operator")
    trust = json.dumps(policies.trust("lambda.amazonaws.com"))
    iam.create_role(RoleName="kims", Description=roles.FUNCTION, AssumeRolePolicyDocument=trust)  # of another lab
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    return Operator(world.port, world.account, world.home, None, (key["AccessKeyId"], key["SecretAccessKey"]))


def _allow(world: World, document: dict[str, Any]) -> None:
    """The user's only policy is this one."""
    iam = world.client("iam")
    iam.put_user_policy(UserName="operator", PolicyName="hol", PolicyDocument=json.dumps(document))


def _printed(world: World, steps: list[Step] = STEPS, **settings: str) -> dict[str, Any]:
    config = configuration.resolved(world.config(**settings), world.account)
    return policy.operator(config, steps, policy.Where("aws", config.region, world.account))


def _life(world: World) -> None:
    """up, drifted and mended, other tags, each step, status, check, down: everything an operator does."""
    world.up(**SETTINGS)
    _drift(world)
    world.step(4, **{**SETTINGS, "tags": "{course: another}"})
    for step in STEPS:
        world.step(step.number, **SETTINGS)
    assert "+" not in world.up(dry=True, **SETTINGS).marks
    world.check(**SETTINGS)
    assert cleanup.remaining(world.run(), STEPS)
    run = world.run(Recorded(), **SETTINGS)
    left = cleanup.clean_up(run, STEPS)
    assert not run.unseen, f"not allowed to look by tag: {run.unseen}"
    assert not run.left, f"{[one.what.render() for one in run.left]}"
    assert not left


def _drift(world: World) -> None:
    """Somebody with more rights changes things: what mends them needs permissions of its own."""
    root = World(world.port, world.account, world.home)
    config = root.run().config
    iam = root.client("iam")
    iam.create_instance_profile(InstanceProfileName="somebodys")
    iam.add_role_to_instance_profile(InstanceProfileName="somebodys", RoleName=config.role.name)


# --- the law: PERMISSIONS are what the steps use ---


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_no_permission_is_without_a_call_that_needs_it(step: Step) -> None:
    reachable = {action for operation in _operations(step) for action in actions.possible(operation)}
    reachable |= {"s3:GetBucketPolicy"} if step.name == "bucket" else set()  # asked by `hol check` when it grades
    assert set(step.module.PERMISSIONS) <= reachable


def _operations(step: Step) -> set[str]:
    """Every operation that the step's file, or a module of hol/aws that it imports, names."""
    files, seen = [step.path], set[Path]()
    while files:
        file = files.pop()
        if file not in seen:
            seen.add(file)
            files += _imported(file)
    texts = [file.read_text("utf-8") for file in seen]
    words = {word for text in texts for word in re.findall(r'"([a-z0-9]+\.[a-z0-9_]+)"', text)}
    # Of a role or of a user: one function for both.
    both = [found for text in texts for found in re.findall(r'f"(iam\.[a-z_]+_)\{_word\(holder\)\}(_[a-z_]+)"', text)]
    words |= {before + holder + after for before, after in both for holder in ("role", "user")}
    return {word for word in words if word.split(".")[0] in _SERVICES}


_SERVICES = ("iam", "lambda", "logs", "apigateway", "s3", "sagemaker", "scheduler")


def _imported(file: Path) -> Iterator[Path]:
    package = Path(configuration.__file__).parents[1]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("hol")):
            words = (node.module or "").split(".")
            folder = file.parents[node.level - 1].joinpath(*words) if node.level else package.joinpath(*words[1:])
            names = [folder / f"{alias.name}.py" for alias in node.names] + [folder.with_suffix(".py")]
            yield from (n for n in names if n.is_file() and (package / "aws" in n.parents or n.name == "checks.py"))


def test_every_call_of_a_life_is_covered_by_its_steps_permissions(world: World) -> None:
    uncovered: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for name, call in _calls(world):
        seen.add(name)
        step = next(step for step in STEPS if step.name == name)
        uncovered |= {(name, action) for action in actions.needed(call) - set(step.module.PERMISSIONS)}
    assert uncovered == set()
    assert seen == {step.name for step in STEPS}


def _calls(world: World) -> Iterator[tuple[str, Call]]:
    """(step, call) over up, up again, check, a dry-run and down, each step in a run of its own."""
    for verb in (runner.up, runner.up, runner.check, cleanup.down):
        for step in STEPS if verb is not cleanup.down else reversed(STEPS):
            run = world.run(**SETTINGS)
            verb(run, [step])
            yield from ((step.name, call) for call in run.transcript)


OPERATIONS = {  # but for CreateFunction, which asks for iam:PassRole besides
    "lambda": (
        "get_account_settings", "list_functions", "get_function", "get_function_configuration", "delete_function",
        "update_function_code", "update_function_configuration", "put_function_concurrency", "delete_function_concurrency",
        "get_function_concurrency", "add_permission", "remove_permission", "get_policy", "list_tags", "tag_resource", "untag_resource",
        "invoke", "publish_version", "list_versions_by_function", "create_alias", "get_alias", "update_alias", "delete_alias", "list_aliases",
    ),
}  # fmt: skip
# What is enough for botocore to send the call: nobody looks at it before IAM has said no.
_ENOUGH = {
    "FunctionName": "f", "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "Name": "a",
    "FunctionVersion": "1", "ReservedConcurrentExecutions": 1, "Resource": "arn:aws:lambda:us-east-1:{}:function:f", "Tags": {"a": "b"},
    "TagKeys": ["a"],
}  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS["lambda"])
def test_the_local_aws_asks_for_the_action_that_the_policy_would_name(world: World, operation: str) -> None:
    operator = _operator(world)
    client = operator.cloud().client("lambda")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
    given = {name: _ENOUGH[name] for name in shape.required_members}
    given = {key: value.format(world.account) if isinstance(value, str) else value for key, value in given.items()}
    with pytest.raises(ClientError) as denied:
        getattr(client, operation)(**given)
    assert f"not authorized to perform: {actions.named(f'lambda.{operation}')} " in f"{denied.value} "


# --- the printed policy ---


def test_the_whole_life_needs_nothing_but_the_printed_policy(world: World) -> None:
    operator = _operator(world)
    _allow(world, _printed(world, **SETTINGS))
    before = world.listing()
    _life(operator)
    assert world.listing() == before


def test_it_has_no_star_action_and_fits(world: World) -> None:
    document = _printed(world, **SETTINGS)
    assert len(document["Statement"]) > 5
    for statement in document["Statement"]:
        assert "*" not in str(statement["Action"])
        assert statement["Resource"] != "*" or statement["Sid"] == "Lists"
    assert policy.size(document) <= policy.LIMIT


SIDS = [statement["Sid"] for statement in _printed(World(4599, "1" * 12, Path()), **SETTINGS)["Statement"]]


@pytest.mark.parametrize("sid", some(SIDS, 4))
def test_without_any_one_statement_something_breaks(world: World, sid: str) -> None:
    operator, document = _operator(world), _printed(world, **SETTINGS)
    kept = [statement for statement in document["Statement"] if statement["Sid"] != sid]
    _allow(world, {**document, "Statement": kept})
    assert "not allowed to" in _complaint(operator)


def _complaint(operator: Operator) -> str:
    """What a life ends with: the error, or what had to be left behind; "" when all is well."""
    try:
        _life(operator)
    except (HolError, AssertionError) as error:
        return str(error)
    return ""


# --- a boundary for a class ---


def test_the_boundary_lets_every_attendee_live_and_nobody_do_more(world: World) -> None:
    """An attendee with every right is held to the lab by the boundary that was printed for a class."""
    operator, iam = _operator(world), world.client("iam")
    settings = {**SETTINGS, "attendee": "kim"}
    config = configuration.resolved(world.config(**settings), world.account)
    document = policy.boundary(config, STEPS, policy.Where("aws", config.region, world.account))
    assert "kim" not in json.dumps(document)
    assert policy.size(document) <= policy.LIMIT
    made = iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="operator", PermissionsBoundary=made)
    everything = {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}
    _allow(world, {"Version": "2012-10-17", "Statement": [everything]})
    for attendee in ("kim", "lee"):
        operator.up(**{**SETTINGS, "attendee": attendee})
        assert operator.down(attendee=attendee).marks == {"-"}
    own = operator.cloud()
    with pytest.raises(ClientError, match="AccessDenied"):
        own.client("iam").create_role(RoleName="escape", AssumeRolePolicyDocument="{}")
    with pytest.raises(ClientError, match="AccessDenied"):
        own.client("iam").delete_user_permissions_boundary(UserName="operator")
    with pytest.raises(ClientError, match="AccessDenied"):
        own.client("s3").create_bucket(Bucket="somewhere-else")


# --- size, and a second opinion ---


def test_a_policy_that_is_too_long_is_split_and_loses_nothing(world: World) -> None:
    document = _printed(world, **SETTINGS)
    parts = policy.split(document, 2500)
    assert len(parts) > 1
    assert all(policy.size(part) <= 2500 for part in parts)
    assert [one for part in parts for one in part["Statement"]] == document["Statement"]


@pytest.mark.parametrize("attendee", ["", "fifteen-letters"])
def test_it_is_one_policy_or_with_a_long_attendee_s_name_two(world: World, attendee: str) -> None:
    settings = {**SETTINGS, "attendee": attendee} if attendee else SETTINGS
    assert len(policy.split(_printed(world, **settings))) == (2 if attendee else 1)


@pytest.mark.parametrize("kind", ["operator", "boundary"])
def test_an_external_linter_finds_no_error(world: World, kind: str) -> None:
    """parliament works offline; it checks actions, resources and conditions."""
    config = configuration.resolved(world.config(**SETTINGS), world.account)
    document = getattr(policy, kind)(config, STEPS, policy.Where("aws", config.region, world.account))
    findings = parliament.analyze_policy_string(json.dumps(document)).findings
    assert [str(finding) for finding in findings] == []


@pytest.mark.parametrize("role", ["endpoint", "switch", "function"])
def test_the_linter_finds_no_error_in_the_policies_of_the_lab_s_own_roles(world: World, role: str) -> None:
    world.up(STEPS[:3], **SETTINGS)
    iam, config = world.client("iam"), world.run().config
    name = {"endpoint": config.endpoint.role, "switch": config.endpoint.switch, "function": config.role.name}[role]
    inline = [
        iam.get_role_policy(RoleName=name, PolicyName=found)["PolicyDocument"]
        for found in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    managed = [
        iam.get_policy_version(PolicyArn=found["PolicyArn"], VersionId="v1")["PolicyVersion"]["Document"]
        for found in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    ]
    assert inline
    for document in (*inline, *managed):
        assert [str(found) for found in parliament.analyze_policy_string(json.dumps(document)).findings] == []
