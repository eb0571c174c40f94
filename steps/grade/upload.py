"""A look at what was uploaded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hol.aws import objects
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged
from hol.words.text import Text, t

from ..site import folder as site_folder
from .sdk import right_api

_UPLOAD = t("S3 → the bucket → Upload: drag what is inside the site folder here, its folder lib too")
_TYPES = {
    ".html": ("text/html",),
    ".css": ("text/css",),
    ".js": ("text/javascript", "application/javascript", "application/x-javascript"),
}
_OBJECTS = Kind[Any]("graded objects")


def grade(lab: Lab) -> Iterator[Finding]:
    """Everything of the folder is there, at the top, as it is in the folder, and with types that browsers accept."""
    name, folder = lab.config.bucket.name, lab.run.home / lab.config.site.folder
    there = listed_objects(lab, name)
    least = [lab.config.bucket.index, lab.config.bucket.error, "apigClient.js"]
    wanted = site_folder.files(folder) if folder.is_dir() else least
    missing = [key for key in wanted if key not in there]
    yield judged("upload", not missing, t("uploaded files"), _gone(missing, list(there)), _UPLOAD)
    heads = {key: objects.head(lab, name, key) for key in there if Path(key).suffix in _TYPES}
    wrong = [
        f"{key}: {head['ContentType']}"
        for key, head in heads.items()
        if head and not _type_is_right(key, head["ContentType"])
    ]
    mend = t("S3 → the object → Properties → Metadata → Edit → Content-Type; or upload it again")
    yield judged("content type", not wrong, t("content types"), t("wrong: {}", ", ".join(wrong)), mend)
    encoded = [key for key, head in heads.items() if head and head.get("ContentEncoding") not in (None, "", "utf-8")]
    yield judged("content encoding", not encoded, t("content encodings"), t("wrong: {}", ", ".join(encoded)), mend)
    differing = [key for key in wanted if folder.is_dir() and _differs(folder / key, there.get(key))]
    yield judged(
        "same files",
        not differing,
        t("contents"),
        t("the folder has other versions of: {}", ", ".join(differing)),
        _UPLOAD,
    )
    if "apigClient.js" in there:
        answer = lab.read("s3.get_object", **objects.own(lab, name), Key="apigClient.js")
        yield from right_api(lab, answer["Body"].decode("utf-8", "replace"), "uploaded sdk")


def listed_objects(lab: Lab, name: str) -> dict[str, Any]:
    """What is in the bucket, by key."""

    def read() -> dict[str, Any]:
        found = lab.pages("s3.list_objects_v2", "NoSuchBucket", **objects.own(lab, name))
        return {item["Key"]: item for item in found}

    return lab.once(_OBJECTS(name), read)


def _gone(missing: list[str], there: list[str]) -> Text:
    """Why they may be missing."""
    deep = next((key for key in there for gone in missing if key.endswith(f"/{gone}") and "/" not in gone), None)
    if deep:
        return t("they are in a folder: {}; they belong at the top", deep)
    if missing and all(key.startswith("lib/") for key in missing):
        return t("the folder lib is missing, or part of it: {}", ", ".join(missing[:4]))
    shown = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")
    return t("missing: {}", shown)


def _type_is_right(key: str, kind: str) -> bool:
    return kind.split(";")[0].strip().lower() in _TYPES[Path(key).suffix]


def _differs(file: Path, found: Any) -> bool:
    """By the ETag, which is the MD5 of what was uploaded in one part."""
    tag = str((found or {}).get("ETag", "")).strip('"')
    return bool(re.fullmatch(r"[0-9a-f]{32}", tag)) and tag != hashlib.md5(file.read_bytes()).hexdigest()
