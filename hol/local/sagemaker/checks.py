"""What SageMaker refuses: its validations, with the codes and the wording that clients match.

SageMaker models almost no errors: whatever is missing, taken, busy or wrong is a `ValidationException` (HTTP 400),
told apart by its text only, so the texts follow AWS's.
"""

from __future__ import annotations

import re
from functools import cache

from hol.local.emulator import core as emulator
from hol.local.wire import Body

NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z0-9.-]+/([^:@]+)(?:[:@].+)?")
MODEL_DATA = re.compile(r"(?:https|s3)://([^/]+)/(.+)")
MEMORY_SIZES = (1024, 2048, 3072, 4096, 5120, 6144)
MOST_CONCURRENCY = 200
MOST_TAGS = 50
PRINCIPAL = "sagemaker.amazonaws.com"


class Refused(Exception):
    """An answer that is an AWS error: `code` and message, HTTP 400."""

    def __init__(self, message: str, code: str = "ValidationException"):
        super().__init__(message)
        self.code = code


def constraint(value: object, member: str, rule: str) -> Refused:
    """AWS's sentence for a member that does not fit its constraint; `member` is in lower camel case."""
    shown = "at" if value is None else f"'{value}' at"
    return Refused(
        f"1 validation error detected: Value {shown} '{member}' failed to satisfy constraint: Member must {rule}"
    )


def member_name(field: str) -> str:
    """`EndpointName` → `endpointName`."""
    return field[:1].lower() + field[1:]


def name_of(body: dict[str, object], field: str) -> str:
    """The name in that field, checked against SageMaker's pattern."""
    value = body.get(field)
    if value is None:
        raise constraint(None, member_name(field), "not be null")
    if not isinstance(value, str) or not NAME.fullmatch(value):
        pattern = "[a-zA-Z0-9]([\\-a-zA-Z0-9]{0,62})?"
        raise constraint(value, member_name(field), f"satisfy regular expression pattern: {pattern}")
    return value


def tags_of(body: Body) -> dict[str, str]:
    """The Tags of a create call as a dictionary."""
    tags = {tag["Key"]: tag.get("Value", "") for tag in body.get("Tags") or []}
    if len(tags) > MOST_TAGS:
        raise constraint(tags, "tags", f"have length less than or equal to {MOST_TAGS}")
    for key in tags:
        if key.lower().startswith("aws:"):
            raise Refused(f"Tag key {key} starts with the reserved prefix aws:")
    return tags


def containers_of(body: Body) -> list[Body]:
    """The containers of a CreateModel call: the primary one, or the list."""
    containers = body.get("Containers") or ([body["PrimaryContainer"]] if body.get("PrimaryContainer") else [])
    if not containers:
        raise Refused("At least one container definition must be provided for a model.")
    return containers


def check_role(arn: str | None) -> None:
    """The execution role must exist and trust SageMaker."""
    if not arn:
        raise constraint(None, "executionRoleArn", "not be null")
    if not emulator.role_trusts(arn, PRINCIPAL):
        raise Refused(
            f"Could not assume role {arn}. Please ensure that the role exists and allows principal "
            f"'{PRINCIPAL}' to assume the role."
        )


def check_image(container: dict[str, object], region: str) -> None:
    """A container image must be in ECR, in the region of the endpoint."""
    image = str(container.get("Image") or "")
    if not image and not container.get("ModelPackageName"):
        raise Refused("Either Image or ModelPackageName must be provided for a container definition.")
    found = IMAGE.fullmatch(image)
    if not found:
        raise Refused(f'Using non-ECR image "{image}" without Vpc repository access mode is not supported.')
    if found[2] != region:
        raise Refused(f'Using ECR image "{image}" from the region {found[2]} is not supported in {region}.')


def model_data(container: dict[str, object]) -> tuple[str, str]:
    """(bucket, key) of the model archive."""
    found = MODEL_DATA.fullmatch(str(container.get("ModelDataUrl") or ""))
    if not found:
        raise Refused(f"Invalid model data URL {container.get('ModelDataUrl')}: it must be like s3://bucket/key.")
    return found[1], found[2]


def check_variant(variant: Body) -> None:
    """A production variant runs on instances or serverless, not both and not neither."""
    name_of(variant, "VariantName")
    serverless = variant.get("ServerlessConfig")
    if serverless is None:
        return _check_instances(variant)
    if variant.get("InstanceType") or variant.get("InitialInstanceCount"):
        raise Refused("InstanceType and InitialInstanceCount cannot be given together with ServerlessConfig.")
    return _check_serverless(serverless)


def _check_instances(variant: dict[str, object]) -> None:
    where = "productionVariants.1.member"
    kind, count = variant.get("InstanceType"), variant.get("InitialInstanceCount")
    if kind is None or count is None:
        raise Refused("InstanceType and InitialInstanceCount, or ServerlessConfig, must be given for a variant.")
    if kind not in _instance_types():
        raise constraint(kind, f"{where}.instanceType", "satisfy enum value set: [ml.t2.medium, …]")
    if not isinstance(count, int) or count < 1:
        raise constraint(count, f"{where}.initialInstanceCount", "have value greater than or equal to 1")


def _check_serverless(config: dict[str, object]) -> None:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
    where, memory = "productionVariants.1.member.serverlessConfig", config.get("MemorySizeInMB")
    if memory not in MEMORY_SIZES:
        allowed = ", ".join(str(size) for size in MEMORY_SIZES)
        raise constraint(memory, f"{where}.memorySizeInMB", f"satisfy enum value set: [{allowed}]")
    most = config.get("MaxConcurrency")
    if not isinstance(most, int) or not 1 <= most <= MOST_CONCURRENCY:
        raise constraint(most, f"{where}.maxConcurrency", f"have value between 1 and {MOST_CONCURRENCY}")
    provisioned = config.get("ProvisionedConcurrency", 1)
    if not isinstance(provisioned, int) or not 1 <= provisioned <= most:
        raise constraint(provisioned, f"{where}.provisionedConcurrency", "have value between 1 and MaxConcurrency")


@cache
def _instance_types() -> frozenset[str]:
    """The instance types that botocore's own model of the service names."""
    from botocore.session import get_session

    model = get_session().get_service_model("sagemaker")
    return frozenset(model.shape_for("ProductionVariantInstanceType").enum)
