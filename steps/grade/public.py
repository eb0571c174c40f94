"""A look at who may read what was uploaded."""

from __future__ import annotations

from collections.abc import Iterator

from hol.aws import buckets, objects, public_objects
from hol.engine.lab import Lab
from hol.teach.grade import iam
from hol.teach.grade.finding import Finding, judged, waiting
from hol.teach.grade.near import peek
from hol.words.errors import CheckFailed
from hol.words.text import Text, t

from ..site import checks
from .bucket import blocks, ownership, reading
from .stage import stale
from .upload import listed_objects


def grade(lab: Lab) -> Iterator[Finding]:
    """Every object readable by everybody, by its ACL or by a bucket policy."""
    name, what = lab.config.bucket.name, t("public objects")
    there = listed_objects(lab, name)
    if not there:
        yield waiting(lab, "private", what, "bucket" if there is None else "upload")
        return
    private = _private(lab, name, list(there))
    if private and _shut(lab, name):
        yield waiting(lab, "private", what, "bucket")
        return
    mend = t("S3 → the bucket → Objects: select all, Actions → Make public using ACL")
    yield judged("private", not private, what, _wrong(lab, name, private, len(there)), mend)


def _private(lab: Lab, name: str, there: list[str]) -> list[str]:
    """The objects that neither an ACL nor the bucket policy opens."""
    closed = [key for key in there if not reading(lab, name, key).allowed]
    acls = lab.each(closed, lambda key: lab.find("s3.get_object_acl", "NoSuchKey", **objects.own(lab, name), Key=key))
    private = [key for key, acl in zip(closed, acls, strict=True) if not public_objects.is_public(acl)]
    return sorted(private, key=lambda key: (key != lab.config.bucket.index, "/" in key, key))


def _shut(lab: Lab, name: str) -> bool:
    """Whether the bucket has to be opened first."""
    return ownership(lab, name) == buckets.ENFORCED or any("BlockPublicAcls" in on for on in blocks(lab, name).values())


def _wrong(lab: Lab, name: str, private: list[str], count: int) -> Text:
    shown = ", ".join(private[:4]) + (" …" if len(private) > 4 else "")
    answer = peek(lab, "s3.get_bucket_policy", "NoSuchBucketPolicy", **objects.own(lab, name)) if private else None
    allowed = [one for one in iam.statements([answer["Policy"]] if answer else []) if iam.names(one, "s3:GetObject")]
    said = [iam.condition_shown(one) or iam.shown(iam.services(one)) for one in allowed]
    more = t("; the bucket policy lets only these read: {}", ", ".join(said)) if said else t("{}", "")
    return t("{} of {} are private: {}{}", len(private), count, shown, more)


def explain(lab: Lab, error: CheckFailed) -> Finding:
    """The page does not open though it is public, or it opens and may not read the answer."""
    mend = t("open it in a browser, and look into the console of the developer tools (F12)")
    page = Finding("page", t("the page"), error.why or error.what, mend, live=True)
    return stale(lab, "POST", error) if lab.run.facts.has(checks.OPENS()) else page
