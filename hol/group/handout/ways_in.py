"""Everybody of a class signs in himself: to his own lab, for as long as the class lasts, and no longer.

He gets a role that the caller assumes for him, with a link to the console; or, where AWS lets the caller's credentials
make no such link (those of a role are good for an hour, a root user assumes none), an IAM user with a password. What he may do is in
`allowed`. Before the labs are taken down all of that is revoked, and when they are gone its policies go too.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from hol.aws import policies, roles
from hol.aws.people import allowed as documents
from hol.aws.people import principals
from hol.aws.people.principals import ROLE, USER, Kind, Wanted
from hol.cloud import signin
from hol.cloud.answers import Structure
from hol.cloud.session import Cloud
from hol.cloud.signin import Keys
from hol.engine.lab import Lab
from hol.engine.run import Run
from hol.group import found as listing
from hol.group.handout import allowed, people
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.work import Outcome, Told, admitted, refused, side_by_side
from hol.operate import policy
from hol.teach import console
from hol.words.commands import cleaning
from hol.words.errors import PermissionDenied
from hol.words.text import t

_STEP = "handout"
_HOUR = 3600
# For a user's password: every kind of sign that an account's password policy may ask for, none that looks like another.
_SIGNS = (
    string.ascii_lowercase.replace("l", ""),
    string.ascii_uppercase.replace("I", "").replace("O", ""),
    "23456789",
    "-+=!",
)


@dataclass(frozen=True)
class Handed:
    """How an attendee signs in: by `keys` and a `link`, or with a password. A `password` of "" is the one he was given before."""

    attendee: Attendee
    name: str
    keys: Keys | None = None
    link: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    since: str = ""  # when the password was set


@dataclass(frozen=True)
class Ways:
    """As what the attendees of an account sign in, and for how many seconds; None: as long as AWS lets a chained role."""

    kind: Kind
    seconds: int | None


def ways(group: Group, cloud: Cloud) -> Ways:
    """What the caller's credentials can do there."""
    chained, root = ":assumed-role/" in cloud.identity, cloud.identity.endswith(":root")
    seconds = None if chained else min(principals.LONGEST, group.settings.hours * _HOUR)
    unable = cloud.place.federation is not None and (chained or root)
    as_user = group.settings.signin == "user" or (group.settings.signin == "auto" and unable)
    return Ways(USER if as_user else ROLE, seconds)


def hand_out(
    group: Group, told: Told, chosen: Collection[str] = (), known: Callable[[Attendee], str] = lambda one: ""
) -> tuple[list[Outcome], list[Handed]]:
    """Everybody's way in (or that of the `chosen` ids), made or put right; what is not of this class is left as it is.

    `known`: since when the password is set that an attendee's page shows; that one is not renewed.
    """
    found = {number: listing.find(group, number) for number in group.numbers}
    wanted = [one for one in group.attendees if not chosen or one.id in chosen]
    mine = admitted(found, wanted)
    group.handed |= {one.place for one in mine}
    failed = [outcome for outcome in side_by_side(group, _accounts(group, mine), _bound(group)) if outcome.errors]
    unable = {outcome.attendee.account for outcome in failed}
    mine = [one for one in mine if one.account not in unable]
    handed: dict[tuple[str, str], Handed] = {}

    def give(run: Run, outcome: Outcome) -> None:
        handed[outcome.attendee.place] = _give(group, run, outcome.attendee, known)

    outcomes = failed + refused(found, wanted, told) + side_by_side(group, mine, give, told)
    return outcomes, [handed[one.place] for one in mine if one.place in handed]


def _accounts(group: Group, attendees: Sequence[Attendee]) -> list[Attendee]:
    return [group.everybody(number) for number in dict.fromkeys(one.account for one in attendees)]


def _bound(group: Group) -> Callable[[Run, Outcome], None]:
    def do(run: Run, outcome: Outcome) -> None:
        number, name = outcome.attendee.account, people.most(group.settings.name)
        documents.ensure(Lab(run, _STEP), name, allowed.of_everybody(group, number))

    return do


def _give(group: Group, run: Run, attendee: Attendee, known: Callable[[Attendee], str]) -> Handed:
    lab, way = Lab(run, _STEP), ways(group, run.cloud)
    wanted = _wanted(group, lab, attendee, way)
    principals.ensure(lab, wanted)
    _without_other(lab, wanted)
    _bound_roles(group, run, attendee)
    if way.kind is USER:
        return _with_password(lab, wanted, attendee, known(attendee))
    return _with_keys(lab, wanted, attendee, way)


def _wanted(group: Group, lab: Lab, attendee: Attendee, way: Ways) -> Wanted:
    class_ = group.settings.name
    own = people.most_of_roles(class_, attendee.id)
    documents.ensure(lab, own, allowed.of_roles(group, attendee), attendee.id)
    parts = enumerate(allowed.of_attendee(group, attendee))
    may = [documents.ensure(lab, people.policy(class_, attendee.id, n), part, attendee.id) for n, part in parts]
    root = lab.cloud.arn("iam", "root", region="")
    trust = policies.document({"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"})
    return Wanted(
        way.kind,
        people.person(class_, attendee.id),
        attendee.id,
        may,
        documents.arn(lab, people.most(class_)),
        trust if way.kind is ROLE else None,
        way.seconds or _HOUR,
    )


