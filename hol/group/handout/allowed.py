"""What an attendee may do: his lab, and nothing of anybody else's.

`hol policy` says what the lab needs under his names. That is narrowed where names do not tell labs apart: REST APIs have ids
of AWS's choice, so theirs is told by the tag, which he may set only in the call that makes an API; and a role that he
makes must have a boundary, or its policies could allow his function what he may not do himself. That boundary is what
his lab's own roles are allowed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from hol.aws import policies
from hol.cloud.answers import Structure
from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.engine.run import blank
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.operate import policy
from hol.operate.policy import Where

# These make a role, or give it more: https://docs.aws.amazon.com/service-authorization/latest/reference/list_identityandaccessmanagement.html
_BOUNDED = ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary")
# What the console's pages of one function and one bucket ask besides, and what says nothing of anybody.
_CONSOLE = ("lambda:GetAccountSettings", "s3:GetAccountPublicAccessBlock")
_ANYBODY = Attendee("zzzzzzzzzzzz", "")


def of_attendee(group: Group, attendee: Attendee) -> list[Structure]:
    """What he may do, in as many policies as it takes; his settings name the boundary of his roles."""
    config, where = group.settings_of(attendee), _where(group, attendee.account)
    wide = policy.operator(config, group.steps, where, whole=False)
    owner = Lab(group.run(attendee, lambda said: None, dry=True), "").owner
    narrowed = [
        one for statement in wide["Statement"] for one in _narrowed(statement, where, owner, config.role.boundary)
    ]
    return policy.split({**wide, "Statement": [*narrowed, _allow("Console", list(_CONSOLE), ["*"])]})


def of_everybody(group: Group, number: str) -> Structure:
    """The boundary of every attendee: whatever else somebody allows him, it is no more than the lab."""
    config = group.settings_of(replace(_ANYBODY, account=number))
    return policy.boundary(config, group.steps, _where(group, number))


def of_roles(group: Group, attendee: Attendee) -> Structure:
    """What the roles of his lab are allowed, as a run in an empty account would write it: their boundary."""
    said = list[Message]()
    runner.up(blank(group.run(attendee, said.append)), group.each)
    written = [one for event in said if isinstance(event, Event) for one in _documents(event)]
    found = {json.dumps(one, sort_keys=True): one for document in written for one in document["Statement"]}
    return policies.document(*({key: value for key, value in one.items() if key != "Sid"} for one in found.values()))


def _documents(event: Event) -> Iterator[Structure]:
    for call in event.calls:
        if "PolicyDocument" in call.arguments:
            yield json.loads(str(call.arguments["PolicyDocument"]))


def _where(group: Group, number: str) -> Where:
    cloud = group.account(number).cloud
    return Where(cloud.partition, cloud.region, cloud.account)


def _narrowed(statement: Structure, where: Where, owner: str, boundary: str) -> list[Structure]:
    if statement["Sid"] == "Apis":
        return _own_apis(_listed(statement["Action"]), where, owner)
    if statement["Sid"] == "Tags":
        return [_tags_of_a_new_api(where, owner)]
    bounded = [one for one in _listed(statement["Action"]) if one in _BOUNDED]
    others = [one for one in _listed(statement["Action"]) if one not in _BOUNDED]
    made = _with(statement, statement["Sid"], others, {})
    return [*made, *_with(statement, f"Bounded{statement['Sid']}", bounded, {"iam:PermissionsBoundary": boundary})]


def _with(statement: Structure, sid: str, actions: list[str], equals: dict[str, str]) -> list[Structure]:
    if not actions:
        return []
    conditions = dict(statement.get("Condition", {}))
    if equals:
        conditions["ArnEquals"] = {**conditions.get("ArnEquals", {}), **equals}
    return [{**statement, "Sid": sid, "Action": actions, **({"Condition": conditions} if conditions else {})}]


def _own_apis(actions: list[str], where: Where, owner: str) -> list[Structure]:
    """All can be listed, one be made with his tag, and everything be done with those that have it.

    What belongs to an API has its tags: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
    """
    every, of_one = (where.arn("apigateway", path, account="") for path in ("/restapis", "/restapis/*"))
    making = {"StringEquals": {f"aws:RequestTag/{OWNER}": owner}}
    having = {"StringEquals": {f"aws:ResourceTag/{OWNER}": owner}}
    return [
        _allow("ListApis", ["apigateway:GET"], [every]),
        {**_allow("NewApis", ["apigateway:POST"], [every]), "Condition": making},
        {**_allow("OwnApis", actions, [of_one]), "Condition": having},
    ]


def _tags_of_a_new_api(where: Where, owner: str) -> Structure:
    # Before an API has an id, IAM is asked about a star; `${*}` is a star that stands for nothing else:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    new = quote(where.arn("apigateway", "/restapis/", account=""), safe="")
    equals = {"StringEquals": {f"aws:RequestTag/{OWNER}": owner}}
    tagging = _allow("TagNewApis", ["apigateway:PUT"], [where.arn("apigateway", f"/tags/{new}${{*}}", account="")])
    return {**tagging, "Condition": equals}


def _allow(sid: str, actions: list[str], resources: list[str]) -> Structure:
    return policies.allow(sid, actions, resources)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
