"""What AWS refuses, the local AWS refuses, in the same words: patches, resources, methods, policies, aliases, schedules, tags."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.session import get_session
from local_lab import TRUST, new_name
from test_gateway import error_of

from hol.local.identities import policies

BAD, GONE = "BadRequestException", "NotFoundException"
OPEN = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


@pytest.fixture
def api(session: Any) -> dict[str, Any]:
    """An API with `/pets/sub`, `/{proxy+}` and GET on /pets."""
    client = session("apigateway")
    made = client.create_rest_api(name=new_name("api"))
    at = {"restApiId": made["id"]}
    pets = client.create_resource(**at, parentId=made["rootResourceId"], pathPart="pets")["id"]
    sub = client.create_resource(**at, parentId=pets, pathPart="sub")["id"]
    proxy = client.create_resource(**at, parentId=made["rootResourceId"], pathPart="{proxy+}")["id"]
    method = {**at, "resourceId": pets, "httpMethod": "GET"}
    client.put_method(**method, authorizationType="none")
    return {
        "client": client,
        "at": at,
        "root": made["rootResourceId"],
        "pets": pets,
        "sub": sub,
        "proxy": proxy,
        "method": method,
    }


@pytest.mark.parametrize("name", ["역할", "rôle", "١"])
def test_a_name_of_iam_is_of_ascii_letters(session: Any, name: str) -> None:
    """\\w in AWS's patterns is Java's."""
    client = session("iam")
    refused = error_of(client.create_role, RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    assert refused[0] == "ValidationError"


def _patch(op: str, path: str, value: str | None = None) -> dict[str, Any]:
    return {"patchOperations": [{"op": op, "path": path, **({} if value is None else {"value": value})}]}


def test_a_resource_never_goes_below_itself(api: dict[str, Any]) -> None:
    """The emulator would look for its path for ever, and with it every later call."""

    def move(resource: str, parent: str) -> tuple[str, str]:
        patch = _patch("replace", "/parentId", parent)
        return error_of(api["client"].update_resource, **api["at"], resourceId=resource, **patch)

    assert move(api["pets"], api["sub"]) == (BAD, "Resources cannot be cyclical.")
    assert move(api["pets"], api["pets"]) == (BAD, "Resources cannot be cyclical.")
    assert move(api["pets"], "nope") == (GONE, "Invalid Resource identifier specified")
    moved = api["client"].update_resource(
        **api["at"], resourceId=api["sub"], **_patch("replace", "/parentId", api["root"])
    )
    assert moved["path"] == "/sub"


def test_patches_go_to_what_can_be_patched(api: dict[str, Any]) -> None:
    client, method = api["client"], api["method"]

    def update(*patch: str) -> tuple[str, str]:
        return error_of(client.update_method, **method, **_patch(*patch))

    assert update("add", "/operationName", "x") == (BAD, "Invalid patch operation specified. Must be one of: [replace]")
    assert update("replace", "/nonsense", "x") == (BAD, "Invalid patch path /nonsense")
    assert update("replace", "/requestValidatorId", "nope")[1] == "Invalid Request Validator identifier specified"
    assert update("add", "/requestModels/application~1json", "Nope")[1] == "Invalid model identifier specified: Nope"
    assert client.update_method(**method, **_patch("replace", "/operationName", "named"))["operationName"] == "named"
    code, message = error_of(
        client.update_resource, **api["at"], resourceId=api["pets"], **_patch("replace", "/invalid", "x")
    )
    assert (code, message) == (
        BAD,
        "Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]",
    )
    assert error_of(client.update_rest_api, **api["at"], **_patch("replace", "/nonsense", "x"))[0] == BAD


def test_methods_and_path_parts_are_of_their_kind(api: dict[str, Any]) -> None:
    client, at = api["client"], api["at"]

    def put(verb: str, **more: str) -> tuple[str, str]:
        return error_of(client.put_method, **at, resourceId=api["pets"], httpMethod=verb, **more)

    def make(parent: str, part: str) -> tuple[str, str]:
        return error_of(client.create_resource, **at, parentId=parent, pathPart=part)

    assert put("FOO", authorizationType="NONE")[1] == (
        "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"
    )
    assert put("PUT", authorizationType="CUSTOM")[1].startswith("Invalid authorizer ID specified.")
    assert client.get_method(**api["method"])["authorizationType"] == "NONE"
    assert error_of(client.delete_method, **at, resourceId=api["pets"], httpMethod="PUT") == (
        GONE,
        "Invalid Method identifier specified",
    )
    assert make(api["root"], "a b")[1].startswith("Resource's path part only allow a-zA-Z0-9._-:")
    assert make(api["root"], "{other}")[1].startswith(
        "A sibling ({proxy+}) of this resource already has a variable path part"
    )
    assert make(api["proxy"], "x")[1] == "Cannot create a child of a resource with a greedy path variable: /{proxy+}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{bad", "This policy contains invalid Json"),
        (document(), "Syntax errors in policy."),
        (document({**OPEN, "Principal": "*"}), "Policy document should not specify a principal."),
        (document({"Effect": "Allow", "Resource": "*"}), "Policy statement must contain actions."),
        (document({"Effect": "Allow", "Action": "s3:*"}), "Policy statement must contain resources."),
        (
            document({**OPEN, "Action": "Get"}),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (document({**OPEN, "Resource": "bucket"}), 'Resource bucket must be in ARN format or "*".'),
        (
            document({**OPEN, "Sid": "a"}, {**OPEN, "Sid": "a"}),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
    ],
)
def test_a_policy_is_a_policy(session: Any, text: str, said: str) -> None:
    refused = error_of(session("iam").create_policy, PolicyName=new_name("p"), PolicyDocument=text)
    assert refused == ("MalformedPolicyDocument", said)


@pytest.mark.parametrize("dns", ["amazonaws.com", "amazonaws.com.cn"])
def test_no_real_service_is_taken_for_an_invented_one(dns: str) -> None:
    """Those of AWS's lists that no API is called like, those of a region, and all that botocore knows."""
    named = (
        *("ecs-tasks", "edgelambda", "eks-fargate-pods", "ops.apigateway", "replicator.lambda", "delivery.logs"),
        *("logs.ap-northeast-2", "states.us-gov-west-1", "elasticmapreduce", "monitoring", "vmie", "spotfleet"),
        *("events", "member.org.stacksets.cloudformation", "malware-protection-plan.guardduty", "credentials.iot"),
        *get_session().get_available_services(),
    )
    assert [one for one in named if not policies.is_service(f"{one}.{dns}")] == []
    invented = ("lamda", "lambdas", "apigatway", "api-gateway", "sagmaker", "evnts", "lamda.us-east-1", "lambda.evil")
    assert [one for one in invented if policies.is_service(f"{one}.{dns}")] == []
    assert [policies.is_service(f"{one}.amazon.com") for one in ("alexa-appkit", "lambda")] == [True, False]


