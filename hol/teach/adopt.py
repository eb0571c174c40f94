"""`hol adopt`: hol takes over what somebody made rightly by hand, so that `hol down` cleans it up too.

Ownership is a tag, so taking over is tagging; objects carry it in their metadata, which only a copy onto themselves
can change. A policy that the console made beside the role is replaced by hol's own, for `hol down` finds it by its
name. What another lab has tagged is never touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hol.aws import managed, objects
from hol.cloud.tags import Tags, listed_tags, plain_tags
from hol.engine.events import Event, Told
from hol.engine.lab import OWNER, Lab
from hol.engine.run import Run
from hol.engine.step import Step
from hol.site import contents as site
from hol.site import folder as site_folder
from hol.teach import adopt_endpoint
from hol.teach.guide import basic_execution
from hol.words.text import Text, t

_CONSOLE_MADE = ":policy/service-role/AWSLambdaBasicExecutionRole-"
_KEPT = ("ContentType", "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage")


def _free(lab: Lab, what: Text, tags: Tags) -> bool:
    """Whether it is nobody's; what is not is said."""
    owner = plain_tags(tags).get(OWNER)
    if owner is None:
        return True
    if owner == lab.owner:
        lab.same(what)
    else:
        lab.note(what, t("it is the lab {}'s; hol leaves it alone", owner))
    return False


def role(lab: Lab) -> None:
    """The role by its tags; the console's log policy becomes hol's own."""
    name = lab.config.role.name
    found = lab.find("iam.get_role", "NoSuchEntity", RoleName=name)
    if found is None:
        return
    if _free(lab, t("role {}", name), found["Role"].get("Tags")):
        lab.change("~", t("tags of the role {}", name), "iam.tag_role", RoleName=name, Tags=listed_tags(lab.tags))
    elif not lab.owns(found["Role"].get("Tags")):
        return
    for policy in lab.pages("iam.list_attached_role_policies", "AttachedPolicies", RoleName=name):
        if _CONSOLE_MADE in policy["PolicyArn"] and policy["PolicyName"] != basic_execution(name):
            _replace_policy(lab, name, policy["PolicyArn"], policy["PolicyName"])


