"""Deployment and stage prod"""

from __future__ import annotations

from hol.aws import functions
from hol.aws.gateway import apis, methods, stages
from hol.engine.lab import Lab

from .site import checks, contract

NEEDS = ("cors",)
MINUTES = 3  # by hand, in the console
PERMISSIONS = ("apigateway:GET", "apigateway:POST", "apigateway:PATCH", "apigateway:DELETE")


def up(lab: Lab) -> None:
    """What steps 4 and 5 made is deployed; deployed again only when it has changed."""
    api = apis.required(lab, lab.config.api.name, "api")["id"]
    settings = lab.config.stage
    lab.require(methods.has_method(lab, api, "OPTIONS") or None, "cors")
    post = contract.post(lab, functions.arn(lab, lab.config.function.name))
    digest = stages.fingerprint(
        post, contract.options(lab), contract.cors_headers(lab), contract.gateway_responses(lab)
    )
    stages.ensure(
        lab, api, settings.name, (settings.description, settings.deployment), digest, (settings.rate, settings.burst)
    )
    lab.output("invoke_url", lab.cloud.invoke_url(api, settings.name))


def check(lab: Lab) -> None:
    """What the guide does with Postman: POST the test event to the invoke URL."""
    api = apis.required(lab, lab.config.api.name, "api")["id"]
    checks.post(lab, lab.cloud.invoke_url(api, lab.config.stage.name))


def undo(lab: Lab) -> None:
    """The stage gone, and with it what hol deployed."""
    api = apis.find(lab, lab.config.api.name)
    if api is not None:
        stages.remove(lab, api["id"], lab.config.stage.name, lab.config.stage.deployment)