def test_a_trust_is_a_trust_and_only_what_is_there_is_attached(session: Any) -> None:
    iam, name = session("iam"), new_name("role")

    def trust(text: str) -> tuple[str, str]:
        return error_of(iam.create_role, RoleName=name, AssumeRolePolicyDocument=text)

    def attach(arn: str) -> tuple[str, str]:
        return error_of(iam.attach_role_policy, RoleName=name, PolicyArn=arn)

    assert trust("{") == ("MalformedPolicyDocument", "This policy contains invalid Json")
    assert trust(document({**TRUST["Statement"][0], "Resource": "*"}))[1] == "Has prohibited field Resource"
    invented = {**TRUST["Statement"][0], "Principal": {"Service": ["lambda.amazonaws.com", "lamda.amazonaws.com"]}}
    assert trust(document(invented)) == (
        "MalformedPolicyDocument",
        'Invalid principal in policy: "SERVICE":"lamda.amazonaws.com"',
    )
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    assert attach("longpolicynamebutnoarn") == ("ValidationError", "Invalid ARN:  Could not be parsed!")
    absent = "arn:aws:iam::000000000000:policy/nope"
    assert attach(absent) == ("NoSuchEntity", f"Policy {absent} does not exist or is not attachable.")
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess")
    assert error_of(iam.get_role, RoleName="nope") == ("NoSuchEntity", "The role with name nope cannot be found.")


@pytest.mark.parametrize(
    "expression",
    [
        "rate(0 minutes)",
        "rate(5 seconds)",
        "cron(71 8 1 * ? *)",
        "cron(0 1 * * * *)",
        "cron(0 1)",
        "at(2021-12-31)",
        "at(2021-12-31T23:59:59Z)",
        "x",
    ],
)
def test_a_schedule_has_a_time(session: Any, expression: str) -> None:
    target = {"Arn": "arn:aws:lambda:us-east-1:000000000000:function:f", "RoleArn": "arn:aws:iam::000000000000:role/r"}
    refused = error_of(
        session("scheduler").create_schedule,
        Name=new_name("s"),
        ScheduleExpression=expression,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
    )
    assert refused == ("ValidationException", f"Invalid Schedule Expression {expression}.")


