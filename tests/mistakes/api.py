"""API Gateway: the API, its method, its integration, and who may invoke the function."""

from __future__ import annotations

import json
from typing import Any

from handmade import HEADERS, Hands

from mistakes.made import Make, Mistake, api, deploy, integrate, patched, settle, stage, then, uri

STATEMENT = "2f6e0c7e-0000-4000-8000-000000000001"
ORIGIN = "method.response.header.Access-Control-Allow-Origin"


def anew(**changed: Any) -> Make:
    """The API deleted, and made otherwise, with all that follows."""

    def make(hands: Hands) -> None:
        forbid(hands)
        hands.gateway.delete_rest_api(restApiId=hands.api)
        for part in ("new_api", "method", "permission", "cors", "deploy"):
            if changed.get(part, {}) is not None:
                getattr(hands, part)(**changed.get(part, {}))

    return make


def forbid(hands: Hands) -> None:
    """Every permission of the function taken away."""
    name = hands.config.function.name
    try:
        held = json.loads(hands.functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    except hands.functions.exceptions.ResourceNotFoundException:
        return
    for one in held:
        hands.functions.remove_permission(FunctionName=name, StatementId=one["Sid"])


def permit(source: str, **changed: Any) -> Make:
    """The permission, otherwise; `{api}` and `{account}` are filled in."""

    def make(hands: Hands) -> None:
        forbid(hands)
        wanted = {
            "FunctionName": hands.config.function.name,
            "StatementId": STATEMENT,
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": source.format(api=hands.api, account=hands.world.account),
            **changed,
        }
        hands.functions.add_permission(**{name: value for name, value in wanted.items() if value})

    return make


def _permit_version(hands: Hands) -> None:
    name = hands.config.function.name
    version = hands.functions.publish_version(FunctionName=name)["Version"]
    permit("arn:aws:execute-api:us-east-1:{account}:{api}/*/POST/", Qualifier=version)(hands)


def _as_http_api(hands: Hands) -> None:
    hands.gateway.delete_rest_api(restApiId=hands.api)
    hands.world.client("apigatewayv2").create_api(Name=hands.config.api.name, ProtocolType="HTTP")


def _elsewhere(hands: Hands) -> None:
    others = hands.world.client("apigatewayv2")
    for one in others.get_apis()["Items"]:
        others.delete_api(ApiId=one["ApiId"])
    hands.gateway.delete_rest_api(restApiId=hands.api)
    there = hands.world.client("apigateway", "ap-northeast-2")
    there.create_rest_api(name=hands.config.api.name, endpointConfiguration={"types": ["REGIONAL"]})


def _other_method(verb: str) -> Make:
    def make(hands: Hands) -> None:
        hands.gateway.delete_method(**hands.at("POST"))
        hands.method(verb=verb)
        hands.deploy()

    return make


def _below(hands: Hands) -> None:
    hands.gateway.delete_method(**hands.at("POST"))
    made = hands.gateway.create_resource(restApiId=hands.api, parentId=hands.root, pathPart="classify")
    hands.root = made["id"]
    hands.method()
    hands.deploy()


def _authorized(kind: str) -> Make:
    def make(hands: Hands) -> None:
        given = {
            "COGNITO_USER_POOLS": {
                "providerARNs": [f"arn:aws:cognito-idp:us-east-1:{hands.world.account}:userpool/us-east-1_abcdefghi"]
            },
            "TOKEN": {"authorizerUri": uri(hands.function_arn())},
        }[kind]
        made = hands.gateway.create_authorizer(
            restApiId=hands.api, name="people", type=kind, identitySource="method.request.header.Authorization", **given
        )
        method = "COGNITO_USER_POOLS" if kind == "COGNITO_USER_POOLS" else "CUSTOM"
        patched("method", ("replace", "/authorizationType", method), ("replace", "/authorizerId", made["id"]))(hands)

    return make


def _validated(**changed: Any) -> Make:
    """A request validator on POST: of the body by a model, or of parameters."""

    def make(hands: Hands) -> None:
        made = hands.gateway.create_request_validator(
            restApiId=hands.api, name="all", validateRequestBody=True, validateRequestParameters=True
        )
        operations = [("replace", "/requestValidatorId", made["id"])]
        if "model" in changed:
            hands.gateway.create_model(
                restApiId=hands.api,
                name="Sentence",
                contentType="application/json",
                schema=json.dumps(changed["model"]),
            )
            operations.append(("add", "/requestModels/application~1json", "Sentence"))
        if "parameter" in changed:
            operations.append(("add", f"/requestParameters/{changed['parameter']}", "true"))
        patched("method", *operations)(hands)

    return make


def _answering(**changed: Any) -> Make:
    """The integration response 200 put anew."""

    def make(hands: Hands) -> None:
        wanted = {"statusCode": "200", "responseParameters": {ORIGIN: "'*'"}, **changed}
        hands.gateway.put_integration_response(**hands.at("POST"), **wanted)
        hands.deploy()

    return make


def _unanswered(hands: Hands) -> None:
    hands.gateway.delete_integration_response(**hands.at("POST"), statusCode="200")
    hands.deploy()


def _answers_500(hands: Hands) -> None:
    hands.gateway.put_method_response(**hands.at("POST"), statusCode="500")
    hands.gateway.delete_integration_response(**hands.at("POST"), statusCode="200")
    hands.gateway.put_integration_response(**hands.at("POST"), statusCode="500")
    hands.deploy()


def _unintegrated(hands: Hands) -> None:
    hands.gateway.delete_integration(**hands.at("POST"))


def _ruled(*statements: dict[str, Any]) -> Make:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return api(("replace", "/policy", document))


def _rule(effect: str, **condition: Any) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*", **more}


def _old_version(hands: Hands) -> None:
    """The integration invokes a version, and nobody may invoke that."""
    name = hands.config.function.name
    version = hands.functions.publish_version(FunctionName=name)["Version"]
    integrate(uri=uri(f"{hands.function_arn()}:{version}"))(hands)


def _to(**named: str) -> Make:
    return lambda hands: integrate(uri=uri(hands.function_arn(**named)))(hands)


def _template(text: str, kind: str = "application/json", passthrough: str = "WHEN_NO_TEMPLATES") -> Make:
    return integrate(requestTemplates={kind: text}, passthroughBehavior=passthrough)


def _function_gone_and_back(hands: Hands) -> None:
    """The function made again: what it had been permitted is gone with the former one."""
    hands.functions.delete_function(FunctionName=hands.config.function.name)
    hands.function()


def _api(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("api", f"api.{key}", name, make, shows, also)


PERMITTED = "arn:aws:execute-api:us-east-1:{account}:{api}/*/POST/"

MISTAKES = (
    _api("missing", "API name typo", anew(new_api={"name": "SageMakerTextClasificationLambdaGateway"}), "SageMakerTextClasificationLambdaGateway"),
    _api("missing", "an HTTP API instead of a REST API", _as_http_api, "HTTP"),
    _api("missing", "API in another region", _elsewhere, "ap-northeast-2"),
    _api("endpoint type", "edge-optimised", anew(new_api={"kind": "EDGE"}), "EDGE", ("sdk.api",)),
    _api("endpoint type", "private", anew(new_api={"kind": "PRIVATE"}), "PRIVATE", ("sdk.api",)),
    _api("twins", "the API made twice", lambda h: h.gateway.create_rest_api(name=h.config.api.name), "2"),
    _api("method", "GET instead of POST", _other_method("GET"), "GET"),
    _api("method", "ANY instead of POST", _other_method("ANY"), "ANY"),
    _api("method", "PUT instead of POST", _other_method("PUT"), "PUT"),
    _api("method", "POST on another resource", _below, "/classify"),
    _api("method", "no method at all", lambda h: h.gateway.delete_method(**h.at("POST"))),
    _api("integration", "no integration", _unintegrated),
    _api("integration", "proxy integration ticked", integrate(type="AWS_PROXY"), "AWS_PROXY"),
    _api("integration", "mock integration", integrate(type="MOCK", uri=None, integrationHttpMethod=None, requestTemplates={"application/json": '{"statusCode": 200}'}), "MOCK"),
    _api("integration", "HTTP integration", integrate(type="HTTP", uri="https://example.com/"), "HTTP"),
    _api("integration function", "function of another region", _to(region="us-west-2"), "us-west-2"),
    _api("integration function", "another function", _to(name="otherFunction"), "otherFunction"),
    _api("integration function", "function name typo", _to(name="myTextClasificationInference"), "myTextClasificationInference"),
    _api("integration function", "function of another account", lambda h: integrate(uri=uri(h.function_arn().replace(h.world.account, "999999999999")))(h), "999999999999"),
    _api("integration function", "the gateway's region in the URI", lambda h: integrate(uri=uri(h.function_arn(), "us-west-2"))(h), "us-west-2"),
    _api("integration function", "a stage variable that nobody sets", integrate(uri=uri("arn:aws:lambda:us-east-1:123456789012:function:${{stageVariables.name}}".replace("{{", "{").replace("}}", "}"))), "stageVariables.name"),
    _api("integration function", "a version that nobody may invoke", _old_version, ":1"),
    _api("integration function", "an alias that is not there", lambda h: integrate(uri=uri(h.function_arn() + ":live"))(h), ":live"),
    _api("integration method", "integration invoked with GET", integrate(integrationHttpMethod="GET"), "GET"),
    _api("integration role", "invoked with a role's credentials", lambda h: integrate(credentials=f"arn:aws:iam::{h.world.account}:role/service-role/{h.config.role.name}")(h), "role/service-role"),
    _api("integration timeout", "integration waits 50 ms", integrate(timeoutInMillis=50), "50"),
    _api("request template", "template that drops the body", _template("{}"), "{}"),
    _api("request template", "template that wraps the body", _template('{"body": $input.json(\'$\')}'), "body"),
    _api("request template", "the body as a string", _template('"$util.escapeJavaScript($input.body)"'), "escapeJavaScript"),
    _api("request template", "template for another content type only", _template("$input.json('$')", "text/plain", "NEVER"), "NEVER"),
    _api("request template", "template that takes one key", _template("$input.json('$.sentences')"), "$.sentences"),
    _api("request template", "template with an open #if", _template("#if($input.body)$input.json('$')"), "#if"),
    _api("content handling", "body made binary", integrate(contentHandling="CONVERT_TO_BINARY"), "CONVERT_TO_BINARY"),
    _api("integration response", "no integration response", _unanswered),
    _api("integration response", "200 only for a pattern", _answering(selectionPattern="OK.*"), "OK.*"),
    _api("integration response", "every answer is a 500", _answers_500, "500"),
    _api("response template", "answer made a string", _answering(responseTemplates={"application/json": '"$util.escapeJavaScript($input.body)"'}), "escapeJavaScript"),
    _api("response template", "answer thrown away", _answering(responseTemplates={"application/json": "{}"}), "{}"),
    _api("response template", "first answer only", _answering(responseTemplates={"application/json": "$input.json('$[0]')"}), "$[0]"),
    _api("content handling", "answer made binary", _answering(contentHandling="CONVERT_TO_BINARY"), "CONVERT_TO_BINARY"),
    _api("authorization", "API key required", patched("method", ("replace", "/apiKeyRequired", "true")), "API"),
    _api("authorization", "IAM authorization", patched("method", ("replace", "/authorizationType", "AWS_IAM")), "AWS_IAM"),
    _api("authorization", "an authorizer of Cognito", _authorized("COGNITO_USER_POOLS"), "COGNITO_USER_POOLS"),
    _api("authorization", "a Lambda authorizer", _authorized("TOKEN"), "CUSTOM"),
    _api("validator", "a header required", _validated(parameter="method.request.header.X-Lab"), "X-Lab"),
    _api("validator", "a query parameter required", _validated(parameter="method.request.querystring.name"), "name"),
    _api("validator", "a model that wants another key", _validated(model={"type": "object", "required": ["text"]}), "text"),
    _api("resource policy", "only from an address", _ruled(_rule("Allow", IpAddress={"aws:SourceIp": "203.0.113.0/24"})), "203.0.113.0/24"),
    _api("resource policy", "denied to everyone", _ruled(_rule("Deny")), "Deny"),
    _api("resource policy", "only from a VPC", _ruled(_rule("Allow"), _rule("Deny", StringNotEquals={"aws:SourceVpc": "vpc-0123456789abcdef0"})), "vpc-0123456789abcdef0"),
    _api("default endpoint", "default endpoint disabled", api(("replace", "/disableExecuteApiEndpoint", "true"))),
    _api("binary types", "everything is binary", api(("add", "/binaryMediaTypes/*~1*", "")), "*/*"),
    _api("binary types", "JSON is binary", api(("add", "/binaryMediaTypes/application~1json", "")), "application/json"),
    _api("permission", "no invoke permission", forbid),
    _api("permission", "function made again, permission not", _function_gone_and_back),
    _api("permission", "for another API", permit("arn:aws:execute-api:us-east-1:{account}:zzzzzzzzzz/*/POST/"), "zzzzzzzzzz"),
    _api("permission", "for another method", permit("arn:aws:execute-api:us-east-1:{account}:{api}/*/GET/"), "/*/GET/"),
    _api("permission", "for another path", permit("arn:aws:execute-api:us-east-1:{account}:{api}/*/POST/classify"), "/POST/classify"),
    _api("permission", "for another stage only", permit("arn:aws:execute-api:us-east-1:{account}:{api}/test/POST/"), "/test/POST/"),
    _api("permission", "for another region", permit("arn:aws:execute-api:us-west-2:{account}:{api}/*/POST/"), "us-west-2"),
    _api("permission", "for another account", permit("arn:aws:execute-api:us-east-1:999999999999:{api}/*/POST/"), "999999999999"),
    _api("permission", "without the last slash", permit("arn:aws:execute-api:us-east-1:{account}:{api}/*/POST"), "/*/POST"),
    _api("permission", "for S3 instead of API Gateway", permit("arn:aws:s3:::somebucket", Principal="s3.amazonaws.com"), "s3.amazonaws.com"),
    _api("permission", "for reading, not invoking", permit(PERMITTED, Action="lambda:GetFunction"), "lambda:GetFunction"),
    _api("permission", "for a version only", _permit_version),
    _api("permission", "for API Gateway of another account", permit(PERMITTED, SourceAccount="999999999999"), "999999999999"),
)  # fmt: skip


# --- step 5 ---


def header(name: str, value: str, verb: str = "OPTIONS") -> Make:
    """Another value of a CORS header, deployed."""
    path = f"/responseParameters/method.response.header.Access-Control-Allow-{name}"
    return patched("integration_response", ("replace", path, value), verb=verb, status="200")


def drop(name: str, where: str, verb: str = "OPTIONS") -> Make:
    """A CORS header no longer mapped (`integration_response`) or declared (`method_response`)."""
    path = f"/responseParameters/method.response.header.Access-Control-Allow-{name}"

    def make(hands: Hands) -> None:
        if where == "method_response":  # what is mapped to an undeclared header cannot stay
            operation = [{"op": "remove", "path": path}]
            hands.gateway.update_method_response(**hands.at(verb), statusCode="200", patchOperations=operation)
        else:
            operation = [{"op": "remove", "path": path}]
            hands.gateway.update_integration_response(**hands.at(verb), statusCode="200", patchOperations=operation)
        hands.deploy()

    return make


def _without_options(hands: Hands) -> None:
    hands.gateway.delete_method(**hands.at("OPTIONS"))
    hands.deploy()


def _options_below(hands: Hands) -> None:
    hands.gateway.delete_method(**hands.at("OPTIONS"))
    root = hands.root
    hands.root = hands.gateway.create_resource(restApiId=hands.api, parentId=root, pathPart="preflight")["id"]
    hands.cors(post=False)
    hands.root = root
    hands.deploy()


def _uncors(hands: Hands) -> None:
    _without_options(hands)
    then(drop("Origin", "integration_response", "POST"), drop("Origin", "method_response", "POST"))(hands)


def _misspelt(hands: Hands) -> None:
    drop("Origin", "integration_response")(hands)
    drop("Origin", "method_response")(hands)
    path = "/responseParameters/method.response.header.Access-Control-Allow-Origins"
    patched("method_response", ("add", path, "false"), verb="OPTIONS", status="200")(hands)
    patched("integration_response", ("add", path, "'*'"), verb="OPTIONS", status="200")(hands)


def mocked(template: str, kind: str = "application/json", **more: Any) -> Make:
    """OPTIONS' mock integration put anew."""

    def make(hands: Hands) -> None:
        hands.gateway.put_integration(**hands.at("OPTIONS"), type="MOCK", requestTemplates={kind: template}, **more)
        named = {"Headers": HEADERS, "Methods": "'OPTIONS,POST'", "Origin": "'*'"}
        mapped = {f"method.response.header.Access-Control-Allow-{name}": value for name, value in named.items()}
        hands.gateway.put_integration_response(**hands.at("OPTIONS"), statusCode="200", responseParameters=mapped)
        hands.deploy()

    return make


def _by_function(hands: Hands) -> None:
    uri_ = uri(hands.function_arn())
    hands.gateway.put_integration(**hands.at("OPTIONS"), type="AWS", integrationHttpMethod="POST", uri=uri_)
    named = {"Headers": HEADERS, "Methods": "'OPTIONS,POST'", "Origin": "'*'"}
    mapped = {f"method.response.header.Access-Control-Allow-{name}": value for name, value in named.items()}
    hands.gateway.put_integration_response(**hands.at("OPTIONS"), statusCode="200", responseParameters=mapped)
    hands.deploy()


def _cors(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("cors", f"cors.{key}", name, make, shows, also)


CORS = (
    _cors("missing", "CORS not enabled", _uncors, also=("cors.origin",)),
    _cors("missing", "no OPTIONS", _without_options),
    _cors("missing", "OPTIONS on another resource", _options_below, "/preflight"),
    _cors("origin", "origin of the answer mapped, not written", header("Origin", "integration.response.header.origin"), "integration.response.header.origin"),
    _cors("origin", "another origin", header("Origin", "'https://example.com'"), "https://example.com"),
    _cors("origin", "origin with https", lambda h: header("Origin", f"'https://{h.config.bucket.name}.s3-website-us-east-1.amazonaws.com'")(h), "https://"),
    _cors("origin", "origin with a slash at its end", lambda h: header("Origin", "'http://example.com/'")(h), "http://example.com/"),
    _cors("origin", "origin null", header("Origin", "'null'"), "null"),
    _cors("origin", "double quotes inside", header("Origin", "'\"*\"'"), '"*"'),
    _cors("origin", "typographic star", header("Origin", "'＊'"), "＊"),
    _cors("origin", "two origins", header("Origin", "'*, *'"), "*, *"),
    _cors("origin", "a space inside the quotes", header("Origin", "'* '"), "*␣"),
    _cors("origin", "another origin on POST", header("Origin", "'https://example.com'", "POST"), "https://example.com"),
    _cors("origin", "POST has no origin header", then(drop("Origin", "integration_response", "POST"), drop("Origin", "method_response", "POST")), "POST"),
    _cors("origin", "POST: declared, not mapped", drop("Origin", "integration_response", "POST"), "POST"),
    _cors("origin", "OPTIONS: declared, not mapped", drop("Origin", "integration_response"), "OPTIONS"),
    _cors("origin", "header's name misspelt", _misspelt, "Access-Control-Allow-Origins"),
    _cors("methods", "POST not among the methods", header("Methods", "'OPTIONS,GET'"), "OPTIONS,GET"),
    _cors("methods", "only OPTIONS", header("Methods", "'OPTIONS'"), "OPTIONS"),
    _cors("methods", "methods in small letters", header("Methods", "'options,post'"), "options,post"),
    _cors("methods", "methods with semicolons", header("Methods", "'OPTIONS;POST'"), "OPTIONS;POST"),
    _cors("methods", "methods not mapped", drop("Methods", "integration_response"), "Access-Control-Allow-Methods"),
    _cors("methods", "methods not declared", drop("Methods", "method_response"), "Access-Control-Allow-Methods"),
    _cors("headers", "Content-Type not among the headers", header("Headers", "'X-Api-Key'"), "X-Api-Key"),
    _cors("headers", "Content Type without its hyphen", header("Headers", HEADERS.replace("Content-Type", "Content Type")), "Content Type"),
    _cors("headers", "headers not mapped", drop("Headers", "integration_response"), "Access-Control-Allow-Headers"),
    _cors("headers", "headers not declared", drop("Headers", "method_response"), "Access-Control-Allow-Headers"),
    _cors("mock", "mock without a status", mocked("{}"), "{}"),
    _cors("mock", "mock with another status", mocked('{"statusCode": 500}'), "500"),
    _cors("mock", "mock's status as text", mocked('{"statusCode": "ok"}'), "ok"),
    _cors("mock", "mock's template for another content type", mocked('{"statusCode": 200}', "text/plain", passthroughBehavior="NEVER"), "text/plain"),
    _cors("mock", "OPTIONS asks the function", _by_function, "AWS"),
    _cors("authorization", "OPTIONS wants IAM", patched("method", ("replace", "/authorizationType", "AWS_IAM"), verb="OPTIONS"), "AWS_IAM"),
    _cors("authorization", "OPTIONS wants an API key", patched("method", ("replace", "/apiKeyRequired", "true"), verb="OPTIONS"), "API"),
)  # fmt: skip


# --- step 6 ---


def unstage(hands: Hands) -> None:
    hands.gateway.delete_stage(restApiId=hands.api, stageName="prod")


def _stage_as(name: str) -> Make:
    def make(hands: Hands) -> None:
        unstage(hands)
        hands.deploy(name)

    return make


def _undeployed(hands: Hands) -> None:
    """A deployment without a stage: the console's own dialog allows "No stage"."""
    unstage(hands)
    hands.gateway.create_deployment(restApiId=hands.api, description="Ver 0.01 (build 001)")


def _never(hands: Hands) -> None:
    unstage(hands)
    for one in hands.gateway.get_deployments(restApiId=hands.api)["items"]:
        hands.gateway.delete_deployment(restApiId=hands.api, deploymentId=one["id"])


def stale(spoil: Make, mend: Make) -> Make:
    """Deployed while it was wrong, mended without deploying."""

    def make(hands: Hands) -> None:
        spoil(hands)
        deployed = hands.gateway.get_stage(restApiId=hands.api, stageName="prod")["deploymentId"]
        mend(hands)
        patch = [{"op": "replace", "path": "/deploymentId", "value": deployed}]
        hands.gateway.update_stage(restApiId=hands.api, stageName="prod", patchOperations=patch)

    return make


def _with_cors(hands: Hands) -> None:
    hands.cors(post=False)
    hands.deploy()


def _rolled_back(hands: Hands) -> None:
    stale(header("Methods", "'OPTIONS'"), header("Methods", "'OPTIONS,POST'"))(hands)


def _cached(hands: Hands) -> None:
    stage(("replace", "/cacheClusterEnabled", "true"), ("replace", "/cacheClusterSize", "0.5"))(hands)
    stage(("replace", "/~1/POST/caching/enabled", "true"), ("replace", "/~1/POST/caching/ttlInSeconds", "3600"))(hands)


def _canary(hands: Hands) -> None:
    now = hands.gateway.get_stage(restApiId=hands.api, stageName="prod")["deploymentId"]
    hands.gateway.delete_method(**hands.at("OPTIONS"))
    other = hands.gateway.create_deployment(restApiId=hands.api)["id"]
    hands.cors(post=False)
    operations = [
        {"op": "replace", "path": "/canarySettings/percentTraffic", "value": "100.0"},
        {"op": "replace", "path": "/canarySettings/deploymentId", "value": other},
    ]
    hands.gateway.update_stage(restApiId=hands.api, stageName="prod", patchOperations=operations)
    assert hands.gateway.get_stage(restApiId=hands.api, stageName="prod")["deploymentId"] == now


def _stage(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("stage", f"stage.{key}", name, make, shows, also)


STAGE = (
    _stage("missing", "never deployed", _never),
    _stage("missing", "deployed without a stage", _undeployed),
    _stage("missing", "stage name typo", _stage_as("pord"), "pord"),
    _stage("missing", "stage with a capital letter", _stage_as("Prod"), "Prod"),
    _stage("missing", "stage called test", _stage_as("test"), "test"),
    _stage("deployed", "CORS not redeployed", stale(_without_options, _with_cors), "OPTIONS"),
    _stage("deployed", "stage rolled back", _rolled_back, "OPTIONS"),
    _stage("deployed", "integration mended, not deployed", lambda h: stale(_to(name="otherFunction"), integrate())(h), "POST"),
    _stage("deployed", "proxy unticked, not deployed", stale(integrate(type="AWS_PROXY"), integrate()), "POST"),
    _stage("deployed", "API key unticked, not deployed", stale(patched("method", ("replace", "/apiKeyRequired", "true")), patched("method", ("replace", "/apiKeyRequired", "false"))), "POST"),
    _stage("deployed", "authorization taken away, not deployed", stale(patched("method", ("replace", "/authorizationType", "AWS_IAM")), patched("method", ("replace", "/authorizationType", "NONE"))), "POST"),
    _stage("throttling", "rate of 0", stage(("replace", "/*/*/throttling/rateLimit", "0")), "0"),
    _stage("throttling", "burst of 0", stage(("replace", "/*/*/throttling/burstLimit", "0")), "0"),
    _stage("throttling", "POST throttled to nothing", stage(("replace", "/~1/POST/throttling/rateLimit", "0")), "POST"),
    _stage("throttling", "burst of POST 0", stage(("replace", "/~1/POST/throttling/burstLimit", "0")), "POST"),
    _stage("throttling", "one call in a hundred seconds", stage(("replace", "/*/*/throttling/rateLimit", "0.01"), ("replace", "/*/*/throttling/burstLimit", "1")), "0.01"),
    _stage("cache", "answers of POST cached", _cached, "POST"),
    _stage("canary", "all calls to an old deployment", _canary, "100"),
)  # fmt: skip

MISTAKES = MISTAKES + CORS + STAGE
__all__ = ["MISTAKES", "deploy", "settle"]
