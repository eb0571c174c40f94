"""REST APIs of API Gateway.

A REST API's name is not unique and its creation has no token, so a lost answer or two runs at once can make
twins: an API is found by name *and* tag, and an undeployed twin of ours is removed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from hol.aws import tags
from hol.aws.gateway import methods
from hol.cloud.answers import Structure
from hol.cloud.tags import manager, plain_tags
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.engine.unknown import is_unknown
from hol.words.commands import command
from hol.words.errors import PrerequisiteError
from hol.words.text import Text, t

# After this many seconds a listing that does not show an API of ours no longer lags: another run has deleted it.
_LATE = 10.0


@dataclass(frozen=True)
class _Found:
    """Our API of a name, or None, and the undeployed twins of it that are to go."""

    api: Structure | None
    twins: tuple[Structure, ...] = ()


API = Kind[_Found]("api")
_ALL = Kind[list[Structure]]("apis")


def find(lab: Lab, name: str) -> Structure | None:
    """Our API of that name, as GetRestApis lists it: of several the first that was deployed; None when there is none.

    APIs of the same name without our tag are other people's and do not matter. Undeployed twins of it are for `ensure`.
    """
    return lab.once(API(name), lambda: _chosen(lab, name, _ours(lab, name))).api


def required(lab: Lab, name: str, step: str) -> Structure:
    """Our API of that name, for what is made in it by a later step than `step`.

    Raises `PrerequisiteError` without one; one of the name that nobody has tagged is mentioned: somebody's own work by hand.
    """
    found = find(lab, name)
    untagged = [] if found is not None else [api for api in of_name(lab, name, listed(lab))[1] if not api.get("tags")]
    if not untagged:
        return lab.require(found, step)
    raise PrerequisiteError(
        t("this step needs an API of this lab"),
        why=t(
            "the API {} ({}) lacks its tag; if you made it by hand, let hol take it over: {}",
            name,
            untagged[0]["id"],
            command("adopt"),
        ),
        fix=t("otherwise run first: {}", lab.command("step", step)),
    )


def _ours(lab: Lab, name: str) -> list[Structure]:
    """Whoever only looks takes the listing that he has."""
    return of_name(lab, name, listed(lab) if lab.run.lenient else _all(lab))[0]


def of_name(lab: Lab, name: str, found: list[Structure]) -> tuple[list[Structure], list[Structure]]:
    """Those of that name: ours, and the others. A lenient run takes untagged ones for ours only where none is tagged."""
    named = [api for api in found if api["name"] == name]
    proven = [api for api in named if plain_tags(api.get("tags")).get(OWNER) == lab.owner]
    ours = proven or [api for api in named if lab.owns(api.get("tags"))]
    return ours, [api for api in named if api not in ours]


def _all(lab: Lab) -> list[Structure]:
    found = lab.pages("apigateway.get_rest_apis", limit=500)
    return sorted(found, key=lambda api: (api["createdDate"], api["id"]))


def listed(lab: Lab) -> list[Structure]:
    """Every REST API, whoever's and whatever it is called, the oldest first; asked for once a run."""
    return lab.once(_ALL(), lambda: _all(lab))


def already_listed(lab: Lab, found: list[Structure]) -> None:
    """What `listed` returns: of many labs in one account only one need ask."""
    lab.learn(_ALL(), found)


def _chosen(lab: Lab, name: str, ours: list[Structure]) -> _Found:
    """Of several the first that was deployed."""
    if len(ours) < 2:
        return _Found(ours[0] if ours else None)
    deployed = [api for api in ours if _deployed(lab, api)]
    if len(deployed) > 1 and not lab.run.lenient:
        lab.note(t("API {} ({})", name, deployed[0]["id"]), _several(deployed))
    keep = deployed[0] if deployed else ours[0]
    return _Found(keep, tuple(api for api in ours if api is not keep and api not in deployed))


def _without_twins(lab: Lab, name: str) -> None:
    found = lab.run.facts.get(API(name))
    for twin in found.twins if found else ():
        _delete(lab, twin, t("an undeployed twin, left by a lost answer or a second run"))


def _several(deployed: list[Structure]) -> Text:
    others = ", ".join(api["id"] for api in deployed[1:])
    return t(
        "this lab has other deployed APIs too: {}; hol uses the oldest; to delete all of them: {}",
        others,
        command("down"),
    )


def _deployed(lab: Lab, api: Structure) -> bool:
    """Whether it has a stage; one that another run has removed since the listing has none."""
    stages = lab.find("apigateway.get_stages", "NotFoundException", restApiId=api["id"])
    return bool(stages and stages.get("item"))


