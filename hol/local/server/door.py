"""Who may talk to the local AWS, decided from the request line and the headers alone, before a byte of the body is read.

The local AWS believes any account number and runs the code it is given, so no web page may reach its control plane.
What a request can reach is one row of a closed table:

| host                               | path                                         | reaches                        |
| ---------------------------------- | -------------------------------------------- | ------------------------------ |
| `{api}.execute-api[.…].localhost`  | any                                          | that API's stages, else a 403  |
| `{bucket}.s3-website….localhost`   | any                                          | that site, else S3's own 404   |
| loopback address, `localhost`      | `/_aws/execute-api/…`, `…/_user_request_/…`  | that API's stages, else a 403  |
| loopback address, `localhost`      | `/_hol/website/…`                            | that site, else S3's own 404   |
| loopback address, `localhost`      | `/_hol/…` with the header X-Hol, no mark     | hol's own questions            |
| these, `{bucket}[.s3….].localhost` | an object, GET or HEAD, not signed           | the object, if it is public    |
| these, `{bucket}[.s3….].localhost` | any, signed, no mark                         | the control plane              |

A mark is a header that only browsers send (`Origin`, `Sec-Fetch-*`, `Referer`, …). Signed means what no page can send
without asking first (CORS), and no address can carry: an `Authorization` header of AWS's, or `X-Amz-Target`; a signature
in the query counts for objects only. Everything else is refused, names of the web that resolve to 127.0.0.1 included.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from hol.local import constraints
from hol.local.emulator import buckets as emulator_buckets
from hol.local.emulator import core as emulator
from hol.local.emulator import gateway as emulator_gateway
from hol.local.gateway import stage as gateway
from hol.local.s3 import control as buckets
from hol.local.s3 import website
from hol.local.s3.place import place_of
from hol.local.wire import Request, Response, Scope

MEGABYTE = 1024 * 1024
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]+")
_MARKS = ("origin", "referer", "ping-from", "ping-to", "upgrade-insecure-requests")
_MARK_BEGINNINGS = ("sec-", "access-control-request-")
# Not Basic: an address such as http://user:word@127.0.0.1/ makes a browser send it.
_SIGNATURES = ("aws4-", "aws ", "bearer ")
_QUERY_SIGNATURES = ("x-amz-credential", "x-amz-signature", "x-amz-algorithm", "awsaccesskeyid", "signature")
_OWN_HEADER = "x-hol"
_FORM = "application/x-www-form-urlencoded"
# What the emulator itself hands out an address for: a function's code (GET), a stack's answer (PUT).
_CALLBACKS = (("GET", "/_ministack/lambda-"), ("PUT", "/_ministack/cfn-"))
_INTERNAL = ("/_", "/health")


class Reach(Enum):
    """What a request gets to."""

    API = "a stage of a REST API"
    SITE = "a website"
    OBJECT = "a public object"
    HOL = "hol's own questions"
    CONTROL = "the control plane"


class Refused(Exception):
    """The door's answer."""

    def __init__(self, message: str, status: int = 403, response: Response | None = None):
        super().__init__(message)
        self.response = response or Response.of_json(status, {"message": f"hol's local AWS: {message}"})


# Bytes of a body. API Gateway takes 10 MB, Lambda 50 MB of archive in base64; objects are held in memory.
_LARGEST = {Reach.API: 10 * MEGABYTE, Reach.CONTROL: 70 * MEGABYTE}
_LARGEST_OBJECT = 1024 * MEGABYTE


def admit(scope: Scope) -> Reach:
    """What the request of an ASGI scope (http or websocket) gets to; raises `Refused`."""
    if not _is_plain(scope):
        raise Refused("a request needs one Host, a path and HTTP/1.1", 400)
    request = Request.of_scope(scope)
    if not _is_ours(scope, request.host):
        raise Refused("it answers this machine only")
    found = _reach(request) if scope["type"] == "http" else _socket(request)
    if found is None:
        why = "a web page may call APIs and read sites, nothing else; a program signs its requests"
        raise Refused(why, response=_unsigned(request))
    return found


