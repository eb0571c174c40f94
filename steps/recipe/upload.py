"""The site folder uploaded, in bash and in Python."""

from __future__ import annotations

import shlex

from hol.aws.objects import TYPES
from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.teach.blanks import Recipe

from ..site.contents import SDK, pages_of, patterns

_SHELL = """(cd {folder} && find . -type f '(' {chosen} ')' ! -path '*/.*' | sed 's|^\\./||' | sort) | while IFS= read -r key; do
  case "$key" in
{types}
    *) type=application/octet-stream ;;
  esac
  aws s3api put-object --bucket {bucket} --key "$key" --body {folder}/"$key" --content-type "$type" \\
    --cache-control no-cache --metadata "hol-lab={owner},hol-sha256=$(sha256sum < {folder}/"$key" | cut -d' ' -f1)" \\
    < /dev/null
done"""
_PYTHON = """types = {types!r}
for file in sorted(path for path in Path({folder!r}).rglob("*") if path.is_file()):
    key = file.relative_to({folder!r}).as_posix()
    if not file.name.startswith(".") and (key.startswith({sdk!r}) or key in {pages!r}):
        s3.put_object(
            Bucket={bucket!r},
            Key=key,
            Body=file.read_bytes(),
            ContentType=types.get(file.suffix.lower(), "application/octet-stream"),
            CacheControl="no-cache",
            Metadata={{"hol-lab": {owner!r}, "hol-sha256": hashlib.sha256(file.read_bytes()).hexdigest()}},
        )"""


def recipe(lab: Lab, event: Event) -> Recipe | None:
    """Every file of the lab's in the folder, with its type and hol's marks; what goes is listed by then, and goes by calls."""
    if event.mark == "-":
        return None
    folder, bucket = lab.config.site.folder, lab.config.bucket.name
    pages = lab.asset(lab.config.site.pages)
    shell = _SHELL.format(
        chosen=" -o ".join(f"-path {shlex.quote(f'./{one}')}" for one in patterns(pages)),
        folder=shlex.quote(folder),
        types="\n".join(f"    *{ending}) type={shlex.quote(kind)} ;;" for ending, kind in TYPES.items()),
        bucket=shlex.quote(bucket),
        owner=lab.owner,
    )
    python = _PYTHON.format(
        types=TYPES, folder=folder, bucket=bucket, owner=lab.owner, sdk=SDK, pages=list(pages_of(pages))
    )
    return Recipe(shell, python, ("s3",))
