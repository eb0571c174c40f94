"""Lambda functions: configuration, code, tags and concurrency.

A function is not usable when CreateFunction answers, and refuses the next change while one is in progress, so
every change here is followed by a wait. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hol.aws import tags
from hol.cloud.answers import Structure
from hol.cloud.labels import changed, listed
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.engine.unknown import is_unknown
from hol.words.commands import command
from hol.words.errors import HolError, PermissionDenied
from hol.words.text import Text, t

ROLE_ID = "hol:role-id"
FUNCTION = Kind[Structure | None]("function")


@dataclass(frozen=True)
class Wanted:
    """A function as it should be; `role_id` is the role's unique id, which a role of the same name may not share."""

    name: str
    role: str
    role_id: str
    runtime: str
    handler: str
    timeout: int
    memory: int
    environment: Mapping[str, str]
    concurrency: int
    package: bytes

    def settings(self) -> Structure:
        """The configuration, in the words of the API."""
        return {
            "Runtime": self.runtime,
            "Handler": self.handler,
            "Role": self.role,
            "Timeout": self.timeout,
            "MemorySize": self.memory,
            "Environment": {"Variables": dict(self.environment)},
        }


def package(folder: Path) -> bytes:
    """The folder's files as a zip."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return archive({path.relative_to(folder).as_posix(): path for path in files})


def archive(files: Mapping[str, Path | bytes]) -> bytes:
    """Files by their names as a zip that is the same, byte for byte, whenever and wherever it is made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, file in sorted(files.items(), key=lambda one: PurePosixPath(one[0])):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # Lambda must be able to read it
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, file if isinstance(file, bytes) else file.read_bytes(), compresslevel=9)
    return out.getvalue()


def find(lab: Lab, name: str) -> Structure | None:
    """GetFunction's answer; None when there is none. Raises `ForeignError` for a namesake without our tag."""
    return lab.once(FUNCTION(name), lambda: _read(lab, name))


def _read(lab: Lab, name: str) -> Structure | None:
    found = lab.find("lambda.get_function", "ResourceNotFoundException", FunctionName=name)
    if found is not None:
        _require_readable(name, found)
        lab.require_own(t("the function {}", name), found.get("Tags"))
    return found


def _require_readable(name: str, found: Structure) -> None:
    # GetFunction tells the tags only to those who may call ListTags as well, and otherwise why not:
    # https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
    hidden = found.get("TagsError")
    if hidden:
        raise PermissionDenied(
            t("cannot tell whose the function {} is", name),
            why=t("{}: {}", hidden.get("ErrorCode", "-"), hidden.get("Message", "-")),
            fix=t("ask the account's owner for the action {}; then run the same command again", "lambda:ListTags"),
        )


def log_group(name: str) -> str:
    """The log group that Lambda writes to unless it is told otherwise."""
    return f"/aws/lambda/{name}"


def arn(lab: Lab, name: str) -> str:
    """The function's ARN, without a version."""
    return lab.cloud.arn("lambda", f"function:{name}")


def ensure(lab: Lab, wanted: Wanted) -> str:
    """The function as wanted and ready for invocations; returns its ARN."""
    found = find(lab, wanted.name)
    if found is not None and _stale(found, wanted):
        remove(lab, wanted.name, why=t("its role was deleted and made again, which it cannot follow"))
        found = None
    if found is None:
        found = _create(lab, wanted)
    if found is not None:
        _settings(lab, wanted, found["Configuration"])
        _code(lab, wanted, found["Configuration"])
        _tags(lab, wanted, found.get("Tags"))
    _concurrency(lab, wanted, reserved(found or {}))
    return arn(lab, wanted.name)


def _stale(found: Structure, wanted: Wanted) -> bool:
    # The key grant of a function belongs to the role's unique id: with a new role of the same name, invocations fail
    # with KMSAccessDeniedException (https://github.com/hashicorp/terraform-provider-aws/issues/6352).
    if found["Configuration"].get("State") == "Failed":
        return True
    before = found.get("Tags", {}).get(ROLE_ID)
    return before is not None and (is_unknown(wanted.role_id) or bool(before != wanted.role_id))


def _create(lab: Lab, wanted: Wanted) -> Structure | None:
    """Returns what is there instead when another run was quicker."""
    answer = lab.change(
        "+",
        t("function {}", wanted.name),
        "lambda.create_function",
        already=("ResourceConflictException: already exist",),
        lost=lambda: _read(lab, wanted.name),
        FunctionName=wanted.name,
        **wanted.settings(),
        Code={"ZipFile": wanted.package},
        Publish=False,
        Tags={**lab.tags, ROLE_ID: wanted.role_id},
    )
    lab.learn(FUNCTION(wanted.name), {"Configuration": answer, "Tags": lab.tags})
    ready(lab, wanted.name)
    if answer is not None:
        return None
    lab.forget(FUNCTION(wanted.name))
    return find(lab, wanted.name)


