"""What a SageMaker endpoint is made of: its configurations and models, found by their names and tags.

Both are named after the endpoint with a digest behind it (see `hol/aws/endpoints.py`), so that those of an earlier
archive or instance type are recognised too; the tag decides whether they are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hol.engine.lab import Lab
from hol.words.text import Text, t

# SageMaker has one code for "not there", "there already" and "not now".
NOT_THERE = ("ValidationException: Could not find",)
_DIGEST = 13  # a dash and twelve digits


@dataclass(frozen=True)
class Kind:
    """A kind of part, in the words of the API; `noun` is what its finds are remembered under."""

    noun: str
    what: str
    listing: str
    items: str
    key: str
    delete: str


_KINDS = (
    Kind(
        "endpoint configuration",
        "endpoint configuration {}",
        "sagemaker.list_endpoint_configs",
        "EndpointConfigs",
        "EndpointConfig",
        "sagemaker.delete_endpoint_config",
    ),
    Kind("model", "model {}", "sagemaker.list_models", "Models", "Model", "sagemaker.delete_model"),
)


def tags(lab: Lab, resource: str) -> dict[str, str]:
    """The tags of an endpoint or of a part of one."""

    def read() -> dict[str, str]:
        listed = lab.pages("sagemaker.list_tags", "Tags", "ResourceNotFound", *NOT_THERE, ResourceArn=resource)
        return {tag["Key"]: tag["Value"] for tag in listed}

    return lab.once(("tags", resource), read)


def require_own(lab: Lab, what: Text, resource: str) -> dict[str, str]:
    """The tags. Raises `ForeignError` unless they prove that the resource is ours."""
    found = tags(lab, resource)
    if not lab.owns(found):  # the tags may have been read just before another run made it
        lab.forget(("tags", resource))
        found = tags(lab, resource)
    lab.require_own(what, found)
    return found


def listed(lab: Lab, name: str) -> list[tuple[Kind, Any]]:
    """Our configurations and models of the endpoint of that name, in use or not."""
    return lab.once(("endpoint parts", name), lambda: _read(lab, name))


def _read(lab: Lab, name: str) -> list[tuple[Kind, Any]]:
    named = lab.each(_KINDS, lambda kind: _named(lab, kind, name))
    items = [(kind, item) for kind, found in zip(_KINDS, named, strict=True) for item in found]
    owned = lab.each(items, lambda one: lab.owns(tags(lab, one[1][f"{one[0].key}Arn"])))
    return [item for item, ours in zip(items, owned, strict=True) if ours]


def _named(lab: Lab, kind: Kind, name: str) -> list[Any]:
    start = name[:50]
    found = lab.pages(kind.listing, kind.items, NameContains=start, MaxResults=100)
    names = [(item[f"{kind.key}Name"], item) for item in found]
    return [item for known, item in names if known.startswith(f"{start}-") and len(known) == len(start) + _DIGEST]


def remove(lab: Lab, name: str, keep: tuple[str, ...] = ()) -> None:
    """Configurations and models of ours gone, but for those to keep."""
    obsolete = [(kind, item) for kind, item in listed(lab, name) if item[f"{kind.key}Name"] not in keep]
    lab.each(obsolete, lambda one: _delete(lab, *one))
    lab.forget(("endpoint parts", name))


def remove_one(lab: Lab, name: str, noun: str) -> None:
    """The configuration or model of that name gone, whichever endpoint it was made for, if it is there and ours."""
    kind = next(kind for kind in _KINDS if kind.noun == noun)
    found = lab.pages(kind.listing, kind.items, NameContains=name, MaxResults=100)
    for item in found:
        if item[f"{kind.key}Name"].lower() == name and lab.owns(tags(lab, item[f"{kind.key}Arn"])):
            _delete(lab, kind, item)


def _delete(lab: Lab, kind: Kind, item: Any) -> None:
    found, created = item[f"{kind.key}Name"], item.get("CreationTime")
    named = {f"{kind.key}Name": found}
    lab.change("-", t(kind.what, found), kind.delete, already=NOT_THERE, created=created, **named)
    lab.learn((kind.noun, found), None)
