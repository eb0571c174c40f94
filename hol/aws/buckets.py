"""S3 buckets: one is six facets, and its objects are a seventh.

The bucket itself with tags and object ownership, Block Public Access, website configuration, objects, their
ACLs. Bucket names are the world's, so every call says whose bucket it must be; a bucket that exists is ours only
with our tag. In us-east-1 creating a bucket that one already has answers 200 and resets its ACL, hence the look
before. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hol.aws import objects, tags
from hol.aws.objects import own
from hol.cloud.answers import Structure
from hol.cloud.labels import label, listed
from hol.cloud.tags import listed_tags, plain_tags
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.commands import cleaning, same
from hol.words.errors import ForeignError, HolError, NameTaken
from hol.words.text import counted, t

CLOSED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
OPEN = dict.fromkeys(CLOSED, False)
ENFORCED, WRITER = "BucketOwnerEnforced", "ObjectWriter"
BUCKET = Kind[dict[str, str] | None]("bucket")
_WEBSITE = Kind[Structure]("website")
_UPLOADS = Kind[list[Structure]]("uploads")
_ALL = Kind[Structure | None]("buckets")


def find(lab: Lab, name: str) -> dict[str, str] | None:
    """The tags of our bucket; None when there is none. Raises `ForeignError` or `NameTaken` when it is somebody else's."""
    return lab.once(BUCKET(name), lambda: _read(lab, name))


def _read(lab: Lab, name: str) -> dict[str, str] | None:
    reads: tuple[Callable[[Lab, str], Any], ...] = (_head, tags_of)  # side by side, each with an answer of its own
    there, found = lab.each(reads, lambda read: read(lab, name))
    if there is None:
        return None
    if not lab.owns(found):  # they may have been read just before another run made the bucket
        found = tags_of(lab, name)
    lab.require_own(t("the bucket {}", name), found)
    _require_region(lab, name, there.get("BucketRegion", lab.cloud.region))
    return dict(found)


def tags_of(lab: Lab, name: str) -> dict[str, str]:
    found = lab.find("s3.get_bucket_tagging", "NoSuchTagSet", "NoSuchBucket", **own(lab, name))
    return plain_tags((found or {}).get("TagSet"))


def _head(lab: Lab, name: str) -> Structure | None:
    try:
        return _described(lab, name)
    except HolError as error:
        # HeadBucket has no body: 403 is a stranger's bucket, 301 one of ours in another region.
        if error.failure and error.failure.code in ("403", "301", "400"):
            raise NameTaken(
                t("the bucket name {} is taken", name),
                why=t(
                    "bucket names are unique in the whole world, and this one is another account's or another region's"
                ),
                fix=t("choose another: {}", same(set="bucket.name=YOUR-BUCKET")),
            ) from error
        raise


def _require_region(lab: Lab, name: str, there: str) -> None:
    """Raises `ForeignError` for a bucket of this lab in another region."""
    # boto3 follows S3 to the bucket's own region by itself: to one that this run does not speak of.
    if there != lab.cloud.region:
        raise ForeignError(
            t("the bucket {} is in the region {}", name, there),
            why=t("this run is about {}", lab.cloud.region),
            fix=t("name its region: {}", same(region=there)),
        )


def ensure(lab: Lab, name: str, ownership: str, access: dict[str, bool]) -> None:
    """The bucket with tags, object ownership and Block Public Access."""
    found = find(lab, name)
    if found is None:
        _create(lab, name)
    elif tags.ensure_of_bucket(lab, t("tags of the bucket {}", name), own(lab, name), found):
        lab.same(t("bucket {}", name))
    lab.in_parallel(lambda: _ownership(lab, name, ownership), lambda: _access(lab, name, access))


def _create(lab: Lab, name: str) -> None:
    settings: Structure = {"Tags": listed_tags(lab.tags)}
    if lab.cloud.region != "us-east-1":  # there it must be left out
        settings["LocationConstraint"] = lab.cloud.region
    lab.change(
        "+",
        t("bucket {}", name),
        "s3.create_bucket",
        already=("BucketAlreadyOwnedByYou",),
        lost=lambda: _read(lab, name),
        Bucket=name,
        CreateBucketConfiguration=settings,
    )
    lab.learn(BUCKET(name), lab.tags)


def _ownership(lab: Lab, name: str, wanted: str) -> None:
    found = lab.find(
        "s3.get_bucket_ownership_controls", "OwnershipControlsNotFoundError", "NoSuchBucket", **own(lab, name)
    )
    current = found["OwnershipControls"]["Rules"][0]["ObjectOwnership"] if found else ENFORCED
    what = t("object ownership of {}", name)
    if current == wanted:
        lab.same(what)
        return
    lab.change(
        "~",
        what,
        "s3.put_bucket_ownership_controls",
        why=t("{} → {}", current, wanted),
        **own(lab, name),
        OwnershipControls={"Rules": [{"ObjectOwnership": wanted}]},
    )


