"""Resources that are somebody else's and look like the lab's: colliding names, near misses of names and of tags."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from harness import World

LAB = "text-classification"
TAGS: tuple[dict[str, str], ...] = (
    {},
    {"hol:lab": "another"},
    {"hol:lab": LAB.upper()},
    {"hol:lab": f"{LAB}/kim"},
    {"hol:lab": f"{LAB}-2"},
    {"hol:lab": f"/{LAB}"},
    {"hol-lab": LAB},
    {"HOL:LAB": LAB},
    {"hol:labs": LAB},
    {"lab": LAB, "owner": "hol"},
)
_POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'
_TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'


@dataclass(frozen=True)
class Foreign:
    """A resource: its kind and name, and how AWS describes it now, in full."""

    kind: str
    name: str
    describe: Callable[[], Any]

    def now(self) -> str:
        """The description as text; what was deleted describes itself by its error."""
        try:
            return json.dumps(_bare(self.describe()), sort_keys=True, default=str)
        except Exception as error:
            return repr(error)


def _bare(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: _bare(value) for key, value in answer.items() if key not in ("ResponseMetadata", "Location")}
    return [_bare(item) for item in answer] if isinstance(answer, list) else answer


def make(world: World, drawn: random.Random, count: int, collide: str) -> Iterator[Foreign]:
    """So many foreign resources in the account; those of the kind `collide` may have the lab's very own name."""
    makers = [_role, _policy, _function, _api, _bucket, _group, _model, _configuration]
    used: set[tuple[str, str]] = set()
    for number in range(count):
        maker = makers[number % len(makers)]
        kind = maker.__name__.lstrip("_")
        name = _name(drawn, _own_names(world)[kind], exact=kind in (collide, "api"))
        while (kind, name) in used and kind != "api":
            name = _name(drawn, f"{_own_names(world)[kind]}-{number}", exact=False)
        used.add((kind, name))
        yield Foreign(kind, name, maker(world, name, drawn.choice(TAGS)))


def _own_names(world: World) -> dict[str, str]:
    return {
        "role": "myTextClassificationLambdaRole-hol",
        "policy": "AWSLambdaBasicExecutionRole-myTextClassificationLambdaRole-hol",
        "function": "myTextClassificationInference",
        "api": "SageMakerTextClassificationLambdaGateway",
        "bucket": f"text-classification-webservice-{world.account}-hol",
        "group": "/aws/lambda/myTextClassificationInference",
        "model": f"blazingtext-text-classification-{'0123456789ab'}",
        "configuration": f"blazingtext-text-classification-{'ba9876543210'}",
    }


def _name(drawn: random.Random, own: str, exact: bool) -> str:
    """The name itself, or one that begins, ends or is spelt nearly like it."""
    if exact and drawn.random() < 0.5:
        return own
    suffix = f"{drawn.randrange(16**6):06x}"
    if own.startswith("blazingtext"):
        return drawn.choice([own[:-12] + suffix * 2, f"{own}-{suffix}", f"x{suffix}-{own}"])[:63]
    if own.startswith("text-classification-webservice"):
        return drawn.choice([f"{own}-{suffix}", f"x{suffix}-{own}", own[:-1] + suffix])[:63]
    if own.startswith("/"):
        return drawn.choice([f"{own}-{suffix}", f"{own}/{suffix}", own.lower() + suffix])
    return drawn.choice([f"{own}-{suffix}", f"x{suffix}{own}", own.upper() + suffix, own[:-1] + suffix])[:64]


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _role(world: World, name: str, tags: dict[str, str]) -> Callable[[], Any]:
    iam = world.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=_TRUST, Tags=_listed(tags))
    iam.put_role_policy(RoleName=name, PolicyName="sagemaker-lambda-policy-hol", PolicyDocument=_POLICY)
    return lambda: [
        iam.get_role(RoleName=name),
        iam.get_role_policy(RoleName=name, PolicyName="sagemaker-lambda-policy-hol"),
        iam.list_attached_role_policies(RoleName=name),
    ]


def _policy(world: World, name: str, tags: dict[str, str]) -> Callable[[], Any]:
    iam = world.client("iam")
    made = iam.create_policy(PolicyName=name, Path="/service-role/", PolicyDocument=_POLICY, Tags=_listed(tags))
    arn = made["Policy"]["Arn"]
    return lambda: [iam.get_policy(PolicyArn=arn), iam.list_policy_versions(PolicyArn=arn)]


