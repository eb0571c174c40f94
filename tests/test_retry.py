"""The retry table: each rule takes its own error and not its neighbour's, and knows when to give up."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_proxy import Proxy, error, lose, reset
from harness import Recorded, World

from hol.cloud.clock import JumpingClock, SystemClock
from hol.cloud.retry import NEVER, RULES, rule_for
from hol.engine.lab import Lab
from hol.engine.run import Interrupted
from hol.words.errors import CredentialsError, Failure, HolError, PermissionDenied
from hol.words.text import t

EVERYTHING = {operation for rule in RULES for operation in rule.after}
ASSUME = "The role defined for the function cannot be assumed by Lambda."
BUSY = "The operation cannot be performed at this time. An update is in progress for resource: f"
CONCURRENT = "Unable to complete operation due to concurrent modification. Please try again later."
NO_ACL = "The bucket does not allow ACLs"

# key, operation, code, message
TAKEN = [
    ("R1", "lambda.create_function", "InvalidParameterValueException", ASSUME),
    ("R1", "lambda.update_function_configuration", "InvalidParameterValueException", "KMS key is invalid for CreateGrant"),
    ("R2", "lambda.update_function_code", "ResourceConflictException", BUSY),
    ("R2", "lambda.delete_function", "ResourceConflictException", "currently in the following state: Pending"),
    ("R3", "iam.attach_role_policy", "NoSuchEntity", "Role r cannot be found."),
    ("R4", "iam.delete_role", "DeleteConflict", "Cannot delete entity, must detach all policies first."),
    ("R5", "iam.put_role_policy", "ConcurrentModification", ""),
    ("R6", "apigateway.put_method", "ConflictException", CONCURRENT),
    ("R6", "apigateway.put_integration", "BadRequestException", CONCURRENT),
    ("R7", "apigateway.put_method", "TooManyRequestsException", "Too Many Requests"),
    ("R8", "apigateway.delete_rest_api", "TooManyRequestsException", "Too Many Requests"),
    ("R9", "apigateway.create_deployment", "TooManyRequestsException", "Too Many Requests"),
    ("R11", "s3.put_public_access_block", "NoSuchBucket", "The specified bucket does not exist"),
    ("R12", "s3.create_bucket", "OperationAborted", "A conflicting conditional operation is currently in progress"),
    ("R12", "s3.put_bucket_website", "OperationAborted", ""),
    ("R13", "s3.put_object_acl", "AccessControlListNotSupported", NO_ACL),
    ("R13", "s3.put_object_acl", "AccessDenied", "Access Denied"),
    ("R14", "sagemaker.create_model", "ValidationException", "Could not assume role arn:aws:iam::1:role/r."),
    ("R14b", "sagemaker.create_endpoint", "ValidationException", 'Could not find endpoint configuration "c".'),
    ("R15", "sagemaker.delete_endpoint", "ValidationException", 'Cannot update in-progress endpoint "e".'),
    ("R18", "logs.put_retention_policy", "OperationAbortedException", ""),
    ("R0", "iam.get_role", "Throttling", "Rate exceeded"),
    ("R0", "s3.put_object", "SlowDown", ""),
    ("R0", "lambda.get_function", "TooManyRequestsException", "Rate exceeded"),
    ("R0", "sagemaker.describe_model", "InternalFailure", ""),
    ("R0", "s3.head_bucket", "503", ""),
    ("R0", "apigateway.get_stage", "lost", ""),
    ("R0", "iam.get_role", "unreachable", ""),
]  # fmt: skip

LEFT_ALONE = [
    ("lambda.create_function", "InvalidParameterValueException", "The runtime parameter of python3.7 is no longer supported"),
    ("lambda.get_function", "InvalidParameterValueException", ASSUME),
    ("lambda.add_permission", "ResourceConflictException", "The statement id (hol-a-root-post) provided already exists."),
    ("lambda.create_function", "ResourceConflictException", "Function already exist: f"),
    ("iam.get_role", "NoSuchEntity", "The role with name r cannot be found."),
    ("iam.create_role", "EntityAlreadyExists", ""),
    ("iam.create_role", "MalformedPolicyDocument", ""),
    ("apigateway.put_method", "ConflictException", "Method already exists for this resource"),
    ("apigateway.create_rest_api", "BadRequestException", "Invalid REST API name"),
    ("apigateway.get_stage", "NotFoundException", "Invalid stage identifier specified"),
    ("s3.head_bucket", "404", "Not Found"),
    ("s3.list_objects_v2", "NoSuchBucket", ""),
    ("s3.delete_bucket", "BucketNotEmpty", ""),
    ("s3.put_object", "AccessDenied", "Access Denied"),
    ("s3.put_object_acl", "AccessDenied", "User: u is not authorized to perform: s3:PutObjectAcl with an explicit deny"),
    ("sagemaker.create_model", "ValidationException", "Cannot create already existing model"),
    ("sagemaker.create_model", "ValidationException", 'Cannot update in-progress endpoint "e".'),
    ("sagemaker.describe_endpoint", "ValidationException", 'Could not find endpoint "e".'),
    ("logs.create_log_group", "ResourceAlreadyExistsException", ""),
]  # fmt: skip

FATAL = [
    "ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId",
    "SignatureDoesNotMatch", "RequestTimeTooSkewed", "ResourceLimitExceeded", "LimitExceeded", "LimitExceededException",
    "BucketAlreadyExists", "PolicyLengthExceededException", "CodeStorageExceededException",
]  # fmt: skip


@pytest.mark.parametrize(("key", "operation", "code", "message"), TAKEN)
def test_a_rule_takes_its_error(key: str, operation: str, code: str, message: str) -> None:
    rule = rule_for(operation, Failure(code, message), EVERYTHING)
    assert rule is not None
    assert rule.key == key


@pytest.mark.parametrize(("operation", "code", "message"), LEFT_ALONE)
def test_a_neighbour_is_not_waited_out(operation: str, code: str, message: str) -> None:
    assert rule_for(operation, Failure(code, message), EVERYTHING) is None


@pytest.mark.parametrize("code", FATAL)
def test_never_wins(code: str) -> None:
    """Whatever the service and the message, these are not waited out."""
    assert NEVER.fullmatch(code)
    for operation in ("lambda.create_function", "iam.delete_role", "s3.put_object_acl", "apigateway.put_method"):
        assert rule_for(operation, Failure(code, f"{ASSUME} {BUSY} {CONCURRENT} {NO_ACL}", 429), EVERYTHING) is None


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.after], ids=lambda rule: rule.key)
def test_a_rule_for_new_things_is_short_for_old_ones(rule: object) -> None:
    """What this run has not made is not expected to turn up."""
    assert rule.time_limit(set()) == rule.otherwise < rule.deadline == rule.time_limit(rule.after[:1])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.key}-{rule.code[:12]}")
def test_delays_grow_to_their_limit_with_jitter(rule: object) -> None:
    delays = rule.delays(random.Random(1))
    drawn = [next(delays) for _ in range(20)]
    assert 0.75 * rule.first <= drawn[0] <= rule.first
    assert max(drawn) <= rule.longest
    assert len(set(drawn)) == 20
    for other in (random.Random(2), random.Random(3)):
        assert next(rule.delays(other)) != drawn[0]


def test_one_deletion_in_thirty_seconds_and_one_deployment_in_five() -> None:
    """The quotas that API Gateway does not raise: the shortest wait is longer."""
    shortest = {rule.key: rule.first * 0.75 for rule in RULES}
    assert shortest["R8"] > 30
    assert shortest["R9"] > 5


THROTTLED = error("ThrottlingException", "Rate exceeded")


def _lab(world: World, recorded: Recorded, clock: JumpingClock) -> Lab:
    return Lab(world.run(recorded, clock=clock), "role")


def test_the_deadline_is_kept(faulty: World, front: Proxy) -> None:
    """A throttle that never ends is given up after two minutes of the clock, with all waits told."""
    clock, recorded = JumpingClock(), Recorded()
    lab = _lab(faulty, recorded, clock)
    front.add("logs.DescribeLogGroups", THROTTLED, times=10**6)
    with pytest.raises(HolError) as raised:
        lab.find("logs.describe_log_groups")
    assert "ThrottlingException" in str(raised.value.why)
    assert 120 <= sum(clock.waits) <= 130
    assert len(recorded.all) == len(clock.waits)
    assert {(said.waited <= said.at_most, said.at_most) for said in recorded.all} == {(True, 120)}


@pytest.mark.parametrize("fault", [reset, lose, error("ServiceUnavailable", "", 503)])
def test_a_call_that_breaks_is_made_again(faulty: World, front: Proxy, fault: Callable[..., None]) -> None:
    clock = JumpingClock()
    front.add("logs.DescribeLogGroups", fault, times=2)
    assert _lab(faulty, Recorded(), clock).find("logs.describe_log_groups")["logGroups"] == []
    assert front.seen.count("logs.DescribeLogGroups") == 3
    assert len(clock.waits) == 2


def test_an_answer_that_was_lost_is_looked_for_before_the_call_is_repeated(faulty: World, front: Proxy) -> None:
    front.add("logs.CreateLogGroup", lose)
    lab = _lab(faulty, Recorded(), JumpingClock())
    found = lab.change("+", t("x"), "logs.create_log_group", lost=lambda: "there", logGroupName="g")
    assert found == "there"
    assert front.seen.count("logs.CreateLogGroup") == 1


@pytest.mark.parametrize(
    ("code", "kind"), [("ExpiredTokenException", CredentialsError), ("LimitExceededException", PermissionDenied)]
)
def test_botocore_makes_one_attempt(faulty: World, front: Proxy, code: str, kind: type[HolError]) -> None:
    """Nothing below the table repeats a call, even with the status of a throttle."""
    front.add("apigateway.GetRestApis", error(code, "no", 429), times=99)
    with pytest.raises(kind):
        _lab(faulty, Recorded(), JumpingClock()).find("apigateway.get_rest_apis")
    assert front.seen.count("apigateway.GetRestApis") == 1


@pytest.mark.parametrize("service", ["iam", "lambda", "apigateway", "s3", "sagemaker", "logs"])
def test_botocore_is_pinned(world: World, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")
    retries = world.cloud().client(service).meta.config.retries
    assert (retries["mode"], retries["total_max_attempts"]) == ("standard", 1)


def test_an_interruption_ends_a_wait_at_once(faulty: World, front: Proxy) -> None:
    """Ctrl-C does not have to wait for AWS."""
    front.add("logs.DescribeLogGroups", THROTTLED, times=10**6)
    run = faulty.run(clock=SystemClock())
    run.random = random.Random(0)
    threading.Timer(0.2, run.stop.set).start()
    began = SystemClock().now()
    with pytest.raises(Interrupted):
        Lab(run, "role").find("logs.describe_log_groups")
    assert SystemClock().now() - began < 2


def test_after_an_interruption_no_call_is_made(faulty: World, front: Proxy) -> None:
    run = faulty.run()
    run.stop.set()
    front.seen.clear()
    with pytest.raises(Interrupted):
        Lab(run, "role").find("logs.describe_log_groups")
    assert front.seen == []


def test_every_fault_and_every_key_is_explained() -> None:
    root = Path(__file__).parents[1]
    explained = set(
        re.findall(r"(?m)^\| ([FR]\d+[a-z]?) \|", (root / "docs" / "faults.md").read_text(encoding="utf-8"))
    )
    tested = {
        f"F{number}"
        for file in (root / "tests" / "faults").glob("test_*.py")
        for number in re.findall(r"def test_F(\d+)_", file.read_text(encoding="utf-8"))
    }
    assert explained == tested | {rule.key for rule in RULES}
    assert len(tested) == 30
