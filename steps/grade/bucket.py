"""A look at the bucket: where it is, its website, and the locks before public objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hol.aws import buckets, objects
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, covers, judged, listed, statements
from hol.teach.grade.finding import names as about
from hol.words.errors import ForeignError
from hol.words.text import t

_PERMISSIONS = t("S3 → the bucket → Permissions")


def grade(lab: Lab) -> Iterator[Finding]:
    """The bucket, website hosting, and the two locks before public objects."""
    name = lab.config.bucket.name
    try:
        found = buckets.find(lab, name)
    except ForeignError as error:
        place = _region(lab, name)
        wrong = (
            t("it is in the region {}, not {}", place, lab.cloud.region)
            if place not in ("", lab.cloud.region)
            else error.why or error.what
        )
        yield Finding("bucket", t("bucket {}", name), wrong, t("delete it and make it again in {}", lab.cloud.region))
        return
    place = _region(lab, name) if found is not None else lab.cloud.region
    wrong = (
        t("there is no such bucket") if found is None else t("it is in the region {}, not {}", place, lab.cloud.region)
    )
    mend = t("S3 → Create bucket, with exactly this name, in the region {}", lab.cloud.region)
    yield judged("bucket", found is not None and place in ("", lab.cloud.region), t("bucket {}", name), wrong, mend)
    if found is not None:
        yield from _locks(lab, name)
        yield from _website(lab, name)


def _region(lab: Lab, name: str) -> str:
    answer = lab.find("s3.get_bucket_location", "NoSuchBucket", "AccessDenied", Bucket=name)
    return "" if answer is None else str(answer.get("LocationConstraint") or "us-east-1")


def policy_is_public(lab: Lab, name: str) -> bool:
    """A bucket policy that lets everybody read is as right as ACLs."""
    answer = lab.find("s3.get_bucket_policy", "NoSuchBucketPolicy", "NoSuchBucket", **objects.own(lab, name))
    sample = f"arn:{lab.cloud.partition}:s3:::{name}/index.html"
    return any(
        about(s, "s3:GetObject") and covers(s.get("Resource"), sample) and _everybody(s.get("Principal"))
        for s in statements([answer["Policy"]] if answer else [])
    )


def _everybody(principal: Any) -> bool:
    return principal == "*" or (isinstance(principal, dict) and "*" in listed(principal.get("AWS")))


def _locks(lab: Lab, name: str) -> Iterator[Finding]:
    by_policy = policy_is_public(lab, name)
    found = lab.find("s3.get_public_access_block", "NoSuchPublicAccessBlockConfiguration", **objects.own(lab, name))
    settings = found["PublicAccessBlockConfiguration"] if found else {}
    matters = (
        ("BlockPublicPolicy", "RestrictPublicBuckets")
        if by_policy
        else ("BlockPublicAcls", "IgnorePublicAcls", "RestrictPublicBuckets")
    )
    on = [key for key in matters if settings.get(key)]
    yield judged(
        "Block Public Access",
        not on,
        t("Block Public Access of the bucket"),
        t("it is on: {}", ", ".join(on)),
        t("{} → Block public access → Edit: untick Block all public access", _PERMISSIONS),
    )
    controls = lab.find("s3.get_bucket_ownership_controls", "OwnershipControlsNotFoundError", **objects.own(lab, name))
    ownership = controls["OwnershipControls"]["Rules"][0]["ObjectOwnership"] if controls else buckets.ENFORCED
    yield judged(
        "object ownership",
        by_policy or ownership != buckets.ENFORCED,
        t("object ownership of the bucket"),
        t("ACLs are disabled ({}), so nothing can be made public with them", ownership),
        t("{} → Object Ownership → Edit: ACLs enabled, Object writer", _PERMISSIONS),
    )


def _website(lab: Lab, name: str) -> Iterator[Finding]:
    wanted, edit = lab.config.bucket, t("S3 → the bucket → Properties → Static website hosting → Edit")
    found = lab.find("s3.get_bucket_website", "NoSuchWebsiteConfiguration", **objects.own(lab, name))
    hosts = found is not None and "RedirectAllRequestsTo" not in found
    wrong = t("it redirects all requests") if found else t("it is off")
    yield judged("website", hosts, t("static website hosting"), wrong, t("{}: Enable", edit))
    if found is None or not hosts:
        return
    index = found.get("IndexDocument", {}).get("Suffix", "-")
    error = found.get("ErrorDocument", {}).get("Key", "-")
    for facet, what, have, right in (
        ("index document", t("index document"), index, wanted.index),
        ("error document", t("error document"), error, wanted.error),
    ):
        yield judged(facet, have == right, what, t("it is {}, not {}", have, right), t("{}: {} {}", edit, what, right))
