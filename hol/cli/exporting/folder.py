"""The folder of an export: written whole or not at all, and never over what differs."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from hol.config.disk import reason, write
from hol.config.files import here
from hol.words.commands import same
from hol.words.errors import ConfigError
from hol.words.text import Text, t


def written(folder: str, files: Mapping[str, bytes], usual: str) -> Path:
    """The files in that folder. Raises `ConfigError` rather than overwrite what differs; `usual`: the name without --output."""
    path = Path(os.path.realpath(here() / folder))
    for name, data in files.items():
        if (path / name).exists() and not _holds(path / name, data):
            raise _refused(t("{} is already here, and hol does not overwrite it", f"{folder}/{name}"), None, folder)
    _make(path, folder, usual)
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        write(path / name, data)
    return path


def _make(path: Path, folder: str, usual: str) -> None:
    """The folder is there. Raises `ConfigError` for what is none, or is nobody's to write into."""
    if path == path.parent:
        raise _refused(t("{} is the root of the disk, and no place for these files", folder), None, usual)
    if path.exists() and not path.is_dir():
        raise _refused(t("{} is no folder", folder), None, usual)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        there = error.errno == errno.ENOENT and path.parent.is_dir()
        why = t("nothing can be made in {}", str(path.parent)) if there else reason(error)
        raise _refused(t("the folder {} cannot be made", folder), why, usual) from error


def _refused(what: Text, why: Text | None, instead: str) -> ConfigError:
    return ConfigError(what, why, t("choose another folder: {}", same("--output", _free(instead))))


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _free(folder: str) -> str:
    """The folder, or with the first number that makes it a new one."""
    plain = folder.rstrip("/")
    numbered = (f"{plain}-{number}" for number in range(2, 10**6))
    return next(new for new in chain((plain,), numbered) if not os.path.lexists(here() / new))
