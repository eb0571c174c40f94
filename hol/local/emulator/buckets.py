"""The emulator's S3 behind small typed functions, and what is corrected in it.

Like `hol.local.emulator` this may reach into ministack, and nothing else may. Corrected is Block Public Access: AWS
takes the strictest of bucket and account, ministack knows buckets only.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from hol.local.emulator import core
from hol.local.wire import Record, Request

Settings = Mapping[str, bool]
_account_blocks: dict[str, Settings] = {}


def secret_of(key: str) -> str | None:
    """The secret of an access key that IAM or STS has handed out here."""
    from ministack.app import _request_account_scope
    from ministack.services import iam, sts

    found = sts._sessions.get(key) or iam._access_keys.get_scoped(_request_account_scope(key), None, key)
    return str(found["SecretAccessKey"]) if found else None


def account_block(account: str) -> Settings | None:
    """The account's Block Public Access settings by AWS's names; None when it never set any."""
    return _account_blocks.get(account)


def blocked_accounts() -> list[str]:
    """The accounts that have set Block Public Access."""
    return list(_account_blocks)


def set_account_block(account: str, settings: Settings | None) -> None:
    """Set, or with None remove, the account's Block Public Access."""
    _heed_accounts()
    if settings is None:
        _account_blocks.pop(account, None)
    else:
        _account_blocks[account] = settings


def _heed_accounts() -> None:
    """Make ministack ask for the account's setting before the bucket's; done once."""
    from ministack.services import s3

    of_bucket = s3._public_access_blocked
    if getattr(of_bucket, "heeds_accounts", False):
        return

    def blocked(account: str, bucket: str, setting: str) -> bool:
        return _account_blocks.get(account, {}).get(setting, False) or bool(of_bucket(account, bucket, setting))

    s3._public_access_blocked = blocked
    s3._public_access_blocked.heeds_accounts = True


def forget_object_acl(account: str, bucket: str, key: str) -> None:
    """Make the current version of an object private again, as an upload without an ACL does on AWS."""
    from ministack.services import s3

    record: Record = s3._buckets.get_scoped(account, None, bucket) or {}
    version = record.get("objects", {}).get(key, {}).get("version_id")
    s3._object_acl._data.pop((account, (bucket, key, version)), None)


def forget_object_tags(account: str, bucket: str, key: str) -> None:
    """Remove the tags of an object that was overwritten without any."""
    from ministack.services import s3

    s3._object_tags._data.pop((account, (bucket, key, None)), None)


class ObjectRecord(NamedTuple):
    """What the emulator keeps of the current version of an object: algorithm → checksum, and how many tags, which version."""

    checksums: dict[str, str]
    tags: int
    unversioned: bool = False  # written before its bucket had versions


def object_record(account: str, bucket: str, key: str) -> ObjectRecord:
    """The checksums and the number of tags of an object; none for one that is not there."""
    from ministack.services import s3

    record: Record = s3._buckets.get_scoped(account, None, bucket) or {}
    found = record.get("objects", {}).get(key) or {}
    checksums = {name.upper(): value for name, value in (found.get("checksums") or {}).items()}
    if found and not checksums and isinstance(found.get("body"), bytes):
        checksums = {"CRC32": base64.b64encode(zlib.crc32(found["body"]).to_bytes(4, "big")).decode()}
    tags = s3._object_tags.get_scoped(account, None, (bucket, key, found.get("version_id")))
    versioned = s3._bucket_versioning.get_scoped(account, None, bucket)
    before = bool(found) and bool(versioned) and not found.get("version_id")
    return ObjectRecord(checksums, len(tags or ()), before)


async def anonymous_keys(bucket: str, prefix: str) -> list[str] | None:
    """The first keys with that prefix as the public may list them, None when it may not."""
    query = {"list-type": ["2"], "prefix": [prefix], "max-keys": ["1"]}
    answer = await core.emulate(Request("GET", f"/{bucket}", f"/{bucket}", query, {"host": "localhost"}))
    if answer.status != 200:
        return None
    return [key.text or "" for key in ElementTree.fromstring(answer.body).iterfind("{*}Contents/{*}Key")]


def caller_arn(request: Request) -> str:
    """The ARN of the signer, as AWS's denials name it."""
    from ministack.core import iam_evaluator

    key = request.credential[0] if request.credential else ""
    found = iam_evaluator.resolve_principal(key, core.account_of(request))
    return str(getattr(found, "arn", "anonymous"))


# Paths that the emulator takes for another service although no credential says so.
_NOT_OBJECTS = ("/iceberg", "/v2/", "/v20180820/", "/.well-known/", "/oauth2")


def is_for_objects(request: Request) -> bool:
    """Whether the emulator's S3 would answer the request, told by nothing but its address and headers."""
    from ministack.core.router import detect_service

    if request.path.startswith(_NOT_OBJECTS):
        return False
    return bool(detect_service(request.method, request.path, dict(request.headers), dict(request.query)) == "s3")
