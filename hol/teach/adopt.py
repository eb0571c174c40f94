"""`hol adopt`: hol takes over what somebody made rightly by hand, so that `hol down` cleans it up too.

Ownership is a tag, so taking over is tagging; objects carry it in their metadata, which only a copy onto themselves
can change. What another lab has tagged is never touched. What a step takes over stands in its `adopt(lab)`; here is
what several of them need.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from hol.aws import buckets, logs, objects, public_objects, tags
from hol.cloud.answers import Structure
from hol.cloud.tags import Tags, manager, plain_tags
from hol.engine.events import Event, Message
from hol.engine.facts import Facts
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.engine.run import Run
from hol.engine.step import Step
from hol.words.text import Text, t

_KEPT = ("ContentType", "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage")


def take(run: Run, steps: Sequence[Step], dry: bool) -> bool:
    """Take over what these steps' resources are; returns whether anything is (or, dry, would be) changed."""
    changed: list[Event] = []

    def emit(said: Message) -> None:
        run.emit(said)
        if isinstance(said, Event) and said.mark in "+~-":
            changed.append(said)

    own = replace(run, dry=dry, emit=emit, facts=Facts(), running_steps={})
    for step in steps:
        if adopt := step.facet("adopt"):
            adopt(Lab(own, step.name))
    return bool(changed)


def free(lab: Lab, what: Text, found: Tags) -> bool:
    """Whether it is nobody's; what is not is said."""
    owner, tool = plain_tags(found).get(OWNER), manager(found)
    if owner is None and tool is None:
        return True
    if owner == lab.owner:
        lab.same(what)
    elif tool:
        lab.note(what, t("{} manages it; hol leaves it alone", tool))
    else:
        lab.note(what, t("it is the lab {}'s; hol leaves it alone", owner))
    return False


def role(lab: Lab, name: str) -> bool:
    """The role by its tags; whether it is ours then."""
    found = lab.find("iam.get_role", "NoSuchEntity", RoleName=name)
    if found is None:
        return False
    if free(lab, t("role {}", name), found["Role"].get("Tags")):
        tags.ensure(
            lab, tags.ROLE, t("tags of the role {}", name), name, found["Role"].get("Tags"), lab.ownership.tags_of_iam
        )
        return True
    return lab.owns(found["Role"].get("Tags"))


def log_group(lab: Lab, name: str) -> None:
    """The log group of that name, which the service made by itself."""
    found = logs.describe(lab, name)
    if found is not None and free(lab, t("log group {}", name), found["tags"]):
        tags.ensure(lab, tags.LOG_GROUP, t("tags of the log group {}", name), logs.arn(lab, name), found["tags"])


def bucket(lab: Lab, name: str) -> bool:
    """The bucket, by a tag beside those that it has; whether it is ours then."""
    found = bucket_tags(lab, name)
    if found is None:
        return False
    if free(lab, t("bucket {}", name), found):
        tags.ensure_of_bucket(lab, t("tags of the bucket {}", name), objects.own(lab, name), found)
        return True
    return found.get(OWNER) == lab.owner


def bucket_tags(lab: Lab, name: str) -> dict[str, str] | None:
    """The bucket's tags; None without a bucket."""
    if lab.find("s3.head_bucket", "404", "NoSuchBucket", **objects.own(lab, name)) is None:
        return None
    return buckets.tags_of(lab, name)


def marked(lab: Lab, bucket: str, key: str, head: Structure) -> Structure:
    """The copy onto itself that gives an object hol's marks, with its type and its ACL; `head`: what it is now."""
    body = lab.read("s3.get_object", **objects.own(lab, bucket), Key=key)["Body"]
    public = public_objects.is_public(lab.read("s3.get_object_acl", **objects.own(lab, bucket), Key=key))
    marks = {"hol-lab": lab.owner, "hol-sha256": hashlib.sha256(body).hexdigest()}
    return {
        **objects.own(lab, bucket),
        "Key": key,
        "CopySource": {"Bucket": bucket, "Key": key},
        "MetadataDirective": "REPLACE",
        "Metadata": {**head.get("Metadata", {}), **marks},
        **{name: head[name] for name in _KEPT if head.get(name)},
        **({"ACL": "public-read"} if public else {}),
    }


def not_taken(lab: Lab, where: Text, names: list[str]) -> None:
    """Say what else lies there."""
    if names:
        shown = ", ".join(names[:10]) + (f" … (+{len(names) - 10})" if len(names) > 10 else "")
        lab.note(where, t("these are not the lab's, stay whoever's they are, and are not taken over: {}", shown))
