"""The site folder on this machine: index.html works from it by a double click, and it is what gets uploaded.

A small manifest in it remembers what hol wrote: a file that somebody has changed since is left as it is, and whenever
hol is killed, it knows its folder afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hol.aws import objects
from hol.config.disk import replace
from hol.engine.facts import Kind
from hol.words.errors import HolError
from hol.words.text import t

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # Windows has none

MANIFEST = ".hol-site.json"
FILES = Kind[list[objects.File] | None]("site files")  # what this run has put into the folder
_NAMED = 10


@dataclass(frozen=True)
class Manifest:
    """What hol wrote into the folder: for which lab and deployment, and each file's SHA-256.

    `before`: what else the files may be, because hol was about to replace them.
    """

    lab: str
    source: str
    files: Mapping[str, str]
    before: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Every file that hol has written."""
        return {*self.files, *self.before}

    def digests(self, name: str) -> list[str]:
        """What hol may have written under that name."""
        return [*([self.files[name]] if name in self.files else []), *self.before.get(name, [])]


def key(folder: Path) -> str:
    """What an event about the folder is known by."""
    return f"local.site_folder {folder.name}"


def manifest(folder: Path) -> Manifest | None:
    """The folder's manifest; None when hol has not written there."""
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(data["lab"], data["source"], data["files"], data.get("before", {}))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def files(folder: Path) -> list[str]:
    """Every file in the folder that is neither hidden nor a link to elsewhere, as a sorted list of keys."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(
        path.as_posix()
        for path in paths
        if not any(part.startswith(".") for part in path.parts) and path.suffix != ".part"
    )


def ours(folder: Path) -> list[str]:
    """What is to be uploaded: the files that hol wrote, edited since or not."""
    known = manifest(folder)
    return [name for name in files(folder) if known and name in known.names]


def strangers(folder: Path) -> list[str]:
    """What somebody else put into hol's folder; the names of at most ten files, and a last one for the others."""
    known = manifest(folder)
    found = [name for name in files(folder) if name not in known.names] if known else []
    return found if len(found) <= _NAMED else [*found[:_NAMED], f"… (+{len(found) - _NAMED})"]


def changed_by_hand(folder: Path, known: Manifest) -> list[str]:
    """Files of ours that somebody has edited since."""
    return sorted(
        name
        for name in known.names
        if (folder / name).is_file() and digest((folder / name).read_bytes()) not in known.digests(name)
    )


def foreign(folder: Path, known: Manifest) -> list[str]:
    """Files in the folder that hol did not write."""
    ours = {MANIFEST, *known.names}
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(path for path in paths if path.removesuffix(".part") not in ours)


def intact(folder: Path, known: Manifest) -> bool:
    """Whether every file that hol wrote is still there."""
    return all((folder / name).is_file() for name in known.files)


def write(folder: Path, site: Mapping[str, bytes], lab: str, source: str) -> None:
    """Write the files, except those that somebody has edited.

    The manifest comes first, with what the files are and are to be, and again at the end: whenever hol is killed, it
    knows afterwards what is its own.
    """
    with _alone(folder):
        _write(folder, site, lab, source)


def _write(folder: Path, site: Mapping[str, bytes], lab: str, source: str) -> None:
    old = manifest(folder)
    keep = set(changed_by_hand(folder, old)) if old else set()
    before = {name: old.digests(name) for name in old.names} if old else {}
    new = {name: digest(data) for name, data in site.items()}
    keep |= {name for name in set(new) - set(before) if _differs(folder / name, new[name])}  # a stranger's
    stale = {name for name in set(before) - set(site) - keep if (folder / name).is_file()}
    _refuse_blocked(folder, set(site) - keep, stale)
    _begin(folder, Manifest(lab, "", new, before))
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    _rmdirs(folder)
    for name, data in site.items():
        if name not in keep:
            _replace(folder / name, data)
    _record(folder, Manifest(lab, source, new))


