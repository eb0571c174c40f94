"""Policy documents: made as data, compared as IAM understands them."""

from __future__ import annotations

import json

from hol.cloud.answers import Structure

ASKING = ("sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint")
_ASKING = "AskEndpoint"


def document(*statements: Structure) -> Structure:
    """A policy of those statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(sid: str, actions: list[str], resources: list[str]) -> Structure:
    """A statement that allows the actions on the resources."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def trust(service: str) -> Structure:
    """The trust policy that lets an AWS service assume a role."""
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def asking(resource: str) -> Structure:
    """What the function may do: ask that endpoint."""
    return document(allow(_ASKING, list(ASKING), [resource]))


def only_asks(found: object) -> bool:
    """Whether it is a policy that hol wrote for the function, whatever it is called and whichever endpoint it names."""
    statements = found.get("Statement", []) if isinstance(found, dict) else []
    return bool(statements) and all(
        isinstance(one, dict) and one.get("Sid") == _ASKING and sorted(one.get("Action", [])) == sorted(ASKING)
        for one in statements
    )


def same(one: object, other: object) -> bool:
    """Whether two documents mean the same: IAM may reorder lists and turn a list of one into its element."""
    return bool(_canonical(one) == _canonical(other))


def text(policy: Structure) -> str:
    """The document as it goes to AWS."""
    return json.dumps(policy, separators=(",", ":"))


def _canonical(value: object) -> object:
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [_canonical(item) for item in value]
        return items[0] if len(items) == 1 else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return value