def ensure(lab: Lab, name: str) -> str:
    """The regional API; returns its id."""
    found = find(lab, name)
    _without_twins(lab, name)
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
    lab.learn(API(name), _Found(created))
    return str(created["id"]) if is_unknown(created) else _confirmed(lab, name, created)


def _converge(lab: Lab, name: str, found: Structure) -> None:
    tags.ensure(lab, tags.API, t("tags of the API {}", name), arn(lab, found["id"]), found.get("tags"))
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


def _confirmed(lab: Lab, name: str, created: Structure) -> str:
    """The id of the API that is ours now that one was created: another run may have made a twin meanwhile."""
    lab.learn(API(name), _chosen(lab, name, _listed(lab, name, created["id"])))
    found = lab.require(find(lab, name), lab.step)
    _without_twins(lab, name)
    root = created.get("rootResourceId")
    # An answer that was lost and looked up may be another run's API, which is not empty any longer.
    if found["id"] == created["id"] and "ResponseMetadata" in created and root:
        methods.learn_empty(lab, found["id"], root)
    return str(found["id"])


def _listed(lab: Lab, name: str, own: str) -> list[Structure]:
    """Our APIs, once the listing shows the one that was just made, or has had time to and shows another run's instead."""
    began = lab.run.clock.now()

    def look() -> list[Structure] | None:
        ours = _ours(lab, name)
        late = lab.run.clock.now() - began > _LATE
        return ours if any(api["id"] == own for api in ours) or (ours and late) else None

    return lab.wait(t("API Gateway to list the API {}", name), look, every=2, up_to=60)


def replaced(lab: Lab, name: str) -> bool:
    """Whether the API that this run has worked on is gone, and another of ours there: the one that another run kept.

    Two of the same second are told apart by their ids, so the one that was made later may be the one that stays.
    """
    found = lab.run.facts.get(API(name))
    known = found.api if found else None
    ours = _ours(lab, name) if known else []
    if not known or not ours or known["id"] in {api["id"] for api in ours}:
        return False
    what, kept = t("API {} ({})", name, known["id"]), ours[0]["id"]
    lab.note(what, t("another run has kept {} instead; on with that one", kept))
    return True


def remove(lab: Lab, name: str, stage: str, verbs: Collection[str]) -> None:
    """Every API of ours of that name gone, with its methods, deployments and stages.

    What is in it besides that stage and those methods on / is named before.
    """
    for api in listed(lab):
        if api["name"] == name and lab.owns(api.get("tags")):
            lab.before_asking(t("API {}", name), partial(_strangers, lab, api["id"], stage, verbs))
            _delete(lab, api)
        elif api["name"] == name and (tool := manager(api.get("tags"))):
            lab.note(t("API {} ({})", name, api["id"]), t("{} manages it; hol leaves it alone", tool))
    lab.learn(API(name), _Found(None))


def _strangers(lab: Lab, api: str, stage: str, verbs: Collection[str]) -> list[Text]:
    """The stages, resources and methods of an API that somebody else has made in it."""
    stages = (lab.find("apigateway.get_stages", "NotFoundException", restApiId=api) or {}).get("item", [])
    resources = lab.pages("apigateway.get_resources", "NotFoundException", restApiId=api, embed=["methods"], limit=500)
    on_root: Structure = next((one.get("resourceMethods", {}) for one in resources if one["path"] == "/"), {})
    return [
        *(t("stage {}", one["stageName"]) for one in stages if one["stageName"] != stage),
        *(t("resource {}", one["path"]) for one in resources if one["path"] != "/"),
        *(t("method {} on /", verb) for verb in on_root if verb not in verbs),
    ]


def remove_one(lab: Lab, api_id: str) -> None:
    """The API of that id gone, if it is there and ours."""
    for api in listed(lab):
        if api["id"] == api_id and lab.owns(api.get("tags")):
            _delete(lab, api)


def _delete(lab: Lab, api: Structure, why: Text | None = None) -> None:
    lab.change(
        "-",
        t("API {} ({})", api["name"], api["id"]),
        "apigateway.delete_rest_api",
        already=("NotFoundException",),
        why=why,
        created=api.get("createdDate"),
        restApiId=api["id"],
    )


def arn(lab: Lab, api: str) -> str:
    """The ARN of the API of that id."""
    # An API's ARN has no account: https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
    return lab.cloud.arn("apigateway", f"/restapis/{api}", account="")
