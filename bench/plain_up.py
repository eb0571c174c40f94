"""Everything that `hol up` makes, with plain boto3."""

from __future__ import annotations

import io
import json
import time
import zipfile
from concurrent.futures import Future
from functools import partial
from typing import Any

from bench.script import (
    API,
    BUCKET,
    ENDPOINT,
    FUNCTION,
    GROUPS,
    HEADERS,
    HERE,
    IMAGE,
    LISTED,
    MODEL_ROLE,
    MODELS,
    OPEN,
    ORIGIN,
    REGION,
    ROLE,
    TAGS,
    Script,
)


def up(s: Script) -> None:
    """Everything that `hol up` makes."""
    account = s.start(lambda: s.sts.get_caller_identity()["Account"])
    api = s.start(lambda: _api(s, account))
    role = s.start(lambda: _role(s, ROLE, "lambda"))
    bucket = s.start(lambda: _bucket(s))
    function = s.start(lambda: _function(s, role.result()))
    models = s.start(lambda: _models(s))
    model_role = s.start(lambda: _model_role(s))
    rest: list[Future[Any]] = [
        s.start(lambda: _inline(s, ROLE, role)),
        s.start(lambda: _managed(s, account.result(), role)),
        *(s.start(partial(_group, s, group)) for group in GROUPS),
        s.start(lambda: _endpoint(s, models, model_role.result())),
        s.start(lambda: _permission(s, function, api.result(), account.result())),
    ]
    files = _site(s, api.result())
    bucket.result()
    s.each(lambda file: s.s3.put_object(Bucket=BUCKET, Key=file[0], Body=file[1], ContentType="text/html"), files)
    s.each(lambda file: s.s3.put_object_acl(Bucket=BUCKET, Key=file[0], ACL="public-read"), files)
    for one in rest:
        one.result()


def _policy() -> str:
    actions = ["sagemaker:InvokeEndpoint", "s3:GetObject", "s3:ListBucket", "logs:PutLogEvents"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _inline(s: Script, role: str, made: Future[str]) -> None:
    made.result()
    s.iam.put_role_policy(RoleName=role, PolicyName="inline", PolicyDocument=_policy())


def _role(s: Script, name: str, service: str) -> str:
    principal = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [principal]})
    answer = s.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=LISTED)
    return str(answer["Role"]["Arn"])


def _model_role(s: Script) -> str:
    """SageMaker refuses a model whose role may not read the archive yet."""
    arn = _role(s, MODEL_ROLE, "sagemaker")
    s.iam.put_role_policy(RoleName=MODEL_ROLE, PolicyName="inline", PolicyDocument=_policy())
    return arn


def _managed(s: Script, account: str, role: Future[str]) -> None:
    s.iam.create_policy(PolicyName="bench-policy", PolicyDocument=_policy(), Tags=LISTED)
    role.result()
    s.iam.attach_role_policy(RoleName=ROLE, PolicyArn=f"arn:aws:iam::{account}:policy/bench-policy")


def _group(s: Script, name: str) -> None:
    s.logs.create_log_group(logGroupName=name, tags=TAGS)
    s.logs.put_retention_policy(logGroupName=name, retentionInDays=7)


def _function(s: Script, role: str) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        for file in (HERE / "assets" / "lambda").glob("*.py"):
            archive.write(file, file.name)
    s.lambda_.create_function(
        FunctionName=FUNCTION,
        Runtime="python3.13",
        Handler="inference.lambda_handler",
        Role=role,
        Code={"ZipFile": package.getvalue()},
        Environment={"Variables": {"ENDPOINT_NAME": ENDPOINT}},
        Tags=TAGS,
    )
    while s.lambda_.get_function_configuration(FunctionName=FUNCTION)["State"] != "Active":
        time.sleep(0.05)