def ready(lab: Lab, name: str) -> None:
    """Wait until the function is active and no update is in progress. Raises `HolError` when it failed."""

    def look() -> Structure | None:
        state = lab.find("lambda.get_function_configuration", "ResourceNotFoundException", FunctionName=name)
        if state and "Failed" in (state.get("State"), state.get("LastUpdateStatus")):
            why = state.get("StateReason") or state.get("LastUpdateStatusReason") or "-"
            raise HolError(
                t("Lambda could not set up the function {}", name),
                why=t("{}", why),
                fix=t("run: {}", command("step", 3)),
            )
        if state is None or state.get("State", "Active") not in ("Active", "Inactive"):
            return None
        return state if state.get("LastUpdateStatus", "Successful") == "Successful" else None

    lab.wait(t("the function {} to become active", name), look, every=2, up_to=300)


def _settings(lab: Lab, wanted: Wanted, current: Structure) -> None:
    differing = {key: value for key, value in wanted.settings().items() if current.get(key) != value}
    if not differing:
        lab.same(t("function {}", wanted.name))
        return
    why = listed((changed(key, _short(current.get(key)), _short(value)) for key, value in differing.items()), "; ")
    lab.change(
        "~",
        t("settings of the function {}", wanted.name),
        "lambda.update_function_configuration",
        why=why,
        FunctionName=wanted.name,
        **wanted.settings(),
    )
    ready(lab, wanted.name)


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _code(lab: Lab, wanted: Wanted, current: Structure) -> None:
    digest = base64.b64encode(hashlib.sha256(wanted.package).digest()).decode()
    if current.get("CodeSha256") == digest:
        lab.same(t("code of the function {}", wanted.name))
        return
    lab.change(
        "~",
        t("code of the function {}", wanted.name),
        "lambda.update_function_code",
        why=t("the package differs"),
        FunctionName=wanted.name,
        ZipFile=wanted.package,
    )
    ready(lab, wanted.name)


def _tags(lab: Lab, wanted: Wanted, current: Structure | None) -> None:
    role = (current or {}).get(ROLE_ID, wanted.role_id)  # one that is of another role's is made anew before
    what = t("tags of the function {}", wanted.name)
    tags.ensure(lab, tags.FUNCTION, what, arn(lab, wanted.name), current, {**lab.tags, ROLE_ID: role})


def reserved(found: Structure) -> int | None:
    """How many executions are reserved for the function that GetFunction tells of; None: as many as are free.

    With 0 it never runs: what the console's Throttle button does.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    number: int | None = found.get("Concurrency", {}).get("ReservedConcurrentExecutions")
    return number


def _concurrency(lab: Lab, wanted: Wanted, current: int | None) -> None:
    if (wanted.concurrency or None) == current:
        return
    what, why = t("reserved concurrency of the function {}", wanted.name), t("{} → {}", current, wanted.concurrency)
    if current == 0:
        why = t("0 executions are reserved, so the function never runs")
    elif current is None:
        why = t("{} → {}", 0, wanted.concurrency)
    if wanted.concurrency:
        lab.change(
            "~",
            what,
            "lambda.put_function_concurrency",
            why=why,
            FunctionName=wanted.name,
            ReservedConcurrentExecutions=wanted.concurrency,
        )
    else:
        lab.change("-", what, "lambda.delete_function_concurrency", why=why, FunctionName=wanted.name)


def remove(lab: Lab, name: str, why: Text | None = None) -> None:
    """The function gone, and its name free again."""
    if delete(lab, name, why):
        gone(lab, name)


def delete(lab: Lab, name: str, why: Text | None = None) -> bool:
    """Ask Lambda to delete the function, if it is there; whether it was."""
    found = find(lab, name)
    if found is None:
        return False
    lab.before_asking(t("function {}", name), lambda: _published(lab, name))
    lab.change(
        "-",
        t("function {}", name),
        "lambda.delete_function",
        already=("ResourceNotFoundException",),
        why=why,
        created=found["Configuration"].get("LastModified"),
        FunctionName=name,
    )
    lab.learn(FUNCTION(name), None)
    return True


def _published(lab: Lab, name: str) -> list[Text]:
    """The versions and aliases of a function, of which hol makes none."""
    gone = "ResourceNotFoundException"
    versions = lab.pages("lambda.list_versions_by_function", gone, FunctionName=name)
    aliases = lab.pages("lambda.list_aliases", gone, FunctionName=name)
    return [
        *(t("version {}", one["Version"]) for one in versions if one["Version"] != "$LATEST"),
        *(t("alias {}", one["Name"]) for one in aliases),
    ]


def gone(lab: Lab, name: str) -> None:
    """Wait until the function is no longer there."""

    def look() -> bool | None:
        return lab.find("lambda.get_function", "ResourceNotFoundException", FunctionName=name) is None or None

    lab.wait(t("the function {} to be gone", name), look, every=2, up_to=300)
