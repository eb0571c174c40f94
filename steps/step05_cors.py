"""CORS, so that the page may call the API"""

from __future__ import annotations

from hol.aws import functions
from hol.aws.gateway import apis, gateway_responses, headers, methods
from hol.engine.lab import Lab

from .site import checks, contract

NEEDS = ("api",)
MINUTES = 4  # by hand, in the console
PERMISSIONS = ("apigateway:GET", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE")


Settings = contract.Cors


def up(lab: Lab) -> None:
    """OPTIONS with its three headers, and the origin header on POST's answers."""
    api = apis.required(lab, lab.config.api.name, "api")["id"]
    methods.ensure_method(lab, api, contract.options(lab))
    post = contract.post(lab, functions.arn(lab, lab.config.function.name))
    headers.ensure(lab, api, "POST", tuple(answer.status for answer in post.responses), contract.cors_headers(lab))
    for kind, carried in contract.gateway_responses(lab).items():
        gateway_responses.ensure(lab, api, kind, carried)


def check(lab: Lab) -> None:
    """The browser's preflight question, asked from the page's origin."""
    api = apis.required(lab, lab.config.api.name, "api")["id"]
    url = lab.cloud.invoke_url(api, lab.config.stage.name)
    checks.preflight(lab, url, lab.cloud.website_url(lab.config.bucket.name))


def undo(lab: Lab) -> None:
    """OPTIONS gone, the headers off POST's answers, the gateway's own answers as they were; what is live stays so."""
    found = apis.find(lab, lab.config.api.name)
    if found is None:
        return
    api, post = found["id"], contract.post(lab, functions.arn(lab, lab.config.function.name))
    statuses = (*(answer.status for answer in post.responses), *post.unwanted)
    methods.remove_method(lab, api, "OPTIONS")
    headers.remove(lab, api, "POST", statuses, contract.cors_headers(lab))
    for kind in contract.gateway_responses(lab):
        gateway_responses.remove(lab, api, kind)
