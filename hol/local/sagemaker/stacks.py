"""SageMaker's types of CloudFormation: models, endpoint configurations and endpoints of a stack.

Each does what the calls do, as the account's root, and waits until an endpoint is in service or gone: a stack's
resource is not complete before. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SageMaker.html
"""

from __future__ import annotations

import asyncio

from hol.local.emulator import core as emulator
from hol.local.emulator.stacks import Made, Properties, ResourceType, Where
from hol.local.sagemaker import endpoints
from hol.local.sagemaker.api import OPERATIONS
from hol.local.sagemaker.calls import Call, remove
from hol.local.sagemaker.checks import Refused

_NUMBERS = ("InitialInstanceCount", "InitialVariantWeight", "MemorySizeInMB", "MaxConcurrency")


def _call(where: Where, body: Properties) -> Call:
    request = emulator.root_request(where.account, where.region, "sagemaker", "POST", "/")
    return Call(request, dict(body), where.account, where.region)


def _done(where: Where, operation: str, body: Properties) -> dict[str, object]:
    """The call's answer. Raises `ValueError` with SageMaker's refusal."""
    try:
        return asyncio.run(OPERATIONS[operation](_call(where, body)))
    except Refused as refused:
        raise ValueError(str(refused)) from refused


def _created(where: Where, operation: str, body: Properties) -> str:
    """The ARN of what the call makes, tagged as CloudFormation tags it: with `aws:` tags, which no caller may set."""
    tags = body.get("Tags") or []
    own = [tag for tag in tags if not str(tag["Key"]).startswith("aws:")]
    arn = next(
        str(value) for key, value in _done(where, operation, {**body, "Tags": own}).items() if key.endswith("Arn")
    )
    endpoints.shelf(where.account, where.region).tags[arn] |= {tag["Key"]: tag["Value"] for tag in tags}
    return arn


def _arn_name(arn: str) -> str:
    """The name in an ARN: what `!Ref` gives of these types is the ARN."""
    return arn.rsplit("/", 1)[-1]


def _definition(kind: str) -> ResourceType:
    """A model or a configuration: what it is made of cannot be changed."""

    def made(where: Where, name: str, properties: Properties) -> Made:
        body = {f"{kind}Name": name, **_within(properties)}
        return _created(where, f"Create{kind}", body), {f"{kind}Name": str(body[f"{kind}Name"])}

    def gone(where: Where, arn: str) -> None:
        shelf = endpoints.shelf(where.account, where.region)
        kept = shelf.models if kind == "Model" else shelf.configs
        if name := next((one.name for one in kept.values() if one.arn == arn), None):
            remove(_call(where, {f"{kind}Name": name}), kind, kept)  # what was replaced goes on the event loop

    return ResourceType(made, gone)


def _numbered(value: object) -> object:
    """The properties with numbers where the API has numbers: a parameter's value is text."""
    if isinstance(value, dict):
        return _within(value)
    return [_numbered(item) for item in value] if isinstance(value, list) else value


def _within(properties: Properties) -> dict[str, object]:
    return {key: _number(item) if key in _NUMBERS else _numbered(item) for key, item in properties.items()}


def _number(value: object) -> float:
    return float(str(value)) if "." in str(value) else int(str(value))


def _create(where: Where, name: str, properties: Properties) -> Made:
    body = {"EndpointName": name, **properties}
    arn = _created(where, "CreateEndpoint", body)
    _in_service(where, body["EndpointName"])
    return arn, {"EndpointName": body["EndpointName"]}


def _change(where: Where, arn: str, properties: Properties) -> Made:
    name = _known(where, arn) or _arn_name(arn)
    _done(where, "UpdateEndpoint", {"EndpointName": name, "EndpointConfigName": properties["EndpointConfigName"]})
    _in_service(where, name)
    return arn, {"EndpointName": name}


def _delete(where: Where, arn: str) -> None:
    if name := _known(where, arn):
        _done(where, "DeleteEndpoint", {"EndpointName": name})
        endpoints.shelf(where.account, where.region).settled(name)


def _known(where: Where, arn: str) -> str | None:
    """The name of the endpoint of that ARN, which has it in lower case; None when it is gone."""
    shelf = endpoints.shelf(where.account, where.region)
    return next((one.name for one in shelf.all_endpoints() if one.arn == arn), None)


def _in_service(where: Where, name: str) -> None:
    found = endpoints.shelf(where.account, where.region).settled(name)
    if found is None or found.status != "InService":
        raise ValueError(f"Endpoint {name} is not in service: {found.failure if found else 'it was deleted'}")


TYPES = {
    "AWS::SageMaker::Model": _definition("Model"),
    "AWS::SageMaker::EndpointConfig": _definition("EndpointConfig"),
    "AWS::SageMaker::Endpoint": ResourceType(_create, _delete, _change),
}
