"""The XML that a bucket's and an object's settings are put with: a document at all, and tags that are tags.

The emulator keeps whatever it is sent, and answers with it later, so that no client can read what it set. Recorded from AWS: `InvalidTag`,
`MalformedXML`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from hol.local.s3.acl_requests import MALFORMED, Refusal
from hol.local.s3.place import Place
from hol.local.wire import Request

_SETTINGS = frozenset((
    "cors", "lifecycle", "tagging", "versioning", "encryption", "notification", "replication", "logging", "ownershipControls",
    "publicAccessBlock", "requestPayment", "accelerate", "inventory", "analytics", "metrics", "intelligent-tiering", "object-lock", "retention",
    "legal-hold",
))  # fmt: skip
_MOST_ON_OBJECTS = 10
_ALLOWED = re.compile(r"[\w\s.:/=+\-@]*")
_LONGEST_KEY, _LONGEST_VALUE = 128, 256
Tag = tuple[str, str]


def refusal(request: Request, place: Place) -> Refusal | None:
    """Why S3 does not take the settings in the request."""
    if request.method != "PUT":
        return None
    header = request.headers.get("x-amz-tagging")
    if header is not None and not request.query:
        return _wrong_tags(parse_qsl(header, keep_blank_values=True), on_object=True)
    asked = _SETTINGS & set(request.query)
    if not asked or "aws-chunked" in request.headers.get("content-encoding", ""):
        return None
    try:
        tree = ElementTree.fromstring(request.body)
    except ElementTree.ParseError:
        return Refusal("MalformedXML", MALFORMED)
    if asked != {"tagging"}:
        return None
    tags = [(one.findtext("{*}Key") or "", one.findtext("{*}Value") or "") for one in tree.iterfind("{*}TagSet/{*}Tag")]
    return _wrong_tags(tags, on_object=bool(place.key))


def _wrong_tags(tags: Iterable[Tag], on_object: bool) -> Refusal | None:
    listed = list(tags)
    if on_object and len(listed) > _MOST_ON_OBJECTS:
        return Refusal("BadRequest", f"Object tags cannot be greater than {_MOST_ON_OBJECTS}")
    for key, value in listed:
        if not key or len(key) > _LONGEST_KEY or not _ALLOWED.fullmatch(key):
            return Refusal("InvalidTag", "The TagKey you have provided is invalid")
        if key.lower().startswith("aws:"):
            return Refusal("InvalidTag", "System tags cannot be added/updated by requester")
        if len(value) > _LONGEST_VALUE or not _ALLOWED.fullmatch(value):
            return Refusal("InvalidTag", "The TagValue you have provided is invalid")
    if len({key for key, _ in listed}) < len(listed):
        return Refusal("InvalidTag", "Cannot provide multiple Tags with the same key")
    return None