def _replace_policy(lab: Lab, role: str, arn: str, name: str) -> None:
    found = lab.find("iam.get_policy", PolicyArn=arn)["Policy"]
    what = t("managed policy {}", name)
    if found.get("AttachmentCount", 1) > 1 or OWNER in plain_tags(found.get("Tags")):
        lab.note(what, t("somebody else uses it too; hol leaves it alone"))
        return
    version = lab.find("iam.get_policy_version", PolicyArn=arn, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    managed.ensure(lab, role, basic_execution(role), version["Document"])
    lab.change("-", t("attachment of the policy {}", name), "iam.detach_role_policy", RoleName=role, PolicyArn=arn)
    for old in lab.find("iam.list_policy_versions", PolicyArn=arn)["Versions"]:
        if not old["IsDefaultVersion"]:
            number = old["VersionId"]
            wording = t("version {} of the policy {}", number, name)
            lab.change("-", wording, "iam.delete_policy_version", PolicyArn=arn, VersionId=number)
    why = t("hol's own takes its place: {}", basic_execution(role))
    lab.change("-", what, "iam.delete_policy", why=why, created=found.get("CreateDate"), PolicyArn=arn)


def function(lab: Lab) -> None:
    """The function, and the log group that Lambda made for it."""
    name = lab.config.function.name
    found = lab.find("lambda.get_function", "ResourceNotFoundException", FunctionName=name)
    if found is not None and _free(lab, t("function {}", name), found.get("Tags")):
        arn = found["Configuration"]["FunctionArn"]
        lab.change("~", t("tags of the function {}", name), "lambda.tag_resource", Resource=arn, Tags=lab.tags)
    group = f"/aws/lambda/{name}"
    listed = lab.pages("logs.describe_log_groups", "logGroups", logGroupNamePrefix=group)
    if found is None or group not in [item["logGroupName"] for item in listed]:
        return
    arn = lab.cloud.arn("logs", f"log-group:{group}")
    tags = lab.find("logs.list_tags_for_resource", resourceArn=arn).get("tags", {})
    if _free(lab, t("log group {}", group), tags):
        lab.change("~", t("tags of the log group {}", group), "logs.tag_resource", resourceArn=arn, tags=lab.tags)


def api(lab: Lab) -> None:
    """The API, if exactly one of that name is nobody's, or exactly one of those is deployed."""
    name = lab.config.api.name
    found = [a for a in lab.pages("apigateway.get_rest_apis", "items", limit=500) if a["name"] == name]
    free = [api for api in found if OWNER not in plain_tags(api.get("tags"))]
    if any(lab.owns(api.get("tags")) for api in found):
        lab.same(t("API {}", name))
        return
    if len(free) > 1:
        free = [a for a in free if lab.find("apigateway.get_stages", restApiId=a["id"]).get("item")]
        if len(free) != 1:
            lab.note(t("API {}", name), t("there are several of that name; delete those that you do not use"))
            return
    for api in free:
        arn = lab.cloud.arn("apigateway", f"/restapis/{api['id']}", account="")
        lab.change("~", t("tags of the API {}", name), "apigateway.tag_resource", resourceArn=arn, tags=lab.tags)


def sdk(lab: Lab) -> None:
    """The site folder, by a list of its files."""
    folder = lab.run.home / lab.config.site.folder
    what, known = t("site folder {}", lab.config.site.folder), site_folder.manifest(folder)
    if known is not None:
        _free(lab, what, {OWNER: known.lab})
    elif (folder / "apigClient.js").is_file():
        pages = lab.asset(lab.config.site.pages)
        there = site_folder.files(folder)
        files = {name: (folder / name).read_bytes() for name in there if site.belongs(name, pages)}
        _not_taken(lab, what, [name for name in there if name not in files])
        lab.local(
            "~", what, lambda: site_folder.write(folder, files, lab.owner, "adopted"), key=site_folder.key(folder)
        )


def _not_taken(lab: Lab, where: Text, names: list[str]) -> None:
    if names:
        shown = ", ".join(names[:10]) + (f" … (+{len(names) - 10})" if len(names) > 10 else "")
        lab.note(where, t("these are not the lab's, stay whoever's they are, and are not taken over: {}", shown))


def bucket(lab: Lab) -> None:
    """The bucket, by a tag beside those that it has."""
    name = lab.config.bucket.name
    tags = _bucket_tags(lab, name)
    if tags is not None and _free(lab, t("bucket {}", name), tags):
        wanted = {"TagSet": listed_tags({**tags, **lab.tags})}
        what = t("tags of the bucket {}", name)
        lab.change("~", what, "s3.put_bucket_tagging", **objects.own(lab, name), Tagging=wanted)


def _bucket_tags(lab: Lab, name: str) -> dict[str, str] | None:
    """The bucket's tags; None without a bucket."""
    if lab.find("s3.head_bucket", "404", "NoSuchBucket", **objects.own(lab, name)) is None:
        return None
    found = lab.find("s3.get_bucket_tagging", "NoSuchTagSet", **objects.own(lab, name))
    return plain_tags((found or {}).get("TagSet"))


def upload(lab: Lab) -> None:
    """The site's objects, each copied onto itself with its type and its ACL and with the marks that hol looks for."""
    name = lab.config.bucket.name
    tags = _bucket_tags(lab, name)
    if tags is None or tags.get(OWNER, lab.owner) != lab.owner:
        return
    listed = [item["Key"] for item in lab.pages("s3.list_objects_v2", "Contents", **objects.own(lab, name))]
    heads = dict(zip(listed, lab.each(listed, lambda key: objects.head(lab, name, key)), strict=True))
    free = [key for key in listed if heads[key] and "hol-lab" not in heads[key].get("Metadata", {})]
    pages = lab.asset(lab.config.site.pages)
    _not_taken(lab, t("bucket {}", name), [key for key in free if not site.belongs(key, pages)])
    free = [key for key in free if site.belongs(key, pages)]
    what = t("marks of {} objects of {}", len(free), name)
    if free:
        lab.change_each("~", what, "s3.copy_object", lab.each(free, lambda key: _marked(lab, name, key, heads[key])))
    elif listed:
        lab.same(t("objects of {}", name))


def _marked(lab: Lab, bucket: str, key: str, head: Mapping[str, Any]) -> dict[str, Any]:
    body = lab.find("s3.get_object", **objects.own(lab, bucket), Key=key)["Body"]
    grants = lab.find("s3.get_object_acl", **objects.own(lab, bucket), Key=key)["Grants"]
    public = any(str(grant["Grantee"].get("URI", "")).endswith("/AllUsers") for grant in grants)
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


def endpoint(lab: Lab) -> None:
    """The endpoint and what it is made of."""
    adopt_endpoint.take(lab, _free, _marked)


ADOPTERS: Mapping[str, Callable[[Lab], None]] = {
    "endpoint": endpoint,
    "role": role,
    "function": function,
    "api": api,
    "sdk": sdk,
    "bucket": bucket,
    "upload": upload,
}


def take(run: Run, steps: Sequence[Step], dry: bool) -> bool:
    """Take over what these steps' resources are; returns whether anything is (or, dry, would be) changed."""
    changed: list[Event] = []

    def tell(said: Told) -> None:
        run.tell(said)
        if isinstance(said, Event) and said.mark in "+~-":
            changed.append(said)

    own = replace(run, dry=dry, tell=tell, known={}, locks={}, under_way={})
    for step in steps:
        if step.name in ADOPTERS:
            ADOPTERS[step.name](Lab(own, step.name))
    return bool(changed)
