"""The Python (boto3) for what hol calls, ready to run.

The calls are those of the dry-run; what is not known yet is asked for first and kept in a variable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hol.cloud.actions import Call
from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.teach.blanks import MARK, ZIP, Content, blanks, plan, shown_asset

_WAITS = {
    "iam.create_role": ("role_exists", "RoleName"),
    "lambda.create_function": ("function_active_v2", "FunctionName"),
    "lambda.update_function_configuration": ("function_updated_v2", "FunctionName"),
    "lambda.update_function_code": ("function_updated_v2", "FunctionName"),
    "sagemaker.create_endpoint": ("endpoint_in_service", "EndpointName"),
    "sagemaker.update_endpoint": ("endpoint_in_service", "EndpointName"),
    "sagemaker.delete_endpoint": ("endpoint_deleted", "EndpointName"),
}
_LOOKUPS = {
    "API_ID": """apis = apigateway.get_rest_apis(limit=500)["items"]
api_id = next(api["id"] for api in apis if api["name"] == {api!r} and api.get("tags", {{}}).get({tag!r}) == {owner!r})""",
    "ROOT_ID": 'root_id = next(r["id"] for r in apigateway.get_resources(restApiId=api_id)["items"] if r["path"] == "/")',
    "ROLE_ID": 'role_id = iam.get_role(RoleName={role!r})["Role"]["RoleId"]',
    "DEPLOYMENT_ID": 'deployment_id = apigateway.get_stage(restApiId=api_id, stageName={stage!r})["deploymentId"]',
}
_ZIP = """with zipfile.ZipFile({zip!r}, "w", zipfile.ZIP_DEFLATED) as archive:
    folder = Path({code!r})
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
        entry.create_system, entry.external_attr = 3, 0o644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, file.read_bytes(), compresslevel=9)"""
_HEAD = """import hashlib, io, shutil, zipfile
from pathlib import Path

import boto3
"""


def script(lab: Lab, events: Sequence[Event]) -> list[str]:
    """The statements that do what the events tell of."""
    body: list[str] = []
    known: set[str] = set()
    clients: set[str] = set()
    for part in plan(lab, events):
        wanted = blanks(part.arguments) if isinstance(part, Call) else list(part.wants)
        wanted = sorted({"API_ID", *wanted}) if {"ROOT_ID", "DEPLOYMENT_ID"} & set(wanted) else wanted
        body += [_filled(lab, _LOOKUPS[name]) for name in wanted if name not in known]
        known |= set(wanted)
        body += _call(lab, part) if isinstance(part, Call) else [part.python]
        clients |= {part.operation.split(".")[0]} if isinstance(part, Call) else {*part.services}
        clients |= {"iam"} if "ROLE_ID" in wanted else {"apigateway"} if wanted else set()
    if not body:
        return []
    region = lab.config.region
    return [
        _HEAD,
        *(f"{_client(name)} = boto3.client({name!r}, region_name={region!r})" for name in sorted(clients)),
        *body,
    ]


def _client(service: str) -> str:
    return "lambda_" if service == "lambda" else service


def statement(call: Call) -> str:
    """The call alone, of a client named after its service."""
    service, operation = call.operation.split(".")
    arguments = "".join(f"    {name}={_literal(value)},\n" for name, value in call.arguments.items())
    return f"{_client(service)}.{operation}(\n{arguments})" if arguments else f"{_client(service)}.{operation}()"


def _call(lab: Lab, call: Call) -> list[str]:
    service = call.operation.split(".")[0]
    lines = [statement(call)]
    if call.operation in ("lambda.create_function", "lambda.update_function_code"):
        lines.insert(0, _filled(lab, _ZIP))
    if call.operation in _WAITS:
        waiter, name = _WAITS[call.operation]
        lines.append(f"{_client(service)}.get_waiter({waiter!r}).wait({name}={_literal(call.arguments[name])})")
    return lines


def _literal(value: object) -> str:
    """The value as Python; blanks become variables."""
    if isinstance(value, Content):
        return f"Path({value.path!r}).read_bytes()"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name!r}: {_literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if not isinstance(value, str) or not MARK.search(value):
        return repr(value)
    pieces = MARK.split(value)
    parts = [piece.lower() if i % 2 else repr(piece) for i, piece in enumerate(pieces) if piece]
    return " + ".join(parts)


def _filled(lab: Lab, text: str) -> str:
    config = lab.config
    return text.format(
        api=config.api.name,
        tag=OWNER,
        owner=lab.owner,
        role=config.role.name,
        stage=config.stage.name,
        code=shown_asset(lab, config.function.code),
        zip=ZIP,
    )
