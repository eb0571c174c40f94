"""REST API with POST on /, integrated with the function"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hol.aws import functions, invoke_permissions
from hol.aws.gateway import apis, gateway_responses, methods, stages
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.resources import Resources

from .site import checks, contract

NEEDS = ("function",)
MINUTES = 6  # by hand, in the console
AWAITS = ("function",)  # API and methods need its name only
PERMISSIONS = (
    "apigateway:GET", "apigateway:POST", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE",
    "lambda:GetFunction", "lambda:ListTags", "lambda:GetPolicy", "lambda:AddPermission", "lambda:RemovePermission",
)  # fmt: skip

_STATEMENT = "hol-"


def resources(config: Config) -> Resources:
    """What these are for."""
    return Resources(functions=(config.function.name,))


def up(lab: Lab) -> None:
    """API, method, non-proxy integration, answers, and the invoke permission that the console adds silently."""
    name = lab.config.function.name
    function = lab.awaited("function", lambda: functions.find(lab, name))
    api = apis.ensure(lab, lab.config.api.name)
    lab.read_ahead("cors", lambda: gateway_responses.listed(lab, api))
    lab.read_ahead("stage", lambda: stages.find(lab, api, lab.config.stage.name))
    lab.in_background(lambda: _permission(lab, function, api))
    methods.ensure_method(lab, api, contract.post(lab, functions.arn(lab, name)))


def _permission(lab: Lab, function: Callable[[], Any], api: str) -> None:
    function()
    name = lab.config.function.name
    # The first * is the stage: prod, and test-invoke-stage for the console's Test button.
    source = lab.cloud.arn("execute-api", f"{api}/*/POST/")
    invoke_permissions.ensure(lab, name, f"{_STATEMENT}{api}-root-post", source, _STATEMENT)


def replaced(lab: Lab) -> bool:
    """Whether another run has kept another API than this one."""
    return apis.replaced(lab, lab.config.api.name)


def check(lab: Lab) -> None:
    """The console's Test button of the POST method."""
    api = apis.required(lab, lab.config.api.name, lab.step)
    checks.method(lab, api["id"], methods.root(lab, api["id"])["id"])


def undo(lab: Lab) -> None:
    """The API gone, and before it the invoke permission; the stage and the CORS headers are inside the API."""
    invoke_permissions.remove(lab, lab.config.function.name, _STATEMENT)
    down(lab)


def down(lab: Lab) -> None:
    """The API gone; the invoke permission goes with the function."""
    apis.remove(lab, lab.config.api.name, lab.config.stage.name, contract.VERBS)
