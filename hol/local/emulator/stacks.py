"""CloudFormation, where the emulator makes less of a template than AWS.

Like its sisters this module may reach into ministack, and nothing else may. What it mends, of ministack 1.5.33:

- `AWS::S3::Bucket` ignores `OwnershipControls` and `Tags`: a bucket with `ObjectOwnership: ObjectWriter` refuses ACLs,
  and GetBucketTagging finds none of the template's, the stack's or CloudFormation's own tags. AWS sets all of them.
- Deleting a stack deletes its bucket with everything in it; AWS says that the bucket is not empty, and DELETE_FAILED.
- `AWS::ApiGateway::RestApi` keeps `EndpointConfiguration` as the template spells it, so that GetRestApi answers `Types` where
  AWS answers `types`, and every client reads an API without an endpoint type; without one it makes a REGIONAL API, AWS EDGE.
- `AWS::SageMaker::*` are unrecognized resource types. `correct` registers those that it is given.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element, SubElement, tostring

Properties: TypeAlias = Mapping[str, Any]  # as a template has them, and as the emulator hands them on
Made = tuple[str, dict[str, str]]  # what !Ref gives (the physical id), and what !GetAtt gives


@dataclass(frozen=True)
class Where:
    """The account and the region of a stack."""

    account: str
    region: str


@dataclass(frozen=True)
class ResourceType:
    """How resources of a type are made, changed and deleted; each raises `ValueError` with the reason, in AWS's words.

    `create` gets a name for what the template does not name. Without `change` a resource is replaced.
    """

    create: Callable[[Where, str, Properties], Made]
    delete: Callable[[Where, str], None]
    change: Callable[[Where, str, Properties], Made] | None = None


def correct(types: Mapping[str, ResourceType]) -> None:
    """Make the emulator's stacks know these types, and buckets their ownership and tags; once a process."""
    from ministack.services.cloudformation import provisioners

    for name, one in types.items():
        provisioners._RESOURCE_HANDLERS[name] = _handlers(one)
        provisioners._STACK_TAG_PROPERTY[name] = ("Tags", "list")
    _beside_the_loop(frozenset(types))
    _correct_buckets()
    _correct_apis()


def _beside_the_loop(types: frozenset[str]) -> None:
    """Resources of these types are made on threads: they wait, and the emulator's own are made on the event loop."""
    from ministack.services.cloudformation import stacks

    runs = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda kind: kind in types or runs(kind)


@functools.cache
def _correct_buckets() -> None:
    from ministack.services import s3
    from ministack.services.cloudformation import provisioners

    provisioners._STACK_TAG_PROPERTY["AWS::S3::Bucket"] = ("Tags", "list")
    provisioners._S3_BUCKET_CONFIGURATIONS += (
        ("OwnershipControls", _ownership, s3._put_bucket_ownership_controls, s3._delete_bucket_ownership_controls),
        ("Tags", _tagging, s3._put_bucket_tagging, s3._delete_bucket_tagging),
    )
    handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    handlers["delete"] = _only_empty(handlers["delete"])


@functools.cache
def _correct_apis() -> None:
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]
    create, update = handlers["create"], handlers["update"]
    handlers["create"] = lambda logical_id, properties, stack: create(logical_id, _spelled(properties), stack)
    handlers["update"] = lambda physical_id, old, new, *more: update(physical_id, _spelled(old), _spelled(new), *more)


def _spelled(properties: Properties) -> Properties:
    """The properties with the endpoint configuration as the API has it."""
    given = properties.get("EndpointConfiguration") or {"Types": ["EDGE"]}
    return {**properties, "EndpointConfiguration": {key[:1].lower() + key[1:]: value for key, value in given.items()}}


def _only_empty(delete: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(delete)
    def checked(physical_id: str, properties: Properties) -> None:
        from ministack.services import s3

        if (s3._buckets.get(physical_id) or {}).get("objects"):
            raise ValueError("The bucket you tried to delete is not empty (Service: S3, Status Code: 409)")
        delete(physical_id, properties)

    return checked


def _ownership(controls: Properties) -> bytes:
    root = Element("OwnershipControls")
    for rule in controls.get("Rules") or []:
        SubElement(SubElement(root, "Rule"), "ObjectOwnership").text = str(rule.get("ObjectOwnership"))
    return bytes(tostring(root, encoding="utf-8"))


def _tagging(tags: list[Properties]) -> bytes:
    root = Element("Tagging")
    tag_set = SubElement(root, "TagSet")
    for tag in tags:
        one = SubElement(tag_set, "Tag")
        for name in ("Key", "Value"):
            SubElement(one, name).text = str(tag.get(name, ""))
    return bytes(tostring(root, encoding="utf-8"))


def _handlers(one: ResourceType) -> dict[str, object]:
    """The type as the emulator's stack engine calls it, on a thread of its own."""
    from ministack.services.cloudformation import provisioners

    def create(logical_id: str, properties: Properties, stack: str) -> Made:
        return one.create(_where(), provisioners._physical_name(stack, logical_id, max_len=63), properties)

    def delete(physical_id: str, properties: Properties) -> None:
        one.delete(_where(), physical_id)

    def update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Made:
        if one.change:
            return one.change(_where(), physical_id, new)
        provisioners._NAME_SEED.set(provisioners.new_uuid()[:8])
        made = create(logical_id, new, stack)
        provisioners._delete_predecessor(delete, physical_id, old)
        return made

    return {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}


def _where() -> Where:
    from ministack.core.responses import get_account_id, get_region

    return Where(str(get_account_id()), str(get_region()))
