"""What the tests of the engine share: a lab in an empty account of the local AWS, and what is in that account.

`World` is an account. Its runs are real runs over HTTP with a clock that jumps instead of waiting; `listing` is what
AWS itself says is there, normalised so that two of them can be compared.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config as ClientConfig

from hol.cloud.clock import Clock, JumpingClock
from hol.cloud.session import Cloud, Place, connect
from hol.config import files as configuration
from hol.engine import runner
from hol.engine.events import Checked, Event, Message, Output
from hol.engine.run import Run
from hol.engine.step import Step, discover, resting_on, sections
from hol.local.life.place import place
from hol.operate import cleanup

_ACCOUNTS = itertools.count(100000000001)
STEPS = discover(configuration.packaged() / "steps")


def new_account() -> str:
    """An account that no test has used."""
    return str(next(_ACCOUNTS))


def undoing(number: int, with_later: bool) -> list[Step]:
    """The steps that `hol down N` takes back."""
    chosen = next(step for step in STEPS if step.number == number)
    return [chosen, *(resting_on(STEPS, chosen) if with_later else ())]


@dataclass
class Recorded:
    """What a run told."""

    all: list[Message] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        return [said for said in self.all if isinstance(said, Event)]

    @property
    def lines(self) -> list[str]:
        """`step: + what` for each decision, in order."""
        return [f"{event.step}: {event.mark} {event.what}" for event in self.events]

    @property
    def marks(self) -> set[str]:
        return {event.mark for event in self.events}

    @property
    def outputs(self) -> dict[str, str]:
        return {said.name: said.value for said in self.all if isinstance(said, Output)}

    @property
    def checks(self) -> list[Checked]:
        return [said for said in self.all if isinstance(said, Checked)]


@dataclass(frozen=True)
class World:
    """An account of the local AWS; `endpoint` may be a proxy in front of it."""

    port: int
    account: str
    home: Path
    endpoint: str | None = None

    @property
    def place(self) -> Place:
        direct = place(self.port, self.account)
        return replace(direct, endpoint=self.endpoint) if self.endpoint else direct

    def cloud(self, **settings: str) -> Cloud:
        return connect(self.config(**settings), self.place)

    def config(self, **settings: str) -> Any:
        """The packaged configuration; `function__timeout="20"` sets function.timeout."""
        overrides = [f"{key.replace('__', '.')}={value}" for key, value in settings.items()]
        found = configuration.Folder(configuration.packaged(), self.home, configuration.packaged() / "config.yaml")
        return configuration.load(found, [f"local.port={self.port}", *overrides], sections(STEPS))

    def run(
        self, recorded: Recorded | None = None, dry: bool = False, clock: Clock | None = None, **settings: str
    ) -> Run:
        """A run in this account, not started yet."""
        recorded = recorded if recorded is not None else Recorded()
        cloud = self.cloud(**settings)
        config = configuration.resolved(self.config(**settings), cloud.account)
        clock = clock or JumpingClock(real=0.02)
        steps = {step.name: step for step in STEPS}
        return Run(config, cloud, configuration.packaged(), self.home, recorded.all.append, steps, dry, clock=clock)

    def up(self, steps: Iterable[Step] = STEPS, dry: bool = False, **settings: str) -> Recorded:
        """`hol up` (or some steps of it); returns what it told."""
        recorded = Recorded()
        runner.up(self.run(recorded, dry, **settings), steps)
        return recorded

    def step(self, number: int, **settings: str) -> Recorded:
        """`hol step N`."""
        return self.up([step for step in STEPS if step.number == number], **settings)

    def check(self, *numbers: int, **settings: str) -> Recorded:
        """`hol check`; of these steps, or of all."""
        recorded = Recorded()
        runner.check(self.run(recorded, **settings), [step for step in STEPS if not numbers or step.number in numbers])
        return recorded

    def down(self, **settings: str) -> Recorded:
        """`hol down --yes`, without its listing afterwards."""
        recorded = Recorded()
        cleanup.down(self.run(recorded, **settings), STEPS)
        return recorded

    def undo(self, number: int, with_later: bool = False, **settings: str) -> Recorded:
        """`hol down N --yes`, without its listing afterwards."""
        recorded = Recorded()
        cleanup.undo(self.run(recorded, **settings), undoing(number, with_later))
        return recorded

    def undoable(self, number: int, with_later: bool = False, **settings: str) -> list[str]:
        """What `hol down N` would delete, as lines."""
        events = cleanup.remaining(self.run(**settings), undoing(number, with_later), take=cleanup.undo)
        return sorted(f"{event.step}: {event.mark} {event.what}" for event in events)

    def remaining(self, **settings: str) -> list[str]:
        """What `hol down` would delete, as lines."""
        events = cleanup.remaining(self.run(**settings), STEPS)
        return sorted(f"{event.step}: {event.mark} {event.what}" for event in events)

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """boto3, straight to the local AWS, as the account's root."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=self.account,
            aws_secret_access_key="local",
            config=ClientConfig(proxies={}, s3={"addressing_style": "path"}),
        )

    def listing(self) -> dict[str, list[str]]:
        """Everything in the account, service by service, by name."""
        iam, logs, s3, sagemaker = (self.client(name) for name in ("iam", "logs", "s3", "sagemaker"))
        functions = self.client("lambda").list_functions()["Functions"]
        groups = self.client("scheduler").list_schedule_groups()["ScheduleGroups"]
        return {
            "users": sorted(user["UserName"] for user in iam.list_users()["Users"]),
            "roles": sorted(role["RoleName"] for role in iam.list_roles()["Roles"]),
            "policies": sorted(policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"]),
            "functions": sorted(function["FunctionName"] for function in functions),
            "apis": sorted(api["name"] for api in self.client("apigateway").get_rest_apis()["items"]),
            "buckets": sorted(bucket["Name"] for bucket in s3.list_buckets()["Buckets"]),
            "endpoints": sorted(item["EndpointName"] for item in sagemaker.list_endpoints()["Endpoints"]),
            "configurations": sorted(
                item["EndpointConfigName"] for item in sagemaker.list_endpoint_configs()["EndpointConfigs"]
            ),
            "models": sorted(item["ModelName"] for item in sagemaker.list_models()["Models"]),
            "schedule groups": sorted(group["Name"] for group in groups if group["Name"] != "default"),
            "log groups": sorted(group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]),
        }

    def state(self, **settings: str) -> dict[str, Any]:
        """The lab's resources in full, without ids and times: two ways to the same lab give the same state."""
        return json.loads(_normalised(json.dumps(_details(self, **settings), sort_keys=True, default=str)))


