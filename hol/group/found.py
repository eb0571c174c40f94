"""What an account holds of a class, by its tags: of everybody on the roster, and of whoever was on it once.

One listing for the whole account instead of one for each lab: with N attendees those would be N times as many calls,
each about what the others have. IAM's roles and policies stand in no listing by tag; each that may be hol's is asked once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hol.aws import managed, roles
from hol.aws.gateway import apis
from hol.aws.people import principals
from hol.cloud.tags import Tags, plain_tags
from hol.engine.lab import Lab
from hol.engine.ownership import CLASS, OWNER
from hol.engine.run import SWEEP
from hol.group.handout import people
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.operate import owned
from hol.operate.owned import Owned
from hol.words.errors import CredentialsError, HolError, PermissionDenied
from hol.words.text import Text, t


@dataclass(frozen=True)
class Found:
    """Attendee's id → what bears his tag; what could not be looked at; and whose lab of that id is not of this class."""

    of: Mapping[str, list[Owned]]
    unseen: tuple[Text, ...] = ()
    foreign: Mapping[str, HolError] = field(default_factory=dict)

    def attendees(self, known: Iterable[Attendee], account: str) -> list[Attendee]:
        """Those of whom something was found and who are not among the known."""
        ids = {one.id for one in known if one.account == account}
        return [Attendee(id_, id_, account=account) for id_ in self.of if id_ not in ids]


def find(group: Group, number: str) -> Found:
    """What the account holds of this class; of one that cannot be reached, that it could not be looked at.

    Raises `CredentialsError` when nobody may look at the caller's own.
    """
    try:
        return _found(group, number)
    except CredentialsError:
        raise
    except HolError as error:
        return Found({}, (error.what,))


def _found(group: Group, number: str) -> Found:
    lab = Lab(group.run(group.everybody(number), lambda said: None, dry=True), SWEEP)
    listed, unseen = list[tuple[Owned, Tags]](), list[Text]()
    looks = {
        t("{} is not allowed", "iam:ListRoles"): lambda lab: _people(
            group, number, people.handed(lab, principals.ROLE)
        ),
        t("{} is not allowed", "iam:ListUsers"): lambda lab: _people(
            group, number, people.handed(lab, principals.USER)
        ),
        t("{} is not allowed", "iam:ListPolicies"): lambda lab: _people(group, number, people.known(lab)),
        t("{} is not allowed", "tag:GetResources"): _by_tag,
        t("{} is not allowed", "apigateway:GET"): _of_api_gateway,
        t("{} are not allowed", "iam:ListRoles, iam:ListPolicies"): _of_iam,
    }
    for denied, look in looks.items():
        try:
            listed += look(lab)
        except PermissionDenied:
            unseen.append(denied)
    of = [(one, _id(lab, tags), plain_tags(tags).get(CLASS, "")) for one, tags in listed]
    foreign = _foreign(group, [(id_, of_class) for _, id_, of_class in of])
    found: dict[str, list[Owned]] = {}
    for one, id_, _ in of:
        if id_ in _known(group) - set(foreign) and one not in found.setdefault(id_, []):
            found[id_].append(one)
    return Found(found, tuple(unseen), foreign)


def _people(group: Group, number: str, ids: set[str]) -> list[tuple[Owned, Tags]]:
    """Who may sign in himself, or once might, is of the class with all that he made; what he signs in as is nothing of his lab."""
    group.ids |= ids
    group.handed |= {(id_, number) for id_ in ids}
    return []


def _known(group: Group) -> set[str]:
    return {one.id for one in group.attendees} | {group.settings.name} | group.ids


def _foreign(group: Group, tagged: Sequence[tuple[str, str]]) -> dict[str, HolError]:
    """Whose lab is another class's, or was made without one.

    Whoever has one thing of the class is of it, with all that he has: he may have made more without its tag.
    """
    group.ids |= {id_ for id_, of_class in tagged if id_ and of_class == group.settings.name}
    others = {id_: of_class for id_, of_class in tagged if id_ in _known(group) - group.ids}
    return {id_: _not_of_this_class(id_, of_class) for id_, of_class in others.items()}


def _not_of_this_class(id_: str, of_class: str) -> HolError:
    return HolError(
        t("there is a lab of the attendee {} already, and it is not of this class", id_),
        why=t("it is of the class {}", of_class) if of_class else t("it was made without a class"),
        fix=t("give the attendee another name on the roster, or take that lab down as what it is"),
    )


def _id(lab: Lab, tags: Tags) -> str:
    """Whose it is; "" when it is not of an attendee of this lab."""
    of, _, id_ = plain_tags(tags).get(OWNER, "").partition("/")
    return id_ if of == lab.config.lab else ""


def _by_tag(lab: Lab) -> list[tuple[Owned, Tags]]:
    listed = lab.pages("resourcegroupstaggingapi.get_resources", TagFilters=[{"Key": OWNER}], ResourcesPerPage=100)
    known = owned.kinds(lab.run)
    return [
        (owned.owned(one["ResourceARN"], known), one["Tags"]) for one in listed if not owned.is_part(one["ResourceARN"])
    ]


def _of_api_gateway(lab: Lab) -> list[tuple[Owned, Tags]]:
    return [(Owned(apis.API.name, api["id"]), api.get("tags")) for api in apis.listed(lab)]


def _of_iam(lab: Lab) -> list[tuple[Owned, Tags]]:
    maybe = owned.of_iam(lab)
    return list(zip(maybe, lab.each(maybe, lambda one: _tags_in_iam(lab, one)), strict=True))


def _tags_in_iam(lab: Lab, one: Owned) -> Tags:
    if one.kind == roles.ROLE.name:
        return lab.pages("iam.list_role_tags", "NoSuchEntity", RoleName=one.name)
    found = lab.find("iam.get_policy", "NoSuchEntity", PolicyArn=managed.arn(lab, one.name))
    return found["Policy"].get("Tags") if found else None
