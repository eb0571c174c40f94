"""What Lambda refuses of aliases, permissions, tags, concurrency and versions, where the emulator accepts, and how it says so.

Sentences are AWS's own, from public reports; those on function names and runtimes, which stand elsewhere, are recorded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from hol.local.emulator import core as emulator
from hol.local.emulator import functions as emulator_functions
from hol.local.functions.names import error, name_of
from hol.local.identities.policies import is_service
from hol.local.wire import Emulator, Record, Request, Response

_MOST_TAGS, _LEAST_UNRESERVED = 50, 100
_PRINCIPAL = re.compile(r"\*|\d{12}|arn:.+")
_GENERAL = "An error occurred and the request cannot be processed."


class Asked(NamedTuple):
    """A call about a function: its ARN, what the emulator knows of it, the qualifier and the body."""

    arn: str
    present: Record
    qualifier: str
    body: Record
    account: str
    region: str
    part: str  # the last of the path


Check = Callable[[Asked], Response | None]


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses what Lambda refuses; None for everything else."""
    if request.service != "lambda":
        return None
    path = request.raw_path.partition("?")[0]
    for verb, pattern, action, check in _CHECKS:
        found = pattern.fullmatch(path) if verb == request.method else None
        if not found:
            continue
        asked = _asked(request, unquote(found.groupdict().get("name") or ""))
        refused = check(asked) if asked.present or "name" not in found.groupdict() else None
        if refused:
            return emulator.authorize(request, f"lambda:{action}", asked.arn) or refused
        if check is _permit and re.fullmatch(r"\d{12}", str(asked.body.get("Principal"))):
            return await emulate(_of_account(request, asked))
    return None


def _of_account(request: Request, asked: Asked) -> Request:
    """An account number as principal is its root."""
    principal = f"arn:aws:iam::{asked.body['Principal']}:root"
    body = json.dumps({**asked.body, "Principal": principal}).encode()
    return request.with_body(body)


def _asked(request: Request, reference: str) -> Asked:
    account, region = emulator.account_of(request), request.region
    named = name_of(reference)
    body = request.record()
    known = emulator_functions.configuration(named.name, account, region) or {}
    qualifier = request.query.get("Qualifier", [""])[0] or named.qualifier
    arn = f"arn:aws:lambda:{region}:{account}:function:{named.name}"
    return Asked(arn, known, qualifier, body, account, region, unquote(request.path.rpartition("/")[2]))


def _parameter(message: str) -> Response:
    return error(400, "InvalidParameterValueException", message)


def _missing(message: str) -> Response:
    return error(404, "ResourceNotFoundException", message)


# --- functions and versions ---


def _create(asked: Asked) -> Response | None:
    body, code = asked.body, asked.body.get("Code")
    if body.get("PackageType", "Zip") != "Zip" or not isinstance(code, Mapping):
        return None
    if not body.get("Runtime") or not body.get("Handler"):
        return _parameter(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )
    if not any(code.get(one) for one in ("ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri")):
        return _parameter("Please provide a source for function code.")
    return _unknown_layers(asked)


def _unknown_layers(asked: Asked) -> Response | None:
    for arn in asked.body.get("Layers") or []:
        found = re.fullmatch(
            r"arn:[\w-]+:lambda:[\w-]+:(?P<account>\d{12}):layer:(?P<name>[\w-]+):(?P<number>\d+)", str(arn)
        )
        if (
            found
            and found["account"] == asked.account
            and not emulator_functions.has_layer(found["name"], int(found["number"]), asked.account, asked.region)
        ):
            return _parameter(f"Layer version {arn} does not exist.")
    return None


def _publish(asked: Asked) -> Response | None:
    wanted, now = asked.body.get("CodeSha256"), asked.present.get("CodeSha256")
    if asked.body.get("RevisionId") and asked.body["RevisionId"] != asked.present.get("RevisionId"):
        return error(
            412,
            "PreconditionFailedException",
            "The RevisionId provided does not match the latest RevisionId for the Lambda function or alias. Call the GetFunction or the GetAlias API to retrieve the latest RevisionId for your resource.",
        )
    if wanted and wanted != now:
        return _parameter(
            f"CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST ({now}). Please try again with the CodeSHA256 in $LATEST."
        )
    return None