def _access(lab: Lab, name: str, wanted: dict[str, bool]) -> None:
    found = lab.find(
        "s3.get_public_access_block", "NoSuchPublicAccessBlockConfiguration", "NoSuchBucket", **own(lab, name)
    )
    # A bucket that was just made has all four on, one without a configuration none.
    current = found["PublicAccessBlockConfiguration"] if found else (OPEN if _exists(lab, name) else CLOSED)
    what = t("Block Public Access of {}", name)
    if current == wanted:
        lab.same(what)
        return
    differing = {key: value for key, value in wanted.items() if current.get(key) != value}
    why = listed(t("{} → {}", label(key), t("on") if value else t("off")) for key, value in differing.items())
    lab.change(
        "~",
        what,
        "s3.put_public_access_block",
        why=why,
        **own(lab, name),
        PublicAccessBlockConfiguration=wanted,
    )


def _exists(lab: Lab, name: str) -> bool:
    return _described(lab, name) is not None


def _described(lab: Lab, name: str) -> Structure | None:
    return lab.find("s3.head_bucket", "404", "NoSuchBucket", **own(lab, name))


def website(lab: Lab, name: str) -> Structure:
    """The website configuration; {} when there is none."""

    def read() -> Structure:
        found = lab.find("s3.get_bucket_website", "NoSuchWebsiteConfiguration", "NoSuchBucket", **own(lab, name))
        return {key: value for key, value in (found or {}).items() if key != "ResponseMetadata"}

    return lab.once(_WEBSITE(name), read)


def ensure_website(lab: Lab, name: str, index: str, error: str) -> None:
    """Static website hosting with those two documents."""
    wanted = {"IndexDocument": {"Suffix": index}, "ErrorDocument": {"Key": error}}
    current = website(lab, name)
    what = t("static website hosting of {}", name)
    if current == wanted:
        lab.same(what)
        return
    lab.change(
        "~" if current else "+",
        what,
        "s3.put_bucket_website",
        why=t("{}, {}", index, error),
        **own(lab, name),
        WebsiteConfiguration=wanted,
    )


def remove(lab: Lab, name: str) -> None:
    """The bucket gone with the objects that hol uploaded; other objects keep it, and are named."""
    lab.read_ahead(lab.step, lambda: objects.versions(lab, name))
    lab.read_ahead(lab.step, lambda: _uploads(lab, name))
    lab.read_ahead(lab.step, lambda: _all(lab))
    if find(lab, name) is None:
        return
    foreign = _emptied(lab, name)
    if foreign is None:  # the list did not show all yet
        foreign = lab.wait(t("S3 to list all objects of {}", name), lambda: _emptied(lab, name), every=2, up_to=60)
    if foreign:
        shown = ", ".join(foreign[:5]) + (f" … (+{len(foreign) - 5})" if len(foreign) > 5 else "")
        lab.leave(
            t("bucket {}", name),
            counted(
                len(foreign),
                t("it holds 1 object that hol did not upload: {}", shown),
                t("it holds {} objects that hol did not upload: {}", len(foreign), shown),
            ),
            t("move or delete them in the S3 console, then run again: {}", cleaning()),
        )


def _emptied(lab: Lab, name: str) -> list[str] | None:
    """The bucket gone, or the keys of the other objects in it; None when S3 says that it holds more than it listed."""
    _abort_uploads(lab, name)
    foreign = objects.remove_all(lab, name)
    if foreign:
        return foreign
    try:
        _delete(lab, name)
    except HolError as error:
        if error.failure is None or error.failure.code != "BucketNotEmpty":
            raise
        lab.forget(objects.VERSIONS(name))
        lab.forget(_UPLOADS(name))
        return None
    return []


def _delete(lab: Lab, name: str) -> None:
    lab.change(
        "-",
        t("bucket {}", name),
        "s3.delete_bucket",
        already=("NoSuchBucket",),
        created=_created(lab, name),
        **own(lab, name),
    )
    lab.wait(t("the bucket {} to be gone", name), lambda: None if _exists(lab, name) else True, every=5, up_to=120)
    lab.learn(BUCKET(name), None)


def _abort_uploads(lab: Lab, name: str) -> None:
    for upload in _uploads(lab, name):
        lab.change(
            "-",
            t("unfinished upload of {}", upload["Key"]),
            "s3.abort_multipart_upload",
            already=("NoSuchUpload",),
            **own(lab, name),
            Key=upload["Key"],
            UploadId=upload["UploadId"],
        )


def _uploads(lab: Lab, name: str) -> list[Structure]:
    """The multipart uploads that were begun and never ended."""
    return lab.once(_UPLOADS(name), lambda: lab.pages("s3.list_multipart_uploads", "NoSuchBucket", **own(lab, name)))


def _all(lab: Lab) -> Structure | None:
    return lab.once(_ALL(), lambda: lab.find("s3.list_buckets", "AccessDenied"))


def _created(lab: Lab, name: str) -> Structure | None:
    """When the bucket was created; only the listing of all buckets tells."""
    listed = (_all(lab) or {}).get("Buckets", [])
    return next((bucket["CreationDate"] for bucket in listed if bucket["Name"] == name), None)