def test_lambda_s_aliases_permissions_and_tags(session: Any) -> None:
    iam, client, name = session("iam"), session("lambda"), new_name("function")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    made = {"FunctionName": name, "Role": role, "Code": {"ZipFile": _package()}}
    assert error_of(client.create_function, **made)[1].startswith("Runtime and Handler are mandatory parameters")
    arn = client.create_function(**made, Runtime="python3.13", Handler="index.handler")["FunctionArn"]

    def alias(version: str, **more: Any) -> tuple[str, str]:
        return error_of(client.create_alias, FunctionName=name, Name="a", FunctionVersion=version, **more)

    assert alias("99") == ("ResourceNotFoundException", f"Function not found: {arn}:99")
    assert alias("$LATEST", RoutingConfig={"AdditionalVersionWeights": {"1": 0.5}})[1].startswith(
        "$LATEST is not supported"
    )
    permit = {"FunctionName": name, "StatementId": "s", "Action": "lambda:InvokeFunction"}
    for nobody in ("nobody.example.com", "apigatway.amazonaws.com"):
        assert error_of(client.add_permission, **permit, Principal=nobody)[1].startswith(
            "The provided principal was invalid."
        )
    said = json.loads(client.add_permission(**permit, Principal="111122223333")["Statement"])
    assert said["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert (
        error_of(client.remove_permission, FunctionName=name, StatementId="zz")[1]
        == "Statement zz is not found in resource policy."
    )
    reserved = error_of(client.put_function_concurrency, FunctionName=name, ReservedConcurrentExecutions=2000)
    assert reserved[1].startswith(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution"
    )
    assert error_of(client.tag_resource, Resource=arn, Tags={})[0] == "InvalidParameterValueException"


def _package() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return event\n")
    return out.getvalue()


def test_s3_takes_tags_and_policies_that_are_some(session: Any) -> None:
    client, bucket = session("s3"), new_name("bucket")
    client.create_bucket(Bucket=bucket)

    def tag(*tags: tuple[str, str]) -> tuple[str, str]:
        listed = [{"Key": key, "Value": value} for key, value in tags]
        return error_of(client.put_bucket_tagging, Bucket=bucket, Tagging={"TagSet": listed})

    assert tag(("a", "1"), ("a", "2")) == ("InvalidTag", "Cannot provide multiple Tags with the same key")
    assert tag(("a", "!")) == ("InvalidTag", "The TagValue you have provided is invalid")
    assert tag(("aws:a", "1")) == ("InvalidTag", "System tags cannot be added/updated by requester")
    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "hol:lab", "Value": "실습"}]})

    def policy(text: str) -> tuple[str, str]:
        return error_of(client.put_bucket_policy, Bucket=bucket, Policy=text)

    assert policy("{")[1] == "Policies must be valid JSON and the first byte must be '{'"
    assert (
        policy(document({**OPEN, "Principal": "*", "Resource": "arn:aws:s3:::other/*"}))[1]
        == "Policy has invalid resource"
    )


def test_what_cannot_be_imported_is_refused(session: Any, api: dict[str, Any]) -> None:
    assert error_of(session("apigateway").import_api_keys, body=b"[]", format="csv")[0] == BAD
    assert error_of(api["client"].import_documentation_parts, **api["at"], body=b"PK\x03")[0] == BAD


def test_a_member_that_is_null_is_one_that_is_absent(session: Any) -> None:
    client = session("logs")
    client.meta.events.register(
        "before-call", lambda params, **_: params.update(body=b'{"logGroupNamePrefix": null, "limit": null}')
    )
    assert client.describe_log_groups()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_what_the_local_aws_rewrites_stays_signed(session: Any) -> None:
    """A user's call without an endpoint type, or with a null: his signature is that of what he sent."""
    iam, name = session("iam"), new_name("user")
    iam.create_user(UserName=name)
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(allowed))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    client = session("apigateway", credentials=key)
    api = client.create_rest_api(name=new_name("api"))["id"]
    changed = client.update_rest_api(
        restApiId=api, patchOperations=[_patch("replace", "/minimumCompressionSize", "9")["patchOperations"][0]]
    )
    assert changed["minimumCompressionSize"] == 9
    groups = session("logs", credentials=key)
    groups.meta.events.register("before-sign", lambda request, **_: setattr(request, "data", b'{"limit": null}'))
    assert "logGroups" in groups.describe_log_groups()
    again = session("iam", credentials=key)
    assert again.get_user(UserName=name)["User"]["UserName"] == name


@pytest.mark.parametrize("value", ["a b", "영화 후기", "a\u00a0b", "a+=b@c:/.-_", "3"])
def test_a_tag_may_have_what_its_pattern_allows(session: Any, value: str) -> None:
    client, name = session("logs"), new_name("/group")
    client.create_log_group(logGroupName=name, tags={"key": value})
    assert client.list_tags_log_group(logGroupName=name)["tags"] == {"key": value}
    assert (
        error_of(client.create_log_group, logGroupName=f"{name}2", tags={"key": f"{value}\t"})[0]
        == "InvalidParameterException"
    )
