"""The site's objects."""

from __future__ import annotations

from hol.aws import objects
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.teach import adopt as taking
from hol.words.text import counted, t

from ..site import contents as site


def adopt(lab: Lab) -> None:
    """The site's objects, each copied onto itself with its type and its ACL and with the marks that hol looks for."""
    name = lab.config.bucket.name
    tags = taking.bucket_tags(lab, name)
    if tags is None or tags.get(OWNER, lab.owner) != lab.owner:
        return
    listed = [item["Key"] for item in lab.pages("s3.list_objects_v2", **objects.own(lab, name))]
    heads = dict(zip(listed, lab.each(listed, lambda key: objects.head(lab, name, key)), strict=True))
    free = [key for key in listed if heads[key] and "hol-lab" not in heads[key].get("Metadata", {})]
    pages = lab.asset(lab.config.site.pages)
    taking.not_taken(lab, t("bucket {}", name), [key for key in free if not site.belongs(key, pages)])
    free = [key for key in free if site.belongs(key, pages)]
    what = counted(len(free), t("mark of 1 object of {}", name), t("marks of {} objects of {}", len(free), name))
    if free:
        lab.change_each(
            "~", what, "s3.copy_object", lab.each(free, lambda key: taking.marked(lab, name, key, heads[key]))
        )
    elif listed:
        lab.same(t("objects of {}", name))
