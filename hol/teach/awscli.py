"""The AWS CLI's commands for what hol calls, ready for bash.

Options, JSON and file arguments are written as the CLI takes them, quoted for the shell; what is not known yet is
asked for first and kept in a variable. https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters.html
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence

from hol.cloud.actions import Call
from hol.cloud.answers import Structure
from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.teach.blanks import MARK, ZIP, Content, blanks, plan, shown_asset

# What has to be waited for after a call: command, and the argument that it takes.
_WAITS = {
    "iam.create_role": ("aws iam wait role-exists", "RoleName"),
    "lambda.create_function": ("aws lambda wait function-active-v2", "FunctionName"),
    "lambda.update_function_configuration": ("aws lambda wait function-updated-v2", "FunctionName"),
    "lambda.update_function_code": ("aws lambda wait function-updated-v2", "FunctionName"),
    "sagemaker.create_endpoint": ("aws sagemaker wait endpoint-in-service", "EndpointName"),
    "sagemaker.update_endpoint": ("aws sagemaker wait endpoint-in-service", "EndpointName"),
    "sagemaker.delete_endpoint": ("aws sagemaker wait endpoint-deleted", "EndpointName"),
}
# What some commands want besides: the file for the answer's body, and events as they are written.
_BESIDES = {
    "lambda.invoke": ["--cli-binary-format raw-in-base64-out", "response.json"],
    "apigateway.get_sdk": ["sdk.zip"],
}
_ZIP = """python3 - {folder} {zip} <<'END'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as archive:
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
        entry.create_system, entry.external_attr = 3, 0o644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, file.read_bytes(), compresslevel=9)
END"""


def script(lab: Lab, events: Sequence[Event]) -> list[str]:
    """The commands that do what the events tell of, each perhaps several lines long."""
    commands: list[str] = []
    known: set[str] = set()
    for part in plan(lab, events):
        wanted = blanks(part.arguments) if isinstance(part, Call) else list(part.wants)
        if "ROOT_ID" in wanted or "DEPLOYMENT_ID" in wanted:
            wanted = sorted({"API_ID", *wanted})
        commands += [_lookup(lab, name) for name in wanted if name not in known]
        known |= set(wanted)
        commands += _call(lab, part) if isinstance(part, Call) else [part.shell]
    return commands


def _call(lab: Lab, call: Call) -> list[str]:
    lines = [command(call)]
    if any(isinstance(item, Content) and item.path == ZIP for item in _flat(call.arguments)):
        folder = quote(shown_asset(lab, lab.config.function.code))
        lines.insert(0, _ZIP.format(folder=folder, zip=ZIP))
    if call.operation in _WAITS:
        wait, argument = _WAITS[call.operation]
        lines.append(f"{wait} {_option(argument, call.arguments[argument])}")
    return lines


def command(call: Call) -> str:
    """One call as `aws service operation --option value …`."""
    service, operation = call.operation.split(".")
    head = f"aws {'s3api' if service == 's3' else service} {operation.replace('_', '-')}"
    arguments: Structure = dict(call.arguments)
    if call.operation == "lambda.create_function":
        arguments["ZipFile"] = arguments.pop("Code")["ZipFile"]
    options = [*(_option(name, value) for name, value in arguments.items()), *_BESIDES.get(call.operation, ())]
    one = " ".join([head, *options])
    return one if len(one) <= 100 else " \\\n  ".join([head, *options])


def quote(text: str) -> str:
    """Text for bash; blanks become variables."""
    pieces = MARK.split(text)
    if len(pieces) == 1:
        return shlex.quote(text)
    return "".join(f'"${piece}"' if i % 2 else shlex.quote(piece) if piece else "" for i, piece in enumerate(pieces))


def _option(name: str, value: object) -> str:
    from botocore import xform_name

    option = f"--{xform_name(name, '-')}"
    if isinstance(value, bool):
        return option if value else f"--no-{option[2:]}"
    if isinstance(value, Content):
        return f"{option} {'fileb://' if name == 'ZipFile' else ''}{quote(value.path)}"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " ".join([option, *map(quote, value)])
    if isinstance(value, Mapping | list):
        return f"{option} {quote(json.dumps(value, ensure_ascii=False))}"
    return f"{option} {quote(str(value))}"


def _flat(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [part for item in value.values() for part in _flat(item)]
    return [part for item in value for part in _flat(item)] if isinstance(value, list) else [value]


def _lookup(lab: Lab, name: str) -> str:
    config = lab.config
    if name == "API_ID":
        query = f"items[?name=='{_jmespath(config.api.name)}' && tags.\"{OWNER}\"=='{_jmespath(lab.owner)}'].id | [0]"
        asked = f"aws apigateway get-rest-apis --query {shlex.quote(query)}"
    elif name == "ROOT_ID":
        asked = 'aws apigateway get-resources --rest-api-id "$API_ID" --query "items[?path==\'/\'].id | [0]"'
    elif name == "ROLE_ID":
        asked = f"aws iam get-role --role-name {shlex.quote(config.role.name)} --query Role.RoleId"
    else:
        stage = shlex.quote(config.stage.name)
        asked = f'aws apigateway get-stage --rest-api-id "$API_ID" --stage-name {stage} --query deploymentId'
    return f"{name}=$({asked} --output text)"


def _jmespath(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
