"""GetResources of the Resource Groups Tagging API: what bears a tag, whatever service it is of.

As on AWS, IAM roles are not in it, and only what lies in the region that is asked is listed.
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from __future__ import annotations

import base64
from uuid import uuid4

from hol.local.emulator import contents
from hol.local.emulator import core as emulator
from hol.local.emulator.contents import Tagged
from hol.local.sagemaker import endpoints
from hol.local.wire import Body, Emulator, Request, Response

TARGET = "ResourceGroupsTaggingAPI_20170126.GetResources"
LARGEST_PAGE = 100


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers GetResources; asked for listed ARNs, the emulator does."""
    if request.headers.get("x-amz-target", "") != TARGET:
        return None
    try:
        asked = request.json()
        if asked.get("ResourceARNList"):
            return None
        return emulator.authorize(request, "tag:GetResources", "*") or _answer(request, asked)
    except ValueError as error:
        return _said(400, {"__type": "InvalidParameterException", "message": str(error)})


def _answer(request: Request, asked: Body) -> Response:
    size = int(asked.get("ResourcesPerPage") or LARGEST_PAGE)
    if not 1 <= size <= LARGEST_PAGE:
        raise ValueError(f"ResourcesPerPage must be between 1 and {LARGEST_PAGE}")
    after = base64.b64decode(asked.get("PaginationToken") or "", validate=True).decode()
    found = sorted(one for one in _everything(request) if one[0] > after and one[1] and _wanted(asked, *one))
    more = base64.b64encode(found[size - 1][0].encode()).decode() if len(found) > size else ""
    listed = [
        {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        for arn, tags in found[:size]
    ]
    return _said(200, {"ResourceTagMappingList": listed, "PaginationToken": more})


def _everything(request: Request) -> list[Tagged]:
    shelf = endpoints.shelf(emulator.account_of(request), request.region)
    shelf.all_endpoints()  # those whose deletion has ended lose their tags now
    return [*contents.tagged(request), *shelf.tags.items()]


def _wanted(asked: Body, arn: str, tags: dict[str, str]) -> bool:
    kinds = asked.get("ResourceTypeFilters") or []
    return all(_matches(one, tags) for one in asked.get("TagFilters") or []) and (
        not kinds or any(kind in _kinds(arn) for kind in kinds)
    )


def _matches(wanted: Body, tags: dict[str, str]) -> bool:
    values = wanted.get("Values") or []
    return wanted.get("Key") in tags and (not values or tags[wanted["Key"]] in values)


def _kinds(arn: str) -> tuple[str, str]:
    """`lambda` and `lambda:function`: what a filter by type may name."""
    service, resource = arn.split(":", 5)[2], arn.split(":", 5)[5].lstrip("/")
    return service, f"{service}:{resource.replace(':', '/').split('/')[0]}"


def _said(status: int, data: dict[str, object]) -> Response:
    return Response.of_json(status, data, content_type="application/x-amz-json-1.1", x_amzn_requestid=str(uuid4()))
