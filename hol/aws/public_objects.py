"""Objects that everyone may read, as the console's "Make public" does it. An upload makes an object private again."""

from __future__ import annotations

from collections.abc import Iterable

from hol.aws import objects
from hol.cloud.answers import Structure
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.engine.unknown import is_unknown
from hol.words.text import t

_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_ACLS = Kind[Structure]("acls")


def acls(lab: Lab, bucket: str) -> Structure:
    """The bucket's objects: key → GetObjectAcl's answer, as it was before this run uploaded anything."""

    def read() -> Structure:
        keys = objects.keys(lab, bucket)
        return dict(zip(keys, lab.each(keys, lambda key: _acl(lab, bucket, key)), strict=True))

    return lab.once(_ACLS(bucket), read)


def _acl(lab: Lab, bucket: str, key: str) -> Structure | None:
    return lab.find("s3.get_object_acl", "NoSuchKey", "NoSuchBucket", **objects.own(lab, bucket), Key=key)


def ensure(lab: Lab, bucket: str, keys: Iterable[str]) -> None:
    """Every one of these objects readable by everyone, as the console's "Make public" does it."""
    what = t("public objects of {}", bucket)
    if is_unknown(keys):
        lab.change_each("~", what, "s3.put_object_acl", (), key=f"s3.object_acl {bucket}")
        return
    keys = list(keys)
    rewritten, found = objects.rewritten(lab, bucket), acls(lab, bucket)
    private = [key for key in keys if key in rewritten or not is_public(found.get(key))]
    if keys and not private:
        lab.same(what)
        return
    why = objects.number_of(len(private)) if len(private) == len(keys) else t("{}", ", ".join(private))
    lab.change_each(
        "~",
        what,
        "s3.put_object_acl",
        ({**objects.own(lab, bucket), "Key": key, "ACL": "public-read"} for key in private),
        why=why,
        key=f"s3.object_acl {bucket}",
    )


def remove(lab: Lab, bucket: str, keys: Iterable[str]) -> None:
    """None of these objects is readable by everyone any longer."""
    public = [key for key in keys if is_public(acls(lab, bucket).get(key))]
    if public:
        lab.change_each(
            "-",
            t("public access to objects of {}", bucket),
            "s3.put_object_acl",
            ({**objects.own(lab, bucket), "Key": key, "ACL": "private"} for key in public),
            why=objects.number_of(len(public)),
            key=f"s3.object_acl {bucket}",
        )


def is_public(acl: Structure | None) -> bool:
    """Whether everybody may read it, by this answer of GetObjectAcl; no answer says no."""
    return acl is not None and any(
        grant["Grantee"].get("URI") == _ALL_USERS and grant["Permission"] in ("READ", "FULL_CONTROL")
        for grant in acl["Grants"]
    )
