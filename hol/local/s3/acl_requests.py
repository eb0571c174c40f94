"""The form of an ACL request, which S3 looks at before anything else, whether the bucket takes ACLs or not.

A canned ACL, grants in headers, or a document; one of them, and well formed. Recorded from AWS for PutBucketAcl and PutObjectAcl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree

CANNED = (
    "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
    "bucket-owner-full-control", "log-delivery-write",
)  # fmt: skip
GROUPS = tuple(
    f"http://acs.amazonaws.com/groups/{name}"
    for name in ("global/AllUsers", "global/AuthenticatedUsers", "s3/LogDelivery")
)
PERMISSIONS = ("FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP")
MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema"
_ID = re.compile(r"[0-9a-f]{64}")
_GRANT = re.compile(r"\s*(?P<kind>id|uri|emailAddress)=\"?(?P<value>[^\",]*)\"?\s*")
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Refusal(NamedTuple):
    """An S3 error: code, message, and further elements."""

    code: str
    message: str
    facts: tuple[tuple[str, str], ...] = ()


def refusal(headers: Mapping[str, str], body: bytes) -> Refusal | None:
    """Why S3 refuses the ACL of a request for its form; None when it is well formed."""
    return next(_refusals(headers, body), None)


def _refusals(headers: Mapping[str, str], body: bytes) -> Iterator[Refusal]:
    canned = headers.get("x-amz-acl")
    grants = {name: value for name, value in headers.items() if name.startswith("x-amz-grant-")}
    if canned is not None and canned not in CANNED:
        yield _argument("", "x-amz-acl", canned)
    if canned is not None and grants:
        yield Refusal("InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed")
    if (canned is not None or grants) and body.strip():
        yield Refusal("UnexpectedContent", "This request does not support content")
    for name, value in grants.items():
        yield from _granted(name, value)
    if canned is None and not grants:
        yield from _document(body)


def _granted(name: str, value: str) -> Iterator[Refusal]:
    for one in value.split(","):
        found = _GRANT.fullmatch(one)
        if not found:
            yield _argument("Argument format not recognized", name, value)
        elif found["kind"] == "uri" and found["value"] not in GROUPS:
            yield _argument("Invalid group uri", "uri", found["value"])
        elif found["kind"] == "id" and not _ID.fullmatch(found["value"]):
            yield _argument("Invalid id", "id", found["value"])


def _document(body: bytes) -> Iterator[Refusal]:
    if not body.strip():
        yield Refusal(
            "MissingSecurityHeader", "Your request was missing a required header", (("MissingHeaderName", "x-amz-acl"),)
        )
        return
    try:
        tree = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        yield Refusal("MalformedACLError", MALFORMED)
        return
    if tree.find("{*}Owner") is None or tree.find("{*}AccessControlList") is None:
        yield Refusal("MalformedACLError", MALFORMED)
        return
    grants = tree.findall("{*}AccessControlList/{*}Grant")
    if any(not _well_formed(grant) for grant in grants):
        yield Refusal("MalformedACLError", MALFORMED)
    for grantee in (tree.find("{*}Owner"), *(grant.find("{*}Grantee") for grant in grants)):
        yield from _known(grantee)


def _well_formed(grant: ElementTree.Element) -> bool:
    grantee = grant.find("{*}Grantee")
    kind = grantee.get(_TYPE) if grantee is not None else None
    return (
        kind in ("CanonicalUser", "AmazonCustomerByEmail", "Group") and grant.findtext("{*}Permission") in PERMISSIONS
    )


def _known(who: ElementTree.Element | None) -> Iterator[Refusal]:
    if who is None:
        return
    own, group = who.findtext("{*}ID"), who.findtext("{*}URI")
    if own is not None and not _ID.fullmatch(own):
        yield _argument("Invalid id", "CanonicalUser/ID", own)
    if group is not None and group not in GROUPS:
        yield _argument("Invalid group uri", "Group/URI", group)


def _argument(message: str, name: str, value: str) -> Refusal:
    return Refusal("InvalidArgument", message, (("ArgumentName", name), ("ArgumentValue", value)))
