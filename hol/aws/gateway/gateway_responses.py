"""The gateway's own answers of a REST API, by type (`DEFAULT_4XX`, …): a page can read them only with CORS headers."""

from __future__ import annotations

from collections.abc import Mapping

from hol.aws.gateway import methods
from hol.cloud.answers import Structure
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.text import t

RESPONSES = Kind[Structure]("gateway responses")


def listed(lab: Lab, api: str) -> Structure:
    """The gateway's own answers: type → as GetGatewayResponses lists it."""

    def read() -> Structure:
        if methods.is_new(lab, api):
            return {}
        found = lab.pages("apigateway.get_gateway_responses", "NotFoundException", restApiId=api, limit=500)
        return {one["responseType"]: one for one in found}

    return lab.once(RESPONSES(api), read)


def ensure(lab: Lab, api: str, kind: str, headers: Mapping[str, str]) -> None:
    """The gateway's own answers of that kind (`DEFAULT_4XX`, …) carry these headers; {} restores the default."""
    current = listed(lab, api).get(kind, {"defaultResponse": True})
    wanted = {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()}
    what = t("gateway response {}", kind)
    if (current.get("responseParameters") or {}) == wanted:
        lab.same(what)
        return
    methods.note_change(lab, api)
    if wanted:
        lab.change(
            "+" if current.get("defaultResponse") else "~",
            what,
            "apigateway.put_gateway_response",
            restApiId=api,
            responseType=kind,
            responseParameters=wanted,
        )
    else:
        _default(lab, api, kind)


def remove(lab: Lab, api: str, kind: str) -> None:
    """The gateway's own answers of that kind are as API Gateway has them."""
    if listed(lab, api).get(kind, {}).get("responseParameters"):
        _default(lab, api, kind)


def _default(lab: Lab, api: str, kind: str) -> None:
    lab.change(
        "-",
        t("gateway response {}", kind),
        "apigateway.delete_gateway_response",
        already=("NotFoundException",),
        restApiId=api,
        responseType=kind,
    )