def _unsigned(request: Request) -> Response | None:
    """What IAM and STS say to a program that has not signed, in the XML that their clients read."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if is_marked(request.headers) or not ("Action" in request.query or kind == _FORM):
        return None
    return constraints.error("sts", 403, "MissingAuthenticationToken", "Request is missing Authentication Token")


def _reach(request: Request) -> Reach | None:
    found = _for_pages(request)
    return found if found or is_marked(request.headers) else _for_programs(request)


def _socket(request: Request) -> Reach | None:
    """WebSocket APIs are for programs: browsers ask no permission before they open a socket."""
    address = gateway.address_of(request)
    open_to = address and emulator_gateway.is_http_api(address.api_id) and not is_marked(request.headers)
    return Reach.CONTROL if open_to else None


def is_marked(headers: Mapping[str, str]) -> bool:
    """Whether a browser made the request."""
    return any(
        name in _MARKS or (name.startswith(_MARK_BEGINNINGS) and not name.startswith("sec-websocket-"))
        for name in headers
    )


def largest_body(reach: Reach, request: Request) -> int:
    """How many bytes of body such a request may have."""
    if reach is Reach.CONTROL and _is_for_objects(request):
        return _LARGEST_OBJECT
    if is_marked(request.headers):  # what a page asks is parsed here; the lab's own page asks little
        return min(_LARGEST.get(reach, 0), MEGABYTE)
    return _LARGEST.get(reach, 0)


def _is_plain(scope: Scope) -> bool:
    """One Host, an absolute path, HTTP/1: what could be read in two ways is not read at all."""
    hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
    return (
        len(hosts) == 1
        and _HOST.fullmatch(hosts[0].decode("latin-1")) is not None
        and scope["path"].startswith("/")
        and scope["http_version"] in ("1.0", "1.1")
    )


def _is_ours(scope: Scope, host: str) -> bool:
    client = scope.get("client")
    return (not client or _is_loopback(client[0])) and (_is_bare(host) or host.endswith(".localhost"))


def _is_bare(host: str) -> bool:
    return host == "localhost" or _is_loopback(host.strip("[]"))


@lru_cache(256)
def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _for_pages(request: Request) -> Reach | None:
    """What anybody may reach, a page included."""
    address = gateway.address_of(request)
    if address:
        return _api(request, address.api_id)
    if website.HOST.fullmatch(request.host) or (_is_bare(request.host) and website.PATH.fullmatch(request.path)):
        return Reach.SITE
    return Reach.OBJECT if _is_public_read(request) else None


def _api(request: Request, api_id: str) -> Reach:
    """A deployed REST API is for everybody; HTTP and WebSocket APIs, which the emulator serves, for programs."""
    http_api = _is_bare(request.host) and emulator_gateway.is_http_api(api_id)
    return Reach.CONTROL if http_api and not is_marked(request.headers) else Reach.API


def _is_public_read(request: Request) -> bool:
    place = place_of(request)
    return (
        request.method in ("GET", "HEAD")
        and "authorization" not in request.headers
        and not _is_presigned(request)
        and _BUCKET.fullmatch(place.bucket) is not None
        and bool(place.key)
        and (emulator.bucket_owner(place.bucket) is not None or not is_marked(request.headers))
        and _is_for_objects(request)
    )


def _for_programs(request: Request) -> Reach | None:
    """What a request without any mark of a browser reaches besides."""
    if request.path.startswith("/_hol/"):
        return Reach.HOL if _is_bare(request.host) and _OWN_HEADER in request.headers else None
    if any(request.method == method and request.path.startswith(path) for method, path in _CALLBACKS):
        return Reach.CONTROL if _is_bare(request.host) else None
    if request.path.startswith(_INTERNAL):
        return None
    named = _is_bare(request.host) or (buckets.is_virtual_host(request.host) and _is_for_objects(request))
    return Reach.CONTROL if named and _is_signed(request) else None


def _is_signed(request: Request) -> bool:
    authorization = request.headers.get("authorization", "").lower()
    if authorization.startswith(_SIGNATURES) or (not authorization and "x-amz-target" in request.headers):
        return True
    return _is_presigned(request) and _is_for_objects(request)


def _is_presigned(request: Request) -> bool:
    return any(name.lower() in _QUERY_SIGNATURES for name in request.query)


def _is_for_objects(request: Request) -> bool:
    return not request.path.startswith(_INTERNAL) and emulator_buckets.is_for_objects(request)
