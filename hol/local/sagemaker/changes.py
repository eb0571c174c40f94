"""SageMaker's endpoints: created, described, updated and deleted, their models read from S3."""

from __future__ import annotations

from hol.local.emulator import core as emulator
from hol.local.sagemaker import checks, endpoints
from hol.local.sagemaker.calls import Call, listing
from hol.local.sagemaker.checks import Refused
from hol.local.sagemaker.endpoints import Definition, Endpoint, Variant
from hol.local.sagemaker.serving import Unservable


async def create_endpoint(call: Call) -> dict[str, object]:
    name, config = call.name("Endpoint"), _config(call)
    if call.shelf.endpoint(name):
        raise call.existing("Endpoint", name)
    tags, arn = checks.tags_of(call.body), call.arn("Endpoint", name)
    variants = await _variants(call, config)
    call.shelf.tags[arn] = tags
    call.shelf.begin(name, arn, config.name, variants)
    return {"EndpointArn": arn}


async def update_endpoint(call: Call) -> dict[str, object]:
    found, config = _idle(call), _config(call)
    if found.status == "Failed":
        raise Refused(f'Cannot update endpoint "{found.arn}" in Failed status: delete it and create it again.')
    variants = await _variants(call, config)
    call.shelf.begin(found.name, found.arn, config.name, variants, found)
    return {"EndpointArn": found.arn}


async def delete_endpoint(call: Call) -> dict[str, object]:
    call.shelf.end(_idle(call))
    return {}


async def describe_endpoint(call: Call) -> dict[str, object]:
    found = _endpoint(call)
    failure = found.failure
    serving = found.current
    return {
        **_row(found),
        "EndpointConfigName": serving.config,
        "ProductionVariants": [_variant_summary(v) for v in serving.variants],
        **({"FailureReason": failure} if failure else {}),
    }


async def list_endpoints(call: Call) -> dict[str, object]:
    return listing(call, "Endpoint", [_row(e) for e in call.shelf.all_endpoints()])


def _endpoint(call: Call) -> Endpoint:
    name = call.name("Endpoint")
    found = call.shelf.endpoint(name)
    if not found:
        raise call.missing("Endpoint", name)
    return found


def _idle(call: Call) -> Endpoint:
    # DeleteEndpoint, too, answers with the words of an update.
    found = _endpoint(call)
    if found.status in endpoints.IN_PROGRESS:
        raise Refused(f'Cannot update in-progress endpoint "{found.arn}".')
    return found


def _config(call: Call) -> Definition:
    name = call.name("EndpointConfig")
    found = call.shelf.configs.get(name)
    if not found:
        raise call.missing("EndpointConfig", name)
    return found


async def _variants(call: Call, config: Definition) -> list[Variant]:
    variants = []
    for fields in config.fields["ProductionVariants"]:
        model = call.shelf.models.get(fields["ModelName"])
        if not model:
            raise call.missing("Model", fields["ModelName"])
        container = checks.containers_of(model.fields)[0]
        archive = await _archive(call, container, model.fields["ExecutionRoleArn"])
        variants.append(endpoints.variant(fields, container["Image"], archive))
    return variants


async def _archive(call: Call, container: dict[str, object], role: str) -> bytes | Unservable:
    bucket, key = checks.model_data(container)
    allowed = emulator.role_trusts(role, checks.PRINCIPAL) and emulator.role_allows(
        role, {"s3:GetObject": f"arn:aws:s3:::{bucket}/{key}"}
    )
    archive = await emulator.get_object(call.account, call.region, bucket, key) if allowed else None
    return archive or Unservable(f"Failed to download model data from {container['ModelDataUrl']} as the role {role}.")


def _row(endpoint: Endpoint) -> dict[str, object]:
    return {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "EndpointStatus": endpoint.status,
        "CreationTime": endpoint.created,
        "LastModifiedTime": endpoint.modified,
    }


def _variant_summary(variant: Variant) -> dict[str, object]:
    weight = variant.weight
    image = {"SpecifiedImage": variant.image, "ResolvedImage": variant.image}
    summary = {"VariantName": variant.name, "DeployedImages": [image], "CurrentWeight": weight, "DesiredWeight": weight}
    serverless = variant.fields.get("ServerlessConfig")
    if serverless:
        return {**summary, "CurrentServerlessConfig": serverless}
    count = variant.fields["InitialInstanceCount"]
    return {**summary, "CurrentInstanceCount": count, "DesiredInstanceCount": count}
