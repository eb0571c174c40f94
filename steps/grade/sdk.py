"""A look at the site folder: the SDK of this API's stage, and the pages beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.words.text import t

from .api import the_api


def grade(lab: Lab) -> Iterator[Finding]:
    """The folder to be uploaded: the SDK of this API's stage, and the pages beside it."""
    folder = lab.run.home / lab.config.site.folder
    what = t("site folder {}", lab.config.site.folder)
    deeper = next((p.parent for p in sorted(folder.rglob("apigClient.js"))), None) if folder.is_dir() else None
    wrong = t("it has no apigClient.js") if folder.is_dir() else t("there is no such folder beside config.yaml")
    if deeper and deeper != folder:
        wrong = t("the SDK is one folder too deep: {}", deeper.relative_to(folder).as_posix())
    mend = t(
        "unzip the SDK and put apigClient.js, lib and the pages directly into the folder {}", lab.config.site.folder
    )
    yield judged("sdk", (folder / "apigClient.js").is_file(), what, wrong, mend)
    if not (folder / "apigClient.js").is_file():
        return
    yield from right_api(lab, (folder / "apigClient.js").read_text(encoding="utf-8", errors="replace"), "sdk api")
    missing = [name for name in (lab.config.bucket.index, lab.config.bucket.error) if not (folder / name).is_file()]
    missing += [name for name in _scripts(folder) if not (folder / name).is_file()]
    yield judged("site files", not missing, t("files of the site"), t("missing: {}", ", ".join(missing)), mend)


def _scripts(folder: Path) -> list[str]:
    page = folder / "index.html"
    text = page.read_text(encoding="utf-8", errors="replace") if page.is_file() else ""
    return re.findall(r'(?:<script[^>]+src|<link[^>]+href)="([^":]+)"', text)


def right_api(lab: Lab, client: str, facet: str) -> Iterator[Finding]:
    """apigClient.js carries the invoke URL that it was generated for."""
    found, _ = the_api(lab)
    pointed = re.search(r"invokeUrl\s*=\s*['\"]([^'\"]+)", client)
    if not found or not pointed:
        return
    wanted = lab.cloud.invoke_url(found["id"], lab.config.stage.name)
    yield judged(
        facet,
        pointed[1].rstrip("/") == wanted,
        t("API of the SDK"),
        t("the SDK calls {}, not {}", pointed[1], wanted),
        t("API Gateway → the API → Stages → {} → Stage actions → Generate SDK → JavaScript", lab.config.stage.name),
    )