# --- aliases ---


def _alias(asked: Asked) -> Response | None:
    version = str(asked.body.get("FunctionVersion") or "")
    weights = (asked.body.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    wrong = _wrong_routing(version, weights)
    if wrong:
        return _parameter(wrong)
    for one in [*([version] if version else []), *weights]:
        if one != "$LATEST" and not emulator_functions.has_version(asked.arn, one):
            return _missing(f"Function not found: {asked.arn}:{one}")
    return None


def _wrong_routing(version: str, weights: Mapping[str, object]) -> str:
    if not weights:
        return ""
    if len(weights) > 1:
        return "Number of items in AdditionalVersionWeights cannot be greater than 1"
    if version == "$LATEST":
        return "$LATEST is not supported for an alias pointing to more than 1 version"
    if version in weights:
        return f"Invalid function version {version}. Function version {version} is already included in routing configuration."
    return ""


def _no_alias(asked: Asked) -> Response | None:
    """Deleting one that is not there is no error."""
    return None if emulator_functions.has_alias(asked.arn, asked.part) else Response(204)


# --- permissions, tags, concurrency, events ---


def _permit(asked: Asked) -> Response | None:
    if asked.qualifier == "$LATEST":
        return _parameter("We currently do not support adding policies for $LATEST.")
    principal = str(asked.body.get("Principal") or "*")
    if not (_PRINCIPAL.fullmatch(principal) or is_service(principal)):
        return _parameter("The provided principal was invalid. Please check the principal and try again.")
    return None


def _tag(asked: Asked) -> Response | None:
    tags = asked.body.get("Tags")
    if not isinstance(tags, Mapping) or not tags:
        return _parameter(_GENERAL)
    return _parameter("Number of tags exceeds resource tag limit.") if len(tags) > _MOST_TAGS else None


def _reserve(asked: Asked) -> Response | None:
    wanted = asked.body.get("ReservedConcurrentExecutions")
    limit = emulator_functions.concurrency_limit()
    if not isinstance(wanted, int) or wanted <= limit - _LEAST_UNRESERVED:
        return None
    return _parameter(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of "
        f"[{_LEAST_UNRESERVED}]."
    )


def _provision(asked: Asked) -> Response | None:
    unpublished = "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
    return _parameter(unpublished) if asked.qualifier == "$LATEST" else None


def _after_events(asked: Asked) -> Response | None:
    settings = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    given = any(one in asked.body for one in settings)
    return None if given else _parameter("You must specify at least one of error handling or destination setting.")


_FUNCTION = r"/\d{4}-\d\d-\d\d/functions/(?P<name>[^/]+)"
_CHECKS: tuple[tuple[str, re.Pattern[str], str, Check], ...] = tuple(
    (verb, re.compile(path), action, check)
    for verb, path, action, check in (
        ("POST", r"/\d{4}-\d\d-\d\d/functions/?", "CreateFunction", _create),
        ("PUT", rf"{_FUNCTION}/configuration", "UpdateFunctionConfiguration", _unknown_layers),
        ("POST", rf"{_FUNCTION}/versions", "PublishVersion", _publish),
        ("POST", rf"{_FUNCTION}/aliases", "CreateAlias", _alias),
        ("PUT", rf"{_FUNCTION}/aliases/[^/]+", "UpdateAlias", _alias),
        ("DELETE", rf"{_FUNCTION}/aliases/[^/]+", "DeleteAlias", _no_alias),
        ("POST", rf"{_FUNCTION}/policy", "AddPermission", _permit),
        ("POST", r"/\d{4}-\d\d-\d\d/tags/[^/]+", "TagResource", _tag),
        ("PUT", rf"{_FUNCTION}/concurrency", "PutFunctionConcurrency", _reserve),
        ("PUT", rf"{_FUNCTION}/provisioned-concurrency", "PutProvisionedConcurrencyConfig", _provision),
        ("PUT", rf"{_FUNCTION}/event-invoke-config", "PutFunctionEventInvokeConfig", _after_events),
    )
)
