"""The least of a lab that the local tests need: a role, a function, an API with POST on / and a stage."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import uuid
import zipfile
from dataclasses import dataclass
from typing import Any

import boto3

from hol.local.life.process import Running

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
ECHO = "def handler(event, context):\n    return {'event': event}\n"


class Session:
    """boto3 against the local AWS: `session("s3")`, `session("s3", account="111122223333")`, or with other keys."""

    def __init__(self, server: Running):
        self.server = server

    def __call__(
        self,
        service: str,
        account: str = "000000000000",
        region: str = "us-east-1",
        credentials: dict[str, str] | None = None,
    ):
        """A client; `credentials` are AccessKeyId, SecretAccessKey and SessionToken as STS answers them."""
        keys = credentials or {}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.server.url,
            aws_access_key_id=keys.get("AccessKeyId", account),
            aws_secret_access_key=keys.get("SecretAccessKey", "local"),
            aws_session_token=keys.get("SessionToken"),
        )


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, whatever its status."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(url: str, body: bytes | None = None, method: str = "POST", **headers: str) -> Answer:
    """An HTTP call without credentials; `content_type="x"` sends that header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, named, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Answer(answer.status, {n.lower(): v for n, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {n.lower(): v for n, v in error.headers.items()}, error.read())


def zipped(source: str, name: str = "index.py") -> bytes:
    """A Lambda archive of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, source)
    return buffer.getvalue()


def new_name(kind: str) -> str:
    """A name that no other test uses."""
    return f"{kind}-{uuid.uuid4().hex[:8]}"


def make_role(session: Any, trust: dict[str, Any] = TRUST, logs: bool = True, **where: str) -> str:
    """A role that may write logs; returns its ARN."""
    iam, name = session("iam", **where), new_name("role")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    if logs:
        iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)
    return arn


def make_function(session: Any, source: str = ECHO, role: str | None = None, timeout: int = 3, **where: str) -> str:
    """A function that is Active; returns its ARN."""
    client, name = session("lambda", **where), new_name("function")
    client.create_function(
        FunctionName=name,
        Role=role or make_role(session, **where),
        Runtime="python3.13",
        Handler="index.handler",
        Code={"ZipFile": zipped(source)},
        Timeout=timeout,
    )
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})
    return str(client.get_function(FunctionName=name)["Configuration"]["FunctionArn"])


class Api:
    """A REST API with POST on / that is integrated with a function; nothing is deployed yet."""

    def __init__(self, session: Any, function: str, kind: str = "AWS", permitted: bool = True, **where: str):
        self.client, self.url = session("apigateway", **where), session.server.url
        self.id = self.client.create_rest_api(name=new_name("api"))["id"]
        self.root = self.client.get_resources(restApiId=self.id)["items"][0]["id"]
        self.post = {"restApiId": self.id, "resourceId": self.root, "httpMethod": "POST"}
        self.client.put_method(**self.post, authorizationType="NONE")
        self.client.put_method_response(
            **self.post,
            statusCode="200",
            responseParameters={"method.response.header.Access-Control-Allow-Origin": False},
        )
        self.integrate(function, kind)
        self.respond()
        if permitted:
            self.permit(session("lambda", **where), function)

    def integrate(self, function: str, kind: str = "AWS", **more: Any) -> None:
        region = function.split(":")[3]
        uri = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function}/invocations"
        self.client.put_integration(**self.post, type=kind, integrationHttpMethod="POST", uri=uri, **more)

    def respond(self, status: str = "200", **more: Any) -> None:
        parameters = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
        more.setdefault("responseParameters", parameters if status == "200" else {})
        self.client.put_integration_response(**self.post, statusCode=status, **more)

    def permit(self, client: Any, function: str, path: str = "*/POST/") -> None:
        account, region = function.split(":")[4], function.split(":")[3]
        client.add_permission(
            FunctionName=function,
            StatementId=new_name("allow"),
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{region}:{account}:{self.id}/{path}",
        )

    def add_options(self) -> None:
        """CORS preflight as the console makes it."""
        options = {**self.post, "httpMethod": "OPTIONS"}
        header = "method.response.header.Access-Control-Allow-Origin"
        self.client.put_method(**options, authorizationType="NONE")
        self.client.put_method_response(**options, statusCode="200", responseParameters={header: False})
        template = {"application/json": '{"statusCode": 200}'}
        self.client.put_integration(**options, type="MOCK", requestTemplates=template)
        self.client.put_integration_response(**options, statusCode="200", responseParameters={header: "'*'"})

    def deploy(self, stage: str = "prod") -> str:
        """Deploys; returns the deployment's id."""
        return str(self.client.create_deployment(restApiId=self.id, stageName=stage)["id"])

    def invoke_url(self, stage: str = "prod", path: str = "") -> str:
        return f"{self.url}/_aws/execute-api/{self.id}/{stage}{path}"

    def send(self, body: Any, stage: str = "prod", path: str = "") -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return call(self.invoke_url(stage, path), raw, content_type="application/json")
