"""What IAM is asked about, where the emulator asks too vaguely.

AWS asks whether the caller may create *this* policy, use *this* schedule of *this* group, pass *this* role to *that*
service; the emulator asks about "*", about the default group, or not at all. What conditions know beside is in
`conditions`. Like its sisters this module may reach into ministack, and nothing else may.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote
from xml.sax.saxutils import escape

from hol.local import operations
from hol.local.emulator import conditions
from hol.local.wire import Request, Response

_SERVICES = {"lambda": "lambda.amazonaws.com", "scheduler": "scheduler.amazonaws.com"}


@functools.cache
def correct() -> None:
    """Make the emulator ask about the resources that AWS asks about; once a process."""
    from ministack.core import iam_actions, iam_evaluator
    from ministack.services import iam

    iam_actions._lambda_action = _lambda_action
    iam_actions.extract_resource_arn = _better_arn(iam_actions.extract_resource_arn)
    iam_evaluator.enforce = _with_keys(iam_evaluator.enforce)
    iam_evaluator._fnmatch_compile = conditions.with_literal_stars(iam_evaluator._fnmatch_compile)
    iam._IAM_HANDLERS["SimulatePrincipalPolicy"] = _simulate


def _lambda_action(verb: str, path: str) -> str | None:
    """The action is named like the operation; the emulator asks for none, or for another's, where it knows the path too little."""
    name = operations.at("lambda", verb, path)
    return "InvokeFunction" if name.startswith("Invoke") else name or None


def _better_arn(guess: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(guess)
    def arn(
        service: str,
        method: str,
        path: str,
        headers: object,
        body: bytes,
        params: Mapping[str, object],
        region: str,
        account: str,
    ) -> str:
        conditions.known.set(conditions.of_request(service, method, path, body, _plain(params)))
        better = None
        if service == "iam":
            better = _iam(_plain(params), account)
        elif service == "lambda" and method == "POST" and path.rstrip("/").endswith("/functions"):
            better = f"arn:aws:lambda:{region}:{account}:function:{_field(body, 'FunctionName')}"
        elif service == "scheduler":
            better = _scheduler(path, body, _plain(params), region, account)
        return better or guess(service, method, path, headers, body, params, region, account)

    return arn


def _plain(params: Mapping[str, object]) -> dict[str, str]:
    return {key: str(value[0] if isinstance(value, list) else value) for key, value in params.items()}


def _iam(params: dict[str, str], account: str) -> str | None:
    action = params.get("Action", "")
    if action == "AttachRolePolicy":
        conditions.known.set({**(conditions.known.get() or {}), "iam:policyarn": params.get("PolicyArn", "")})
    if action == "CreatePolicy":
        return f"arn:aws:iam::{account}:policy{params.get('Path') or '/'}{params.get('PolicyName')}"
    if params.get("InstanceProfileName"):
        return f"arn:aws:iam::{account}:instance-profile/{params['InstanceProfileName']}"
    return _role(action, params, account) if params.get("RoleName") else None


def _role(action: str, params: dict[str, str], account: str) -> str:
    """The role's ARN with its path; without one, as AWS asks, while there is no such role."""
    from ministack.services import iam

    if action == "CreateRole":
        return f"arn:aws:iam::{account}:role{params.get('Path') or '/'}{params['RoleName']}"
    found = iam._roles.get(params["RoleName"])
    return str(found["Arn"]) if found else f"arn:aws:iam::{account}:role/{params['RoleName']}"


def _scheduler(path: str, body: bytes, params: dict[str, str], region: str, account: str) -> str | None:
    if path.startswith("/tags/"):
        return unquote(path.removeprefix("/tags/"))
    if not path.startswith("/schedules/"):
        return None
    group = params.get("groupName") or _field(body, "GroupName") or "default"
    return f"arn:aws:scheduler:{region}:{account}:schedule/{group}/{path.removeprefix('/schedules/')}"


def _field(body: bytes, name: str) -> str:
    try:
        return str(json.loads(body or b"{}").get(name, ""))
    except (ValueError, AttributeError):
        return ""


def _with_keys(enforce: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(enforce)
    def enforced(*arguments: object, service_context: dict[str, object] | None = None, **named: object) -> object:
        tags = conditions.resource_tags(str(named.get("resource_arn", "*")))
        return enforce(
            *arguments, service_context={**(service_context or {}), **tags, **(conditions.known.get() or {})}, **named
        )

    return enforced


async def layer(request: Request, emulate: object) -> Response | None:
    """Refuses a call that hands a role to a service when its caller may not pass that role."""
    if request.service not in _SERVICES or request.method not in ("POST", "PUT"):
        return None
    try:
        body = request.json()
    except ValueError:
        return None
    target = body.get("Target") if isinstance(body, dict) else None
    role = body.get("Role") if isinstance(body, dict) and request.service == "lambda" else (target or {}).get("RoleArn")
    return may_pass(request, str(role), _SERVICES[request.service]) if role else None


def may_pass(request: Request, role: str, service: str) -> Response | None:
    """None when the caller may pass the role to that service, else the denial."""
    return conditions.authorized(request, "iam:PassRole", role, {"iam:passedtoservice": service})


# --- the policy simulator ---


def _simulate(params: dict[str, object]) -> object:
    """SimulatePrincipalPolicy with all its resources, its context entries, and roles that have a path."""
    from ministack.core import iam_evaluator
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import iam

    given, account = _plain(params), get_account_id()
    source = given.get("PolicySourceArn", "")
    context = {
        given[f"{key}ContextKeyName"].lower(): given.get(f"{key}ContextKeyValues.member.1") for key in _entries(given)
    }
    policies = _policies(source, account)
    rows = []
    for action in _members(given, "ActionNames"):
        for resource in list(_members(given, "ResourceArns")) or ["*"]:
            asked = iam_evaluator.EvalContext(
                source, "User", account, action, resource, get_region(), service_context=context
            )
            decision = iam_evaluator.evaluate(asked, policies).decision if policies else "ImplicitDeny"
            rows.append(_row(action, resource, decision))
    body = f"<EvaluationResults>{''.join(rows)}</EvaluationResults><IsTruncated>false</IsTruncated>"
    name = "SimulatePrincipalPolicy"
    return iam._xml(200, f"{name}Response", f"<{name}Result>{body}</{name}Result>", ns="iam")


def _policies(source: str, account: str) -> list[object]:
    from ministack.core import iam_evaluator

    name = source.rsplit("/", 1)[-1]
    gather = iam_evaluator._gather_role_policies if ":role/" in source else iam_evaluator._gather_user_policies
    return list(gather(name, account))


def _row(action: str, resource: str, decision: str) -> str:
    said = {"Allow": "allowed", "Deny": "explicitDeny"}.get(decision, "implicitDeny")
    named = f"<EvalActionName>{escape(action)}</EvalActionName><EvalResourceName>{escape(resource)}</EvalResourceName>"
    return f"<member>{named}<EvalDecision>{said}</EvalDecision></member>"


def _members(given: dict[str, str], name: str) -> Iterator[str]:
    number = 1
    while f"{name}.member.{number}" in given:
        yield given[f"{name}.member.{number}"]
        number += 1


def _entries(given: dict[str, str]) -> list[str]:
    found = (re.fullmatch(r"(ContextEntries\.member\.\d+\.)ContextKeyName", key) for key in given)
    return [entry[1] for entry in found if entry]
