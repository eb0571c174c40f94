"""Tags, in the two forms that AWS uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Tags = Mapping[str, str] | Iterable[Mapping[str, str]] | None


def plain_tags(tags: Tags) -> dict[str, str]:
    """Tags as a dict, from either of the two forms that AWS uses."""
    if tags is None:
        return {}
    if isinstance(tags, Mapping):
        return dict(tags)
    return {tag.get("Key", tag.get("key", "")): tag.get("Value", tag.get("value", "")) for tag in tags}


def listed_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as the list of Key and Value that IAM, S3 and SageMaker take."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
