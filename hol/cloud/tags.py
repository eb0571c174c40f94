"""Tags, in the two forms that AWS uses, and what they say of whose a thing is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hol.words.text import Text, t

MANAGED = "hol:managed-by"  # on what the files of an export have made
# CloudFormation's own: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
_STACK = "aws:cloudformation:stack-name"
_TOOLS = {"cloudformation": "CloudFormation", "terraform": "Terraform"}
Tags = Mapping[str, str] | Iterable[Mapping[str, str]] | None


def plain_tags(tags: Tags) -> dict[str, str]:
    """Tags as a dict, from either of the two forms that AWS uses."""
    if tags is None:
        return {}
    if isinstance(tags, Mapping):
        return dict(tags)
    return {tag.get("Key", tag.get("key", "")): tag.get("Value", tag.get("value", "")) for tag in tags}


def manager(tags: Tags) -> Text | None:
    """What else makes, changes and deletes it, as its tags say: a stack, or the tool that an export is for."""
    found = plain_tags(tags)
    if _STACK in found:
        return t("the CloudFormation stack {}", found[_STACK])
    return t("{}", _TOOLS.get(found[MANAGED], found[MANAGED])) if MANAGED in found else None


def listed_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as the list of Key and Value that IAM, S3 and SageMaker take."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def listed_in_lower_case(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as the list of key and value that Step Functions takes."""
    return [{"key": key, "value": value} for key, value in tags.items()]
