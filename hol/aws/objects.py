"""Objects in a bucket of ours: uploaded with their types, and removed.

Each object carries our owner tag's value and its own digest as metadata, so that an unchanged file is not
uploaded again, and an object that somebody else put there is never deleted. Overwriting an object makes it
private again, so the ACLs come after every upload.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hol.cloud.answers import Structure
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.engine.unknown import UNKNOWN, is_unknown
from hol.words.commands import command
from hol.words.errors import HolError
from hol.words.text import Text, counted, t

# Own table: S3 never guesses, and the machine's table depends on its operating system.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ico": "image/x-icon",
    ".gz": "application/gzip",
}
_OWNER, _DIGEST = "hol-lab", "hol-sha256"
_OBJECTS = Kind[Structure]("objects")
_KEYS = Kind[list[str]]("keys")
_UPLOADED = Kind[list[str] | None]("uploaded")
_REWRITTEN = Kind[set[str]]("rewritten")
VERSIONS = Kind[tuple[list[tuple[Structure, bool]], list[Structure]]]("versions")
_UPLOAD = "s3.object "  # the key of an event, with the bucket behind it


@dataclass(frozen=True)
class File:
    """A file to upload: its key, where it is, and how long browsers may keep it without asking."""

    key: str
    path: Path
    cache: str = "no-cache"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def type(self) -> str:
        return TYPES.get(self.path.suffix.lower(), "application/octet-stream")


def own(lab: Lab, name: str) -> Structure:
    """The arguments that name a bucket and whose it must be."""
    return {"Bucket": name, "ExpectedBucketOwner": lab.cloud.account}


def head(lab: Lab, bucket: str, key: str, **version: str) -> Structure | None:
    """HeadObject's answer; None when there is no such object (or bucket)."""
    return lab.find("s3.head_object", "404", "NoSuchKey", "NoSuchBucket", **own(lab, bucket), Key=key, **version)


def current(lab: Lab, bucket: str) -> Structure:
    """The bucket's objects: key → HeadObject's answer."""

    def read() -> Structure:
        listed = keys(lab, bucket)
        heads = lab.each(listed, lambda key: head(lab, bucket, key))
        return {key: found for key, found in zip(listed, heads, strict=True) if found}

    return lab.once(_OBJECTS(bucket), read)


def keys(lab: Lab, bucket: str) -> list[str]:
    """The keys of the objects that are there."""

    def read() -> list[str]:
        listed = lab.pages("s3.list_objects_v2", "NoSuchBucket", **own(lab, bucket))
        return [item["Key"] for item in listed]

    return lab.once(_KEYS(bucket), read)


def _is_ours(lab: Lab, found: Structure | None) -> bool:
    return bool(found and found.get("Metadata", {}).get(_OWNER) == lab.owner)


def uploaded(lab: Lab, bucket: str) -> list[str] | None:
    """The keys of the objects that hol uploaded; None when there are none."""
    return lab.once(_UPLOADED(bucket), lambda: _ours(lab, bucket) or None)


def _ours(lab: Lab, bucket: str) -> list[str]:
    return [key for key, found in current(lab, bucket).items() if _is_ours(lab, found)]


def ensure(
    lab: Lab, bucket: str, what: Text, files: list[File], group: Callable[[str], bool] = lambda key: True
) -> None:
    """Upload the files of that group of keys which are new or differ, as one decision.

    Somebody else's object under one of the keys is left alone, and said so.
    """
    there = {key: found for key, found in current(lab, bucket).items() if group(key)}
    ours = [key for key, found in there.items() if _is_ours(lab, found)]
    if is_unknown(files):
        lab.change_each("~" if ours else "+", what, "s3.put_object", (), key=_UPLOAD + bucket)
        lab.learn(_UPLOADED(bucket), UNKNOWN)
        return
    grouped = [file for file in files if group(file.key)]
    for file in grouped:
        if file.key in there and file.key not in ours:
            lab.note(t("object {}", file.key), _not_replaced(bucket, there[file.key]))
    mine = [file for file in grouped if file.key not in there or file.key in ours]
    _upload_differing(lab, bucket, what, mine, there)
    with lab.run.lock:
        before = lab.run.facts.get(_UPLOADED(bucket))
        lab.learn(_UPLOADED(bucket), [file.key for file in mine] + (before or []))


def _not_replaced(bucket: str, found: Structure | None) -> Text:
    """Why an object of that name stays as it is, and what lets hol replace it."""
    if "hol-lab" in (found or {}).get("Metadata", {}):
        return t("another lab uploaded it to {}; hol leaves it alone", bucket)
    return t("not hol uploaded it to {}, but you or somebody else; to let hol replace it: {}", bucket, command("adopt"))