def _permission(s: Script, function: Future[None], api: str, account: str) -> None:
    function.result()
    s.lambda_.add_permission(
        FunctionName=FUNCTION,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{account}:{api}/*/POST/",
    )


def _models(s: Script) -> None:
    s.s3.create_bucket(Bucket=MODELS, CreateBucketConfiguration={"Tags": LISTED})
    archive = (HERE / "assets" / "model" / "model.tar.gz").read_bytes()
    s.s3.put_object(Bucket=MODELS, Key="model.tar.gz", Body=archive)


def _endpoint(s: Script, models: Future[None], role: str) -> None:
    models.result()
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{MODELS}/model.tar.gz"}
    s.sagemaker.create_model(ModelName=ENDPOINT, PrimaryContainer=container, ExecutionRoleArn=role, Tags=LISTED)
    variant = {"VariantName": "a", "ModelName": ENDPOINT, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    s.sagemaker.create_endpoint_config(EndpointConfigName=ENDPOINT, ProductionVariants=[variant], Tags=LISTED)
    s.sagemaker.create_endpoint(EndpointName=ENDPOINT, EndpointConfigName=ENDPOINT, Tags=LISTED)
    while s.sagemaker.describe_endpoint(EndpointName=ENDPOINT)["EndpointStatus"] != "InService":
        time.sleep(0.05)


def _mapped(headers: dict[str, str]) -> dict[str, str]:
    return {f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()}


def _api(s: Script, account: Future[str]) -> str:
    """API, methods, CORS as the console adds it afterwards, deployment: each a change of the one REST API."""
    g = s.apigateway
    made = g.create_rest_api(name=API, endpointConfiguration={"types": ["REGIONAL"]}, tags=TAGS)
    at = {"restApiId": made["id"], "resourceId": made["rootResourceId"]}
    post, options = {**at, "httpMethod": "POST"}, {**at, "httpMethod": "OPTIONS"}
    function = f"arn:aws:lambda:{REGION}:{account.result()}:function:{FUNCTION}"
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    g.put_method(**post, authorizationType="NONE")
    for status in ("200", "500"):
        g.put_method_response(**post, statusCode=status, responseModels={"application/json": "Empty"})
    g.put_integration(**post, type="AWS", integrationHttpMethod="POST", uri=uri)
    g.put_integration_response(**post, statusCode="200")
    g.put_integration_response(**post, statusCode="500", selectionPattern="(.|\n)+")
    g.put_method(**options, authorizationType="NONE")
    headers = _mapped({**HEADERS, **ORIGIN})
    g.put_method_response(**options, statusCode="200", responseParameters=dict.fromkeys(headers, False))
    g.put_integration(**options, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    g.put_integration_response(**options, statusCode="200", responseParameters=headers)
    ((header, value),) = _mapped(ORIGIN).items()
    for status in ("200", "500"):
        path = {"op": "add", "path": f"/responseParameters/{header}"}
        g.update_method_response(**post, statusCode=status, patchOperations=[{**path, "value": "false"}])
        g.update_integration_response(**post, statusCode=status, patchOperations=[{**path, "value": value}])
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        parameters = {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in ORIGIN.items()}
        g.put_gateway_response(restApiId=made["id"], responseType=kind, responseParameters=parameters)
    g.create_deployment(restApiId=made["id"], stageName="prod")
    return str(made["id"])


def _site(s: Script, api: str) -> list[tuple[str, bytes]]:
    """The files of SDK and page, while the stage gets its settings."""
    rate = {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "10"}
    stage = s.start(lambda: s.apigateway.update_stage(restApiId=api, stageName="prod", patchOperations=[rate]))
    sdk = s.apigateway.get_sdk(restApiId=api, stageName="prod", sdkType="javascript")["body"].read()
    with zipfile.ZipFile(io.BytesIO(sdk)) as archive:
        files = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    pages = HERE / "assets" / "web"
    files |= {file.relative_to(pages).as_posix(): file.read_bytes() for file in pages.rglob("*") if file.is_file()}
    stage.result()
    return list(files.items())


def _bucket(s: Script) -> None:
    s.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"Tags": LISTED})
    rules = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    website = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}
    facets = (
        lambda: s.s3.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls=rules),
        lambda: s.s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=OPEN),
        lambda: s.s3.put_bucket_website(Bucket=BUCKET, WebsiteConfiguration=website),
    )
    s.each(lambda facet: facet(), facets)
