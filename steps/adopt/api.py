"""The REST API."""

from __future__ import annotations

from hol.aws import tags
from hol.aws.gateway import apis
from hol.cloud.tags import manager, plain_tags
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.words.text import t


def adopt(lab: Lab) -> None:
    """The API, if exactly one of that name is nobody's, or exactly one of those is deployed."""
    name = lab.config.api.name
    found = [a for a in lab.pages("apigateway.get_rest_apis", limit=500) if a["name"] == name]
    free = [api for api in found if OWNER not in plain_tags(api.get("tags")) and not manager(api.get("tags"))]
    if any(lab.owns(api.get("tags")) for api in found):
        lab.same(t("API {}", name))
        return
    if len(free) > 1:
        free = [a for a in free if lab.read("apigateway.get_stages", restApiId=a["id"]).get("item")]
        if len(free) != 1:
            lab.note(t("API {}", name), t("there are several of that name; delete those that you do not use"))
            return
    for api in free:
        tags.ensure(lab, tags.API, t("tags of the API {}", name), apis.arn(lab, api["id"]), api.get("tags"))
