"""A look at the site folder: the SDK of this API's stage, and the pages beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.teach.grade.near import visible
from hol.words.text import Text, t

from ..site import folder as site_folder
from .api import the_api

ON_THIS_MACHINE = True  # so that nobody else's hol can tell
_CLIENT = "apigClient.js"


def grade(lab: Lab) -> Iterator[Finding]:
    """The folder to be uploaded: the SDK of this API's stage, and the pages beside it."""
    folder = lab.run.home / lab.config.site.folder
    there = site_folder.files(folder) if folder.is_dir() else []
    mend = t(
        "unzip the SDK and put apigClient.js, lib and the pages directly into the folder {}", lab.config.site.folder
    )
    what = t("site folder {}", lab.config.site.folder)
    began = _CLIENT in there or any(name.startswith(("lib/", "Lib/")) for name in there)
    yield judged("missing", began, what, _missing(folder, there), mend)
    if not began:
        return
    tags = scripts(folder, lab.config.bucket.index)
    yield from _files(lab, there, tags, mend)
    if _CLIENT in there:
        client = (folder / _CLIENT).read_text(encoding="utf-8", errors="replace")
        yield from right_api(lab, client, "api")
        yield _has_post(lab, client)
        yield _calls(folder, there, client)
    if lab.config.bucket.index in there and _CLIENT in there:
        yield _tags(lab, there, tags)


def _missing(folder: Path, there: list[str]) -> Text:
    if not folder.is_dir():
        return t("there is no such folder beside config.yaml")
    deeper = next((name for name in there if name.endswith(f"/{_CLIENT}")), None)
    if deeper:
        return t("the SDK is one folder too deep: {}", deeper.rpartition("/")[0])
    zipped = [name for name in there if name.endswith(".zip")]
    return t("{} is not unzipped yet", zipped[0]) if zipped else t("it has no {}", _CLIENT)


def scripts(folder: Path, index: str) -> list[str]:
    """What the page loads of its own site."""
    page = folder / index
    text = page.read_text(encoding="utf-8", errors="replace") if page.is_file() else ""
    return re.findall(r'(?:<script[^>]+src|<link[^>]+href)="([^":]+)"', text)


def _files(lab: Lab, there: list[str], tags: list[str], mend: Text) -> Iterator[Finding]:
    """Every page, and every file that the page asks for, unless its tag is what is wrong."""
    wanted = [
        lab.config.bucket.index,
        lab.config.bucket.error,
        _CLIENT,
        *(tag for tag in tags if tag not in _misnamed(there, tags)),
    ]
    missing = [name for name in dict.fromkeys(wanted) if name not in there]
    like = [name for name in there for one in missing if name.lower() in (one.lower(), f"{one.lower()}.txt")]
    like += sorted({name.partition("/")[0] + "/" for name in there if name.startswith("Lib/")})
    instead = t("; there is: {}", ", ".join(like)) if like else t("{}", "")
    shown = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")
    yield judged("files", not missing, t("files of the site"), t("missing: {}{}", shown, instead), mend)


def _misnamed(there: list[str], tags: list[str]) -> list[str]:
    """Tags for what is not there while something beside it has none: then the tag is wrong, not the folder."""
    forgotten = [name for name in there if name.endswith(".js") and name not in tags]
    return [
        tag
        for tag in tags
        if tag not in there and any(tag.rpartition("/")[0] == name.rpartition("/")[0] for name in forgotten)
    ]


def _tags(lab: Lab, there: list[str], tags: list[str]) -> Finding:
    """The page loads every script of the SDK, the client last."""
    what, wrong = t("script tags of {}", lab.config.bucket.index), _misnamed(there, tags)
    mend = t(
        "write the script tags into {} as the SDK's README.md lists them: lib first, then {}",
        lab.config.bucket.index,
        _CLIENT,
    )
    if wrong:
        return Finding("tags", what, t("it loads {}, which is not there", ", ".join(wrong)), mend)
    if _CLIENT not in tags:
        return Finding(
            "tags", what, t("it does not load {}: the line <!-- hol:sdk --> is not replaced yet", _CLIENT), mend
        )
    late = [tag for tag in tags[tags.index(_CLIENT) :] if tag.startswith("lib/")]
    return judged("tags", not late, what, t("{} is loaded before {}", _CLIENT, ", ".join(late[:2])), mend)


def _has_post(lab: Lab, client: str) -> Finding:
    """The SDK has a function for POST on /: it was generated after POST was deployed."""
    have = ", ".join(re.findall(r"apigClient\.(root\w+)\s*=", client)) or "-"
    wrong = t("it has no {}, only: {}; it was generated before POST was deployed", "rootPost", have)
    return judged("old", "rootPost" in client, t("functions of the SDK"), wrong, _generate(lab))


def _calls(folder: Path, there: list[str], client: str) -> Finding:
    """The pages call functions that the SDK has; `rootPost` is the SDK's to have."""
    pages = [name for name in there if "/" not in name and name.endswith((".js", ".html")) and name != _CLIENT]
    texts = {name: (folder / name).read_text(encoding="utf-8", errors="replace") for name in pages}
    called = {one: name for name, text in texts.items() for one in re.findall(r"\.(root[A-Z]\w+)\s*\(", text)}
    unknown = [f"{name}: {one}" for one, name in called.items() if one not in client and one != "rootPost"]
    wrong = t("they call what the SDK does not have: {}", ", ".join(unknown))
    return judged("calls", not unknown, t("calls of the pages"), wrong, t("write: {}", "rootPost"))


def _generate(lab: Lab) -> Text:
    return t(
        "API Gateway → the API → Stages → {} → Stage actions → Generate SDK → JavaScript; unzip it into {}",
        lab.config.stage.name,
        lab.config.site.folder,
    )


def right_api(lab: Lab, client: str, facet: str) -> Iterator[Finding]:
    """apigClient.js carries the invoke URL that it was generated for."""
    found, _ = the_api(lab)
    pointed = re.search(r"invokeUrl\s*=\s*['\"]([^'\"]+)", client)
    if not found or not pointed:
        return
    wanted = lab.cloud.invoke_url(found["id"], lab.config.stage.name)
    right = pointed[1].removesuffix("/") == wanted
    yield judged(
        facet,
        right,
        t("API of the SDK"),
        t("apigClient.js calls “{}”, not {}", visible(pointed[1]), wanted),
        _generate(lab),
    )
