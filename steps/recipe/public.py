"""Everything in the bucket made public, in bash and in Python."""

from __future__ import annotations

import shlex

from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.teach.blanks import Recipe

_SHELL = """aws s3api list-objects-v2 --bucket {bucket} --query 'Contents[].[Key]' --output text | while IFS= read -r key; do
  aws s3api put-object-acl --bucket {bucket} --key "$key" --acl public-read < /dev/null
done"""
_PYTHON = """for item in s3.list_objects_v2(Bucket={bucket!r})["Contents"]:
    s3.put_object_acl(Bucket={bucket!r}, Key=item["Key"], ACL="public-read")"""


def recipe(lab: Lab, event: Event) -> Recipe:
    """Each object's ACL."""
    bucket = lab.config.bucket.name
    return Recipe(_SHELL.format(bucket=shlex.quote(bucket)), _PYTHON.format(bucket=bucket), ("s3",))
