"""Who may invoke a Lambda function: the statements of its resource policy."""

from __future__ import annotations

import json

from hol.aws import functions
from hol.cloud.answers import Structure
from hol.engine.lab import Lab
from hol.engine.unknown import is_unknown
from hol.words.text import Text, t


def ensure(lab: Lab, name: str, sid: str, source: str, prefix: str) -> None:
    """API Gateway may invoke the function for that source ARN; older statements of ours (`prefix`) are pruned."""
    statements = listed(lab, name)
    wanted: Structure = {
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": source,
    }
    for old in [
        s for s in statements if s.startswith(prefix) and (is_unknown(sid) or s != sid or statements[s] != wanted)
    ]:
        _remove(lab, name, old, t("it is for an API that is gone"))
    if not is_unknown(sid) and statements.get(sid) == wanted:
        lab.same(t("invoke permission for API Gateway"))
        return
    lab.change(
        "+",
        t("invoke permission for API Gateway"),
        "lambda.add_permission",
        already=("ResourceConflictException: already exists",),
        FunctionName=name,
        StatementId=sid,
        **wanted,
    )


def remove(lab: Lab, name: str, prefix: str) -> None:
    """No statement of ours (`prefix`) lets anybody invoke the function any longer."""
    for sid in listed(lab, name) if functions.find(lab, name) is not None else ():
        if sid.startswith(prefix):
            _remove(lab, name, sid)


def _remove(lab: Lab, name: str, sid: str, why: Text | None = None) -> None:
    lab.change(
        "-",
        t("invoke permission {}", sid),
        "lambda.remove_permission",
        already=("ResourceNotFoundException",),
        why=why,
        FunctionName=name,
        StatementId=sid,
    )


def listed(lab: Lab, name: str) -> dict[str, dict[str, str]]:
    """The resource policy: statement id → Action, Principal (a service), SourceArn."""
    answer = lab.find("lambda.get_policy", "ResourceNotFoundException", FunctionName=name)
    statements = json.loads(answer["Policy"])["Statement"] if answer else []
    return {
        s["Sid"]: {
            "Action": s["Action"],
            "Principal": s["Principal"].get("Service", "") if isinstance(s["Principal"], dict) else s["Principal"],
            "SourceArn": s.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", ""),
        }
        for s in statements
    }
