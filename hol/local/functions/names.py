"""How Lambda reads the name of a function: an ARN or a name may carry a qualifier, tags belong to functions alone.

All of it is answered before Lambda looks for the function. Recorded from AWS for GetFunction, GetFunctionConfiguration,
DeleteFunction, ListTags and TagResource.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from hol.local.emulator import functions as emulator_functions
from hol.local.wire import Emulator, Request, Response

_NAMED = re.compile(r"/\d{4}-\d\d-\d\d/functions/(?P<name>[^/]+)(?P<part>/[^/]*)?")
_TAGS = re.compile(r"/\d{4}-\d\d-\d\d/tags/(?P<arn>[^/]+)")
_ARN = re.compile(
    r"arn:[\w-]+:lambda:(?P<region>[\w-]+):(?P<account>\d{12}):(?P<kind>[\w-]+):(?P<name>[^:]+)(?::(?P<qualifier>.+))?"
)
_MISMATCH = "The derived qualifier from the function name does not match the specified qualifier."
_LATEST = "$LATEST version cannot be deleted without deleting the function."
_NO_TAGS = "Tags on function aliases and versions are not supported. Please specify a function ARN."


class Name(NamedTuple):
    """A function's name as a request gives it, and the qualifier that the name itself carries ("" for none)."""

    name: str
    qualifier: str


def name_of(reference: str) -> Name:
    """The name and qualifier out of `name`, `name:qualifier`, `account:function:name` or an ARN."""
    arn = _ARN.fullmatch(reference)
    if arn:
        return Name(arn["name"], arn["qualifier"] or "")
    name, _, qualifier = reference.rpartition(":function:")[2].partition(":")
    return Name(name, qualifier)


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses names that contradict themselves; answers for the tags of what is no function."""
    if request.service != "lambda":
        return None
    path = request.raw_path.partition("?")[0]
    tagged, named = _TAGS.fullmatch(path), _NAMED.fullmatch(path)
    if tagged:
        return _tags(request, unquote(tagged["arn"]))
    return _qualified(request, unquote(named["name"]), named["part"] or "") if named else None


def _qualified(request: Request, reference: str, part: str) -> Response | None:
    derived, given = name_of(reference).qualifier, request.query.get("Qualifier", [""])[0]
    if derived and given and derived != given:
        return error(400, "InvalidParameterValueException", _MISMATCH)
    if request.method == "DELETE" and not part and "$LATEST" in (derived, given):
        return error(400, "InvalidParameterValueException", _LATEST)
    return None


def _tags(request: Request, reference: str) -> Response | None:
    arn = _ARN.fullmatch(reference)
    if not arn:
        return None
    if arn["kind"] == "function" and arn["qualifier"]:
        return error(400, "InvalidParameterValueException", _NO_TAGS)
    if arn["kind"] == "event-source-mapping" and request.method == "GET":
        tags = emulator_functions.mapping_tags(arn["name"], arn["account"], arn["region"])
        return None if tags is None else Response.of_json(200, {"Tags": tags})
    if arn["kind"] == "capacity-provider":
        return error(404, "ResourceNotFoundException", f"Capacity provider not found: {reference}")
    return None


def error(status: int, code: str, message: str) -> Response:
    """An error as Lambda sends it."""
    return Response.of_json(status, {"Type": "User", "message": message}, x_amzn_errortype=code)
