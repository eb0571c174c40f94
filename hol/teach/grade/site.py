"""A look at the site folder, the bucket, what was uploaded, and who may read it (steps 7 to 10)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hol.aws import buckets, objects
from hol.engine.lab import Lab
from hol.site import checks
from hol.site import folder as site_folder
from hol.teach.grade.api import the_api
from hol.teach.grade.finding import Finding, covers, judged, listed, statements
from hol.teach.grade.finding import names as about
from hol.words.errors import ForeignError
from hol.words.text import Text, t

_PERMISSIONS = t("S3 → the bucket → Permissions")
_UPLOAD = t("S3 → the bucket → Upload: drag what is inside the site folder here, its folder lib too")
_TYPES = {
    ".html": ("text/html",),
    ".css": ("text/css",),
    ".js": ("text/javascript", "application/javascript", "application/x-javascript"),
}


def sdk(lab: Lab) -> Iterator[Finding]:
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
    yield from _right_api(lab, (folder / "apigClient.js").read_text(encoding="utf-8", errors="replace"), "sdk api")
    missing = [name for name in (lab.config.bucket.index, lab.config.bucket.error) if not (folder / name).is_file()]
    missing += [name for name in _scripts(folder) if not (folder / name).is_file()]
    yield judged("site files", not missing, t("files of the site"), t("missing: {}", ", ".join(missing)), mend)


def _scripts(folder: Path) -> list[str]:
    page = folder / "index.html"
    text = page.read_text(encoding="utf-8", errors="replace") if page.is_file() else ""
    return re.findall(r'(?:<script[^>]+src|<link[^>]+href)="([^":]+)"', text)


def _right_api(lab: Lab, client: str, facet: str) -> Iterator[Finding]:
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


def bucket(lab: Lab) -> Iterator[Finding]:
    """The bucket, website hosting, and the two locks before public objects."""
    name = lab.config.bucket.name
    try:
        found = buckets.find(lab, name)
    except ForeignError as error:
        place = _region(lab, name)
        wrong = (
            t("it is in the region {}, not {}", place, lab.cloud.region)
            if place not in ("", lab.cloud.region)
            else error.why or error.what
        )
        yield Finding("bucket", t("bucket {}", name), wrong, t("delete it and make it again in {}", lab.cloud.region))
        return
    place = _region(lab, name) if found is not None else lab.cloud.region
    wrong = (
        t("there is no such bucket") if found is None else t("it is in the region {}, not {}", place, lab.cloud.region)
    )
    mend = t("S3 → Create bucket, with exactly this name, in the region {}", lab.cloud.region)
    yield judged("bucket", found is not None and place in ("", lab.cloud.region), t("bucket {}", name), wrong, mend)
    if found is not None:
        yield from _locks(lab, name)
        yield from _website(lab, name)


def _region(lab: Lab, name: str) -> str:
    answer = lab.find("s3.get_bucket_location", "NoSuchBucket", "AccessDenied", Bucket=name)
    return "" if answer is None else str(answer.get("LocationConstraint") or "us-east-1")


def _policy_is_public(lab: Lab, name: str) -> bool:
    """A bucket policy that lets everybody read is as right as ACLs."""
    answer = lab.find("s3.get_bucket_policy", "NoSuchBucketPolicy", "NoSuchBucket", **objects.own(lab, name))
    sample = f"arn:{lab.cloud.partition}:s3:::{name}/index.html"
    return any(
        about(s, "s3:GetObject") and covers(s.get("Resource"), sample) and _everybody(s.get("Principal"))
        for s in statements([answer["Policy"]] if answer else [])
    )


def _everybody(principal: Any) -> bool:
    return principal == "*" or (isinstance(principal, dict) and "*" in listed(principal.get("AWS")))


def _locks(lab: Lab, name: str) -> Iterator[Finding]:
    by_policy = _policy_is_public(lab, name)
    found = lab.find("s3.get_public_access_block", "NoSuchPublicAccessBlockConfiguration", **objects.own(lab, name))
    settings = found["PublicAccessBlockConfiguration"] if found else {}
    matters = (
        ("BlockPublicPolicy", "RestrictPublicBuckets")
        if by_policy
        else ("BlockPublicAcls", "IgnorePublicAcls", "RestrictPublicBuckets")
    )
    on = [key for key in matters if settings.get(key)]
    yield judged(
        "Block Public Access",
        not on,
        t("Block Public Access of the bucket"),
        t("it is on: {}", ", ".join(on)),
        t("{} → Block public access → Edit: untick Block all public access", _PERMISSIONS),
    )
    controls = lab.find("s3.get_bucket_ownership_controls", "OwnershipControlsNotFoundError", **objects.own(lab, name))
    ownership = controls["OwnershipControls"]["Rules"][0]["ObjectOwnership"] if controls else buckets.ENFORCED
    yield judged(
        "object ownership",
        by_policy or ownership != buckets.ENFORCED,
        t("object ownership of the bucket"),
        t("ACLs are disabled ({}), so nothing can be made public with them", ownership),
        t("{} → Object Ownership → Edit: ACLs enabled, Object writer", _PERMISSIONS),
    )


def _website(lab: Lab, name: str) -> Iterator[Finding]:
    wanted, edit = lab.config.bucket, t("S3 → the bucket → Properties → Static website hosting → Edit")
    found = lab.find("s3.get_bucket_website", "NoSuchWebsiteConfiguration", **objects.own(lab, name))
    hosts = found is not None and "RedirectAllRequestsTo" not in found
    wrong = t("it redirects all requests") if found else t("it is off")
    yield judged("website", hosts, t("static website hosting"), wrong, t("{}: Enable", edit))
    if found is None or not hosts:
        return
    index = found.get("IndexDocument", {}).get("Suffix", "-")
    error = found.get("ErrorDocument", {}).get("Key", "-")
    for facet, what, have, right in (
        ("index document", t("index document"), index, wanted.index),
        ("error document", t("error document"), error, wanted.error),
    ):
        yield judged(facet, have == right, what, t("it is {}, not {}", have, right), t("{}: {} {}", edit, what, right))


def _objects(lab: Lab, name: str) -> dict[str, Any]:
    def read() -> dict[str, Any]:
        found = lab.pages("s3.list_objects_v2", "Contents", "NoSuchBucket", **objects.own(lab, name))
        return {item["Key"]: item for item in found}

    return lab.once(("graded objects", name), read)


def upload(lab: Lab) -> Iterator[Finding]:
    """Everything of the folder is there, at the top, as it is in the folder, and with types that browsers accept."""
    name, folder = lab.config.bucket.name, lab.run.home / lab.config.site.folder
    there = _objects(lab, name)
    wanted = (
        site_folder.files(folder)
        if folder.is_dir()
        else [lab.config.bucket.index, lab.config.bucket.error, "apigClient.js"]
    )
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
        answer = lab.find("s3.get_object", "NoSuchKey", **objects.own(lab, name), Key="apigClient.js")
        yield from _right_api(lab, answer["Body"].decode("utf-8", "replace"), "uploaded sdk")


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


def _public(acl: Any) -> bool:
    granted = [
        g["Permission"] for g in (acl or {}).get("Grants", []) if g["Grantee"].get("URI", "").endswith("/AllUsers")
    ]
    return bool({"READ", "FULL_CONTROL"} & set(granted))


def public(lab: Lab) -> Iterator[Finding]:
    """Every object readable by everybody, by its ACL or by a bucket policy; and the page opens."""
    name = lab.config.bucket.name
    there = list(_objects(lab, name))
    read = lambda key: lab.find("s3.get_object_acl", "NoSuchKey", **objects.own(lab, name), Key=key)  # noqa: E731
    acls = [] if _policy_is_public(lab, name) else lab.each(there, read)
    private = [key for key, acl in zip(there, acls, strict=False) if not _public(acl)]
    shown = ", ".join(private[:4]) + (" …" if len(private) > 4 else "")
    yield judged(
        "public",
        there and not private,
        t("public objects"),
        t("{} of {} are private: {}", len(private), len(there), shown) if there else t("nothing is uploaded"),
        t("S3 → the bucket → Objects: select all, Actions → Make public using ACL"),
    )
    url = lab.cloud.website_url(name)
    status = checks.http("GET", url + "/").status
    wrong = t("{} answers {}", url, status)
    mend = t(
        "403: something is private or blocked (also in the account's own Block Public Access); 404: the index document"
    )
    yield judged("page", status == 200, t("the page"), wrong, mend)
