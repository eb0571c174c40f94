"""The site folder."""

from __future__ import annotations

from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.teach import adopt as taking
from hol.words.text import t

from ..site import contents as site
from ..site import folder as site_folder


def adopt(lab: Lab) -> None:
    """The site folder, by a list of its files."""
    folder = lab.run.home / lab.config.site.folder
    what, known = t("site folder {}", lab.config.site.folder), site_folder.manifest(folder)
    if known is not None:
        taking.free(lab, what, {OWNER: known.lab})
    elif (folder / "apigClient.js").is_file():
        pages = lab.asset(lab.config.site.pages)
        there = site_folder.files(folder)
        files = {name: (folder / name).read_bytes() for name in there if site.belongs(name, pages)}
        taking.not_taken(lab, what, [name for name in there if name not in files])
        lab.local(
            "~", what, lambda: site_folder.write(folder, files, lab.owner, "adopted"), key=site_folder.key(folder)
        )
