"""One SageMaker call, and what the operations on models, configurations and endpoints have in common."""

from __future__ import annotations

from dataclasses import dataclass

from hol.local.sagemaker import checks, endpoints
from hol.local.sagemaker.checks import Refused
from hol.local.sagemaker.endpoints import Definition, Shelf
from hol.local.sagemaker.lists import page
from hol.local.wire import Body, Record, Request

KINDS = {"EndpointConfig": "endpoint-config", "Endpoint": "endpoint", "Model": "model"}
NOUNS = {"EndpointConfig": "endpoint configuration", "Endpoint": "endpoint", "Model": "model"}


@dataclass(frozen=True)
class Call:
    """Who asks for what, where: the fields of the call, for one account and region."""

    request: Request
    body: Body
    account: str
    region: str

    @property
    def shelf(self) -> Shelf:
        return endpoints.shelf(self.account, self.region)

    def name(self, kind: str) -> str:
        """The name that the call gives for a resource of that kind."""
        return checks.name_of(self.body, f"{kind}Name")

    def arn(self, kind: str, name: str) -> str:
        # SageMaker's ARNs carry the name in lower case, whatever its own spelling.
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{KINDS[kind]}/{name.lower()}"

    def missing(self, kind: str, name: str) -> Refused:
        return Refused(f'Could not find {NOUNS[kind]} "{self.arn(kind, name)}".')

    def existing(self, kind: str, name: str) -> Refused:
        return Refused(f'Cannot create already existing {NOUNS[kind]} "{self.arn(kind, name)}".')


def define(call: Call, kind: str, shelf: dict[str, Definition]) -> dict[str, object]:
    """Put a model or configuration with the call's fields on the shelf."""
    name = call.name(kind)
    arn = call.arn(kind, name)
    fields = {key: value for key, value in call.body.items() if key not in ("Tags", f"{kind}Name")}
    call.shelf.tags[arn] = checks.tags_of(call.body)
    shelf[name] = Definition(name, arn, fields)
    return {f"{kind}Arn": arn}


def describe(call: Call, kind: str, shelf: dict[str, Definition]) -> Record:
    found = shelf.get(call.name(kind))
    if not found:
        raise call.missing(kind, call.name(kind))
    return {f"{kind}Name": found.name, f"{kind}Arn": found.arn, **found.fields, "CreationTime": found.created}


def remove(call: Call, kind: str, shelf: dict[str, Definition]) -> dict[str, object]:
    found = shelf.pop(call.name(kind), None)
    if not found:
        raise call.missing(kind, call.name(kind))
    call.shelf.tags.pop(found.arn, None)
    return {}


def listing(call: Call, kind: str, rows: list[dict[str, object]]) -> dict[str, object]:
    found, token = page(call.body, rows, f"{kind}Name")
    return {f"{kind}s": found, **({"NextToken": token} if token else {})}


def rows(kind: str, shelf: dict[str, Definition]) -> list[dict[str, object]]:
    return [{f"{kind}Name": d.name, f"{kind}Arn": d.arn, "CreationTime": d.created} for d in shelf.values()]
