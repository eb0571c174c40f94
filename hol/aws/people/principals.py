"""Somebody who may sign in: a role that is assumed, or a user with a password; both with policies and a boundary.

IAM's calls for the two differ in one word, so here they are one noun of two kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hol.aws import iam_policies, policies, tags
from hol.aws.people import marks
from hol.aws.tags import Tagging
from hol.cloud.answers import Structure
from hol.cloud.tags import listed_tags
from hol.engine.lab import Lab
from hol.words.text import Text, t

LONGEST = 12 * 3600  # seconds that a role's session may last


@dataclass(frozen=True)
class Kind:
    """`role` or `user`, as IAM's operations say it, and the call that lists all of them."""

    word: str
    listing: str
    tagging: Tagging

    @property
    def argument(self) -> str:
        return f"{self.word.capitalize()}Name"

    def named(self, name: str) -> Structure:
        """The argument that names it."""
        return {self.argument: name}

    def shown(self, name: str) -> Text:
        return t("role {}", name) if self.word == "role" else t("user {}", name)


ROLE = Kind("role", "iam.list_roles", tags.ROLE)
USER = Kind("user", "iam.list_users", Tagging("iam.tag_user", "UserName", "Tags", listed_tags))
KINDS = (ROLE, USER)


@dataclass(frozen=True)
class Wanted:
    """`policies` and `boundary` are ARNs; a role also has who may assume it (`trust`), and for how many `seconds`."""

    kind: Kind
    name: str
    attendee: str
    policies: Sequence[str]
    boundary: str
    trust: Structure | None = None
    seconds: int = 3600

    @property
    def own(self) -> Structure:
        return self.kind.named(self.name)


def names(lab: Lab, kind: Kind) -> list[str]:
    """All of the class's of that kind."""
    return [one[kind.argument] for one in lab.pages(kind.listing, PathPrefix=marks.path(lab))]


def find(lab: Lab, kind: Kind, name: str) -> Structure | None:
    """As GetRole or GetUser describes it; None when there is none. Raises `ForeignError` for a namesake."""
    answer = lab.find(f"iam.get_{kind.word}", "NoSuchEntity", **kind.named(name))
    found: Structure | None = answer and answer[kind.word.capitalize()]
    if found is not None:
        marks.require_own(lab, kind.shown(name), found.get("Tags"))
    return found


def ensure(lab: Lab, wanted: Wanted) -> None:
    """The role or user with boundary, tags, and exactly those policies."""
    found = find(lab, wanted.kind, wanted.name)
    if found is None:
        _create(lab, wanted)
    else:
        _converge(lab, wanted, found)
    _attach(lab, wanted)


def arn(lab: Lab, kind: Kind, name: str) -> str:
    """The ARN of the class's role or user of that name."""
    return lab.cloud.arn("iam", f"{kind.word}{marks.path(lab)}{name}", region="")


def _create(lab: Lab, wanted: Wanted) -> None:
    trusted: Structure = {}
    if wanted.trust:
        trusted = {"AssumeRolePolicyDocument": policies.text(wanted.trust), "MaxSessionDuration": wanted.seconds}
    lab.change(
        "+",
        wanted.kind.shown(wanted.name),
        f"iam.create_{wanted.kind.word}",
        lost=lambda: find(lab, wanted.kind, wanted.name),
        **wanted.own,
        Path=marks.path(lab),
        PermissionsBoundary=wanted.boundary,
        Tags=listed_tags(marks.tags(lab, wanted.attendee)),
        **trusted,
    )


def _converge(lab: Lab, wanted: Wanted, found: Structure) -> None:
    shown, word = wanted.kind.shown(wanted.name), wanted.kind.word
    if found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") != wanted.boundary:
        operation = f"iam.put_{word}_permissions_boundary"
        what = t("permissions boundary of the {}", shown)
        lab.change("~", what, operation, **wanted.own, PermissionsBoundary=wanted.boundary)
    if wanted.trust and not policies.same(found["AssumeRolePolicyDocument"], wanted.trust):
        document = policies.text(wanted.trust)
        what = t("trust policy of the {}", shown)
        lab.change("~", what, "iam.update_assume_role_policy", **wanted.own, PolicyDocument=document)
    if wanted.trust and found.get("MaxSessionDuration") != wanted.seconds:
        what = t("longest session of the {}", shown)
        lab.change("~", what, "iam.update_role", **wanted.own, MaxSessionDuration=wanted.seconds)
    own = marks.tags(lab, wanted.attendee)
    tags.ensure(lab, wanted.kind.tagging, t("tags of the {}", shown), wanted.name, found.get("Tags"), own)
    lab.same(shown)


def _attached(lab: Lab, kind: Kind, name: str) -> list[str]:
    listed = lab.pages(f"iam.list_attached_{kind.word}_policies", "NoSuchEntity", **kind.named(name))
    return [one["PolicyArn"] for one in listed]


def _attach(lab: Lab, wanted: Wanted) -> None:
    there = _attached(lab, wanted.kind, wanted.name)
    for policy in wanted.policies:
        if policy not in there:
            iam_policies.attach(lab, wanted.own, policy)
    for policy in there:
        if policy not in wanted.policies and f":policy{marks.path(lab)}" in policy:
            iam_policies.detach(lab, wanted.own, policy)
        elif policy not in wanted.policies:
            lab.note(wanted.kind.shown(wanted.name), t("somebody attached another policy to it: {}", policy))


def remove(lab: Lab, kind: Kind, name: str) -> None:
    """It can sign in no more, and is gone; whatever it was allowed besides is taken from it first."""
    found = find(lab, kind, name)
    if found is None:
        return
    own = kind.named(name)
    if kind is USER:
        _remove_ways_in(lab, name)
    for policy in _attached(lab, kind, name):
        iam_policies.detach(lab, own, policy)
    for inline in lab.pages(f"iam.list_{kind.word}_policies", "NoSuchEntity", **own):
        iam_policies.delete_inline(lab, own, inline)
    created, operation = found.get("CreateDate"), f"iam.delete_{kind.word}"
    lab.change("-", kind.shown(name), operation, already=("NoSuchEntity",), created=created, **own)


def _remove_ways_in(lab: Lab, user: str) -> None:
    if password_since(lab, user) is not None:
        _remove_password(lab, user)
    for key in lab.pages("iam.list_access_keys", "NoSuchEntity", UserName=user):
        own = key["AccessKeyId"]
        lab.change(
            "-",
            t("access key {} of the user {}", own, user),
            "iam.delete_access_key",
            already=("NoSuchEntity",),
            UserName=user,
            AccessKeyId=own,
        )


def password_since(lab: Lab, user: str) -> datetime | None:
    """Since when the user has this password; None when he has none."""
    found = lab.find("iam.get_login_profile", "NoSuchEntity", UserName=user)
    since: datetime | None = found["LoginProfile"]["CreateDate"] if found else None
    return since


def _remove_password(lab: Lab, user: str) -> None:
    what = t("password of the user {}", user)
    lab.change("-", what, "iam.delete_login_profile", already=("NoSuchEntity",), UserName=user)


def renew_password(lab: Lab, user: str, password: str) -> datetime | None:
    """The user signs in with that password, and no other; returns since when."""
    if password_since(lab, user) is not None:
        _remove_password(lab, user)
    what = t("password of the user {}", user)
    lab.change("+", what, "iam.create_login_profile", UserName=user, Password=password, PasswordResetRequired=False)
    return password_since(lab, user)
