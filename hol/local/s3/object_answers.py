"""What S3 says with its answers and the emulator leaves out: encryption, checksums, counts, ARNs; and what S3 no longer says.

Every object is encrypted (SSE-S3) since 2023 and has a checksum since 2024; owners have no display name any more.
Recorded from AWS.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape, unescape

from hol.local.emulator import buckets as emulator_buckets
from hol.local.emulator import core as emulator
from hol.local.s3.place import Place
from hol.local.wire import Request, Response

_SSE = "x-amz-server-side-encryption"
_DISPLAY_NAME = re.compile(rb"<DisplayName>[^<]*</DisplayName>|<DisplayName\s*/>")
_LISTED = re.compile(rb"<Contents>.*?</Contents>|<Version>.*?</Version>", re.DOTALL)
_KEY = re.compile(rb"<Key>(.*?)</Key>", re.DOTALL)
_PARTS = ("acl", "tagging", "attributes", "retention", "legal-hold", "torrent", "uploads", "uploadId")
# Wording: what the emulator says → what AWS says.
_WORDS = {
    b"The Content-MD5 you specified is not valid.": b"The Content-MD5 you specified was invalid.",
    b"Your request was missing a required header.": b"Your request was missing a required header",
    b"Copy Source must mention the source bucket and key: /sourcebucket/sourcekey": b"Invalid copy source object key",
}


def corrected(request: Request, place: Place, answer: Response) -> Response:
    """The emulator's answer with what AWS adds."""
    if answer.status >= 400:
        said = replace(answer, body=_worded(answer.body))
    else:
        said = (_object if place.key else _bucket)(request, place, answer)
    if len(said.body) == len(answer.body):
        return said
    return replace(said, headers={**said.headers, "content-length": str(len(said.body))})


def _worded(body: bytes) -> bytes:
    for ours, theirs in _WORDS.items():
        body = body.replace(ours, theirs)
    return body


def _object(request: Request, place: Place, answer: Response) -> Response:
    part = next((name for name in _PARTS if name in request.query), "")
    if request.method == "DELETE" or part not in ("", "uploads", "uploadId"):
        return _attributes(request, answer) if part == "attributes" else replace(answer, body=_nameless(answer.body))
    headers = dict(answer.headers)
    if answer.status in (200, 206) and not any(name.startswith(_SSE) for name in headers):
        headers[_SSE] = "AES256"
    record = emulator_buckets.object_record(emulator.account_of(request), place.bucket, place.key)
    if request.method == "PUT" and not part and answer.status == 200:
        return _written(request, Response(answer.status, headers, answer.body), record.checksums)
    if request.method == "HEAD" and record.tags and "x-amz-tagging-count" not in headers:
        headers["x-amz-tagging-count"] = str(record.tags)
    if request.method in ("GET", "HEAD") and record.unversioned:
        headers.setdefault("x-amz-version-id", "null")
    return Response(answer.status, headers, answer.body)


def _written(request: Request, answer: Response, checksums: dict[str, str]) -> Response:
    if "x-amz-copy-source" in request.headers:
        inside = "".join(f"<Checksum{name}>{escape(value)}</Checksum{name}>" for name, value in checksums.items())
        inside += "<ChecksumType>FULL_OBJECT</ChecksumType>" if inside else ""
        return replace(
            answer, body=answer.body.replace(b"</CopyObjectResult>", inside.encode() + b"</CopyObjectResult>")
        )
    said = {f"x-amz-checksum-{name.lower()}": value for name, value in checksums.items()}
    said |= {"x-amz-checksum-type": "FULL_OBJECT"} if said else {}
    return replace(answer, headers={**answer.headers, **said})


def _attributes(request: Request, answer: Response) -> Response:
    asked = request.headers.get("x-amz-object-attributes", "")
    if "StorageClass" not in asked or b"<StorageClass>" in answer.body:
        return answer
    end = b"</GetObjectAttributesResponse>"
    opened = re.sub(rb"\s*/>$", b">" + end, answer.body)  # an empty document has no end of its own
    return replace(answer, body=opened.replace(end, b"<StorageClass>STANDARD</StorageClass>" + end))


def _nameless(body: bytes) -> bytes:
    return _DISPLAY_NAME.sub(b"", body)


def _bucket(request: Request, place: Place, answer: Response) -> Response:
    if request.method == "PUT" and not request.query and answer.status == 200:
        return replace(answer, headers={**answer.headers, "x-amz-bucket-arn": place.arn})
    if request.method == "GET" and "publicAccessBlock" in request.query:
        return replace(answer, body=_all_settings(answer.body))
    if request.method == "HEAD":
        return replace(answer, headers={**answer.headers, "x-amz-access-point-alias": "false"})
    if request.method == "GET" and (not request.query or {"list-type", "versions", "prefix"} & set(request.query)):
        account = emulator.account_of(request)
        listed = _LISTED.sub(lambda found: _with_checksum(found[0], account, place.bucket), answer.body)
        if "versions" in request.query and request.query.get("encoding-type") == ["url"]:
            listed = _encoded(listed)
        return replace(answer, body=_nameless(listed))
    return replace(answer, body=_nameless(answer.body))


def _all_settings(body: bytes) -> bytes:
    """A Block Public Access configuration with the settings that its request left out: they are off."""
    settings = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    added = "".join(f"<{name}>false</{name}>" for name in settings if f"<{name}>".encode() not in body).encode()
    end = b"</PublicAccessBlockConfiguration>"
    return body.replace(end, added + end)


def _encoded(listed: bytes) -> bytes:
    """Keys of a list of versions as `encoding-type=url` has them."""
    if b"<EncodingType>" in listed:
        return listed
    names = _KEY.sub(lambda found: b"<Key>" + quote(unescape(found[1].decode()), safe="/").encode() + b"</Key>", listed)
    return names.replace(b"</ListVersionsResult>", b"<EncodingType>url</EncodingType></ListVersionsResult>")


def _with_checksum(item: bytes, account: str, bucket: str) -> bytes:
    found = _KEY.search(item)
    if not found or b"<ChecksumAlgorithm>" in item:
        return item
    record = emulator_buckets.object_record(account, bucket, unquote(unescape(found[1].decode())))
    said = "".join(f"<ChecksumAlgorithm>{name}</ChecksumAlgorithm>" for name in record.checksums)
    said += "<ChecksumType>FULL_OBJECT</ChecksumType>" if said else ""
    return item.replace(b"</Key>", b"</Key>" + said.encode(), 1)