def _without_other(lab: Lab, wanted: Wanted) -> None:
    """Whoever signs in one way no longer signs in the other."""
    for kind in principals.KINDS:
        if kind is not wanted.kind:
            principals.remove(lab, kind, wanted.name)


def _bound_roles(group: Group, run: Run, attendee: Attendee) -> None:
    """The roles that his lab has already get the boundary too."""
    lab = Lab(run, _STEP)
    for name in policy.names(run.config, group.each).roles:
        role = roles.find(lab, name)
        if role is not None:
            roles.ensure_boundary(lab, role, group.settings_of(attendee).role.boundary)


def _with_keys(lab: Lab, wanted: Wanted, attendee: Attendee, way: Ways) -> Handed:
    long = {"DurationSeconds": way.seconds} if way.seconds else {}
    arn = principals.arn(lab, ROLE, wanted.name)

    def assumed() -> Structure | None:
        # A role that has just been made may not be assumed yet.
        asked = {"RoleArn": arn, "RoleSessionName": wanted.name, **long}
        return lab.find("sts.assume_role", "AccessDenied", **asked)

    given = lab.wait(t("IAM to let the role {} be assumed", wanted.name), assumed, every=4, up_to=60)["Credentials"]
    keys = Keys(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], given["Expiration"])
    return Handed(attendee, wanted.name, keys, _link(lab.cloud, keys, way))


def _link(cloud: Cloud, keys: Keys, way: Ways) -> str:
    """The link to the console; "" where there is no such console."""
    if cloud.place.federation is None:
        return ""
    return signin.link(cloud.place.federation(cloud.partition), keys, console.home(cloud), way.seconds)


def _with_password(lab: Lab, wanted: Wanted, attendee: Attendee, known: str) -> Handed:
    since = principals.password_since(lab, wanted.name)
    if since is not None and known == str(since):
        return Handed(attendee, wanted.name, since=known)
    password = _password()
    return Handed(
        attendee, wanted.name, password=password, since=str(principals.renew_password(lab, wanted.name, password))
    )


def _password() -> str:
    """Twenty signs, of every kind some."""
    every = "".join(_SIGNS[:3])
    chosen = [*(secrets.choice(signs) for signs in _SIGNS), *(secrets.choice(every) for _ in range(16))]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)


# --- taken back ---


def revoke(group: Group) -> list[Outcome]:
    """Nobody of the class signs in any more, whoever he was; what an account holds says so, not the roster."""
    return _taken(group, _ways_in)


def revoked(outcomes: Iterable[Outcome]) -> int:
    """How many ways in have been taken back."""
    gone = (
        event for one in outcomes for event in one.events if event.step == _STEP and event.mark == "-" and event.calls
    )
    return sum(event.calls[0].operation in ("iam.delete_role", "iam.delete_user") for event in gone)


def forget(group: Group, kept: Collection[tuple[str, str]]) -> list[Outcome]:
    """The policies go too, and each account is looked at again; but for those of whoever's lab is left (`kept`).

    They say that he is of the class, though nothing that he made himself bears its tag.
    """
    take = partial(_everything, kept=kept)
    outcomes = _taken(group, take)
    named = {str(left.what) for outcome in outcomes for left in outcome.left}
    for outcome in _taken(group, take, dry=True):
        still = [one for one in outcome.events if one.mark == "-" and str(one.what) not in named]
        outcomes += [replace(outcome, still=still, said=[])] if still else []
    return outcomes


def remaining(group: Group) -> list[Outcome]:
    """What of it would go; nothing is changed."""
    looked = _taken(group, partial(_everything, kept=()), dry=True)
    return [replace(one, still=[event for event in one.events if event.mark == "-"]) for one in looked]


def _taken(group: Group, take: Callable[[Group, str, Lab], None], dry: bool = False) -> list[Outcome]:
    def do(run: Run, outcome: Outcome) -> None:
        take(group, outcome.attendee.account, Lab(run, _STEP))
        outcome.left += run.left

    everybody = [group.everybody(number) for number in group.numbers]
    return [one for one in side_by_side(group, everybody, do, dry=dry) if one.said or one.errors]


def _ways_in(group: Group, number: str, lab: Lab) -> None:
    who = [(kind, name) for kind in principals.KINDS for name in _seen(partial(principals.names, lab, kind))]
    lab.each(who, lambda one: principals.remove(lab, *one))


def _everything(group: Group, number: str, lab: Lab, kept: Collection[tuple[str, str]]) -> None:
    _ways_in(group, number, lab)
    lab.each(_seen(partial(documents.names, lab)), lambda name: _policy_gone(number, lab, name, kept))


def _policy_gone(number: str, lab: Lab, name: str, kept: Collection[tuple[str, str]]) -> None:
    whose = people.whose(lab, name)
    if (whose, number) in kept:
        why = t("something of the attendee {} is left", whose)
        lab.leave(t("managed policy {}", name), why, t("when that is gone, run again: {}", cleaning()))
    else:
        documents.remove(lab, name)


def _seen(names: Callable[[], list[str]]) -> list[str]:
    """None where it is not allowed to look: that is said once, with all else that could not be looked at."""
    try:
        return names()
    except PermissionDenied:
        return []
