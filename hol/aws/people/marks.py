"""By what the IAM things of a class's people are known: their path, and the tags set in the create call.

They bear no `hol:lab`: they are nobody's lab, and nobody who takes his own lab down is to come upon them.
"""

from __future__ import annotations

from hol.cloud.tags import Tags, plain_tags
from hol.engine.lab import Lab
from hol.engine.ownership import CLASS, OWNER, REGION
from hol.words.errors import ForeignError
from hol.words.text import Text, t

ATTENDEE = "hol:attendee"


def path(lab: Lab) -> str:
    """Where in IAM they lie; a listing of it needs no tags."""
    return path_of(lab.config.lab, lab.tags[CLASS])


def path_of(lab: str, class_: str) -> str:
    """The same, of a lab and a class by their names."""
    return f"/hol/{lab}/{class_}/"


def tags(lab: Lab, attendee: str) -> dict[str, str]:
    """The tags of what is made for that attendee."""
    return {**{key: value for key, value in lab.ownership.tags_of_iam.items() if key != OWNER}, ATTENDEE: attendee}


def require_own(lab: Lab, what: Text, have: Tags) -> None:
    """Refuse a namesake, and what is a class's in another region. Raises `ForeignError`."""
    found = plain_tags(have)
    wrong = next((key for key in (CLASS, REGION) if found.get(key) != lab.ownership.tags_of_iam[key]), None)
    if wrong:
        raise ForeignError(
            t("{} exists, but it is not this class's", what),
            why=t(
                "it lacks the tag {}={}, so hol neither changes nor deletes it", wrong, lab.ownership.tags_of_iam[wrong]
            ),
            fix=t("give the class another name, or remove it yourself: {}", "class.name"),
        )