def _upload_differing(lab: Lab, bucket: str, what: Text, files: list[File], there: Structure) -> None:
    differing = [file for file in files if not _same(lab, file, there.get(file.key))]
    if not differing:
        lab.same(what)
        return
    fresh = not any(file.key in there for file in files)
    why = number_of(len(files)) if fresh else t("{}", ", ".join(file.key for file in differing))
    lab.change_each(
        "+" if fresh else "~",
        what,
        "s3.put_object",
        (_upload(lab, bucket, file) for file in differing),
        why=why,
        key=_UPLOAD + bucket,
    )
    rewritten(lab, bucket).update(file.key for file in differing)


def number_of(number: int) -> Text:
    """So many files, in words."""
    return counted(number, t("1 file"), t("{} files", number))


def rewritten(lab: Lab, bucket: str) -> set[str]:
    """The keys of the objects that this run has uploaded: they are private again, whatever they were."""
    return lab.once(_REWRITTEN(bucket), set)


def remove_stale(lab: Lab, bucket: str, files: list[File]) -> None:
    """Objects of ours that are no longer in the folder."""
    if is_unknown(files):
        return
    wanted = {file.key for file in files}
    stale = [key for key, found in current(lab, bucket).items() if key not in wanted and _is_ours(lab, found)]
    if stale:
        lab.change_each(
            "-",
            t("objects that the site no longer has"),
            "s3.delete_object",
            ({**own(lab, bucket), "Key": key} for key in stale),
            why=t("{}", ", ".join(stale)),
            key=f"s3.object {bucket}",
        )


def _same(lab: Lab, file: File, found: Structure | None) -> bool:
    found = found or {}
    metadata = found.get("Metadata", {})
    return bool(
        metadata.get(_DIGEST) == file.digest
        and metadata.get(_OWNER) == lab.owner
        and found.get("ContentType") == file.type
        and found.get("CacheControl") == file.cache
        and found.get("ContentLength") == file.path.stat().st_size
    )


def _upload(lab: Lab, bucket: str, file: File) -> Structure:
    return {
        **own(lab, bucket),
        "Key": file.key,
        "Body": file.path.read_bytes(),
        "ContentType": file.type,
        "CacheControl": file.cache,
        "Metadata": {_OWNER: lab.owner, _DIGEST: file.digest},
    }


def upload(lab: Lab, bucket: str, key: str, content: bytes) -> Structure:
    """The arguments of PutObject for something that is no file, marked as ours."""
    metadata = {_OWNER: lab.owner, _DIGEST: hashlib.sha256(content).hexdigest()}
    return {**own(lab, bucket), "Key": key, "Body": content, "Metadata": metadata}


def remove_all(lab: Lab, bucket: str) -> list[str]:
    """Delete every version of our objects; returns the keys of the others.

    ListObjectVersions works on unversioned buckets too (version `null`). A delete marker has no metadata: it goes
    when no foreign version lies under its key.
    """
    found, markers = versions(lab, bucket)
    foreign = {version["Key"] for version, ours in found if not ours}
    obsolete = [version for version, ours in found if ours]
    obsolete += [marker for marker in markers if marker["Key"] not in foreign]
    for start in range(0, len(obsolete), 1000):
        _delete(lab, bucket, obsolete[start : start + 1000], start // 1000)
    return sorted(foreign)


def versions(lab: Lab, bucket: str) -> tuple[list[tuple[Structure, bool]], list[Structure]]:
    """All versions, each with whether it is ours; and the delete markers."""

    def read() -> tuple[list[tuple[Structure, bool]], list[Structure]]:
        found, markers = _versions(lab, bucket)
        owned = lab.each(found, lambda version: _owned(lab, bucket, version))
        return list(zip(found, owned, strict=True)), markers

    return lab.once(VERSIONS(bucket), read)


def _owned(lab: Lab, bucket: str, version: Structure) -> bool:
    return _is_ours(lab, head(lab, bucket, version["Key"], VersionId=version["VersionId"]))


def _versions(lab: Lab, bucket: str) -> tuple[list[Structure], list[Structure]]:
    found = lab.all_pages("s3.list_object_versions", "NoSuchBucket", **own(lab, bucket))
    return found.get("Versions", []), found.get("DeleteMarkers", [])


def _delete(lab: Lab, bucket: str, batch: list[Structure], number: int) -> None:
    obsolete = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in batch]
    what = counted(len(batch), t("1 object of {}", bucket), t("{} objects of {}", len(batch), bucket))
    answer = lab.change(
        "-",
        what,
        "s3.delete_objects",
        already=("NoSuchBucket",),
        key=f"s3.objects {bucket}/{number}",
        **own(lab, bucket),
        Delete={"Objects": obsolete, "Quiet": True},
    )
    # The call answers 200 even when keys could not be deleted.
    failed = [] if answer is None or is_unknown(answer) else answer.get("Errors", [])
    failed = [error for error in failed if error.get("Code") not in ("NoSuchKey", "NoSuchVersion")]
    if failed:
        first = failed[0]
        raise HolError(
            counted(
                len(failed),
                t("could not delete 1 object of {}", bucket),
                t("could not delete {} objects of {}", len(failed), bucket),
            ),
            why=t("{}: {}: {}", first.get("Key"), first.get("Code"), first.get("Message")),
            fix=t("run the same command again"),
        )
