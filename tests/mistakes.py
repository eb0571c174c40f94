"""Mistakes that learners make, one each: the step that should notice, the facet that it should name, and the making."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handmade import Hands, ask, trust

LAST = {
    "role": "role", "policy": "policy", "function": "function", "api": "permission", "cors": "cors", "stage": "deploy",
    "sdk": "sdk", "bucket": "website", "upload": "upload", "public": "publish",
}  # fmt: skip
ENDPOINT = "blazingtext-text-classification"
ASK, TELL = "sagemaker:InvokeEndpoint", "sagemaker:DescribeEndpoint"


@dataclass(frozen=True)
class Mistake:
    """`parts` are made otherwise than right; `then` happens afterwards; `says` must stand in what is found."""

    step: str
    facet: str
    name: str
    parts: dict[str, Any] = field(default_factory=dict)
    then: Callable[[Hands], object] = lambda hands: None
    says: str = ""

    def commit(self, hands: Hands) -> None:
        hands.make(LAST[self.step], **self.parts)
        self.then(hands)


def _endpoint(region: str = "us-east-1", account: str = "*", name: str = ENDPOINT) -> str:
    return f"arn:aws:sagemaker:{region}:{account}:endpoint/{name}"


def _policy(name: str, says: str, facet: str = ASK, **changed: Any) -> Mistake:
    actions = changed.pop("actions", (TELL, ASK))
    return Mistake("policy", facet, name, {"policy": {"document": ask(*actions, **changed)}}, says=says)


def _function(facet: str, name: str, says: str = "", **settings: Any) -> Mistake:
    return Mistake("function", facet, name, {"function": settings}, says=says)


def _other_role(hands: Hands) -> None:
    hands.role(name="someOtherRole")
    arn = f"arn:aws:iam::{hands.world.account}:role/service-role/someOtherRole"
    hands.functions.update_function_configuration(FunctionName=hands.config.function.name, Role=arn)


def _hols_code(hands: Hands) -> None:
    from hol.aws.functions import package
    from hol.config.files import packaged

    name = hands.config.function.name
    hands.functions.update_function_code(FunctionName=name, ZipFile=package(packaged() / "assets/lambda"))
    hands.functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    hands.functions.update_function_configuration(
        FunctionName=name,
        Handler="inference.lambda_handler",
        Environment={"Variables": {"ENDPOINT_NAME": ENDPOINT + "s"}},
    )


def _own_event(event: Any) -> Callable[[Hands], None]:
    def write(hands: Hands) -> None:
        file = hands.world.home / "assets" / "events" / "myTestEvent.json"
        file.parent.mkdir(parents=True)
        file.write_text(event if isinstance(event, str) else json.dumps(event), encoding="utf-8")

    return write


def _stop(hands: Hands) -> None:
    hands.functions.put_function_concurrency(FunctionName=hands.config.function.name, ReservedConcurrentExecutions=0)


def _integration(**changed: str) -> Callable[[Hands], None]:
    def put(hands: Hands) -> None:
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{hands.function_arn()}/invocations"
        wanted = {"type": "AWS", "integrationHttpMethod": "POST", "uri": uri, **changed}
        hands.gateway.put_integration(**hands.at("POST"), **wanted)

    return put


def _post_elsewhere(hands: Hands) -> None:
    made = hands.gateway.create_resource(restApiId=hands.api, parentId=hands.root, pathPart="classify")
    hands.root = made["id"]
    hands.method()


def _unmapped(hands: Hands) -> None:
    hands.gateway.delete_integration_response(**hands.at("POST"), statusCode="200")


def _undeclared(hands: Hands) -> None:
    path = "/responseParameters/method.response.header.Access-Control-Allow-Methods"
    patch = [{"op": "remove", "path": path}]
    hands.gateway.update_method_response(**hands.at("OPTIONS"), statusCode="200", patchOperations=patch)


def _mock_without_status(hands: Hands) -> None:
    hands.gateway.put_integration(**hands.at("OPTIONS"), type="MOCK", requestTemplates={"application/json": "{}"})
    hands.gateway.put_integration_response(**hands.at("OPTIONS"), statusCode="200")


def _mended_too_late(hands: Hands) -> None:
    hands.method()
    hands.permission()
    hands.cors()


def _closed(hands: Hands) -> None:
    patch = [{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "0"}]
    hands.gateway.update_stage(restApiId=hands.api, stageName="prod", patchOperations=patch)


def _other_sdk(hands: Hands) -> None:
    right = hands.api, hands.root
    hands.new_api("another")
    hands.method()
    hands.deploy()
    hands.sdk()
    hands.api, hands.root = right


def _other_sdk_uploaded(hands: Hands) -> None:
    _other_sdk(hands)
    hands.upload()
    hands.sdk()


def _too_deep(hands: Hands) -> None:
    hands.folder().rename(hands.world.home / "unzipped")
    hands.folder().mkdir()
    (hands.world.home / "unzipped").rename(hands.folder() / "apiGateway-js-sdk")


def _edited(hands: Hands) -> None:
    page = hands.folder() / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- new -->", encoding="utf-8")


def _api(
    facet: str, name: str, says: str = "", then: Callable[[Hands], object] = lambda hands: None, **parts: Any
) -> Mistake:
    return Mistake("api", facet, name, parts, then, says)


MISTAKES = (
    Mistake("role", "role", "role name typo", {"role": {"name": "myTextClasificationLambdaRole-hol"}}),
    Mistake("role", "trust", "trust policy for EC2", {"role": {"document": trust("ec2.amazonaws.com")}}, says="ec2.amazonaws.com"),
    Mistake("role", "trust", "trust policy for API Gateway", {"role": {"document": trust("apigateway.amazonaws.com")}}),
    Mistake("role", "logs", "no basic execution policy", {"role": {"log": False}}, says="logs:PutLogEvents"),
    Mistake("policy", "policy", "no inline policy", {"policy": None}, says="no inline policy"),
    Mistake("policy", "policy", "policy name typo", {"policy": {"name": "sagemaker-lamda-policy-hol"}}, says="sagemaker-lamda-policy-hol"),
    _policy("policy on the wrong action", "InvokeEndpointAsync", actions=("sagemaker:InvokeEndpointAsync", TELL)),
    _policy("only DescribeEndpoint", "DescribeEndpoint", actions=(TELL,)),
    _policy("only InvokeEndpoint", "InvokeEndpoint", facet=TELL, actions=(ASK,)),
    _policy("wrong region in the ARN", "region us-west-2", resource=_endpoint("us-west-2")),
    _policy("wrong account in the ARN", "account 999999999999", resource=_endpoint(account="999999999999")),
    _policy("endpoint name typo in the ARN", "endpoint name", resource=_endpoint(name="blazingtext-text-clasification")),
    _policy("model instead of endpoint in the ARN", "model/", resource="arn:aws:sagemaker:*:*:model/*"),
    _policy("Deny instead of Allow", "denies", effect="Deny"),
    _function("timeout", "timeout left at 3 seconds", "3 seconds, not 10", Timeout=3),
    _function("timeout", "timeout of 10 minutes", "600 seconds", Timeout=600),
    _function("runtime", "Python 3.9", "python3.9", Runtime="python3.9"),
    _function("handler", "handler function typo", "lambda_function.handler", Handler="lambda_function.handler"),
    _function("handler", "code in another file", "inference.lambda_handler", file="inference.py"),
    _function("endpoint name", "endpoint name typo in the code", "clasification", endpoint="blazingtext-text-clasification"),
    Mistake("function", "endpoint name", "endpoint name typo in the environment", {}, _hols_code, ENDPOINT + "s"),
    _function("answer", "nested key typo in the code", "KeyError", keys=("sentences", "qeury")),
    _function("answer", "outer key typo in the code", "KeyError", keys=("sentence", "query")),
    _function("code", "console's own code left in place", "does not ask", code="def lambda_handler(event, context):\n    return 'Hello from Lambda!'\n"),
    Mistake("function", "concurrency", "concurrency reserved as 0", {}, _stop),
    Mistake("function", "execution role", "another role", {}, _other_role, "someOtherRole"),
    _function("function", "function in another region", region="us-west-2"),
    _function("function", "function name typo", FunctionName="myTextClasificationInference"),
    Mistake("function", "answer", "no permission to ask", {"policy": None}, says="AccessDenied"),
    Mistake("function", "event", "nested key typo in the event", {}, _own_event({"sentences": [{"qeury": "a"}]}), "qeury"),
    Mistake("function", "event", "outer key typo in the event", {}, _own_event({"sentence": [{"query": "a"}]}), "sentence"),
    Mistake("function", "event", "a comma too many in the event", {}, _own_event('{"sentences": [{"query": "a"},]}'), "JSON"),
    _api("api", "API name typo", new_api={"name": "SageMakerTextClasificationLambdaGateway"}),
    _api("endpoint type", "edge-optimised", "EDGE", new_api={"kind": "EDGE"}),
    _api("method", "GET instead of POST", "GET", method={"verb": "GET"}),
    _api("method", "POST on another resource", "/classify", _post_elsewhere, method=None),
    _api("integration", "proxy integration ticked", "proxy", method={"kind": "AWS_PROXY"}),
    _api("integration", "mock integration", "MOCK", _integration(type="MOCK")),
    _api("integration function", "function of another region", "us-west-2", lambda h: _integration(uri=_uri(h.function_arn("us-west-2")))(h)),
    _api("integration function", "another function", "otherFunction", lambda h: _integration(uri=_uri(h.function_arn(name="otherFunction")))(h)),
    _api("integration method", "integration invoked with GET", "GET", _integration(integrationHttpMethod="GET")),
    _api("authorization", "API key required", "API key", method={"key": True}),
    _api("authorization", "IAM authorization", "AWS_IAM", method={"auth": "AWS_IAM"}),
    _api("integration response", "no integration response", "missing", _unmapped),
    _api("permission", "no invoke permission", "500", permission=None),
    _api("permission", "permission for another API", "zzzzzzzzzz", permission={"source": "arn:aws:execute-api:us-east-1:123456789012:zzzzzzzzzz/*/POST/"}),
    _api("twins", "the API made twice", "2", lambda h: h.new_api()),
    Mistake("cors", "options", "CORS not enabled", {"cors": None}, says="missing"),
    Mistake("cors", "OPTIONS Access-Control-Allow-Origin", "header without quotes", {"cors": {"post": False, "Origin": "integration.response.header.origin"}}, says="quotes"),
    Mistake("cors", "OPTIONS Access-Control-Allow-Methods", "POST not among the methods", {"cors": {"Methods": "'OPTIONS,GET'"}}, says="POST"),
    Mistake("cors", "OPTIONS Access-Control-Allow-Headers", "Content-Type not among the headers", {"cors": {"Headers": "'X-Api-Key'"}}),
    Mistake("cors", "OPTIONS Access-Control-Allow-Headers", "header not mapped", {"cors": {"Headers": ""}}, says="integration response"),
    Mistake("cors", "OPTIONS Access-Control-Allow-Methods", "header not declared", {}, _undeclared, "method response"),
    Mistake("cors", "POST Access-Control-Allow-Origin", "no origin header on POST", {"cors": {"post": False}}),
    Mistake("cors", "OPTIONS Access-Control-Allow-Origin", "another origin", {"cors": {"Origin": "'https://example.com'"}}, says="example.com"),
    Mistake("cors", "mock", "mock without a status", {}, _mock_without_status),
    Mistake("stage", "stage", "not deployed", {"deploy": None}, says="never been deployed"),
    Mistake("stage", "stage", "stage name typo", {"deploy": {"stage": "pord"}}, says="pord"),
    Mistake("stage", "deployed", "CORS not redeployed", {"cors": None}, lambda h: h.cors(), "OPTIONS"),
    Mistake("stage", "deployed", "method made after the deployment", {"method": {"verb": "GET"}, "permission": None, "cors": None}, _mended_too_late, "POST"),
    Mistake("stage", "throttling", "throttled to nothing", {}, _closed, "429"),
    Mistake("sdk", "sdk", "no SDK", {"sdk": None}),
    Mistake("sdk", "sdk", "SDK one folder too deep", {}, _too_deep, "apiGateway-js-sdk"),
    Mistake("sdk", "sdk api", "SDK of another API", {}, _other_sdk),
    Mistake("sdk", "site files", "page missing", {}, lambda h: (h.folder() / "index.html").unlink(), "index.html"),
    Mistake("bucket", "bucket", "no bucket", {"bucket": None, "website": None}),
    Mistake("bucket", "bucket", "bucket in another region", {"bucket": {"region": "eu-west-1"}}, says="eu-west-1"),
    Mistake("bucket", "Block Public Access", "Block Public Access on", {"bucket": {"opened": False}}, says="BlockPublicAcls"),
    Mistake("bucket", "Block Public Access", "public ACLs ignored", {}, lambda h: h.block(IgnorePublicAcls=True), "IgnorePublicAcls"),
    Mistake("bucket", "object ownership", "ACLs disabled", {"bucket": {"ownership": "BucketOwnerEnforced"}}, says="ACLs"),
    Mistake("bucket", "website", "no website hosting", {"website": None}, says="off"),
    Mistake("bucket", "index document", "wrong index document", {"website": {"index": "index.htm"}}, says="index.htm"),
    Mistake("bucket", "error document", "no error document", {"website": {"error": ""}}),
    Mistake("upload", "upload", "forgot lib", {"upload": {"without": "lib/"}}, says="lib"),
    Mistake("upload", "upload", "forgot a page", {"upload": {"without": "error.html"}}, says="error.html"),
    Mistake("upload", "upload", "uploaded with its folder", {"upload": {"prefix": "site/"}}, says="site/"),
    Mistake("upload", "content type", "wrong content type", {"upload": {"types": {"index.html": "binary/octet-stream"}}}, says="index.html"),
    Mistake("upload", "same files", "page edited after the upload", {}, _edited, "index.html"),
    Mistake("upload", "uploaded sdk", "SDK of another API uploaded", {}, _other_sdk_uploaded),
    Mistake("public", "public", "one object private", {"publish": {"without": "apigClient.js"}}, says="apigClient.js"),
    Mistake("public", "public", "nothing made public", {"publish": None}),
    Mistake("public", "page", "Block Public Access on afterwards", {}, lambda h: h.block(IgnorePublicAcls=True), "403"),
)  # fmt: skip


def _uri(function: str) -> str:
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
