"""Whose a resource is: the tags that hol sets in the create call, and what they prove."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from hol.cloud.tags import Tags, manager, plain_tags
from hol.config.settings import Config
from hol.words.commands import command
from hol.words.errors import ForeignError, ManagedElsewhere, PermissionDenied
from hol.words.text import Text, t

OWNER = "hol:lab"
CLASS = "hol:class"  # on everything that `hol class` makes, whosever it is
REGION = "hol:region"


@dataclass(frozen=True)
class Ownership:
    """A lab's; `lenient`: untagged resources with its names count as its own, for looking only."""

    config: Config
    region: str
    lenient: bool

    @property
    def owner(self) -> str:
        """The value of the owner tag: the lab's name, and whose it is when several share the account."""
        attendee = self.config.attendee
        return f"{self.config.lab}/{attendee}" if attendee else self.config.lab

    @cached_property
    def tags(self) -> dict[str, str]:
        """The tags of everything that this lab creates."""
        return {**self.config.tags, OWNER: self.owner}

    @cached_property
    def tags_of_iam(self) -> dict[str, str]:
        """The tags of what IAM keeps for all regions: whose lab's it is, and in which region that is."""
        return {**self.tags, REGION: self.region}

    def owns_in_iam(self, tags: Tags) -> bool:
        """Whether the tags prove that it is this lab's in this region."""
        return self.owns(tags) and plain_tags(tags).get(REGION, self.region) == self.region

    def require_own_in_iam(self, what: Text, tags: Tags) -> None:
        """Refuse a namesake, and what is this lab's in another region. Raises `ForeignError`."""
        self.require_own(what, tags)
        if not self.owns_in_iam(tags):
            region = plain_tags(tags)[REGION]
            raise ForeignError(
                t("{} is this lab's in the region {}", what, region),
                why=t("IAM keeps one for all regions, and the lab there runs with it"),
                fix=t("take that lab down first: {}", command("down", region=region)),
            )

    def owns(self, tags: Tags) -> bool:
        """Whether the tags prove that a resource is this lab's."""
        owner = plain_tags(tags).get(OWNER)
        return owner == self.owner or (self.lenient and owner is None)

    def require_own(self, what: Text, tags: Tags) -> None:
        """Refuse a namesake. Raises `ForeignError` unless the tags prove that it is ours."""
        if not self.owns(tags) and (tool := manager(tags)):
            raise ManagedElsewhere(
                t("{} exists, but it is not this lab's", what),
                why=t("{} manages it; hol leaves it alone", tool),
                fix=t("change or delete it there, or choose another name in config.yaml"),
            )
        if not self.owns(tags):
            raise ForeignError(
                t("{} exists, but it is not this lab's", what),
                why=t("it lacks the tag {}={}, so hol neither changes nor deletes it", OWNER, self.owner),
                fix=self._instead_of_a_namesake(tags),
            )

    def _instead_of_a_namesake(self, tags: Tags) -> Text:
        """What somebody may do whose own work, or somebody else's, has the name."""
        if OWNER in plain_tags(tags):
            return t("choose another name in config.yaml, or remove it yourself if you no longer need it")
        return t(
            "choose another name in config.yaml, or remove it yourself; if you made it by hand, let hol take it over: {}",
            command("adopt"),
        )

    def missing_tags(self, tags: Tags, wanted: Mapping[str, str] | None = None) -> dict[str, str]:
        """The tags that it should have (the lab's, unless told otherwise) and has not."""
        have = plain_tags(tags)
        return {key: value for key, value in (wanted or self.tags).items() if key not in have or have[key] != value}


def strangers(look: Callable[[], list[Text]]) -> Text | None:
    """What is in something of ours without being ours; None where nothing is, or nobody may look."""
    try:
        found = look()
    except PermissionDenied:
        return None
    listed = Text(", ".join(["{}"] * len(found)), tuple(found))
    return t("this in it is not hol's, and goes with it: {}", listed) if found else None
