"""What a REST API's root resource does: methods, integrations and answers, line by line as the console makes them.

GetResources with `embed=methods` tells all of it in one read. Changes to one API go one at a time, since API
Gateway refuses concurrent modifications.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hol.cloud.answers import Structure
from hol.cloud.labels import labels
from hol.engine.events import Mark
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.engine.unknown import UNKNOWN
from hol.words.text import Text, t

_ROOT = Kind[Structure]("root")
_CHANGED = Kind[bool]("changed API")
_NEW = Kind[bool]("new API")


@dataclass(frozen=True)
class Response:
    """One answer of a method: its status, the errors that it is for, its body's template, and its headers.

    `headers` None leaves the headers to whoever else sets them.
    """

    status: str
    pattern: str | None = None
    template: str | None = None
    headers: Mapping[str, str] | None = None

    @property
    def declared(self) -> dict[str, bool]:
        """The headers of the method response: name → required (never)."""
        return dict.fromkeys(self.mapped, False)

    @property
    def mapped(self) -> dict[str, str]:
        """The headers of the integration response; static values need quotes inside."""
        return {f"method.response.header.{name}": f"'{value}'" for name, value in (self.headers or {}).items()}

    @property
    def templates(self) -> dict[str, str]:
        return {"application/json": self.template} if self.template is not None else {}


@dataclass(frozen=True)
class Method:
    """A method with its integration and its answers, in the console's order.

    `unwanted` are the statuses of answers that hol makes under other settings, and takes away under these.
    """

    verb: str
    integration: Structure
    responses: tuple[Response, ...]
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Editing:
    """A method on the root resource while it is brought into shape; every write of it is a change of the API."""

    lab: Lab
    api: str
    resource: str
    verb: str

    def change(self, mark: Mark, what: Text, operation: str, **arguments: Any) -> None:
        at: Structure = {"restApiId": self.api, "resourceId": self.resource, "httpMethod": self.verb}
        self.lab.change(mark, what, f"apigateway.{operation}", **at, **arguments)
        note_change(self.lab, self.api)


def root(lab: Lab, api: str) -> Structure:
    """The root resource with its methods; read once, and again after they have changed."""

    def read() -> Structure:
        resources = lab.pages("apigateway.get_resources", restApiId=api, embed=["methods"], limit=500)
        return next((r for r in resources if r["path"] == "/"), {"id": UNKNOWN})

    return lab.once(_ROOT(api), read)


def ensure_method(lab: Lab, api: str, method: Method) -> None:
    """The method on the root resource, line by line as the console makes it."""
    resource = root(lab, api)
    current = resource.get("resourceMethods", {}).get(method.verb, {})
    editing = _Editing(lab, api, resource["id"], method.verb)
    _method(editing, current)
    for response in method.responses:
        _method_response(editing, response, current.get("methodResponses", {}).get(response.status))
    mapped = _integration(editing, method, current.get("methodIntegration"))
    for response in method.responses:
        _integration_response(editing, response, mapped.get(response.status))
    for status in method.unwanted:
        _without(editing, status, current)
    if changed(lab, api):
        remember(lab, api, method.verb, _written(method, current, mapped))


def changed(lab: Lab, api: str) -> bool:
    """Whether this run has changed what the API does, so that what is deployed may lack it."""
    return lab.run.facts.has(_CHANGED(api))


def note_change(lab: Lab, api: str) -> None:
    """This run changes what the API does."""
    lab.learn(_CHANGED(api), True)


def is_new(lab: Lab, api: str) -> bool:
    """Whether this run has just created the API, so that there is nothing in it but the root resource."""
    return lab.run.facts.has(_NEW(api))


def _without(editing: _Editing, status: str, current: Structure) -> None:
    mapped = (current.get("methodIntegration") or {}).get("integrationResponses", {})
    absent = ("NotFoundException",)
    if status in mapped:
        what = t("integration response {} of {}", status, editing.verb)
        editing.change("-", what, "delete_integration_response", already=absent, statusCode=status)
    if status in current.get("methodResponses", {}):
        what = t("method response {} of {}", status, editing.verb)
        editing.change("-", what, "delete_method_response", already=absent, statusCode=status)


def learn_empty(lab: Lab, api: str, root: str) -> None:
    """An API that was just created has a root resource, no method, and no gateway response of its own."""
    lab.learn(_ROOT(api), {"id": root, "path": "/"})
    lab.learn(_NEW(api), True)


def _written(method: Method, current: Structure, mapped: Structure) -> Structure:
    """The method as GetResources will tell it now; `mapped` are the integration responses that were there."""
    described: Structure = {**current, "methodResponses": {}, "methodIntegration": {"integrationResponses": {}}}
    for one in method.responses:
        declared = current.get("methodResponses", {}).get(one.status, {}).get("responseParameters", {})
        described["methodResponses"][one.status] = {"responseParameters": {**declared, **one.declared}}
        before = mapped.get(one.status)
        kept = before if before is not None and _matches(before, one) else {"responseParameters": one.mapped}
        described["methodIntegration"]["integrationResponses"][one.status] = kept
    return described


def remember(lab: Lab, api: str, verb: str, described: Structure) -> None:
    """The method as AWS would now tell it: a read could still miss what was just written."""
    resource = root(lab, api)
    lab.learn(_ROOT(api), {**resource, "resourceMethods": {**resource.get("resourceMethods", {}), verb: described}})


def has_method(lab: Lab, api: str, verb: str) -> bool:
    """Whether the root resource has that method."""
    return verb in root(lab, api).get("resourceMethods", {})


def remove_method(lab: Lab, api: str, verb: str) -> None:
    """The method gone, with its integration and its answers."""
    if not has_method(lab, api, verb):
        return
    lab.change(
        "-",
        t("method {} on /", verb),
        "apigateway.delete_method",
        already=("NotFoundException",),
        restApiId=api,
        resourceId=root(lab, api)["id"],
        httpMethod=verb,
    )
    resource = root(lab, api)
    others = {name: one for name, one in resource["resourceMethods"].items() if name != verb}
    lab.learn(_ROOT(api), {**resource, "resourceMethods": others})


def forget(lab: Lab, api: str) -> None:
    """The root resource must be read again."""
    lab.forget(_ROOT(api))


def _method(editing: _Editing, current: Structure) -> None:
    what = t("method {} on /", editing.verb)
    if not current:
        there = ("ConflictException: already exists",)
        editing.change("+", what, "put_method", already=there, authorizationType="NONE", apiKeyRequired=False)
        return
    wrong = {"/authorizationType": "NONE"} if current.get("authorizationType", "NONE") != "NONE" else {}
    wrong |= {"/apiKeyRequired": "false"} if current.get("apiKeyRequired") else {}
    if not wrong:
        editing.lab.same(what)
        return
    patch = [{"op": "replace", "path": path, "value": value} for path, value in wrong.items()]
    editing.change("~", what, "update_method", why=t("no authorization and no API key"), patchOperations=patch)


def _method_response(editing: _Editing, response: Response, current: Structure | None) -> None:
    what = t("method response {} of {}", response.status, editing.verb)
    models = {"application/json": "Empty"}
    if current is None:
        editing.change(
            "+",
            what,
            "put_method_response",
            already=("ConflictException: already exists",),
            statusCode=response.status,
            responseModels=models,
            responseParameters=response.declared,
        )
        return
    patch = _missing(response, current, models)
    if not patch:
        editing.lab.same(what)
        return
    why = t("{} is missing", labels(operation["path"] for operation in patch))
    editing.change("~", what, "update_method_response", why=why, statusCode=response.status, patchOperations=patch)


def _missing(response: Response, current: Structure, models: Mapping[str, str]) -> list[dict[str, str]]:
    """What a method response lacks, as patch operations."""
    absent = [name for name in response.declared if name not in current.get("responseParameters", {})]
    patch = [{"op": "add", "path": f"/responseParameters/{name}", "value": "false"} for name in absent]
    if current.get("responseModels") != models:
        patch.append({"op": "add", "path": "/responseModels/application~1json", "value": "Empty"})
    return patch


def _integration(editing: _Editing, method: Method, current: Structure | None) -> Structure:
    """The integration as wanted; returns its responses, which one that is put anew may have lost."""
    what = t("integration of {}", method.verb)
    wanted = {"passthroughBehavior": "WHEN_NO_MATCH", **method.integration}
    stored = {"httpMethod" if key == "integrationHttpMethod" else key: value for key, value in wanted.items()}
    differing = [key for key, value in stored.items() if current is None or current.get(key) != value]
    if current is not None and not differing:
        editing.lab.same(what)
        return dict(current.get("integrationResponses") or {})
    why = None if current is None else t("{} differs", labels(differing))
    editing.change("+" if current is None else "~", what, "put_integration", why=why, **wanted)
    return {}


def _integration_response(editing: _Editing, response: Response, current: Structure | None) -> None:
    what = t("integration response {} of {}", response.status, editing.verb)
    if current is not None and _matches(current, response):
        editing.lab.same(what)
        return
    extra: Structure = {"selectionPattern": response.pattern} if response.pattern else {}
    extra |= {"responseParameters": response.mapped} if response.headers is not None else {}
    editing.change(
        "+" if current is None else "~",
        what,
        "put_integration_response",
        statusCode=response.status,
        **extra,
        responseTemplates=response.templates,
    )


def _matches(current: Structure, response: Response) -> bool:
    templates = {key: value for key, value in (current.get("responseTemplates") or {}).items() if value is not None}
    return (
        (current.get("selectionPattern") or None) == response.pattern
        and (response.headers is None or (current.get("responseParameters") or {}) == response.mapped)
        and templates == response.templates
    )
