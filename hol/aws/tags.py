"""Tags: how each service takes them, in one place. Those of other people stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hol.cloud.answers import Structure
from hol.cloud.tags import Tags, listed_in_lower_case, listed_tags, plain_tags
from hol.engine.lab import Lab
from hol.words.text import Text


@dataclass(frozen=True)
class Tagging:
    """The call that tags one kind of resource: its arguments for the resource and for the tags, and their form."""

    operation: str
    resource: str
    argument: str
    form: Callable[[Mapping[str, str]], Any] = dict


ROLE = Tagging("iam.tag_role", "RoleName", "Tags", listed_tags)
POLICY = Tagging("iam.tag_policy", "PolicyArn", "Tags", listed_tags)
FUNCTION = Tagging("lambda.tag_resource", "Resource", "Tags")
API = Tagging("apigateway.tag_resource", "resourceArn", "tags")
LOG_GROUP = Tagging("logs.tag_resource", "resourceArn", "tags")
SCHEDULE_GROUP = Tagging("scheduler.tag_resource", "ResourceArn", "Tags", listed_tags)
STATE_MACHINE = Tagging("stepfunctions.tag_resource", "resourceArn", "tags", listed_in_lower_case)
SAGEMAKER = Tagging("sagemaker.add_tags", "ResourceArn", "Tags", listed_tags)


def ensure(
    lab: Lab, how: Tagging, what: Text, resource: str, have: Tags, wanted: Mapping[str, str] | None = None
) -> None:
    """The tags that it should have (the lab's, unless told otherwise): those that are missing are added."""
    missing = lab.ownership.missing_tags(have, wanted)
    if missing:
        lab.change("~", what, how.operation, **{how.resource: resource, how.argument: how.form(missing)})


def ensure_of_bucket(lab: Lab, what: Text, bucket: Structure, have: Tags) -> bool:
    """The lab's tags on a bucket (`bucket`: the arguments that name it); whether they were there.

    PutBucketTagging replaces all tags, so the others are sent along.
    """
    if not lab.ownership.missing_tags(have):
        return True
    tags = {"TagSet": listed_tags({**plain_tags(have), **lab.tags})}
    lab.change("~", what, "s3.put_bucket_tagging", **bucket, Tagging=tags)
    return False
