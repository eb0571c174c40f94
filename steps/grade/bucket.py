"""A look at the bucket: where it is, its website, and the locks before public objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hol.aws import buckets, objects
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.teach.grade import iam
from hol.teach.grade.finding import Finding, judged
from hol.teach.grade.near import peek, similar, visible
from hol.words.errors import ForeignError
from hol.words.text import Text, t

_POLICY = Kind[iam.Policy]("graded bucket policy")
_BLOCKS = Kind[dict[str, tuple[str, ...]]]("graded blocks")
_PERMISSIONS = t("S3 → the bucket → Permissions")
_PROPERTIES = t("S3 → the bucket → Properties")


def grade(lab: Lab) -> Iterator[Finding]:
    """The bucket, website hosting, and whatever locks objects before the public."""
    name = lab.config.bucket.name
    what = t("bucket {}", name)
    found, refused = _found(lab, name)
    if found is None:
        mend = t("S3 → Create bucket, with exactly the name {}, in the region {}", name, lab.cloud.region)
        yield Finding("missing", what, refused or _missing(lab, name), mend)
        return
    place = _region(lab, name)
    yield Finding("missing", what)
    mend = t("delete it and make it again in {}", lab.cloud.region)
    yield judged(
        "region",
        place in ("", lab.cloud.region),
        what,
        t("it is in the region {}, not {}", place, lab.cloud.region),
        mend,
    )
    if place in ("", lab.cloud.region):
        yield from _locks(lab, name)
        yield from _website(lab, name)
        yield from _settings(lab, name)


def _found(lab: Lab, name: str) -> tuple[Any, Text | None]:
    """Our bucket's tags; None, and why, when it is somebody else's."""
    try:
        return buckets.find(lab, name), None
    except ForeignError as error:
        place = _region(lab, name)
        return ({}, None) if place not in ("", lab.cloud.region) else (None, error.why or error.what)


def _missing(lab: Lab, name: str) -> Text:
    names = [one["Name"] for one in (peek(lab, "s3.list_buckets") or {}).get("Buckets", [])]
    near = similar(lab, name, names)
    return t("there is {} instead: compare it letter by letter", near) if near else t("there is no such bucket")


def _region(lab: Lab, name: str) -> str:
    answer = lab.find("s3.get_bucket_location", "NoSuchBucket", "AccessDenied", Bucket=name)
    return "" if answer is None else str(answer.get("LocationConstraint") or "us-east-1")


def policy(lab: Lab, name: str) -> iam.Policy:
    """The bucket policy, as IAM reads it for somebody without credentials, over plain HTTP as a website is asked."""

    def read() -> iam.Policy:
        answer = lab.find("s3.get_bucket_policy", "NoSuchBucketPolicy", "NoSuchBucket", **objects.own(lab, name))
        document = iam.parsed(answer["Policy"]) if answer else {}
        meant = [one for one in iam.listed(document.get("Statement")) if iam.everybody(one.get("Principal"))]
        return iam.Policy(name, "resource", {"Statement": meant})

    return lab.once(_POLICY(name), read)


def reading(lab: Lab, name: str, key: str) -> iam.Verdict:
    """What the bucket policy says to a visitor who asks for that object."""
    call = iam.Call("s3:GetObject", f"arn:{lab.cloud.partition}:s3:::{name}/{key}", {"aws:SecureTransport": "false"})
    return iam.verdict([policy(lab, name)], call)


def blocks(lab: Lab, name: str) -> dict[str, tuple[str, ...]]:
    """Block Public Access: the settings that are on, of the bucket and of the account."""

    def read() -> dict[str, tuple[str, ...]]:
        none = "NoSuchPublicAccessBlockConfiguration"
        own = lab.find("s3.get_public_access_block", none, **objects.own(lab, name))
        account = peek(lab, "s3control.get_public_access_block", none, AccountId=lab.cloud.account)
        both = {"bucket": own, "account": account}
        return {
            whose: tuple(key for key, on in ((found or {}).get("PublicAccessBlockConfiguration") or {}).items() if on)
            for whose, found in both.items()
        }

    return lab.once(_BLOCKS(name), read)


def ownership(lab: Lab, name: str) -> str:
    controls = lab.find("s3.get_bucket_ownership_controls", "OwnershipControlsNotFoundError", **objects.own(lab, name))
    return str(controls["OwnershipControls"]["Rules"][0]["ObjectOwnership"]) if controls else buckets.ENFORCED


def _locks(lab: Lab, name: str) -> Iterator[Finding]:
    by_policy = reading(lab, name, lab.config.bucket.index).allowed
    matters = ("BlockPublicPolicy", "RestrictPublicBuckets") if by_policy else ("BlockPublicAcls", "IgnorePublicAcls")
    for whose, on in blocks(lab, name).items():
        shut = [key for key in on if key in matters]
        what = t("Block Public Access of the bucket") if whose == "bucket" else t("Block Public Access of the account")
        mend = (
            t("{} → Block public access → Edit: untick Block all public access", _PERMISSIONS)
            if whose == "bucket"
            else t(
                "S3 → Block Public Access settings for this account → Edit: untick Block all public access; ask whoever runs the account"
            )
        )
        only_new = set(shut) <= {"BlockPublicAcls", "BlockPublicPolicy"}
        said = t("it is on: {}", ", ".join(shut))
        found = judged("block public access", not shut, what, said, mend, doubtful=only_new)
        yield replace(found, theirs=whose == "account")
    owned = ownership(lab, name)
    wrong = t("ACLs are disabled ({}), so nothing can be made public with them", owned)
    mend = t("{} → Object Ownership → Edit: ACLs enabled, Object writer", _PERMISSIONS)
    yield judged("ownership", by_policy or owned != buckets.ENFORCED, t("object ownership of the bucket"), wrong, mend)
    yield _denied(lab, name)


def _denied(lab: Lab, name: str) -> Finding:
    """No Deny of the bucket policy keeps visitors from the page or its scripts."""
    keys = (lab.config.bucket.index, lab.config.bucket.error, "apigClient.js", "lib/axios/dist/axios.standalone.js")
    found = next((one for key in keys if (one := reading(lab, name, key)).denied), None)
    said = json.dumps(found.statement, ensure_ascii=False) if found else ""
    wrong = t("it denies visitors to read: {}", said)
    mend = t("{} → Bucket policy → Edit: take out the statement with the effect Deny", _PERMISSIONS)
    return judged("policy", found is None, t("bucket policy"), wrong, mend)


def _website(lab: Lab, name: str) -> Iterator[Finding]:
    wanted, edit = lab.config.bucket, t("{} → Static website hosting → Edit", _PROPERTIES)
    found = lab.find("s3.get_bucket_website", "NoSuchWebsiteConfiguration", **objects.own(lab, name))
    away = _redirected(found or {})
    wrong = t("it redirects requests to {}", away) if away else t("it is off")
    mend = t("{}: Enable, Host a static website, {} and {}, no redirection rules", edit, wanted.index, wanted.error)
    yield judged("website", found is not None and not away, t("static website hosting"), wrong, mend)
    if found is None or away:
        return
    index = found.get("IndexDocument", {}).get("Suffix", "-")
    error = found.get("ErrorDocument", {}).get("Key", "-")
    for facet, what, have, right in (
        ("index document", t("index document"), index, wanted.index),
        ("error document", t("error document"), error, wanted.error),
    ):
        wrong, harmless = t("it is “{}”, not “{}”", visible(have), right), facet == "error document"
        yield judged(facet, have == right, what, wrong, t("{}: {} {}", edit, what, right), harmless=harmless)


def _redirected(found: Any) -> str:
    """Where requests are sent to; "" when they are answered here."""
    if "RedirectAllRequestsTo" in found:
        return str(found["RedirectAllRequestsTo"].get("HostName", "-"))
    always = [one["Redirect"] for one in found.get("RoutingRules", []) if not one.get("Condition")]
    return ", ".join(str(one.get("HostName") or one.get("ReplaceKeyWith") or "-") for one in always)


def _settings(lab: Lab, name: str) -> Iterator[Finding]:
    """What makes objects unreadable for visitors without credentials."""
    answer = peek(
        lab, "s3.get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError", **objects.own(lab, name)
    )
    rules = (answer or {}).get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    kinds = [one.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "") for one in rules]
    with_key = ", ".join(kind for kind in kinds if kind.startswith("aws:kms"))
    wrong = t("it is {}: visitors cannot read what is uploaded from now on", with_key)
    mend = t("{} → Default encryption → Edit: SSE-S3", _PROPERTIES)
    yield judged("encryption", not with_key, t("default encryption"), wrong, mend, harmless=True)
    payer = (peek(lab, "s3.get_bucket_request_payment", **objects.own(lab, name)) or {}).get("Payer", "BucketOwner")
    wrong = t("the payer is {}: a website then answers 403", payer)
    mend = t("{} → Requester pays → Edit: Disable", _PROPERTIES)
    yield judged("requester pays", payer != "Requester", t("requester pays"), wrong, mend)
