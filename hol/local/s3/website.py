"""S3's website endpoints: what a browser sees of a bucket.

A site answers at `http://{bucket}.s3-website-{region}.localhost:{port}/` (browsers resolve such names to this
machine by themselves; the dotted form and the form without a region answer, too) and, for clients that do not, at
`/_hol/website/{bucket}/`. Unlike the REST API, a website endpoint knows index and error documents, speaks HTML, and
treats everybody as anonymous: what it shows is what object ACLs, the bucket policy and Block Public Access let the
public read. https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from hol.local.emulator import buckets as emulator_buckets
from hol.local.emulator import core as emulator
from hol.local.s3 import control
from hol.local.wire import Emulator, Request, Response

HOST = re.compile(r"(?P<bucket>[a-z0-9][a-z0-9.-]*)\.s3-website(?:[-.](?P<region>[a-z0-9-]+))?\.localhost")
PATH = re.compile(r"/_hol/website/(?P<bucket>[^/]+)(?P<key>/.*)?", re.DOTALL)
READ = (200, 206, 304, 412, 416)
TITLES = {403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"}
MESSAGES = {
    "AccessDenied": "Access Denied",
    "MethodNotAllowed": "The specified method is not allowed against this resource.",
    "NoSuchBucket": "The specified bucket does not exist",
    "NoSuchKey": "The specified key does not exist.",
    "NoSuchWebsiteConfiguration": "The specified bucket does not have a website configuration",
}


@dataclass(frozen=True)
class Visit:
    """A request to a site: its key as asked for, and what stands before the key in links to the site."""

    bucket: str
    key: str
    root: str
    request: Request

    async def read(self, key: str, method: str = "") -> Response:
        kept = {name: self.request.headers[name] for name in control.CONDITIONS if name in self.request.headers}
        return await emulator.anonymous_get(self.bucket, key, method or self.request.method, kept)


@dataclass(frozen=True)
class Failure:
    """An error as S3 names it; `facts` are the further lines of its page."""

    status: int
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def lines(self) -> list[tuple[str, str]]:
        return [("Code", self.code), ("Message", MESSAGES.get(self.code, self.code)), *self.facts]


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers requests to a site, by its host name or its path."""
    visit = _visit(request)
    return await _answer(visit) if visit else None


def _visit(request: Request) -> Visit | None:
    by_host = HOST.fullmatch(request.host)
    if by_host:
        return Visit(by_host["bucket"], request.path.removeprefix("/"), "/", request)
    by_path = PATH.fullmatch(request.path)
    if by_path:
        root = f"/_hol/website/{by_path['bucket']}/"
        return Visit(by_path["bucket"], (by_path["key"] or "").removeprefix("/"), root, request)
    return None


async def _answer(visit: Visit) -> Response:
    if visit.request.method not in ("GET", "HEAD"):
        facts = (("Method", visit.request.method), ("ResourceType", "OBJECT"))
        return _page(visit, Failure(405, "MethodNotAllowed", facts), allow="GET, HEAD")
    if emulator.bucket_owner(visit.bucket) is None:
        return _page(visit, Failure(404, "NoSuchBucket", (("BucketName", visit.bucket),)))
    site = emulator.website_configuration(visit.bucket)
    if site is None or not site["index"]:
        return _page(visit, Failure(404, "NoSuchWebsiteConfiguration", (("BucketName", visit.bucket),)))
    if visit.request.path + "/" == visit.root:
        return _redirect(302, visit.root)
    return await _document(visit, site["index"], site["error"])


async def _document(visit: Visit, index: str, error: str | None) -> Response:
    folder = visit.key == "" or visit.key.endswith("/")
    key = visit.key + index if folder else visit.key
    found = await visit.read(key)
    if found.status in READ:
        return _shown(found, visit)
    if not folder and (await visit.read(f"{visit.key}/{index}", "HEAD")).status in READ:
        return _redirect(302, visit.root + quote(visit.key) + "/")
    return await _error(visit, await _failure(visit.bucket, key), error)


async def _failure(bucket: str, key: str) -> Failure:
    """Why a key cannot be shown: to a public without s3:ListBucket a missing object looks like a private one."""
    keys = await emulator_buckets.anonymous_keys(bucket, key)
    return Failure(403, "AccessDenied") if keys is None or key in keys else Failure(404, "NoSuchKey", (("Key", key),))


async def _error(visit: Visit, failure: Failure, document: str | None) -> Response:
    """The site's own error document with the status of the failure, else S3's page."""
    if not document:
        return _page(visit, failure)
    bare = Visit(visit.bucket, document, visit.root, Request("GET", "", "", {}, {}))
    found = await bare.read(document)
    if found.status != 200:
        return _page(visit, failure, await _failure(visit.bucket, document))
    shown = _shown(found, visit)
    body = b"" if visit.request.method == "HEAD" else shown.body
    return Response(failure.status, {**shown.headers, **_error_headers(failure)}, body)


def _shown(found: Response, visit: Visit) -> Response:
    headers = {name: value for name, value in found.headers.items() if name not in ("date", "connection")}
    target = headers.pop("x-amz-website-redirect-location", None)
    if target and found.status == 200:
        return _redirect(301, visit.root + target.removeprefix("/") if target.startswith("/") else target)
    return Response(found.status, headers, found.body)


def _redirect(status: int, target: str) -> Response:
    return Response(status, {"location": target, **_identity()})


def _page(visit: Visit, failure: Failure, on_the_way: Failure | None = None, **headers: str) -> Response:
    """S3's HTML page for a failure; `on_the_way` is what prevented the site's own error document."""
    title = f"{failure.status} {TITLES[failure.status]}"
    identity = _identity()
    ids = [("RequestId", identity["x-amz-request-id"]), ("HostId", identity["x-amz-id-2"])]
    parts = [f"<h1>{title}</h1>", _list([*failure.lines(), *ids])]
    if on_the_way:
        parts += [
            "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>",
            _list(on_the_way.lines()),
        ]
    html = f"<html>\n<head><title>{title}</title></head>\n<body>\n{chr(10).join(parts)}\n<hr/>\n</body>\n</html>\n"
    body = b"" if visit.request.method == "HEAD" else html.encode()
    kind = {"content-type": "text/html; charset=utf-8"}
    return Response(failure.status, {**kind, **identity, **_error_headers(failure), **headers}, body)


def _list(lines: list[tuple[str, str]]) -> str:
    items = "\n".join(f"<li>{name}: {escape(value)}</li>" for name, value in lines)
    return f"<ul>\n{items}\n</ul>"


def _error_headers(failure: Failure) -> dict[str, str]:
    return {"x-amz-error-code": failure.code, "x-amz-error-message": MESSAGES.get(failure.code, failure.code)}


def _identity() -> dict[str, str]:
    return {"x-amz-request-id": secrets.token_hex(8).upper(), "x-amz-id-2": secrets.token_urlsafe(56)}
