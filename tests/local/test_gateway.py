"""API Gateway as AWS has it: what is deployed, who may call a function, how answers and errors are mapped."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_lab import ECHO, Api, call, make_function, new_name

KINDS = """
import time
def handler(event, context):
    if event.get('sleep'):
        time.sleep(event['sleep'])
    if event.get('raise'):
        raise ValueError(event['raise'])
    return {'event': event}
"""


@pytest.fixture(scope="module")
def function(session: Any) -> str:
    return make_function(session, KINDS, timeout=1)


@pytest.fixture
def api(session: Any, function: str) -> Api:
    return Api(session, function)


def error_of(action: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        action(**arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_the_body_is_the_event_and_the_answer_has_the_mapped_header(api: Api) -> None:
    api.deploy()
    answer = api.send({"sentences": [{"query": "재미있게 봤습니다."}]})
    assert answer.status == 200
    assert answer.json == {"event": {"sentences": [{"query": "재미있게 봤습니다."}]}}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-amzn-requestid"] and answer.headers["x-amz-apigw-id"]


def test_the_host_names_the_api(api: Api) -> None:
    api.deploy()
    for host in (f"{api.id}.execute-api.localhost", f"{api.id}.execute-api.us-east-1.localhost:9"):
        assert call(f"{api.url}/prod", b'{"a": 1}', host=host).json == {"event": {"a": 1}}
    assert call(f"{api.url}/restapis/{api.id}/prod/_user_request_/", b'{"a": 1}').json == {"event": {"a": 1}}
    assert call(f"{api.url}/prod/", b"", host=f"{api.id}.execute-api.localhost").json == {"event": {}}


def test_a_name_of_the_web_is_refused(api: Api) -> None:
    assert call(f"{api.url}/_hol/health", method="GET", host="rebound.example.com").status == 403


def test_a_body_that_is_not_json_is_400(api: Api) -> None:
    api.deploy()
    answer = api.send(b"sentences=1")
    assert answer.status == 400
    assert answer.json["message"].startswith("Could not parse request body into json: ")


def test_without_permission_the_gateway_says_500(session: Any, function: str) -> None:
    api = Api(session, function, permitted=False)
    api.deploy()
    assert (api.send({}).status, api.send({}).json) == (500, {"message": "Internal server error"})
    api.permit(session("lambda"), function, "prod/POST/")
    assert api.send({}).status == 200
    tested = api.client.test_invoke_method(**api.post, body="{}")
    assert tested["status"] == 500
    assert "Execution failed due to configuration error: Invalid permissions on Lambda function" in tested["log"]
    api.permit(session("lambda"), function, "*/POST/")
    assert api.client.test_invoke_method(**api.post, body="{}")["status"] == 200


def test_the_permission_of_another_path_or_principal_does_not_count(session: Any, function: str) -> None:
    api = Api(session, function, permitted=False)
    api.deploy()
    for path in ("*/POST", "*/GET/", "other/POST/"):
        api.permit(session("lambda"), function, path)
    assert api.send({}).status == 500
    session("lambda").add_permission(
        FunctionName=function, StatementId=new_name("s3"), Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    assert api.send({}).status == 500


def test_a_missing_function_is_500(session: Any) -> None:
    function = make_function(session)
    api = Api(session, function)
    api.deploy()
    assert api.send({}).status == 200
    session("lambda").delete_function(FunctionName=function)
    assert (api.send({}).status, api.send({}).json) == (500, {"message": "Internal server error"})


def test_changes_wait_for_the_next_deployment(session: Any, api: Api) -> None:
    first = api.deploy()
    header = "method.response.header.Access-Control-Allow-Origin"
    api.respond(responseParameters={header: "'https://example.com'"})
    assert api.send({}).headers["access-control-allow-origin"] == "*"
    assert call(api.invoke_url(), None, "OPTIONS").status == 403
    api.add_options()
    assert call(api.invoke_url(), None, "OPTIONS").json == {"message": "Missing Authentication Token"}
    second = api.deploy()
    assert api.send({}).headers["access-control-allow-origin"] == "https://example.com"
    assert call(api.invoke_url(), None, "OPTIONS").headers["access-control-allow-origin"] == "*"
    move = [{"op": "replace", "path": "/deploymentId", "value": first}]
    api.client.update_stage(restApiId=api.id, stageName="prod", patchOperations=move)
    assert api.send({}).headers["access-control-allow-origin"] == "*"
    assert error_of(api.client.delete_deployment, restApiId=api.id, deploymentId=first) == (
        "BadRequestException",
        "Active stages pointing to this deployment must be moved or deleted",
    )
    api.client.delete_deployment(restApiId=api.id, deploymentId=second)


def test_a_page_of_any_origin_may_call_the_api(api: Api) -> None:
    api.add_options()
    api.deploy()
    for origin in ("null", "http://bucket.s3-website-us-east-1.localhost:4566"):
        asked = {"origin": origin, "access_control_request_method": "POST", "sec_fetch_site": "cross-site"}
        preflight = call(api.invoke_url(), None, "OPTIONS", **asked)
        assert (preflight.status, preflight.headers["access-control-allow-origin"]) == (200, "*")
        assert call(api.invoke_url(), b"{}", origin=origin).headers["access-control-allow-origin"] == "*"


def test_a_test_invocation_sees_what_is_not_deployed(api: Api) -> None:
    tested = api.client.test_invoke_method(**api.post, body='{"a": 1}', pathWithQueryString="/")
    assert tested["status"] == 200
    assert json.loads(tested["body"]) == {"event": {"a": 1}}
    assert tested["headers"]["Access-Control-Allow-Origin"] == "*"
    assert tested["multiValueHeaders"]["Access-Control-Allow-Origin"] == ["*"]
    assert tested["log"].startswith("Execution log for request ")
    assert "Method completed with status: 200" in tested["log"]
    assert isinstance(tested["latency"], int)


def test_a_function_that_raises_answers_200_unless_a_pattern_matches(api: Api) -> None:
    api.client.put_method_response(**api.post, statusCode="400")
    api.respond(
        "400",
        selectionPattern=r"bad .*",
        responseTemplates={"application/json": '{"reason": "$input.path(\'$.errorMessage\')"}'},
    )
    api.deploy()
    failed = api.send({"raise": "something else"})
    assert failed.status == 200
    assert failed.json["errorMessage"] == "something else"
    assert failed.json["errorType"] == "ValueError"
    assert any("raise ValueError" in frame for frame in failed.json["stackTrace"])
    matched = api.send({"raise": "bad input"})
    assert (matched.status, matched.json) == (400, {"reason": "bad input"})


def test_a_timeout_is_the_functions_error(api: Api) -> None:
    api.deploy()
    answer = api.send({"sleep": 3})
    assert answer.status == 200
    assert "Task timed out after 1.00 seconds" in answer.json["errorMessage"]


def test_an_integration_that_takes_too_long_is_504(session: Any) -> None:
    function = make_function(session, KINDS, timeout=5)
    api = Api(session, function)
    api.integrate(function, timeoutInMillis=100)
    api.respond()
    api.deploy()
    answer = api.send({"sleep": 0.5})
    assert (answer.status, answer.json) == (504, {"message": "Endpoint request timed out"})


def test_headers_from_the_body_and_request_templates(api: Api, function: str) -> None:
    template = {"application/json": '{"wrapped": $input.json(\'$.a\'), "who": "$input.params(\'who\')"}'}
    api.integrate(function, requestTemplates=template, passthroughBehavior="NEVER")
    headers = {"Access-Control-Allow-Origin": "'*'"}
    named = {f"method.response.header.{name}": value for name, value in headers.items()}
    named["method.response.header.X-Who"] = "integration.response.body.event.who"
    patch = [{"op": "add", "path": "/responseParameters/method.response.header.X-Who", "value": "false"}]
    api.client.update_method_response(**api.post, statusCode="200", patchOperations=patch)
    api.respond(responseParameters=named)
    api.deploy()
    answer = call(api.invoke_url() + "?who=hol", b'{"a": [1, 2]}', content_type="application/json; charset=utf-8")
    assert answer.json == {"event": {"wrapped": [1, 2], "who": "hol"}}
    assert answer.headers["x-who"] == "hol"
    other = call(api.invoke_url(), b"a", content_type="text/plain")
    assert (other.status, other.json) == (415, {"message": "Unsupported Media Type"})


def test_errors_of_the_gateway_take_the_headers_of_the_gateway_responses(api: Api) -> None:
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        api.client.put_gateway_response(
            restApiId=api.id,
            responseType=kind,
            responseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        )
    api.deploy()
    wrong = [
        call(api.invoke_url(), None, "GET"),
        call(api.invoke_url(path="/nowhere"), b"{}"),
        api.send(b"no json"),
        api.send(b'"' + b"x" * (10 * 1024 * 1024) + b'"'),
    ]
    assert [answer.status for answer in wrong] == [403, 403, 400, 413]
    assert all(answer.headers["access-control-allow-origin"] == "*" for answer in wrong)
    assert wrong[0].json == {"message": "Missing Authentication Token"}
    assert wrong[3].json == {"message": "Request Too Long"}


def test_a_500_takes_them_too_once_deployed(session: Any, function: str) -> None:
    api, name = Api(session, function, permitted=False), "gatewayresponse.header.Access-Control-Allow-Origin"
    api.deploy()
    api.client.put_gateway_response(restApiId=api.id, responseType="DEFAULT_5XX", responseParameters={name: "'*'"})
    assert "access-control-allow-origin" not in api.send({}).headers
    api.deploy()
    assert (api.send({}).status, api.send({}).headers["access-control-allow-origin"]) == (500, "*")


def test_without_a_stage_it_is_forbidden(api: Api) -> None:
    api.deploy()
    assert call(api.invoke_url("dev"), b"{}").status == 403
    assert call(api.invoke_url("dev"), b"{}").json == {"message": "Forbidden"}


def test_throttling_of_the_stage(api: Api) -> None:
    api.deploy()
    assert [api.send({}).status for _ in range(3)] == [200, 200, 200]
    patches = [
        {"op": "replace", "path": "/~1/POST/throttling/rateLimit", "value": "0.5"},
        {"op": "replace", "path": "/~1/POST/throttling/burstLimit", "value": "2"},
    ]
    api.client.update_stage(restApiId=api.id, stageName="prod", patchOperations=patches)
    answers = [api.send({}) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 429, 429]
    assert answers[-1].json == {"message": "Too Many Requests"}


def test_proxy_integration(session: Any) -> None:
    source = (
        "def handler(event, context):\n    return {'statusCode': 201, 'headers': {'X-A': 'b'}, 'body': event['body']}\n"
    )
    api = Api(session, make_function(session, source), "AWS_PROXY")
    api.deploy()
    answer = api.send(b"hello")
    assert (answer.status, answer.headers["x-a"], answer.body) == (201, "b", b"hello")
    refused = Api(session, make_function(session, source), "AWS_PROXY", permitted=False)
    refused.deploy()
    assert refused.send(b"hello").status == 500


def test_a_mock_without_a_status_code_is_500(api: Api) -> None:
    api.add_options()
    api.client.put_integration(**{**api.post, "httpMethod": "OPTIONS"}, type="MOCK")
    api.client.put_integration_response(**{**api.post, "httpMethod": "OPTIONS"}, statusCode="200")
    api.deploy()
    assert call(api.invoke_url(), None, "OPTIONS").status == 500


def test_another_account_and_region(session: Any) -> None:
    where = {"account": "111122223333", "region": "ap-northeast-2"}
    api = Api(session, make_function(session, ECHO, **where), **where)
    api.deploy()
    assert api.send({"a": 1}).json == {"event": {"a": 1}}
    client = session("apigateway", region="ap-northeast-2")
    assert error_of(client.get_rest_api, restApiId=api.id)[0] == "NotFoundException"
    assert error_of(client.test_invoke_method, **api.post)[0] == "NotFoundException"


def test_deployments_need_methods_and_integrations(session: Any) -> None:
    client = session("apigateway")
    api_id = client.create_rest_api(name=new_name("api"))["id"]
    root = client.get_resources(restApiId=api_id)["items"][0]["id"]
    refused = error_of(client.create_deployment, restApiId=api_id, stageName="prod")
    assert refused == ("BadRequestException", "The REST API doesn't contain any methods")
    client.put_method(restApiId=api_id, resourceId=root, httpMethod="POST", authorizationType="NONE")
    refused = error_of(client.create_deployment, restApiId=api_id, stageName="prod")
    assert refused == ("BadRequestException", "No integration defined for method")


def test_methods_and_responses_exist_once(api: Api) -> None:
    client, post = api.client, api.post
    assert error_of(client.put_method, **post, authorizationType="NONE") == (
        "ConflictException",
        "Method already exists for this resource",
    )
    assert error_of(client.put_method_response, **post, statusCode="200") == (
        "ConflictException",
        "Response already exists for this resource",
    )
    # Recorded from AWS five times: the integration response may come before the method response.
    assert error_of(client.put_integration_response, **post, statusCode="500")[0] == "ConflictException"
    client.put_method_response(**post, statusCode="500")
    assert error_of(client.put_integration_response, **post, statusCode="500") == (
        "ConflictException",
        "Integration response with selection pattern default already exists",
    )
    mapping = {"method.response.header.X-Other": "'1'"}
    code, message = error_of(
        client.put_integration_response, **post, statusCode="500", selectionPattern="x", responseParameters=mapping
    )
    assert (code, message.startswith("Invalid mapping expression specified: ")) == ("BadRequestException", True)
    unquoted = {"method.response.header.Access-Control-Allow-Origin": "*"}
    code, message = error_of(client.put_integration_response, **post, statusCode="200", responseParameters=unquoted)
    assert (code, message.startswith("Invalid mapping expression specified: ")) == ("BadRequestException", True)


def test_integration_responses_need_an_integration(api: Api) -> None:
    options = {**api.post, "httpMethod": "OPTIONS"}
    api.client.put_method(**options, authorizationType="NONE")
    api.client.put_method_response(**options, statusCode="200")
    assert error_of(api.client.put_integration_response, **options, statusCode="200") == (
        "NotFoundException",
        "No integration defined for method",
    )


def test_stages(api: Api) -> None:
    missing = ("NotFoundException", "Invalid stage identifier specified")
    assert error_of(api.client.get_stage, restApiId=api.id, stageName="prod") == missing
    deployment = api.deploy()
    again = {"restApiId": api.id, "stageName": "prod", "deploymentId": deployment}
    assert error_of(api.client.create_stage, **again) == ("ConflictException", "Stage already exists")
    assert error_of(api.client.delete_stage, restApiId=api.id, stageName="dev") == missing


def test_sixteen_clients_at_once_without_an_error(api: Api) -> None:
    api.deploy()

    def many(_: int) -> set[int]:
        return {api.send({"a": 1}).status for _ in range(10)}

    with ThreadPoolExecutor(16) as pool:
        assert set.union(*pool.map(many, range(16))) == {200}


def test_a_warm_call_is_quick(api: Api) -> None:
    api.deploy()
    api.send({})
    times = []
    for _ in range(10):
        began = time.perf_counter()
        api.send({})
        times.append(time.perf_counter() - began)
    assert sorted(times)[5] < 0.1


def test_updates_by_patch(api: Api) -> None:
    client, post = api.client, api.post
    client.put_method_response(**post, statusCode="500")
    client.put_integration_response(**{**post, "statusCode": "500", "selectionPattern": "x.*"})
    template = {"op": "add", "path": "/responseTemplates/application~1json", "value": '{"a": 1}'}
    client.update_integration_response(**post, statusCode="200", patchOperations=[template])
    assert client.get_integration(**post)["integrationResponses"]["200"]["responseTemplates"] == {
        "application/json": '{"a": 1}'
    }
    undeclared = {"op": "add", "path": "/responseParameters/method.response.header.X", "value": "'1'"}
    refused = error_of(client.update_integration_response, **post, statusCode="200", patchOperations=[undeclared])
    assert refused[0] == "BadRequestException"
    client.update_integration(**post, patchOperations=[{"op": "replace", "path": "/timeoutInMillis", "value": "5000"}])
    assert client.get_integration(**post)["timeoutInMillis"] == 5000
    client.update_method(**post, patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": "true"}])
    assert client.get_method(**post)["apiKeyRequired"] is True
    missing = error_of(client.update_method_response, **post, statusCode="404", patchOperations=[])
    assert missing == ("NotFoundException", "Invalid Response status code specified")
    api.deploy()
    assert (api.send({}).status, api.send({}).json) == (403, {"message": "Forbidden"})


def test_a_user_without_rights_learns_nothing(session: Any, api: Api) -> None:
    iam, name = session("iam"), new_name("user")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    client = session("apigateway", credentials=key)
    again = {**api.post, "authorizationType": "NONE"}
    assert error_of(client.put_method, **again)[0] == "AccessDeniedException"
    assert error_of(client.test_invoke_method, **api.post)[0] == "AccessDeniedException"
    assert error_of(client.update_method, **api.post, patchOperations=[])[0] == "AccessDeniedException"


def test_lists_and_flags_of_an_api_are_patched_as_aws_does_it(api: Api) -> None:
    def patched(*operations: dict[str, str]) -> dict[str, Any]:
        return api.client.update_rest_api(restApiId=api.id, patchOperations=list(operations))

    added = patched(
        {"op": "add", "path": "/binaryMediaTypes/*~1*"},
        {"op": "replace", "path": "/description", "value": "mine"},
        {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"},
    )
    assert (added["binaryMediaTypes"], added["description"], added["disableExecuteApiEndpoint"]) == (
        ["*/*"],
        "mine",
        True,
    )
    removed = patched(
        {"op": "remove", "path": "/binaryMediaTypes/*~1*"},
        {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "false"},
        {"op": "replace", "path": "/endpointConfiguration/types/EDGE", "value": "REGIONAL"},
    )
    assert (removed.get("binaryMediaTypes") or [], removed["disableExecuteApiEndpoint"]) == ([], False)
    assert api.client.get_rest_api(restApiId=api.id)["endpointConfiguration"]["types"] == ["REGIONAL"]


@pytest.mark.parametrize("value, kept", [({"value": "1024"}, 1024), ({"value": ""}, None), ({}, None)])
def test_a_compression_size_is_a_number_or_none(api: Api, value: dict[str, str], kept: int | None) -> None:
    """chalice sends an empty one; no client could read the API that showed it."""
    operation = {"op": "replace", "path": "/minimumCompressionSize", **value}
    changed = api.client.update_rest_api(restApiId=api.id, patchOperations=[operation])
    assert changed.get("minimumCompressionSize") == kept
    assert api.client.get_rest_api(restApiId=api.id).get("minimumCompressionSize") == kept
