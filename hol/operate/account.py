"""The account: who asks and for how long, where, what he may do, and what the account's own settings allow.

Everything here is a read. What the account does not let one look at is `unknown`, not healthy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from hol.cloud.answers import Structure
from hol.cloud.session import Cloud, Place, connect
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.step import Step
from hol.operate import policy
from hol.operate.findings import Finding, of_error, unknown
from hol.operate.machine import Machine
from hol.words.commands import command, same
from hol.words.errors import ClockError, CredentialsError, Exit, HolError
from hol.words.text import Text, counted, t

_SKEW = timedelta(minutes=5)
# What a run takes when its steps have nothing to wait for.
_RUN = timedelta(minutes=15)


def connected(config: Config, place: Place) -> Cloud | Finding:
    """The cloud, or why there is none: no or wrong credentials, a wrong clock, a region that is not enabled."""
    try:
        return connect(config, place)
    except CredentialsError as error:
        if isinstance(error, ClockError):
            return of_error("HOL-D13", error)
        return _elsewhere(config, place) or of_error("HOL-D01", error)
    except HolError as error:
        return of_error("HOL-D03", error)


def _elsewhere(config: Config, place: Place) -> Finding | None:
    """A region that is not enabled answers as if the credentials were wrong; in us-east-1 they are right."""
    if config.region == "us-east-1":
        return None
    try:
        connect(replace(config, region="us-east-1"), place)
    except HolError:
        return None
    return Finding(
        "HOL-D03",
        t("the region {} is not enabled for this account", config.region),
        t("the same credentials work in {}", "us-east-1"),
        t("enable it in the account settings, or choose another: {}", same(region="us-east-1")),
    )


def lifetime(lab: Lab, machine: Machine, expires: datetime | None, waited: int) -> Iterator[Finding]:
    """Whether the credentials outlive the run; `waited`: the seconds that its steps may wait besides."""
    needed = _RUN + timedelta(seconds=waited if lab.config.target == "aws" else 0)
    if expires is not None and expires - machine.now < needed:
        left = max(0, int((expires - machine.now).total_seconds() // 60))
        yield Finding(
            "HOL-D02",
            counted(left, t("the credentials expire in 1 minute"), t("the credentials expire in {} minutes", left)),
            t("a run may take {} minutes here", int(needed.total_seconds() // 60)),
            t("sign in again before you begin; what is done is kept in any case"),
            exit=Exit.CREDENTIALS,
        )


def expiry(cloud: Cloud) -> datetime | None:
    """When the credentials end; None when they do not, renew themselves, or do not say."""
    found = cloud.session.get_credentials()
    given = getattr(found, "method", "") in ("env", "shared-credentials-file", "config-file", "custom-process")
    when = getattr(found, "_expiry_time", None) if given else None
    return when if isinstance(when, datetime) else None


def clock(lab: Lab, machine: Machine) -> Iterator[Finding]:
    """Whether this machine's clock is AWS's, from the Date header of an answer."""
    answer = lab.read("sts.get_caller_identity")
    said = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    if not said:
        return
    off = machine.now - parsedate_to_datetime(said).astimezone(UTC)
    if abs(off) > _SKEW:
        yield Finding(
            "HOL-D13",
            t("the clock of this machine is {} minutes off", round(off.total_seconds() / 60)),
            t("AWS refuses signatures that are more than five minutes old"),
            t("set the clock and run the same command again"),
            exit=Exit.CREDENTIALS,
        )


# --- what the caller may do ---


def permissions(lab: Lab, steps: Sequence[Step]) -> Iterator[Finding]:
    """Every action of the plan, asked of IAM's policy simulator."""
    source = _principal(lab)
    if source is None:
        return
    if not source:
        fix = t("compare your policy with: {}", command("policy"))
        yield unknown("HOL-D04", t("IAM cannot simulate what {} may do", lab.cloud.identity), fix)
        return
    where = policy.Where(lab.cloud.partition, lab.cloud.region, lab.cloud.account)
    statements = policy.operator(lab.config, steps, where)["Statement"]
    for denied in lab.each(statements, lambda statement: _denied(lab, source, statement)):
        yield from denied


def _principal(lab: Lab) -> str | None:
    """The ARN to simulate; "" when it cannot be told, None for the account's root, who may do everything."""
    kind, _, name = lab.cloud.identity.split(":", 5)[5].partition("/")
    if kind == "root":
        return None
    if kind == "user":
        return lab.cloud.identity
    if kind != "assumed-role":
        return ""
    try:
        found = lab.find("iam.get_role", "NoSuchEntity", RoleName=name.split("/")[0])
    except HolError:
        return ""
    return str(found["Role"]["Arn"]) if found else ""


def _denied(lab: Lab, source: str, statement: Structure) -> list[Finding]:
    answers = lab.pages(
        "iam.simulate_principal_policy",
        PolicySourceArn=source,
        ActionNames=_listed(statement["Action"]),
        ResourceArns=_listed(statement["Resource"]),
        ContextEntries=_context(statement),
    )
    refused = {answer["EvalActionName"]: answer for answer in answers if answer["EvalDecision"] != "allowed"}
    return [_refusal(action, answer, statement["Sid"]) for action, answer in sorted(refused.items())]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _context(statement: Structure) -> list[Structure]:
    keys = {key: value for block in statement.get("Condition", {}).values() for key, value in block.items()}
    return [
        {"ContextKeyName": key, "ContextKeyValues": _listed(value), "ContextKeyType": "string"}
        for key, value in keys.items()
    ]


def _refusal(action: str, answer: Structure, sid: str) -> Finding:
    return Finding(
        "HOL-D04",
        t("you may not do {}", action),
        t("{}: {}", _reason(answer), answer["EvalResourceName"]),
        t("ask the account's owner for the statement {} of: {}", sid, command("policy")),
        exit=Exit.PERMISSION,
    )


def _reason(answer: Structure) -> Text:
    if answer.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return t("a service control policy of the organization forbids it")
    if answer.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return t("the permissions boundary does not allow it")
    explicit = answer["EvalDecision"] == "explicitDeny"
    return t("a policy explicitly denies it") if explicit else t("no policy of yours allows it")
