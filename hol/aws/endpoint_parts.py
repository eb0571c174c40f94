"""What a SageMaker endpoint is made of: its configurations and models, found by their names and tags.

Neither can be changed, so both are named after the endpoint with a digest of what they are made of behind it: a changed
archive or instance type makes new ones. Those of earlier ones are recognised by their names too; the tag decides whether
they are ours.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from hol.cloud.answers import Structure
from hol.cloud.tags import listed_tags
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.text import Text, t

# SageMaker has one code for "not there", "there already" (another run of the same lab made it just now) and "not now".
NOT_THERE = ("ValidationException: Could not find",)
EXISTS = ("ValidationException: already existing",)
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


@dataclass(frozen=True)
class Wanted:
    """An endpoint as it should be; `variant` is the production variant without its name and model."""

    name: str
    image: str
    archive: str
    archive_digest: str
    role: str
    variant: Structure
    timeout: int

    @property
    def model(self) -> str:
        """The model's name: the endpoint's and a digest of image, archive and role."""
        return _digested(self.name, self.image, self.archive, self.archive_digest, self.role)

    @property
    def settings(self) -> str:
        """The endpoint configuration's name: the endpoint's and a digest of model and variant."""
        return _digested(self.name, self.model, self.variant)


def _digested(name: str, *parts: object) -> str:
    return f"{name[:50]}-{hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]}"


def found_model(lab: Lab, wanted: Wanted) -> Structure | None:
    return lab.once(MODEL(wanted.model), lambda: _describe_model(lab, wanted))


def _describe_model(lab: Lab, wanted: Wanted) -> Structure | None:
    return lab.find("sagemaker.describe_model", *NOT_THERE, ModelName=wanted.model)


def found_configuration(lab: Lab, wanted: Wanted) -> Structure | None:
    return lab.once(CONFIGURATION(wanted.settings), lambda: _describe_configuration(lab, wanted))


def _describe_configuration(lab: Lab, wanted: Wanted) -> Structure | None:
    return lab.find("sagemaker.describe_endpoint_config", *NOT_THERE, EndpointConfigName=wanted.settings)


def ensure(lab: Lab, wanted: Wanted) -> None:
    """Model and configuration as wanted."""
    _model(lab, wanted)
    _configuration(lab, wanted)


def _model(lab: Lab, wanted: Wanted) -> None:
    if found_model(lab, wanted) is not None:
        lab.same(t("model {}", wanted.model))
        return
    lab.change(
        "+",
        t("model {}", wanted.model),
        "sagemaker.create_model",
        already=EXISTS,
        lost=lambda: _describe_model(lab, wanted),
        ModelName=wanted.model,
        PrimaryContainer={"Image": wanted.image, "ModelDataUrl": wanted.archive},
        ExecutionRoleArn=wanted.role,
        Tags=listed_tags(lab.tags),
    )


def _configuration(lab: Lab, wanted: Wanted) -> None:
    if found_configuration(lab, wanted) is not None:
        lab.same(t("endpoint configuration {}", wanted.settings))
        return
    variant = {"VariantName": "AllTraffic", "ModelName": wanted.model, **wanted.variant}
    lab.change(
        "+",
        t("endpoint configuration {}", wanted.settings),
        "sagemaker.create_endpoint_config",
        already=EXISTS,
        lost=lambda: _describe_configuration(lab, wanted),
        EndpointConfigName=wanted.settings,
        ProductionVariants=[variant],
        Tags=listed_tags(lab.tags),
    )


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
