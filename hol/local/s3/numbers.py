"""Numbers in a request of S3 that are none: AWS names the parameter, or calls the document malformed.

The names are those of the integer members of botocore's model of S3.
"""

from __future__ import annotations

import re

from hol.local.s3.acl_requests import MALFORMED, Refusal
from hol.local.wire import Request

IN_QUERY = (
    "max-buckets", "max-directory-buckets", "max-keys", "max-parts", "max-uploads", "max-annotation-results", "part-number-marker", "partNumber",
)  # fmt: skip
IN_HEADERS = (
    "x-amz-object-lock-event-hold-duration-days", "x-amz-object-lock-event-hold-duration-years", "x-amz-part-number-marker", "x-amz-max-parts",
    "x-amz-if-match-size", "x-amz-mp-object-size", "x-amz-write-offset-bytes",
)  # fmt: skip
IN_BODY = (
    "Size", "MaxAgeSeconds", "Years", "PartNumber", "Days", "NoncurrentDays", "NewerNoncurrentVersions", "Priority", "ObjectSizeLessThan",
    "ObjectSizeGreaterThan", "DaysAfterInitiation", "Minutes",
)  # fmt: skip
_NUMBER = re.compile(r"\d{1,10}")
_IN_BODY = re.compile(rf"<(?:\w+:)?({'|'.join(IN_BODY)})>\s*([^<]*?)\s*</".encode())
_LARGEST_DOCUMENT = 1024 * 1024


def refusal(request: Request) -> Refusal | None:
    """Why AWS does not read the request; None when every number is one."""
    for name in IN_QUERY:
        for value in request.query.get(name, []):
            if value and not _NUMBER.fullmatch(value):
                return _argument(name)
    for name in IN_HEADERS:
        if name in request.headers and not _NUMBER.fullmatch(request.headers[name]):
            return _argument(name)
    document = request.query and request.method in ("PUT", "POST") and len(request.body) <= _LARGEST_DOCUMENT
    found = _IN_BODY.finditer(request.body) if document and request.body.lstrip()[:1] == b"<" else ()
    wrong = any(not re.fullmatch(rb"-?\d{1,10}", one[2]) for one in found)
    return Refusal("MalformedXML", MALFORMED) if wrong else None


def _argument(name: str) -> Refusal:
    if name == "partNumber":
        return Refusal("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
    return Refusal("InvalidArgument", f"Provided {name} not an integer or within integer range")
