"""What a SageMaker endpoint is made of: its configurations and models, found by their names and tags, and their image.

Both are named after the endpoint with a digest behind it (see `hol/aws/endpoints.py`), so that those of an earlier
archive or instance type are recognised too; the tag decides whether they are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from hol.cloud.answers import Structure
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.commands import same
from hol.words.errors import HolError
from hol.words.text import Text, t

# SageMaker has one code for "not there", "there already" and "not now".
NOT_THERE = ("ValidationException: Could not find",)
_DIGEST = 13  # a dash and twelve digits


@dataclass(frozen=True)
class Part:
    """A kind of part, in the words of the API; `kind` is what its finds are remembered under."""

    kind: Kind[Structure | None]
    what: str
    listing: str
    items: str
    key: str
    delete: str


MODEL = Kind[Structure | None]("model")
CONFIGURATION = Kind[Structure | None]("endpoint configuration")
_TAGS = Kind[dict[str, str]]("tags")

_KINDS = (
    Part(
        CONFIGURATION,
        "endpoint configuration {}",
        "sagemaker.list_endpoint_configs",
        "EndpointConfigs",
        "EndpointConfig",
        "sagemaker.delete_endpoint_config",
    ),
    Part(MODEL, "model {}", "sagemaker.list_models", "Models", "Model", "sagemaker.delete_model"),
)
_PARTS = Kind[list[tuple[Part, Structure]]]("endpoint parts")


def tags(lab: Lab, resource: str) -> dict[str, str]:
    """The tags of an endpoint or of a part of one."""

    def read() -> dict[str, str]:
        listed = lab.pages("sagemaker.list_tags", "ResourceNotFound", *NOT_THERE, ResourceArn=resource)
        return {tag["Key"]: tag["Value"] for tag in listed}

    return lab.once(_TAGS(resource), read)


def require_own(lab: Lab, what: Text, resource: str) -> dict[str, str]:
    """The tags. Raises `ForeignError` unless they prove that the resource is ours."""
    found = tags(lab, resource)
    if not lab.owns(found):  # the tags may have been read just before another run made it
        lab.forget(_TAGS(resource))
        found = tags(lab, resource)
    lab.require_own(what, found)
    return found


def listed(lab: Lab, name: str) -> list[tuple[Part, Structure]]:
    """Our configurations and models of the endpoint of that name, in use or not."""
    return lab.once(_PARTS(name), lambda: _read(lab, name))


def _read(lab: Lab, name: str) -> list[tuple[Part, Structure]]:
    named = lab.each(_KINDS, lambda kind: _named(lab, kind, name))
    items = [(kind, item) for kind, found in zip(_KINDS, named, strict=True) for item in found]
    owned = lab.each(items, lambda one: lab.owns(tags(lab, one[1][f"{one[0].key}Arn"])))
    return [item for item, ours in zip(items, owned, strict=True) if ours]


def _named(lab: Lab, kind: Part, name: str) -> list[Structure]:
    start = name[:50]
    found = lab.pages(kind.listing, NameContains=start, MaxResults=100)
    names = [(item[f"{kind.key}Name"], item) for item in found]
    return [item for known, item in names if known.startswith(f"{start}-") and len(known) == len(start) + _DIGEST]


def remove(lab: Lab, name: str, keep: tuple[str, ...] = ()) -> None:
    """Configurations and models of ours gone, but for those to keep."""
    obsolete = [(kind, item) for kind, item in listed(lab, name) if item[f"{kind.key}Name"] not in keep]
    lab.each(obsolete, lambda one: _delete(lab, *one))
    lab.forget(_PARTS(name))


def remove_one(lab: Lab, name: str, part: Kind[Structure | None]) -> None:
    """The configuration or model of that name gone, whichever endpoint it was made for, if it is there and ours."""
    kind = next(kind for kind in _KINDS if kind.kind == part)
    found = lab.pages(kind.listing, NameContains=name, MaxResults=100)
    for item in found:
        if item[f"{kind.key}Name"].lower() == name and lab.owns(tags(lab, item[f"{kind.key}Arn"])):
            _delete(lab, kind, item)


def _delete(lab: Lab, kind: Part, item: Structure) -> None:
    found, created = item[f"{kind.key}Name"], item.get("CreationTime")
    named = {f"{kind.key}Name": found}
    lab.change("-", t(kind.what, found), kind.delete, already=NOT_THERE, created=created, **named)
    lab.learn(kind.kind(found), None)


# --- the image of the models ---

# The registry accounts that the SageMaker Python SDK lists for `blazingtext`, version 1
# (sagemaker-core/src/sagemaker/core/image_uri_config/blazingtext.json, read 2026-08).
ACCOUNTS = {
    "us-east-1": "811284229777", "us-east-2": "825641698319", "us-west-1": "632365934929", "us-west-2": "433757028032",
    "ca-central-1": "469771592824", "ca-west-1": "190319476487", "sa-east-1": "855470959533", "af-south-1": "455444449433",
    "eu-west-1": "685385470294", "eu-west-2": "644912444149", "eu-west-3": "749696950732", "eu-north-1": "669576153137",
    "eu-central-1": "813361260812", "eu-central-2": "680994064768", "eu-south-1": "257386234256", "eu-south-2": "104374241257",
    "ap-northeast-1": "501404015308", "ap-northeast-2": "306986355934", "ap-northeast-3": "867004704886", "ap-east-1": "286214385809",
    "ap-south-1": "991648021394", "ap-south-2": "628508329040", "ap-southeast-1": "475088953585", "ap-southeast-2": "544295431143",
    "ap-southeast-3": "951798379941", "ap-southeast-4": "106583098589", "me-south-1": "249704162688", "me-central-1": "272398656194",
    "il-central-1": "898809789911", "cn-north-1": "390948362332", "cn-northwest-1": "387376663083", "us-gov-west-1": "226302683700",
    "us-gov-east-1": "237065988967", "us-iso-east-1": "490574956308", "us-isob-east-1": "765400339828", "us-isof-east-1": "108575199400",
    "us-isof-south-1": "124985052026",
}  # fmt: skip
_SUFFIXES = {"cn": "amazonaws.com.cn", "us-iso": "c2s.ic.gov", "us-isob": "sc2s.sgov.gov", "us-isof": "csp.hci.ic.gov"}


def blazingtext(region: str) -> str:
    """The image's URI. Raises `HolError` where SageMaker has no BlazingText."""
    if region not in ACCOUNTS:
        raise HolError(
            t("SageMaker has no BlazingText in {}", region),
            fix=t("choose a region that has it, for example: {}", same(region="ap-northeast-2")),
        )
    suffix = _SUFFIXES.get(region.rsplit("-", 2)[0], _SUFFIXES.get(region.split("-", 1)[0], "amazonaws.com"))
    return f"{ACCOUNTS[region]}.dkr.ecr.{region}.{suffix}/blazingtext:1"


def repository(partition: str, region: str) -> str:
    """The ARN of the ECR repository that the image lies in. Raises `HolError` like `blazingtext`."""
    owner = blazingtext(region).split(".")[0]
    return f"arn:{partition}:ecr:{region}:{owner}:repository/blazingtext"
