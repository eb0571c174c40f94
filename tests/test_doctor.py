"""The doctor: every seeded fault is found, nothing is written while looking, and a healthy account is not complained of."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fault_proxy import Proxy, Request, error, said
from harness import STEPS, Recorded, World
from test_policy import _allow, _operator, _printed

from hol.cloud.clock import JumpingClock
from hol.cloud.session import Cloud, Place
from hol.config import files as configuration
from hol.engine.run import Run
from hol.operate import doctor
from hol.operate.doctor import Patient
from hol.operate.findings import Finding, of_error, unknown, worst
from hol.operate.machine import Machine
from hol.words.errors import (
    CheckFailed,
    ConfigError,
    CredentialsError,
    Exit,
    HolError,
    PermissionDenied,
)

HEALTHY = Machine((3, 13), "utf-8", 10**12, True, (), "ko")
# What asks the endpoint has no name on the wire but its path.
READS = re.compile(r"[\w-]+\.(Get|Head|List|Describe|Simulate)\w*|sagemaker\.\?")


def _examine(
    world: World, machine: Machine = HEALTHY, expires: datetime | None = None, **settings: str
) -> list[Finding]:
    """Every finding of an examination in that account."""
    config = world.config(**settings)

    def begin(cloud: Cloud) -> Run:
        named = configuration.resolved(config, cloud.account)
        root, emit = configuration.packaged(), Recorded().all.append
        return Run(named, cloud, root, world.home, emit, dry=True, clock=JumpingClock())

    now = machine if machine is not HEALTHY else replace(HEALTHY, now=datetime.now(UTC))
    return doctor.examine(Patient(config, world.place, now, STEPS, begin, expires))


def _complaints(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level != "unknown"]


def test_a_healthy_account_is_not_complained_of(faulty: World) -> None:
    assert _examine(faulty) == []


def test_a_healthy_account_with_the_lab_in_it_is_not_complained_of(faulty: World) -> None:
    faulty.up(endpoint__ttl="4h")
    assert _examine(faulty, endpoint__ttl="4h") == []


def test_an_operator_with_the_printed_policy_is_not_complained_of(faulty: World) -> None:
    operator = replace(_operator(faulty), endpoint=faulty.endpoint)
    document = _printed(faulty, endpoint__ttl="4h")
    looking = ["iam:SimulatePrincipalPolicy", "lambda:GetAccountSettings", "s3:GetAccountPublicAccessBlock"]
    more = {"Effect": "Allow", "Action": looking, "Resource": "*"}
    _allow(faulty, {**document, "Statement": [*document["Statement"], more]})
    assert _examine(operator, endpoint__ttl="4h") == []


def test_what_may_not_be_looked_at_is_unknown_and_not_a_fault(faulty: World) -> None:
    operator = replace(_operator(faulty), endpoint=faulty.endpoint)
    _allow(faulty, _printed(faulty))
    findings = _examine(operator)
    assert _complaints(findings) == []
    assert [finding.code for finding in findings] == ["HOL-D04", "HOL-D05", "HOL-D22"]
    named = [found[0] for one in findings if one.fix and (found := re.search(r"\w+:\w+", one.fix.render()))]
    assert {"lambda:GetAccountSettings", "s3:GetAccountPublicAccessBlock"} <= set(named)
    assert worst(findings) == Exit.DONE


# --- 30 seeded faults ---


@dataclass
class Scene:
    """What a fault is seeded into, and how it is examined afterwards."""

    world: World
    front: Proxy
    other: World
    machine: Machine
    settings: dict[str, str]
    expires: datetime | None = None

    @property
    def config(self) -> Any:
        return self.world.run(**self.settings).config

    def become(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Work as a user with the printed policy, changed."""
        operator = replace(_operator(self.world), endpoint=self.world.endpoint)
        _allow(self.world, change(_printed(self.world)))
        self.world = operator


