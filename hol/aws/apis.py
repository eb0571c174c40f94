"""REST APIs of API Gateway.

A REST API's name is not unique and its creation has no token, so a lost answer or two runs at once can make
twins: an API is found by name *and* tag, and an undeployed twin of ours is removed.
"""

from __future__ import annotations

from typing import Any

from hol.again import aws
from hol.aws import methods
from hol.errors import ForeignError
from hol.lab import Lab
from hol.text import Text, t
from hol.unknown import is_unknown


def find(lab: Lab, name: str) -> Any:
    """Our API of that name, as GetRestApis lists it; None when there is none.

    Raises `ForeignError` when several of ours are deployed: none of them is provably the one. APIs of the same name
    without our tag are other people's and do not matter.
    """
    return lab.once(("api", name), lambda: _read(lab, name))


def _ours(lab: Lab, name: str) -> list[Any]:
    listed = lab.pages("apigateway.get_rest_apis", "items", limit=500)
    return sorted(
        (a for a in listed if a["name"] == name and lab.owns(a.get("tags"))), key=lambda a: (a["createdDate"], a["id"])
    )


def _read(lab: Lab, name: str) -> Any:
    ours = _ours(lab, name)
    if len(ours) < 2:
        return ours[0] if ours else None
    deployed = [api for api in ours if _deployed(lab, api)]
    if len(deployed) > 1:
        ids = ", ".join(api["id"] for api in deployed)
        raise ForeignError(
            t("there are {} deployed APIs with this lab's name and tag: {}", len(deployed), ids),
            why=t("hol cannot tell which one the page uses"),
            fix=_spare(deployed),
        )
    keep = deployed[0] if deployed else ours[0]
    for twin in ours:
        if twin is not keep:
            _delete(lab, twin, t("an undeployed twin, left by a lost answer or a second run"))
    return keep


def _spare(deployed: list[Any]) -> Text:
    """A command for each; which of them are not needed only a person knows."""
    text = t("delete the ones that you do not need, or all of them, and make the lab again")
    for api in deployed:
        text = t(
            "{}\n    API {}: {}", text, api["id"], aws("apigateway", "delete-rest-api", "--rest-api-id", api["id"])
        )
    return text


def _deployed(lab: Lab, api: Any) -> bool:
    """Whether it has a stage; one that another run has removed since the listing has none."""
    stages = lab.find("apigateway.get_stages", "NotFoundException", restApiId=api["id"])
    return bool(stages and stages.get("item"))


def ensure(lab: Lab, name: str) -> str:
    """The regional API; returns its id."""
    found = find(lab, name)
    if found is not None:
        _converge(lab, name, found)
        return str(found["id"])
    created = lab.change(
        "+",
        t("API {}", name),
        "apigateway.create_rest_api",
        lost=lambda: next(iter(_ours(lab, name)), None),
        name=name,
        endpointConfiguration={"types": ["REGIONAL"]},
        tags=lab.tags,
    )
    lab.learn(("api", name), created)
    return str(created["id"]) if is_unknown(created) else _confirmed(lab, name, created)


def _converge(lab: Lab, name: str, found: Any) -> None:
    missing = lab.missing_tags(found.get("tags"))
    if missing:
        arn = _arn(lab, found["id"])
        lab.change("~", t("tags of the API {}", name), "apigateway.tag_resource", resourceArn=arn, tags=missing)
    if found.get("endpointConfiguration", {}).get("types") != ["REGIONAL"]:
        lab.change(
            "~",
            t("endpoint type of the API {}", name),
            "apigateway.update_rest_api",
            why=t("{} → {}", "EDGE", "REGIONAL"),
            restApiId=found["id"],
            patchOperations=[{"op": "replace", "path": "/endpointConfiguration/types/EDGE", "value": "REGIONAL"}],
        )
    lab.same(t("API {}", name))


def _confirmed(lab: Lab, name: str, created: Any) -> str:
    """The id of the API that is ours now that one was created: another run may have made a twin meanwhile."""
    lab.forget(("api", name))
    found = lab.require(find(lab, name), lab.step)
    root = created.get("rootResourceId")
    # An answer that was lost and looked up may be another run's API, which is not empty any longer.
    if found["id"] == created["id"] and "ResponseMetadata" in created and root:
        methods.learn_empty(lab, found["id"], root)
    return str(found["id"])


def remove(lab: Lab, name: str) -> None:
    """The API gone, with its methods, deployments and stages."""
    found = find(lab, name)
    if found is None:
        return
    _delete(lab, found)
    lab.learn(("api", name), None)


def _delete(lab: Lab, api: Any, why: Text | None = None) -> None:
    lab.change(
        "-",
        t("API {} ({})", api["name"], api["id"]),
        "apigateway.delete_rest_api",
        already=("NotFoundException",),
        why=why,
        created=api.get("createdDate"),
        restApiId=api["id"],
    )


def _arn(lab: Lab, api: str) -> str:
    # An API's ARN has no account: https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
    return lab.cloud.arn("apigateway", f"/restapis/{api}", account="")
