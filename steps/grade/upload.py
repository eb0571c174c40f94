"""A look at what was uploaded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hol.aws import objects
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged, waiting
from hol.teach.grade.near import visible
from hol.words.text import Text, t

from ..site import folder as site_folder
from .sdk import right_api, scripts

_OBJECTS, _HEADS = Kind[dict[str, Any] | None]("graded objects"), Kind[dict[str, Any]]("graded heads")
_UPLOAD = t(
    "S3 → the bucket → Upload: drag what is inside the site folder here, its folder lib too; then make it public again"
)
_TYPES = {
    ".html": ("text/html",),
    ".css": ("text/css",),
    ".js": ("text/javascript", "application/javascript", "application/x-javascript"),
}
_CLIENT = "apigClient.js"


def grade(lab: Lab) -> Iterator[Finding]:
    """Everything of the folder is there, at the top, as it is in the folder, and as browsers accept it."""
    name, folder = lab.config.bucket.name, lab.run.home / lab.config.site.folder
    there, what = listed_objects(lab, name), t("uploaded files")
    if there is None:
        yield waiting(lab, "missing", what, "bucket")
        return
    wanted = _wanted(lab, folder)
    missing = [key for key in wanted if key not in there]
    yield judged("missing", not missing, what, _gone(missing, list(there)), _UPLOAD)
    yield from _as_served(lab, name, there)
    other = list(_other_sdk(lab, name, there, folder))
    yield from other
    differing = [
        key
        for key in wanted
        if _differs(folder / key, there.get(key)) and not (other and key == _CLIENT and not other[0].right)
    ]
    wrong = t("the folder has other versions of: {}", ", ".join(differing[:6]))
    yield judged("same", not differing, t("contents"), wrong, _UPLOAD)


def _wanted(lab: Lab, folder: Path) -> list[str]:
    """What belongs into the bucket: what is in the folder, as far as it is a site at all."""
    pages = [lab.config.bucket.index, lab.config.bucket.error, _CLIENT]
    found = site_folder.files(folder) if (folder / _CLIENT).is_file() else []
    if found and not all((folder / tag).is_file() for tag in scripts(folder, lab.config.bucket.index)):
        found = [key for key in found if key in pages]  # the folder itself is wrong, which its own step says
    return [key for key in found if not key.endswith((".zip", ".txt"))] or pages


def listed_objects(lab: Lab, name: str) -> dict[str, Any] | None:
    """What is in the bucket, by key; None without a bucket of ours here."""

    def read() -> dict[str, Any] | None:
        if lab.find("s3.head_bucket", "404", "NoSuchBucket", "301", "400", "403", **objects.own(lab, name)) is None:
            return None
        found = lab.pages("s3.list_objects_v2", "NoSuchBucket", **objects.own(lab, name))
        return {item["Key"]: item for item in found}

    return lab.once(_OBJECTS(name), read)


def heads(lab: Lab, name: str, there: Mapping[str, Any]) -> dict[str, Any]:
    """How each object of the site is served."""
    keys = [key for key in there if Path(key.strip()).suffix in _TYPES]

    def read() -> dict[str, Any]:
        return dict(zip(keys, lab.each(keys, lambda key: objects.head(lab, name, key)), strict=True))

    return {key: head for key, head in lab.once(_HEADS(name), read).items() if head}


def _as_served(lab: Lab, name: str, there: Mapping[str, Any]) -> Iterator[Finding]:
    """The headers and the storage of each object."""
    found = heads(lab, name, there)
    types = [
        f"{key}: {head['ContentType']}" for key, head in found.items() if not _type_is_right(key, head["ContentType"])
    ]
    mend = t(
        "S3 → the object → Properties → Metadata → Edit → Content-Type; or upload it again, then make it public again"
    )
    yield judged("content type", not types, t("content types"), t("wrong: {}", ", ".join(types[:6])), mend)
    odd = [f"{key}: {said}" for key, head in found.items() if (said := _odd(head))]
    mend = t("upload it again without further settings, then make it public again")
    yield judged("headers", not odd, t("headers of the objects"), t("wrong: {}", ", ".join(odd[:6])), mend)
    cold = [
        f"{key}: {head['StorageClass']}"
        for key, head in found.items()
        if head.get("StorageClass") in ("GLACIER", "DEEP_ARCHIVE")
    ]
    yield judged("storage", not cold, t("storage class"), t("it cannot be read at once: {}", ", ".join(cold[:6])), mend)
    keyed = [
        f"{key}: {head['ServerSideEncryption']}"
        for key, head in found.items()
        if str(head.get("ServerSideEncryption")).startswith("aws:kms")
    ]
    yield judged(
        "encryption",
        not keyed,
        t("encryption of the objects"),
        t("visitors cannot read it: {}", ", ".join(keyed[:6])),
        mend,
    )


def _odd(head: Mapping[str, Any]) -> str:
    """What keeps a browser from showing it."""
    if head.get("ContentEncoding") not in (None, "", "utf-8", "aws-chunked"):
        return f"Content-Encoding {head['ContentEncoding']}"
    if str(head.get("ContentDisposition", "")).startswith("attachment"):
        return f"Content-Disposition {head['ContentDisposition']}"
    return f"Website-Redirect-Location {head['WebsiteRedirectLocation']}" if head.get("WebsiteRedirectLocation") else ""


def _other_sdk(lab: Lab, name: str, there: Mapping[str, Any], folder: Path) -> Iterator[Finding]:
    """What is uploaded calls this API, unless it is what the folder has: then the folder is what is wrong."""
    if _CLIENT not in there or ((folder / _CLIENT).is_file() and not _differs(folder / _CLIENT, there[_CLIENT])):
        return
    answer = lab.find("s3.get_object", "NoSuchKey", "InvalidObjectState", **objects.own(lab, name), Key=_CLIENT)
    if answer:
        yield from right_api(lab, answer["Body"].decode("utf-8", "replace"), "sdk")


def _gone(missing: list[str], there: list[str]) -> Text:
    """Why they may be missing."""
    if not there:
        return t("the bucket is empty")
    near = [visible(key) for key in there for gone in missing if key != gone and key.strip().lower() == gone.lower()]
    if near:
        return t("missing: {}; there is “{}” instead", ", ".join(missing[:4]), near[0])
    deep = next((key for key in there for gone in missing if key.endswith(f"/{gone}") and "/" not in gone), None)
    if deep:
        return t("they are in a folder: {}; they belong at the top", deep)
    if missing and all(key.startswith("lib/") for key in missing):
        return t("the folder lib/ is missing, or part of it: {}", ", ".join(missing[:4]))
    shown = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")
    return t("missing: {}", shown)


def _type_is_right(key: str, kind: str) -> bool:
    name, _, more = kind.partition(";")
    charset = re.search(r"charset=[\"']?([\w-]+)", more.lower())
    known = _TYPES.get(Path(key.strip()).suffix, (name.strip().lower(),))
    return name.strip().lower() in known and (not charset or charset[1] in ("utf-8", "utf8"))


def _differs(file: Path, found: Any) -> bool:
    """By the ETag, which is the MD5 of what was uploaded in one part and without a key."""
    tag = str((found or {}).get("ETag", "")).strip('"')
    return (
        file.is_file()
        and bool(re.fullmatch(r"[0-9a-f]{32}", tag))
        and tag != hashlib.md5(file.read_bytes()).hexdigest()
    )