def _function(world: World, name: str, tags: dict[str, str]) -> Callable[[], Any]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("f.py", "def handler(event, context): return 1\n")
    role = world.client("iam").create_role(RoleName=f"for-{name}"[:64], AssumeRolePolicyDocument=_TRUST)["Role"]["Arn"]
    functions = world.client("lambda")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="f.handler",
        Role=role,
        Tags=tags,
        Code={"ZipFile": packed.getvalue()},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.2})
    return lambda: functions.get_function(FunctionName=name)


def _api(world: World, name: str, tags: dict[str, str]) -> Callable[[], Any]:
    gateway = world.client("apigateway")
    made = gateway.create_rest_api(name=name, endpointConfiguration={"types": ["REGIONAL"]}, tags=tags)["id"]
    return lambda: [
        gateway.get_rest_api(restApiId=made),
        gateway.get_resources(restApiId=made, embed=["methods"]),
        gateway.get_stages(restApiId=made),
    ]


def _bucket(world: World, name: str, tags: dict[str, str]) -> Callable[[], Any]:
    s3 = world.client("s3")
    s3.create_bucket(Bucket=name)
    if tags:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": _listed(tags)})
    s3.put_object(Bucket=name, Key="index.html", Body=b"theirs", Metadata={"hol-lab": LAB})
    return lambda: [
        s3.get_bucket_acl(Bucket=name),
        s3.get_public_access_block(Bucket=name),
        s3.get_bucket_ownership_controls(Bucket=name),
        s3.list_objects_v2(Bucket=name),
        s3.get_object_acl(Bucket=name, Key="index.html"),
        s3.get_object(Bucket=name, Key="index.html")["Body"].read(),
    ]


def _group(world: World, name: str, tags: dict[str, str]) -> Callable[[], Any]:
    logs = world.client("logs")
    logs.create_log_group(logGroupName=name, **({"tags": tags} if tags else {}))
    arn = f"arn:aws:logs:us-east-1:{world.account}:log-group:{name}"

    def describe() -> Any:
        found = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        kept = ("logGroupName", "creationTime", "retentionInDays", "arn")
        own = [{key: group.get(key) for key in kept} for group in found if group["logGroupName"] == name]
        return own, logs.list_tags_for_resource(resourceArn=arn)["tags"]

    return describe


def _model(world: World, name: str, tags: dict[str, str]) -> Callable[[], Any]:
    sagemaker = world.client("sagemaker")
    image = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1"
    container = {"Image": image, "ModelDataUrl": f"s3://theirs-{world.account}/model.tar.gz"}
    role = _sagemaker_role(world)
    made = sagemaker.create_model(
        ModelName=name, PrimaryContainer=container, ExecutionRoleArn=role, Tags=_listed(tags)
    )["ModelArn"]
    return lambda: [sagemaker.describe_model(ModelName=name), sagemaker.list_tags(ResourceArn=made)]


def _sagemaker_role(world: World) -> str:
    """A role that may read the model archive beside it; both are made once an account."""
    iam, s3 = world.client("iam"), world.client("s3")
    if "theirs" not in [role["RoleName"] for role in iam.list_roles()["Roles"]]:
        iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=_TRUST.replace("lambda", "sagemaker"))
        reading = _POLICY.replace("s3:ListAllMyBuckets", "s3:*")
        iam.put_role_policy(RoleName="theirs", PolicyName="read", PolicyDocument=reading)
        s3.create_bucket(Bucket=f"theirs-{world.account}")
        s3.put_object(Bucket=f"theirs-{world.account}", Key="model.tar.gz", Body=b"theirs")
    return str(iam.get_role(RoleName="theirs")["Role"]["Arn"])


def _configuration(world: World, name: str, tags: dict[str, str]) -> Callable[[], Any]:
    sagemaker = world.client("sagemaker")
    if not sagemaker.list_models(NameContains="any-model")["Models"]:
        _model(world, "any-model", {})
    variant = {"VariantName": "v", "ModelName": "any-model", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    made = sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], Tags=_listed(tags))
    arn = made["EndpointConfigArn"]
    return lambda: [sagemaker.describe_endpoint_config(EndpointConfigName=name), sagemaker.list_tags(ResourceArn=arn)]


def endpoint_of_theirs(world: World, name: str) -> None:
    """An endpoint without our tag; that its model archive is none does not matter."""
    _configuration(world, "theirs", {})
    world.client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName="theirs")
