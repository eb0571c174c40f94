"""Upload of the site folder"""

from __future__ import annotations

from hol.aws import buckets, objects
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.resources import Resources
from hol.words.text import t

from .site import folder as site_folder
from .site.contents import SDK

NEEDS = ("sdk", "bucket")
MINUTES = 4  # by hand, in the console
PERMISSIONS = (
    "s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketTagging", "s3:GetObject", "s3:GetObjectVersion",
    "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion",
)  # fmt: skip


def resources(config: Config) -> Resources:
    """What these are for."""
    return Resources(buckets=(config.bucket.name,))


def up(lab: Lab) -> None:
    """Every file of the lab's in the site folder, with its content type; unchanged files are skipped.

    What somebody else put into the folder stays on this machine, and is named: whatever is uploaded becomes public.
    """
    bucket = lab.config.bucket.name
    lab.require(buckets.find(lab, bucket), "bucket")
    files = lab.require(lab.once(site_folder.FILES(), lambda: _files(lab)), "sdk")
    for name in site_folder.strangers(lab.run.home / lab.config.site.folder):
        why = t(
            "it is not the lab's and is not uploaded; to publish it, put it into the pages folder: {}", "site.pages"
        )
        lab.note(t("{}", name), why)
    lab.in_parallel(
        lambda: objects.ensure(lab, bucket, t("SDK files in {}", bucket), files, lambda key: key.startswith(SDK)),
        lambda: objects.ensure(lab, bucket, t("pages in {}", bucket), files, lambda key: not key.startswith(SDK)),
    )
    objects.remove_stale(lab, bucket, files)


def undo(lab: Lab) -> None:
    """What hol uploaded is gone, every version of it; the bucket and other people's objects stay."""
    bucket = lab.config.bucket.name
    if buckets.find(lab, bucket) is not None:
        objects.remove_all(lab, bucket)


def _files(lab: Lab) -> list[objects.File] | None:
    folder = lab.run.home / lab.config.site.folder
    return (
        [objects.File(name, folder / name) for name in site_folder.ours(folder)]
        if site_folder.manifest(folder)
        else None
    )
