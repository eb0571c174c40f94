"""A look at who may read what was uploaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hol.aws import objects
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.words.text import t

from ..site import checks
from .bucket import policy_is_public
from .upload import listed_objects


def grade(lab: Lab) -> Iterator[Finding]:
    """Every object readable by everybody, by its ACL or by a bucket policy; and the page opens."""
    name = lab.config.bucket.name
    there = list(listed_objects(lab, name))
    acls = [] if policy_is_public(lab, name) else lab.each(there, lambda key: _acl(lab, name, key))
    private = [key for key, acl in zip(there, acls, strict=False) if not objects.is_public(acl)]
    shown = ", ".join(private[:4]) + (" …" if len(private) > 4 else "")
    yield judged(
        "public",
        there and not private,
        t("public objects"),
        t("{} of {} are private: {}", len(private), len(there), shown) if there else t("nothing is uploaded"),
        t("S3 → the bucket → Objects: select all, Actions → Make public using ACL"),
    )
    url = lab.cloud.website_url(name)
    status = checks.visit(lab, "GET", url + "/").status
    wrong = t("{} answers {}", url, status)
    mend = t(
        "403: something is private or blocked (also in the account's own Block Public Access); 404: the index document"
    )
    yield judged("page", status == 200, t("the page"), wrong, mend, live=True)


def _acl(lab: Lab, bucket: str, key: str) -> Any:
    return lab.find("s3.get_object_acl", "NoSuchKey", **objects.own(lab, bucket), Key=key)
