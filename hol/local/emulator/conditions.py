"""What the conditions of a policy know of a request, where the emulator knows nothing.

API Gateway's child resources have their API's tags, a stage its own before those; tags that a call to API Gateway sets are
the request's; and IAM says of a role which permissions boundary it has or is to have.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
"""

from __future__ import annotations

import contextvars
import functools
import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from hol.local.emulator import core
from hol.local.emulator.gateway import Home, rest_api, stages
from hol.local.wire import Emulator, Request, Response

_API = re.compile(r"arn:[^:]+:apigateway:(?P<region>[^:]*)::/restapis/(?P<api>[^/]+)(/stages/(?P<stage>[^/]+))?(/.*)?")
_TAGGED = re.compile(r"/tags/(?P<arn>arn:[^/]+/restapis/[^/]+.*)")
known: contextvars.ContextVar[dict[str, object] | None] = contextvars.ContextVar("hol_condition_keys", default=None)
# A policy's way to write a star that stands for itself; here it needs a sign that no name has.
_STAR, _SIGN = "${*}", "\ue000"


def resource_tags(arn: str) -> dict[str, str]:
    """aws:ResourceTag of what belongs to a REST API; nothing for all else, which the emulator knows."""
    from ministack.core.responses import get_account_id

    found = _API.fullmatch(arn)
    if not found:
        return {}
    at = Home(str(get_account_id()), found["region"], found["api"])
    stage = stages(at).get(found["stage"], {}) if found["stage"] else {}
    tags = {**(rest_api(at).get("tags") or {}), **(stage.get("tags") or {})}
    return {f"aws:resourcetag/{name}".lower(): value for name, value in tags.items()}


def of_request(service: str, method: str, path: str, body: bytes, params: Mapping[str, str]) -> dict[str, object]:
    """The keys that the request itself gives."""
    if service == "apigateway" and method in ("POST", "PUT"):
        return request_tags(body)
    boundary = _boundary(params) if service == "iam" else None
    return {"iam:permissionsboundary": boundary} if boundary else {}


def request_tags(body: bytes) -> dict[str, object]:
    """aws:RequestTag of tags in a JSON body."""
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    tags = found.get("tags") if isinstance(found, dict) else None
    if not isinstance(tags, dict) or not tags:
        return {}
    return {**{f"aws:requesttag/{name}".lower(): value for name, value in tags.items()}, "aws:tagkeys": list(tags)}


def _boundary(params: Mapping[str, str]) -> str | None:
    """The boundary that a role or user is to have; of every other call about it the one that it has."""
    from ministack.services import iam

    if "PermissionsBoundary" in params:
        return params["PermissionsBoundary"]
    found = iam._roles.get(params.get("RoleName", "")) or iam._users.get(params.get("UserName", "")) or {}
    return found.get("PermissionsBoundary") if params.get("Action") not in ("CreateRole", "CreateUser") else None


def with_literal_stars(compiled: Callable[[str, bool], re.Pattern[str]]) -> Callable[[str, bool], re.Pattern[str]]:
    """The pattern in which `${*}` stands for a star, and for nothing else."""

    @functools.wraps(compiled)
    def compile_(pattern: str, ignore_case: bool) -> re.Pattern[str]:
        if _STAR not in pattern:
            return compiled(pattern, ignore_case)
        plain = compiled(pattern.replace(_STAR, _SIGN), ignore_case)
        return re.compile(plain.pattern.replace(_SIGN, r"\*"), plain.flags)

    return compile_


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses tags to whoever may not set them: in the call that makes an API, and on one that is not his to change.

    The first is the denial that AWS is publicly known to answer with, its resource ending in a star; that TagResource asks for
    apigateway:PATCH on the API itself too is in iann0036/iam-dataset (PR 39), tested against AWS.
    """
    if request.service != "apigateway":
        return None
    if request.method == "POST" and request.path.rstrip("/") == "/restapis" and request_tags(request.body):
        every = quote(f"arn:aws:apigateway:{request.region}::/restapis/", safe="")
        arn = f"arn:aws:apigateway:{request.region}::/tags/{every}*"
        return authorized(request, "apigateway:PUT", arn, request_tags(request.body))
    tagged = _TAGGED.fullmatch(request.path) if request.method == "PUT" else None
    return authorized(request, "apigateway:PATCH", tagged["arn"], {}) if tagged else None


def authorized(request: Request, action: str, arn: str, keys: dict[str, object]) -> Response | None:
    """None when the caller may, given what conditions know of the request, else the denial."""
    token = known.set(keys)
    try:
        return core.authorize(request, action, arn)
    finally:
        known.reset(token)
