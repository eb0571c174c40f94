"""What a mistake is, as data, and the few moves that many of them are made of.

Every mistake is made in a lab that is right, by the API calls that the console makes. It names the step that should
notice, the key that the finding must bear, and what of the learner's own the finding must show.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handmade import CODE, Hands, zipped

ENDPOINT = "blazingtext-text-classification"
Make = Callable[[Hands], object]


@dataclass(frozen=True)
class Mistake:
    """One mistake. `shows` must stand in what is said; `also` are keys of what is rightly found beside it."""

    step: str
    key: str
    name: str
    make: Make
    shows: str = ""
    also: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.step}: {self.name}"


def document(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str, action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def settle(hands: Hands) -> None:
    """Until the function's last change has come into force."""
    name = hands.config.function.name
    hands.functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})


def configure(**settings: Any) -> Make:
    """The function's settings changed."""

    def change(hands: Hands) -> None:
        hands.functions.update_function_configuration(FunctionName=hands.config.function.name, **settings)
        settle(hands)

    return change


def code(source: str, file: str = "lambda_function.py") -> Make:
    """The function's code replaced; `{endpoint}` stands for the endpoint's name."""

    def change(hands: Hands) -> None:
        archive = zipped(file, source.replace("{endpoint}", hands.config.endpoint.name))
        hands.functions.update_function_code(FunctionName=hands.config.function.name, ZipFile=archive)
        settle(hands)

    return change


def guides(sentences: str = "sentences", query: str = "query", endpoint: str = "{endpoint}") -> str:
    """The guide's own code, or nearly."""
    return CODE.format(endpoint=endpoint, sentences=sentences, query=query)


def integrate(verb: str = "POST", **changed: Any) -> Make:
    """The integration put anew, as the console does on Save, and what it answers by default."""

    def put(hands: Hands) -> None:
        wanted = {"type": "AWS", "integrationHttpMethod": "POST", "uri": uri(hands.function_arn()), **changed}
        hands.gateway.put_integration(
            **hands.at(verb), **{name: value for name, value in wanted.items() if value is not None}
        )
        if wanted["type"] == "AWS":
            origin = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
            hands.gateway.put_integration_response(**hands.at(verb), statusCode="200", responseParameters=origin)
        hands.deploy()

    return put


def uri(function: str, region: str = "us-east-1") -> str:
    return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function}/invocations"


def patched(what: str, *changes: tuple[str, str, str | None], verb: str = "POST", status: str = "") -> Make:
    """`update_method`, `update_integration`, … by patch operations, then deployed."""

    def patch(hands: Hands) -> None:
        operations = [
            {"op": op, "path": path, **({} if value is None else {"value": value})} for op, path, value in changes
        ]
        more = {"statusCode": status} if status else {}
        getattr(hands.gateway, f"update_{what}")(**hands.at(verb), **more, patchOperations=operations)
        hands.deploy()

    return patch


def api(*changes: tuple[str, str, str]) -> Make:
    """The API's own settings changed, then deployed."""

    def patch(hands: Hands) -> None:
        operations = [{"op": op, "path": path, "value": value} for op, path, value in changes]
        hands.gateway.update_rest_api(restApiId=hands.api, patchOperations=operations)
        hands.deploy()

    return patch


def stage(*changes: tuple[str, str, str]) -> Make:
    """The stage's settings changed."""

    def patch(hands: Hands) -> None:
        operations = [{"op": op, "path": path, "value": value} for op, path, value in changes]
        hands.gateway.update_stage(restApiId=hands.api, stageName="prod", patchOperations=operations)

    return patch


def then(*moves: Make) -> Make:
    """One after the other."""

    def make(hands: Hands) -> None:
        for move in moves:
            move(hands)

    return make


def deploy(hands: Hands) -> None:
    hands.deploy()
