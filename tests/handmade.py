"""The lab as a learner makes it in the console: the console's own calls, the guide's literal settings, no tags.

Each part can be told to go wrong: `make(world, timeout=3)`. What is not told is right.
"""

from __future__ import annotations

import io
import json
import mimetypes
import zipfile
from pathlib import Path
from typing import Any

from harness import World

from hol.config import files as configuration
from hol.config.files import packaged
from hol.words.commands import command
from steps.site import contents as site
from steps.site import folder as site_folder

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
HEADERS = "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'"
CODE = """import boto3
import json

ENDPOINT_NAME = "{endpoint}"
runtime = boto3.client("runtime.sagemaker")


def lambda_handler(event, context):
    sentences = [row["{query}"] for row in event["{sentences}"]]
    payload = json.dumps({{"instances": sentences}})
    response = runtime.invoke_endpoint(EndpointName=ENDPOINT_NAME, ContentType="application/json", Body=payload)
    return json.loads(response["Body"].read().decode("utf-8"))
"""


def trust(service: str = "lambda.amazonaws.com") -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def ask(*actions: str, resource: str = "arn:aws:sagemaker:*:*:endpoint/*", effect: str = "Allow") -> str:
    named = list(actions or ("sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"))
    statement = {"Sid": "VisualEditor0", "Effect": effect, "Action": named, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Hands:
    """A learner's hands in one account."""

    def __init__(self, world: World) -> None:
        self.world, self.config = world, configuration.resolved(world.config(), world.account)
        self.iam, self.functions = world.client("iam"), world.client("lambda")
        self.gateway, self.s3 = world.client("apigateway"), world.client("s3")
        self.api = self.root = ""

    # --- steps 1 and 2 ---

    def role(self, name: str = "", document: str = trust(), log: bool = True) -> None:
        name = name or self.config.role.name
        self.iam.create_role(RoleName=name, Path="/service-role/", AssumeRolePolicyDocument=document)
        if log:
            self.iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)

    def policy(self, name: str = "", document: str = ask()) -> None:
        name = name or self.config.policy.name
        self.iam.put_role_policy(RoleName=self.config.role.name, PolicyName=name, PolicyDocument=document)

    # --- step 3 ---

    def function(
        self,
        region: str = "us-east-1",
        file: str = "lambda_function.py",
        code: str | None = None,
        endpoint: str = "",
        keys: tuple[str, str] = ("sentences", "query"),
        **settings: Any,
    ) -> None:
        if code is None:
            code = CODE.format(endpoint=endpoint or self.config.endpoint.name, sentences=keys[0], query=keys[1])
        wanted = {
            "FunctionName": self.config.function.name,
            "Runtime": "python3.13",
            "Handler": "lambda_function.lambda_handler",
            "Role": f"arn:aws:iam::{self.world.account}:role/service-role/{self.config.role.name}",
            "Timeout": 10,
            "Code": {"ZipFile": zipped(file, code)},
            **settings,
        }
        client = self.world.client("lambda", region)
        client.create_function(**wanted)
        client.get_waiter("function_active_v2").wait(FunctionName=wanted["FunctionName"], WaiterConfig={"Delay": 0.1})

    # --- step 4 ---

    def new_api(self, name: str = "", kind: str = "REGIONAL") -> None:
        made = self.gateway.create_rest_api(name=name or self.config.api.name, endpointConfiguration={"types": [kind]})
        self.api = made["id"]
        self.root = self.gateway.get_resources(restApiId=self.api)["items"][0]["id"]

    def at(self, verb: str) -> dict[str, str]:
        return {"restApiId": self.api, "resourceId": self.root, "httpMethod": verb}

    def function_arn(self, region: str = "us-east-1", name: str = "") -> str:
        return f"arn:aws:lambda:{region}:{self.world.account}:function:{name or self.config.function.name}"

    def method(
        self, verb: str = "POST", kind: str = "AWS", function: str = "", key: bool = False, auth: str = "NONE"
    ) -> None:
        self.gateway.put_method(**self.at(verb), authorizationType=auth, apiKeyRequired=key)
        self.gateway.put_method_response(
            **self.at(verb), statusCode="200", responseModels={"application/json": "Empty"}
        )
        invoked = f"functions/{function or self.function_arn()}/invocations"
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/{invoked}"
        self.gateway.put_integration(**self.at(verb), type=kind, integrationHttpMethod="POST", uri=uri)
        if kind == "AWS":
            self.gateway.put_integration_response(**self.at(verb), statusCode="200", responseTemplates={})

    def permission(self, source: str = "") -> None:
        self.functions.add_permission(
            FunctionName=self.config.function.name,
            StatementId="2f6e0c7e-0000-4000-8000-000000000001",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=source or f"arn:aws:execute-api:us-east-1:{self.world.account}:{self.api}/*/POST/",
        )

    # --- steps 5 and 6 ---

    def cors(self, options: bool = True, post: bool = True, **values: str) -> None:
        named = {"Headers": HEADERS, "Methods": "'OPTIONS,POST'", "Origin": "'*'", **values}
        if options:
            self.gateway.put_method(**self.at("OPTIONS"), authorizationType="NONE")
            self.gateway.put_method_response(
                **self.at("OPTIONS"),
                statusCode="200",
                responseModels={"application/json": "Empty"},
                responseParameters={f"method.response.header.Access-Control-Allow-{n}": False for n in named},
            )
            template = {"application/json": '{"statusCode": 200}'}
            self.gateway.put_integration(**self.at("OPTIONS"), type="MOCK", requestTemplates=template)
            mapped = {f"method.response.header.Access-Control-Allow-{n}": v for n, v in named.items() if v}
            self.gateway.put_integration_response(**self.at("OPTIONS"), statusCode="200", responseParameters=mapped)
        if post:
            path = "/responseParameters/method.response.header.Access-Control-Allow-Origin"
            for change, value in (("method", "false"), ("integration", named["Origin"])):
                patch = [{"op": "add", "path": path, "value": value}]
                getattr(self.gateway, f"update_{change}_response")(
                    **self.at("POST"), statusCode="200", patchOperations=patch
                )

    def deploy(self, stage: str = "prod") -> None:
        self.gateway.create_deployment(restApiId=self.api, stageName=stage, description="Ver 0.01 (build 001)")

    # --- step 7 ---

    def folder(self) -> Path:
        return self.world.home / self.config.site.folder

    def sdk(self, stage: str = "prod", api: str = "") -> None:
        answer = self.gateway.get_sdk(restApiId=api or self.api, stageName=stage, sdkType="javascript")
        files = site.compose(site.unzip(answer["body"].read()), packaged() / self.config.site.pages, command("step", 4))
        for name, data in files.items():
            path = self.folder() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    # --- steps 8 to 10 ---

    def bucket(self, region: str = "us-east-1", opened: bool = True, ownership: str = "ObjectWriter") -> None:
        name = self.config.bucket.name
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client = self.world.client("s3", region)
        client.create_bucket(Bucket=name, **where)
        controls = {"Rules": [{"ObjectOwnership": ownership}]}
        client.put_bucket_ownership_controls(Bucket=name, OwnershipControls=controls)
        if opened:
            self.block()

    def block(self, **on: bool) -> None:
        names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        settings = {name: on.get(name, False) for name in names}
        self.s3.put_public_access_block(Bucket=self.config.bucket.name, PublicAccessBlockConfiguration=settings)

    def website(self, index: str = "index.html", error: str = "error.html") -> None:
        wanted = {"IndexDocument": {"Suffix": index}, **({"ErrorDocument": {"Key": error}} if error else {})}
        self.s3.put_bucket_website(Bucket=self.config.bucket.name, WebsiteConfiguration=wanted)

    def upload(self, prefix: str = "", without: str = "-", types: dict[str, str] | None = None) -> None:
        for name in site_folder.files(self.folder()):
            if not name.startswith(without):
                kind = (types or {}).get(name) or mimetypes.guess_type(name)[0] or "binary/octet-stream"
                body = (self.folder() / name).read_bytes()
                self.s3.put_object(Bucket=self.config.bucket.name, Key=prefix + name, Body=body, ContentType=kind)

    def publish(self, without: str = "-") -> None:
        for item in self.s3.list_objects_v2(Bucket=self.config.bucket.name).get("Contents", []):
            if item["Key"] != without:
                self.s3.put_object_acl(Bucket=self.config.bucket.name, Key=item["Key"], ACL="public-read")

    # --- all of it ---

    def make(self, until: str = "publish", **parts: dict[str, Any] | None) -> None:
        """The parts in order; `function={"Timeout": 3}` changes one, `cors=None` leaves it out."""
        wanted = PARTS[PARTS.index("bucket") if until in ("bucket", "website") else 0 : PARTS.index(until) + 1]
        for part in wanted:
            settings = parts.get(part, {})
            if settings is not None:
                getattr(self, part)(**settings)


PARTS = (
    "role", "policy", "function", "new_api", "method", "permission", "cors", "deploy",
    "sdk", "bucket", "website", "upload", "publish",
)  # fmt: skip


def another_right_way(hands: Hands) -> None:
    """What a learner may do otherwise, and just as right, in a lab whose objects have no ACLs."""
    arn = hands.iam.create_policy(PolicyName="AWSLambdaBasicExecutionRole-1234", PolicyDocument=_logs())["Policy"][
        "Arn"
    ]
    hands.iam.detach_role_policy(RoleName=hands.config.role.name, PolicyArn=BASIC)
    hands.iam.attach_role_policy(RoleName=hands.config.role.name, PolicyArn=arn)
    hands.gateway.put_method_response(**hands.at("POST"), statusCode="400")
    hands.gateway.put_gateway_response(restApiId=hands.api, responseType="DEFAULT_4XX", responseParameters={})
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{hands.config.bucket.name}/*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    hands.s3.put_bucket_policy(Bucket=hands.config.bucket.name, Policy=document)


def _logs() -> str:
    statement = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def zipped(name: str, code: str) -> bytes:
    """A deployment package of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, code)
    return out.getvalue()
