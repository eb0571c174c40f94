"""SageMaker's control plane for hosting: models, endpoint configurations, endpoints and their tags.

The emulator has nothing of SageMaker. Calls are JSON 1.1: the operation stands in the `X-Amz-Target` header. Each
is authorised as IAM would, then done by the function of its name in `OPERATIONS`; `endpoints` holds the state and
`inference` answers `InvokeEndpoint`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from uuid import uuid4

from hol.local.emulator import core as emulator
from hol.local.emulator import permissions as emulator_permissions
from hol.local.sagemaker import changes, checks
from hol.local.sagemaker.calls import KINDS, Call, define, describe, listing, remove, rows
from hol.local.sagemaker.checks import Refused
from hol.local.wire import Emulator, Request, Response

TARGET = "SageMaker."
Operation = Callable[[Call], Coroutine[None, None, dict[str, object]]]


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers what is addressed to SageMaker's control plane."""
    target = request.headers.get("x-amz-target", "")
    if not target.startswith(TARGET):
        return None
    name = target.removeprefix(TARGET)
    try:
        body = request.json()
    except ValueError:
        return _answer(400, {"__type": "SerializationException"})
    if name not in OPERATIONS:
        return _answer(400, {"__type": "UnknownOperationException", "message": f"{name} is not in the local AWS"})
    call = Call(request, body, emulator.account_of(request), request.region)
    try:
        return _denied(name, call) or _answer(200, await OPERATIONS[name](call))
    except Refused as error:
        return _answer(400, {"__type": error.code, "message": str(error)})


def _denied(name: str, call: Call) -> Response | None:
    resource = _resource(name, call)
    denied = emulator.authorize(call.request, f"sagemaker:{name}", resource)
    if not denied and name.startswith("Create") and call.body.get("Tags"):
        return emulator.authorize(call.request, "sagemaker:AddTags", resource)
    return denied


def _answer(status: int, data: dict[str, object]) -> Response:
    headers = {"content-type": "application/x-amz-json-1.1", "x-amzn-requestid": str(uuid4())}
    return Response(status, headers, json.dumps(data, ensure_ascii=False).encode())


def _resource(operation: str, call: Call) -> str:
    """What IAM is asked about: the named resource, the tagged one, or everything."""
    if operation.startswith("List") and operation != "ListTags":
        return "*"
    kind = next((kind for kind in KINDS if operation.endswith(kind)), None)
    if kind:
        return call.arn(kind, call.name(kind))
    return str(call.body.get("ResourceArn", "*"))


# Models


async def create_model(call: Call) -> dict[str, object]:
    name, role = call.name("Model"), call.body.get("ExecutionRoleArn")
    if name in call.shelf.models:
        raise call.existing("Model", name)
    for container in checks.containers_of(call.body):
        checks.check_image(container, call.region)
    _may_pass(call, role)
    checks.check_role(role)
    for container in checks.containers_of(call.body):
        await _check_model_data(call, container, str(role))
    return define(call, "Model", call.shelf.models)


def _may_pass(call: Call, role: str | None) -> None:
    denied = emulator_permissions.may_pass(call.request, role, checks.PRINCIPAL) if role else None
    if denied:
        body = json.loads(denied.body)
        raise Refused(body.get("Message") or body.get("message", ""), "AccessDeniedException")


async def _check_model_data(call: Call, container: dict[str, object], role: str) -> None:
    bucket, key = checks.model_data(container)
    url = container["ModelDataUrl"]
    if await emulator.get_object(call.account, call.region, bucket, key) is None:
        raise Refused(f"Could not find model data at {url}.")
    if not emulator.role_allows(role, {"s3:GetObject": f"arn:aws:s3:::{bucket}/{key}"}):
        raise Refused(
            f'Could not access model data at {url}. Please ensure that the role "{role}" exists and that its trust '
            f'relationship policy allows the action "sts:AssumeRole" for the service principal "{checks.PRINCIPAL}". '
            f'Also ensure that the role has "s3:GetObject" permissions and that the object is located in '
            f"{call.region}."
        )


async def describe_model(call: Call) -> dict[str, object]:
    found = describe(call, "Model", call.shelf.models)
    if container := found.get("PrimaryContainer"):
        found["PrimaryContainer"] = {"Mode": "SingleModel", **container}  # said, whether it was asked for or not
    return {**found, "EnableNetworkIsolation": False}


async def delete_model(call: Call) -> dict[str, object]:
    return remove(call, "Model", call.shelf.models)


async def list_models(call: Call) -> dict[str, object]:
    return listing(call, "Model", rows("Model", call.shelf.models))


# Endpoint configurations


async def create_endpoint_config(call: Call) -> dict[str, object]:
    name, variants = call.name("EndpointConfig"), call.body.get("ProductionVariants") or []
    if name in call.shelf.configs:
        raise call.existing("EndpointConfig", name)
    if not variants:
        raise checks.constraint(variants, "productionVariants", "have length greater than or equal to 1")
    for variant in variants:
        checks.check_variant(variant)
        if variant.get("ModelName") not in call.shelf.models:
            raise call.missing("Model", str(variant.get("ModelName")))
    return define(call, "EndpointConfig", call.shelf.configs)


async def describe_endpoint_config(call: Call) -> dict[str, object]:
    found = describe(call, "EndpointConfig", call.shelf.configs)
    variants = [{"InitialVariantWeight": 1.0, **one} for one in found["ProductionVariants"]]  # its default is said
    return {**found, "ProductionVariants": variants}


async def delete_endpoint_config(call: Call) -> dict[str, object]:
    return remove(call, "EndpointConfig", call.shelf.configs)


async def list_endpoint_configs(call: Call) -> dict[str, object]:
    return listing(call, "EndpointConfig", rows("EndpointConfig", call.shelf.configs))


# Tags


async def add_tags(call: Call) -> dict[str, object]:
    tags = _tags(call)
    tags.update(checks.tags_of(call.body))
    return {"Tags": _tag_list(tags)}


async def list_tags(call: Call) -> dict[str, object]:
    return {"Tags": _tag_list(_tags(call))}


async def delete_tags(call: Call) -> dict[str, object]:
    tags = _tags(call)
    for key in call.body.get("TagKeys") or []:
        tags.pop(key, None)
    return {}


def _tags(call: Call) -> dict[str, str]:
    call.shelf.all_endpoints()
    arn = str(call.body.get("ResourceArn", ""))
    if arn not in call.shelf.tags:
        raise Refused(f'Could not find resource "{arn}".')
    return call.shelf.tags[arn]


def _tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


OPERATIONS: dict[str, Operation] = {
    "CreateModel": create_model,
    "DescribeModel": describe_model,
    "DeleteModel": delete_model,
    "ListModels": list_models,
    "CreateEndpointConfig": create_endpoint_config,
    "DescribeEndpointConfig": describe_endpoint_config,
    "DeleteEndpointConfig": delete_endpoint_config,
    "ListEndpointConfigs": list_endpoint_configs,
    "CreateEndpoint": changes.create_endpoint,
    "UpdateEndpoint": changes.update_endpoint,
    "DescribeEndpoint": changes.describe_endpoint,
    "DeleteEndpoint": changes.delete_endpoint,
    "ListEndpoints": changes.list_endpoints,
    "AddTags": add_tags,
    "ListTags": list_tags,
    "DeleteTags": delete_tags,
}
