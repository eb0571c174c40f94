"""The folder of an export: written whole or not at all, and never over what differs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from hol.config.disk import write
from hol.config.files import here
from hol.words.commands import same
from hol.words.errors import ConfigError
from hol.words.text import t


def written(folder: str, files: Mapping[str, bytes]) -> Path:
    """The files in that folder. Raises `ConfigError` rather than overwrite what differs."""
    path = Path(os.path.realpath(here() / folder))
    for name, data in files.items():
        if (path / name).exists() and not _holds(path / name, data):
            raise ConfigError(
                t("{} is already here, and hol does not overwrite it", f"{folder}/{name}"),
                fix=t("choose another folder: {}", same("--output", _free(folder))),
            )
    path.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write(path / name, data)
    return path


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _free(folder: str) -> str:
    """The folder with the first number that makes it a new one."""
    return next(new for number in range(2, 10**6) if not (here() / (new := f"{folder.rstrip('/')}-{number}")).exists())