def _refuse_blocked(folder: Path, names: set[str], stale: set[str]) -> None:
    """Nothing of somebody else's stands where a file or its folder has to be."""
    for name in sorted(names):
        above = [parent for parent in PurePosixPath(name).parents if str(parent) != "."]
        files_above = [parent for parent in above if (folder / parent).is_file() and str(parent) not in stale]
        inside = [path for path in (folder / name).rglob("*") if path.is_file()] if (folder / name).is_dir() else []
        if files_above or any(path.relative_to(folder).as_posix() not in stale for path in inside):
            raise HolError(
                t("{} cannot be written", str(folder / name)),
                why=t("something that hol did not write stands there"),
                fix=t("move or delete {}", str(folder / (files_above[0] if files_above else name))),
            )


def _rmdirs(folder: Path) -> None:
    for path in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        _rmdir(path)


def _differs(path: Path, sha256: str) -> bool:
    return path.is_file() and digest(path.read_bytes()) != sha256


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other hol writes or removes the folder meanwhile; where files cannot be locked (Windows), one may."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    parent = os.open(folder.parent, os.O_RDONLY)
    try:
        fcntl.flock(parent, fcntl.LOCK_EX)
        yield
    finally:
        os.close(parent)


def _begin(folder: Path, known: Manifest) -> None:
    """The manifest in the folder; a new folder is made beside it and moved there whole."""
    if folder.is_dir() and any(folder.iterdir()):
        _record(folder, known)
        return
    staging = _staging(folder)
    staging.mkdir(parents=True, exist_ok=True)
    _record(staging, known)
    if folder.is_dir():
        folder.rmdir()
    staging.rename(folder)


def _staging(folder: Path) -> Path:
    """Where hol makes and unmakes the folder: a name that nobody else gives, so that no half-made folder is nobody's."""
    return folder.with_name(f".{folder.name}.hol")


def _record(folder: Path, known: Manifest) -> None:
    _replace(folder / MANIFEST, json.dumps(vars(known), indent=1, sort_keys=True).encode())


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, data, _part(path))


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def removable(folder: Path, known: Manifest) -> bool:
    """Whether there is anything to remove: a file that hol wrote and nobody edited, or a manifest of no files."""
    edited = set(changed_by_hand(folder, known))
    return not edited or any((folder / name).is_file() for name in known.names - edited)


def remove(folder: Path) -> None:
    """Remove what hol wrote and nobody edited, and the folders that this empties.

    While edited files stay, so does the manifest: the folder is still the lab's.
    """
    with _alone(folder):
        known = manifest(folder)
        if known:
            _remove(folder, known)


def _remove(folder: Path, known: Manifest) -> None:
    keep = changed_by_hand(folder, known)
    for name in known.names - set(keep):
        _unlink(folder / name)
    _rmdirs(folder)
    if keep:
        _record(folder, Manifest(known.lab, "", {name: known.digests(name)[0] for name in keep}))
    elif _only_a_manifest(folder):
        folder.rename(_staging(folder))
        _finish(folder)
    else:
        _unlink(folder / MANIFEST)


def interrupted(folder: Path) -> bool:
    """Whether hol was killed while it made the folder, or had almost removed it."""
    return _staging(folder).is_dir() and _only_a_manifest(_staging(folder))


def finish(folder: Path) -> None:
    """Remove what an interrupted hol left of the folder."""
    with _alone(folder):
        if interrupted(folder):
            _finish(folder)


def _finish(folder: Path) -> None:
    _unlink(_staging(folder) / MANIFEST)
    _staging(folder).rmdir()


def _only_a_manifest(folder: Path) -> bool:
    return {path.name for path in folder.iterdir()} <= {MANIFEST, _part(folder / MANIFEST).name}


def _unlink(path: Path) -> None:
    if not path.is_dir() or path.is_symlink():  # a folder is none of the files that hol wrote
        path.unlink(missing_ok=True)
    _part(path).unlink(missing_ok=True)


def _rmdir(path: Path) -> None:
    if path.is_dir() and not any(path.iterdir()):
        path.rmdir()
