"""Make public"""

from __future__ import annotations

from hol.aws import buckets, objects, public_objects
from hol.aws.gateway import apis
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.resources import Resources

from .site import checks

NEEDS = ("upload",)
MINUTES = 2  # by hand, in the console
PERMISSIONS = (
    "s3:ListBucket", "s3:GetBucketTagging", "s3:GetObject", "s3:GetObjectAcl", "s3:PutObjectAcl", "apigateway:GET",
)  # fmt: skip


def resources(config: Config) -> Resources:
    """What these are for."""
    return Resources(buckets=(config.bucket.name,))


def up(lab: Lab) -> None:
    """Every object of the site readable by everyone."""
    bucket = lab.config.bucket.name
    lab.require(buckets.find(lab, bucket), "bucket")
    public_objects.ensure(lab, bucket, lab.require(objects.uploaded(lab, bucket), "upload"))


def page(lab: Lab) -> str:
    """`hol open`: the address, once the page is uploaded."""
    bucket = lab.config.bucket
    lab.require(objects.head(lab, bucket.name, bucket.index), "upload")
    return lab.cloud.website_url(bucket.name)


def check(lab: Lab) -> None:
    """The page over HTTP, and a call from its origin as a browser makes it."""
    website = lab.cloud.website_url(lab.config.bucket.name)
    checks.page(lab, website)
    api = apis.required(lab, lab.config.api.name, "api")["id"]
    checks.call_from(lab, lab.cloud.invoke_url(api, lab.config.stage.name), website)


def undo(lab: Lab) -> None:
    """What hol uploaded is for the account only, as it was before."""
    bucket = lab.config.bucket.name
    if buckets.find(lab, bucket) is not None:
        public_objects.remove(lab, bucket, objects.uploaded(lab, bucket) or ())
