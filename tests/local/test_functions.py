"""Lambda as AWS has it: roles, runtimes, environments, failures, logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_lab import ECHO, TRUST, Session, make_function, make_role, new_name, zipped
from ports import free_port

from hol.local.functions.control import _wrong_runtime
from hol.local.life import process

ASSUMED = "The role defined for the function cannot be assumed by Lambda."


@pytest.fixture(scope="module")
def role(session: Any) -> str:
    return make_role(session)


def creation(role: str, **changes: Any) -> dict[str, Any]:
    code = {"ZipFile": zipped(ECHO)}
    name = new_name("function")
    usual = {"FunctionName": name, "Role": role, "Runtime": "python3.13", "Handler": "index.handler", "Code": code}
    return {**usual, **changes}


def error_of(action: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        action(**arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_the_role_must_exist_and_trust_lambda(session: Any, role: str) -> None:
    client = session("lambda")
    missing = "arn:aws:iam::000000000000:role/service-role/nobody"
    assert error_of(client.create_function, **creation(missing)) == ("InvalidParameterValueException", ASSUMED)
    other = json.loads(json.dumps(TRUST).replace("lambda.", "ec2."))
    distrusting = make_role(session, other)
    assert error_of(client.create_function, **creation(distrusting)) == ("InvalidParameterValueException", ASSUMED)
    wrong_path = role.replace(":role/", ":role/service-role/")
    assert error_of(client.create_function, **creation(wrong_path)) == ("InvalidParameterValueException", ASSUMED)
    function = make_function(session, role=role)
    update = {"FunctionName": function.rpartition(":")[2], "Role": distrusting}
    assert error_of(client.update_function_configuration, **update) == ("InvalidParameterValueException", ASSUMED)


def test_runtimes(session: Any, role: str) -> None:
    client = session("lambda")
    code, message = error_of(client.create_function, **creation(role, Runtime="python3.7"))
    assert code == "InvalidParameterValueException"
    assert message == (
        "The runtime parameter of python3.7 is no longer supported for creating or updating AWS Lambda functions. "
        "We recommend you use the new runtime (python3.13) while creating or updating functions."
    )
    code, message = error_of(client.create_function, **creation(role, Runtime="python9.9"))
    assert code == "InvalidParameterValueException"
    assert "Member must satisfy enum value set: [" in message
    name = make_function(session, role=role).rpartition(":")[2]
    update = {"FunctionName": name, "Runtime": "python3.7"}
    assert error_of(client.update_function_configuration, **update)[0] == "InvalidParameterValueException"
    client.update_function_configuration(FunctionName=name, Runtime="python3.12")


def test_the_calendar_of_runtimes() -> None:
    assert _wrong_runtime("python3.12", "", date(2028, 11, 29)) is None
    assert _wrong_runtime("python3.12", "", date(2028, 11, 30)) is not None
    assert _wrong_runtime("python3.7", "python3.7", date(2027, 3, 2)) is None
    assert _wrong_runtime("python3.7", "python3.7", date(2027, 3, 3)) is not None
    assert _wrong_runtime("nodejs22.x", "", date(2026, 1, 1)) is None


def test_environment_and_limits(session: Any, role: str) -> None:
    client = session("lambda")
    reserved = {"Variables": {"AWS_REGION": "x", "OWN": "y"}}
    code, message = error_of(client.create_function, **creation(role, Environment=reserved))
    assert code == "InvalidParameterValueException"
    assert message.endswith("Reserved keys used in this request: AWS_REGION")
    large = {"Variables": {"OWN": "y" * 5000}}
    assert "4KB" in error_of(client.create_function, **creation(role, Environment=large))[1]
    assert error_of(client.create_function, **creation(role, Timeout=901))[0] == "ValidationException"


def test_a_function_without_a_policy_has_none_to_get(session: Any, role: str) -> None:
    client, name = session("lambda"), make_function(session, role=role).rpartition(":")[2]
    assert error_of(client.get_policy, FunctionName=name)[0] == "ResourceNotFoundException"
    client.add_permission(
        FunctionName=name, StatementId="one", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
    )
    assert len(json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"]) == 1
    client.remove_permission(FunctionName=name, StatementId="one")
    assert error_of(client.get_policy, FunctionName=name)[0] == "ResourceNotFoundException"


def invoked(session: Any, function: str) -> tuple[str | None, Any]:
    answer = session("lambda").invoke(FunctionName=function, Payload=b"{}")
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())


def test_a_failure_names_the_exception(session: Any, role: str) -> None:
    source = "class Own(Exception):\n    pass\n\n\ndef handler(event, context):\n    raise Own('여기')\n"
    error, payload = invoked(session, make_function(session, source, role))
    assert (error, payload["errorType"], payload["errorMessage"]) == ("Unhandled", "Own", "여기")
    assert payload["stackTrace"] == ["  File \"/var/task/index.py\", line 6, in handler\n    raise Own('여기')\n"]


def test_a_failure_does_not_end_the_environment(session: Any, role: str) -> None:
    source = """
