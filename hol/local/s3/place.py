"""Which bucket and key a request of S3 is about, in either of the two ways to name them."""

from __future__ import annotations

import re
from typing import NamedTuple

from hol.local.wire import Request

_HOST = re.compile(r"(?P<bucket>.+?)(?:\.s3(?:[.-][a-z0-9-]+)?)?\.localhost")
_S3_HOST = re.compile(r"(?:s3(?:[.-][a-z0-9-]+)?\.)?localhost|[\d.]+|\[.*")


class Place(NamedTuple):
    """The bucket and the key that a request is about; the key may be empty."""

    bucket: str
    key: str

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.bucket}" + (f"/{self.key}" if self.key else "")


def bucket_of_host(host: str) -> str:
    """The bucket that the host names; "" when it is S3's own, and the path names the bucket."""
    found = None if _S3_HOST.fullmatch(host) else _HOST.fullmatch(host)
    return found["bucket"] if found else ""


def place_of(request: Request) -> Place:
    """What a path-style or a virtual-hosted request names."""
    path, by_host = request.path.removeprefix("/"), bucket_of_host(request.host)
    if by_host:
        return Place(by_host, path)
    bucket, _, key = path.partition("/")
    return Place(bucket, key)