def _normalised(text: str) -> str:
    import re

    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)
    text = re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.]+(\+[\d:]+|Z)?", "TIME", text)
    return re.sub(r"\b[0-9a-f]{8,10}\b", "ID", text)


def _details(world: World, **settings: str) -> dict[str, Any]:
    config = configuration.resolved(world.config(**settings), world.account)
    iam, s3, gateway = world.client("iam"), world.client("s3"), world.client("apigateway")
    function = world.client("lambda").get_function(FunctionName=config.function.name)
    role = iam.get_role(RoleName=config.role.name)["Role"]
    api = gateway.get_rest_apis()["items"][0]
    bucket = config.bucket.name
    objects = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {
        "role": {key: role[key] for key in ("Path", "AssumeRolePolicyDocument", "Tags")},
        "inline": [
            iam.get_role_policy(RoleName=config.role.name, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=config.role.name)["PolicyNames"]
        ],
        "attached": iam.list_attached_role_policies(RoleName=config.role.name)["AttachedPolicies"],
        "function": {
            key: function["Configuration"][key]
            for key in ("Runtime", "Handler", "Timeout", "MemorySize", "Environment", "CodeSha256", "Role")
        },
        "concurrency": function.get("Concurrency"),
        "permission": len(
            json.loads(world.client("lambda").get_policy(FunctionName=config.function.name)["Policy"])["Statement"]
        ),
        "api": {key: api[key] for key in ("name", "endpointConfiguration", "tags")},
        "resources": gateway.get_resources(restApiId=api["id"], embed=["methods"])["items"],
        "stage": {
            key: gateway.get_stage(restApiId=api["id"], stageName="prod").get(key)
            for key in ("stageName", "description", "methodSettings")
        },
        "website": {k: v for k, v in s3.get_bucket_website(Bucket=bucket).items() if k != "ResponseMetadata"},
        "access": s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
        "ownership": s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"],
        "objects": [
            (
                item["Key"],
                s3.head_object(Bucket=bucket, Key=item["Key"])["ContentType"],
                len(s3.get_object_acl(Bucket=bucket, Key=item["Key"])["Grants"]),
            )
            for item in objects
        ],
    }
