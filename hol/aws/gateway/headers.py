"""The headers that the answers of a method carry (CORS, say): declared in the method response, mapped in the integration response."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hol.aws.gateway import methods
from hol.cloud.answers import Structure
from hol.engine.lab import Lab
from hol.words.text import Text, t


def ensure(lab: Lab, api: str, verb: str, statuses: tuple[str, ...], headers: Mapping[str, str]) -> None:
    """These answers of the method, which are there already, carry the headers: declared first, then mapped."""
    resource = methods.root(lab, api)
    current = resource.get("resourceMethods", {}).get(verb, {})
    at = {"restApiId": api, "resourceId": resource["id"], "httpMethod": verb}
    for status in statuses:
        response = methods.Response(status, headers=headers)
        declared = current.get("methodResponses", {}).get(status, {}).get("responseParameters", {})
        mapped = (
            current.get("methodIntegration", {})
            .get("integrationResponses", {})
            .get(status, {})
            .get("responseParameters", {})
        )
        absent = {name: "false" for name in response.declared if name not in declared}
        wrong = {name: value for name, value in response.mapped.items() if mapped.get(name) != value}
        here = {**at, "statusCode": status}
        said = t("headers of the method response {} of {}", status, verb)
        _add(lab, said, "apigateway.update_method_response", absent, here)
        said = t("headers of the integration response {} of {}", status, verb)
        _add(lab, said, "apigateway.update_integration_response", wrong, here)
        if absent or wrong:
            methods.note_change(lab, api)
    methods.remember(lab, api, verb, _headed(current, statuses, methods.Response("", headers=headers)))


def _add(lab: Lab, what: Text, operation: str, parameters: Mapping[str, str], at: Structure) -> None:
    if not parameters:
        lab.same(what)
        return
    patch = [{"op": "add", "path": f"/responseParameters/{name}", "value": value} for name, value in parameters.items()]
    why = t("{}", ", ".join(name.rsplit(".", 1)[1] for name in parameters))
    lab.change("~", what, operation, why=why, **at, patchOperations=patch)


def _headed(current: Structure, statuses: tuple[str, ...], headed: methods.Response) -> Structure:
    """The method as it is told when these answers of it carry the headers."""
    integration = current.get("methodIntegration") or {}
    declared = {**current.get("methodResponses", {})}
    mapped = {**integration.get("integrationResponses", {})}
    for status in statuses:
        for answers, parameters in ((declared, headed.declared), (mapped, headed.mapped)):
            answer = answers.get(status, {})
            answers[status] = {
                **answer,
                "responseParameters": {**(answer.get("responseParameters") or {}), **parameters},
            }
    return {
        **current,
        "methodResponses": declared,
        "methodIntegration": {**integration, "integrationResponses": mapped},
    }


def remove(lab: Lab, api: str, verb: str, statuses: tuple[str, ...], names: Iterable[str]) -> None:
    """These answers of the method no longer carry the headers, whatever their values: no longer mapped, then undeclared."""
    resource = methods.root(lab, api)
    current = resource.get("resourceMethods", {}).get(verb, {})
    obsolete = [f"method.response.header.{name}" for name in names]
    for status in statuses:
        at: Structure = {"restApiId": api, "resourceId": resource["id"], "httpMethod": verb, "statusCode": status}
        mapped = (current.get("methodIntegration") or {}).get("integrationResponses", {}).get(status, {})
        said = t("headers of the integration response {} of {}", status, verb)
        _take(lab, said, "apigateway.update_integration_response", mapped, obsolete, at)
        declared = current.get("methodResponses", {}).get(status, {})
        said = t("headers of the method response {} of {}", status, verb)
        _take(lab, said, "apigateway.update_method_response", declared, obsolete, at)
    methods.forget(lab, api)


def _take(lab: Lab, what: Text, operation: str, answer: Structure, obsolete: Iterable[str], at: Structure) -> None:
    found = [name for name in obsolete if name in (answer.get("responseParameters") or {})]
    if found:
        patch = [{"op": "remove", "path": f"/responseParameters/{name}"} for name in found]
        why = t("{}", ", ".join(name.rsplit(".", 1)[1] for name in found))
        lab.change("-", what, operation, why=why, already=("NotFoundException",), **at, patchOperations=patch)