def _without(sid: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    more = {"Effect": "Allow", "Action": ["iam:SimulatePrincipalPolicy"], "Resource": "*"}
    return lambda document: {
        **document,
        "Statement": [*(one for one in document["Statement"] if one["Sid"] != sid), more],
    }


def _denying(action: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    deny = {"Effect": "Deny", "Action": action, "Resource": "*"}
    return lambda document: {**document, "Statement": [*_without("")(document)["Statement"], deny]}


def _no_credentials(scene: Scene) -> None:
    place = scene.world.place
    scene.world = _Placed(
        scene.world.port, scene.world.account, scene.world.home, None, replace(place, credentials=None)
    )


@dataclass(frozen=True)
class _Placed(World):
    """An account at a place of its own."""

    given: Place | None = None

    @property
    def place(self) -> Place:
        return self.given or super().place


def _expired(scene: Scene) -> None:
    scene.front.add(
        r"sts\..*", error("ExpiredToken", "The security token included in the request is expired", 403), times=9
    )


def _wrong_key(scene: Scene) -> None:
    scene.front.add(r"sts\..*", error("InvalidClientTokenId", "The security token is invalid.", 403), times=9)


def _disabled_region(scene: Scene) -> None:
    scene.settings["region"] = "ap-east-1"
    refuse = error("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
    scene.front.add(r"sts\..*", refuse, times=9, when=lambda request: "/ap-east-1/" in request.headers["authorization"])


def _clock_ahead(scene: Scene) -> None:
    scene.world = replace(scene.world, endpoint=None)
    scene.machine = replace(HEALTHY, now=datetime.now(UTC) + timedelta(minutes=11))


def _clock_refused(scene: Scene) -> None:
    words = "Signature expired: 20261122T000000Z is now earlier than 20261122T010000Z"
    scene.front.add(r"sts\..*", error("SignatureDoesNotMatch", words, 403), times=9)


def _short_session(scene: Scene) -> None:
    scene.expires = datetime.now(UTC) + timedelta(minutes=4)


def _account_block(scene: Scene) -> None:
    flags = "".join(f"<{key}>true</{key}>" for key in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy"))
    body = f"<PublicAccessBlockConfiguration>{flags}</PublicAccessBlockConfiguration>".encode()
    scene.front.add(".*", said(200, body, "application/xml"), times=9, when=_asks_for_account_block)


def _asks_for_account_block(request: Request) -> bool:
    return "/configuration/publicAccessBlock" in request.target


def _taken_bucket(scene: Scene) -> None:
    scene.other.client("s3").create_bucket(Bucket=scene.config.bucket.name)


def _untagged_bucket(scene: Scene) -> None:
    scene.world.client("s3").create_bucket(Bucket=scene.config.bucket.name)


def _namesake_role(scene: Scene) -> None:
    scene.world.client("iam").create_role(RoleName=scene.config.role.name, AssumeRolePolicyDocument=_TRUST)


_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ],
    }
)


def _namesake_endpoint_role(scene: Scene) -> None:
    scene.world.client("iam").create_role(RoleName=scene.config.endpoint.role, AssumeRolePolicyDocument=_TRUST)


def _namesake_function(scene: Scene) -> None:
    iam, functions = scene.world.client("iam"), scene.world.client("lambda")
    role = iam.create_role(RoleName="another", AssumeRolePolicyDocument=_TRUST)["Role"]["Arn"]
    functions.create_function(
        FunctionName=scene.config.function.name,
        Role=role,
        Runtime="python3.13",
        Handler="a.b",
        Code={"ZipFile": _zip()},
    )


def _zip() -> bytes:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.py", "def b(event, context): pass")
    return packed.getvalue()


def _namesake_endpoint(scene: Scene) -> None:
    scene.world.up([STEPS[0]], lab="another-lab", endpoint__bucket="another-bucket-of-models", endpoint__role="another")


def _namesake_switch(scene: Scene) -> None:
    scene.settings["endpoint__ttl"] = "4h"
    scene.world.client("scheduler").create_schedule_group(Name=scene.config.endpoint.switch)


def _no_endpoint(scene: Scene) -> None:
    scene.settings["endpoint__create"] = "false"


def _endpoint_failed(scene: Scene) -> None:
    scene.world.up([STEPS[0]])
    scene.settings["endpoint__create"] = "false"
    body = {
        "EndpointName": "x",
        "EndpointArn": "x",
        "EndpointStatus": "Failed",
        "FailureReason": "no ping",
        "CreationTime": 0,
        "LastModifiedTime": 0,
    }
    scene.front.add(
        "sagemaker.DescribeEndpoint", said(200, json.dumps(body).encode(), "application/x-amz-json-1.1"), times=9
    )


def _endpoint_of_another_kind(scene: Scene) -> None:
    scene.world.up([STEPS[0]])
    scene.settings["endpoint__create"] = "false"
    scene.front.add(".*", said(200, b"0.17,0.83", "text/csv"), times=9, when=_invokes)


def _endpoint_that_breaks(scene: Scene) -> None:
    scene.world.up([STEPS[0]])
    scene.settings["endpoint__create"] = "false"
    scene.front.add(".*", error("ModelError", "Received server error (500) from primary", 424), times=9, when=_invokes)


def _invokes(request: Request) -> bool:
    return request.target.endswith("/invocations")


def _no_quota(scene: Scene) -> None:
    _on_aws(scene)
    body = {"Quotas": [{"QuotaName": "ml.m5.large for endpoint usage", "Value": 0.0}]}
    answer = said(200, json.dumps(body).encode(), "application/x-amz-json-1.1")
    scene.front.add("servicequotas.ListServiceQuotas", answer, times=9)


def _on_aws(scene: Scene) -> None:
    scene.settings |= {"target": "aws", "endpoint__create": "true"}


def _region_without_the_image(scene: Scene) -> None:
    scene.settings |= {"region": "mx-central-1", "endpoint__create": "true"}


def _model_missing(scene: Scene) -> None:
    scene.settings["endpoint__model"] = "assets/model/another.tar.gz"


def _set(**settings: str) -> Callable[[Scene], None]:
    return lambda scene: scene.settings.update(settings)


def _with(**facts: Any) -> Callable[[Scene], None]:
    def seed(scene: Scene) -> None:
        scene.machine = replace(HEALTHY, now=datetime.now(UTC), **facts)

    return seed


FAULTS: dict[str, tuple[str, Callable[[Scene], None], str]] = {
    "no credentials": ("HOL-D01", _no_credentials, "there are no AWS credentials"),
    "expired session": ("HOL-D01", _expired, "the credentials have expired"),
    "wrong access key": ("HOL-D01", _wrong_key, "AWS does not know these credentials"),
    "session ends too soon": ("HOL-D02", _short_session, "the credentials expire in 3 minutes"),
    "region not enabled": ("HOL-D03", _disabled_region, "the region ap-east-1 is not enabled"),
    "region without BlazingText": (
        "HOL-D03",
        _region_without_the_image,
        "SageMaker has no BlazingText in mx-central-1",
    ),
    "function not allowed": ("HOL-D04", lambda scene: scene.become(_without("Function")), "you may not do lambda:"),
    "role not passed": (
        "HOL-D04",
        lambda scene: scene.become(_without("PassFunction")),
        "you may not do iam:PassRole",
    ),
    "explicit denial": (
        "HOL-D04",
        lambda scene: scene.become(_denying("s3:PutObjectAcl")),
        "you may not do s3:PutObjectAcl",
    ),
    "account blocks public access": ("HOL-D05", _account_block, "the account blocks public access"),
    "bucket name taken": ("HOL-D06", _taken_bucket, "the bucket name"),
    "bucket of somebody else": ("HOL-D07", _untagged_bucket, "the bucket text-"),
    "role of somebody else": ("HOL-D07", _namesake_role, "the role myText"),
    "endpoint role of somebody else": ("HOL-D07", _namesake_endpoint_role, "the role mySage"),
    "function of somebody else": ("HOL-D07", _namesake_function, "the function "),
    "endpoint of somebody else": ("HOL-D07", _namesake_endpoint, "the endpoint "),
    "schedule group of somebody else": ("HOL-D07", _namesake_switch, "the schedule group "),
    "no endpoint": ("HOL-D08", _no_endpoint, "there is no endpoint"),
    "endpoint failed": ("HOL-D09", _endpoint_failed, "is not in service but Failed"),
    "endpoint of another kind": ("HOL-D10", _endpoint_of_another_kind, "does not answer as BlazingText does"),
    "endpoint that breaks": ("HOL-D10", _endpoint_that_breaks, "does not answer as BlazingText does"),
    "no instance quota": ("HOL-D11", _no_quota, "the account may not run an endpoint on ml.m5.large"),
    "dead runtime": ("HOL-D12", _set(function__runtime="python3.7"), "the runtime python3.7 can no longer be created"),
    "clock ahead": ("HOL-D13", _clock_ahead, "the clock of this machine is 11 minutes off"),
    "clock refused": ("HOL-D13", _clock_refused, "the clock of this machine is wrong"),
    "ASCII terminal": ("HOL-D14", _with(encoding="ascii"), "the terminal cannot show Korean"),
    "local extra missing": ("HOL-D15", _with(missing=("ministack",)), "the local AWS is not installed"),
    "old Python": ("HOL-D17", _with(python=(3, 10)), "Python 3.10 is too old"),
    "full disk": ("HOL-D18", _with(free=5_000_000), "the disk is full"),
    "read-only folder": ("HOL-D19", _with(writable=False), "cannot be written to"),
    "model archive missing": ("HOL-D20", _model_missing, "assets/model/another.tar.gz is not there"),
    "too much concurrency": (
        "HOL-D21",
        _set(function__concurrency="950"),
        "950 concurrent executions cannot be reserved",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_found_without_a_write(
    name: str, faulty: World, front: Proxy, other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    code, seed, words = FAULTS[name]
    scene = Scene(faulty, front, other_world, HEALTHY, {})
    seed(scene)
    front.seen.clear()
    found = _complaints(_examine(scene.world, scene.machine, scene.expires, **scene.settings))
    assert {finding.code for finding in found} == {code}
    assert words in found[0].what.render()
    assert found[0].fix is not None
    assert [call for call in front.seen if not READS.fullmatch(call)] == []


# --- the parts ---


@pytest.mark.parametrize(
    ("runtime", "today", "level"),
    [
        ("python3.7", date(2026, 11, 22), "fault"),
        ("python3.13", date(2026, 11, 22), None),
        ("python3.10", date(2027, 1, 10), "warning"),
        ("python3.10", date(2027, 2, 1), "fault"),
        ("python3.99", date(2026, 11, 22), None),
    ],
)
def test_runtimes_end_on_their_day(runtime: str, today: date, level: str | None) -> None:
    config = replace(
        World(4599, "", Path()).config(), function=replace(World(4599, "", Path()).config().function, runtime=runtime)
    )
    step = next(step for step in STEPS if step.name == "function")
    found = list(step.facet("without_aws", "doctor")(config, today))
    assert [finding.level for finding in found] == ([level] if level else [])


def test_the_worst_finding_decides_the_exit_code() -> None:
    from hol.words.text import t

    failed, denied = Finding("HOL-D07", t("a")), Finding("HOL-D04", t("b"), exit=Exit.PERMISSION)
    expired = Finding("HOL-D01", t("c"), exit=Exit.CREDENTIALS)
    warned = Finding("HOL-D14", t("d"), level="warning")
    assert worst([]) == worst([warned]) == Exit.DONE
    assert worst([failed, warned]) == Exit.FAILED
    assert worst([failed, denied]) == Exit.PERMISSION
    assert worst([failed, denied, expired]) == Exit.CREDENTIALS


@pytest.mark.parametrize("code", Exit)
def test_a_fault_never_ends_with_zero(code: Exit) -> None:
    """Whatever exit a fault carries, alone or beside what is none; nothing but a fault ends otherwise than with 0."""
    from hol.words.text import t

    fault = Finding("HOL-D99", t("a"), exit=code)
    beside = [Finding("HOL-D14", t("b"), level="warning", exit=code), unknown("HOL-D04", t("c"))]
    wanted = code if code in (Exit.CREDENTIALS, Exit.PERMISSION) else Exit.FAILED
    assert worst([fault]) == worst([*beside, fault]) == worst([fault, *beside]) == wanted
    assert worst(beside) == Exit.DONE


@pytest.mark.parametrize("kind", [CheckFailed, ConfigError, CredentialsError, HolError])
def test_an_error_while_looking_is_a_fault_that_does_not_end_with_zero(kind: type[HolError]) -> None:
    """`Exit(0)` of an error of one's own included; what may not be looked at is the only error that is no fault."""
    from hol.words.text import t

    found = [of_error("HOL-D99", kind(t("a"))), of_error("HOL-D99", kind(t("a"), code=Exit.DONE))]
    assert [finding.level for finding in found] == ["fault", "fault"]
    assert Exit.DONE not in {worst([finding]) for finding in found}
    assert of_error("HOL-D99", PermissionDenied(t("a"))).level == "unknown"
