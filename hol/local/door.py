"""Who may talk to the local AWS: this machine, and of its web pages only what a page of the lab needs.

The local AWS believes any account number and runs the code it is given, so a stranger's web page that is open in the
learner's browser must not reach its control plane. Two ways are shut: a name of the web that resolves to 127.0.0.1
(DNS rebinding; the Host header gives it away), and plain requests across origins (browsers mark them).
"""

from __future__ import annotations

import ipaddress
from typing import Any

from hol.local import gateway, website
from hol.local.wire import Request, Response

_MARKS = ("origin", "sec-fetch-site")
_CREDENTIALS = ("X-Amz-Credential", "X-Amz-Algorithm", "AWSAccessKeyId")


def is_this_machine(scope: Any) -> bool:
    """Whether an ASGI request comes from a loopback address and asks for a loopback name."""
    client, host = scope.get("client"), _host(scope)
    return (not client or _is_loopback(client[0])) and (
        host == "localhost" or host.endswith(".localhost") or _is_loopback(host)
    )


def _host(scope: Any) -> str:
    value: str = next((v.decode("latin-1") for n, v in scope["headers"] if n.lower() == b"host"), "")
    if value.startswith("["):
        return value[1:].partition("]")[0]
    return value.rsplit(":", 1)[0].lower()


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def refusal(request: Request) -> Response | None:
    """The answer to a web page that reaches for more than APIs, sites and what anybody may read."""
    if not any(mark in request.headers for mark in _MARKS) or _is_for_pages(request):
        return None
    return forbidden("a web page may call APIs and read sites, nothing else")


def forbidden(message: str) -> Response:
    """The 403 of this door."""
    return Response.of_json(403, {"message": f"hol's local AWS: {message}"})


def _is_for_pages(request: Request) -> bool:
    if gateway.address_of(request) or website.HOST.fullmatch(request.host) or website.PATH.fullmatch(request.path):
        return True
    unsigned = "authorization" not in request.headers and not any(name in request.query for name in _CREDENTIALS)
    return unsigned and request.method in ("GET", "HEAD") and not request.path.startswith("/_")