calls = []
def handler(event, context):
    calls.append(1)
    if len(calls) == 1:
        raise ValueError("first")
    return len(calls)
"""
    function = make_function(session, source, role)
    assert invoked(session, function)[1]["errorType"] == "ValueError"
    assert invoked(session, function) == (None, 2)


def test_a_function_that_ends_itself_or_answers_no_json(session: Any, role: str) -> None:
    error, payload = invoked(session, make_function(session, "def handler(e, c):\n    raise SystemExit(1)\n", role))
    assert (error, payload["errorType"]) == ("Unhandled", "Runtime.ExitError")
    error, payload = invoked(session, make_function(session, "def handler(e, c):\n    return {1}\n", role))
    assert (error, payload["errorType"]) == ("Unhandled", "Runtime.MarshalError")
    assert payload["errorMessage"].startswith("Unable to marshal response: ")


def test_a_function_that_cannot_be_loaded(session: Any, role: str) -> None:
    error, payload = invoked(session, make_function(session, "import nowhere_to_be_found\n", role))
    assert (error, payload["errorType"]) == ("Unhandled", "Runtime.ImportModuleError")
    assert payload["errorMessage"] == "Unable to import module 'index': No module named 'nowhere_to_be_found'"
    error, payload = invoked(session, make_function(session, "def handler(e, c)\n    pass\n", role))
    assert (error, payload["errorType"]) == ("Unhandled", "Runtime.UserCodeSyntaxError")
    assert payload["errorMessage"].startswith("Syntax error in module 'index': expected ':' (")
    error, payload = invoked(session, make_function(session, "def main():\n    pass\n", role))
    assert (error, payload["errorType"]) == ("Unhandled", "Runtime.HandlerNotFound")
    assert payload["errorMessage"] == "Handler 'handler' missing on module 'index'"


def test_logs_need_the_roles_permission(session: Any, role: str) -> None:
    source = "def handler(event, context):\n    print('said')\n    return 1\n"
    silent = make_function(session, source, make_role(session, logs=False))
    loud = make_function(session, source, role)
    assert [invoked(session, function)[1] for function in (silent, loud)] == [1, 1]
    logs = session("logs")
    groups = {group["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate()
              for group in page["logGroups"]}  # fmt: skip
    assert f"/aws/lambda/{silent.rpartition(':')[2]}" not in groups
    name = f"/aws/lambda/{loud.rpartition(':')[2]}"
    assert name in groups
    assert "said" in [event["message"] for event in logs.filter_log_events(logGroupName=name)["events"]]


def test_a_function_acts_as_its_role(session: Any, role: str) -> None:
    source = """
import boto3
def handler(event, context):
    return [boto3.client('sts').get_caller_identity()['Arn'], attempt()]
def attempt():
    try:
        boto3.client('s3').list_buckets()
    except Exception as error:
        return error.response['Error']['Code']
"""
    function = make_function(session, source, role, timeout=10)
    arn, code = invoked(session, function)[1]
    assert arn == f"arn:aws:sts::000000000000:assumed-role/{role.rpartition('/')[2]}/{function.rpartition(':')[2]}"
    assert code == "AccessDenied"


@pytest.fixture
def slow_session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A local AWS of its own, in which a change of a function takes long enough to be seen on a busy machine."""
    monkeypatch.setenv("HOL_LOCAL_FUNCTION_SECONDS", "2")
    server = process.start(free_port())
    yield Session(server)
    process.stop(server.port)


def test_one_change_at_a_time(slow_session: Session) -> None:
    client, wanted = slow_session("lambda"), creation(make_role(slow_session))
    created = client.create_function(**wanted)
    assert (created["State"], created.get("LastUpdateStatus")) == ("Pending", None)  # recorded from AWS (983b89401d)
    name, pending = wanted["FunctionName"], "The operation cannot be performed at this time. The function is currently"
    for action in (client.invoke, client.delete_function):
        code, message = error_of(action, FunctionName=name)
        assert (code, message.startswith(pending)) == ("ResourceConflictException", True)
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})
    client.update_function_configuration(FunctionName=name, Timeout=7)
    code, message = error_of(client.update_function_code, FunctionName=name, ZipFile=zipped(ECHO))
    assert (code, "An update is in progress for resource: arn:" in message) == ("ResourceConflictException", True)
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})
    client.update_function_code(FunctionName=name, ZipFile=zipped(ECHO))
