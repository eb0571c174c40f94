"""S3 bucket with static website hosting"""

from __future__ import annotations

from hol.aws import buckets, objects, public_objects
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.resources import Resources

NEEDS = ()
MINUTES = 4  # by hand, in the console
PERMISSIONS = (
    "s3:CreateBucket", "s3:DeleteBucket", "s3:ListBucket", "s3:ListBucketVersions", "s3:ListAllMyBuckets",
    "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload", "s3:GetBucketTagging", "s3:PutBucketTagging",
    "s3:TagResource", "s3:GetBucketOwnershipControls", "s3:PutBucketOwnershipControls",
    "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock", "s3:GetBucketWebsite", "s3:PutBucketWebsite",
    "s3:GetBucketPolicy",
    "s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion",
)  # fmt: skip


def resources(config: Config) -> Resources:
    """What these are for."""
    return Resources(buckets=(config.bucket.name,))


def up(lab: Lab) -> None:
    """Bucket, object ownership with ACLs, Block Public Access off, website hosting."""
    settings = lab.config.bucket
    lab.read_ahead("bucket", lambda: buckets.website(lab, settings.name))
    lab.read_ahead("upload", lambda: objects.current(lab, settings.name))
    lab.read_ahead("public", lambda: public_objects.acls(lab, settings.name))
    buckets.ensure(lab, settings.name, buckets.WRITER, buckets.OPEN)
    buckets.ensure_website(lab, settings.name, settings.index, settings.error)
    lab.output("website_url", website(lab))


def website(lab: Lab) -> str:
    """Where what is in the bucket can be opened."""
    return lab.cloud.website_url(lab.config.bucket.name)


def down(lab: Lab) -> None:
    """The bucket gone with everything that hol uploaded."""
    buckets.remove(lab, lab.config.bucket.name)
