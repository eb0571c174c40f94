"""Files of this machine: written whole or not at all, and what to do when the machine refuses."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from hol.words.errors import ConfigError, HolError
from hol.words.text import Text, t

_MOST_FILES = 5000
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_REASONS = {
    **dict.fromkeys(_FULL, t("the disk is full")),
    errno.EFBIG: t("it would be larger than this shell may write (ulimit -f)"),
    errno.EROFS: t("the disk can only be read"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), t("you may not use it")),
    errno.ENOENT: t("it, or the folder that it is in, is not there"),
    errno.ENOTDIR: t("what should be a folder on the way to it is a file"),
    errno.EISDIR: t("it is a folder"),
    errno.ELOOP: t("it is a link that leads in a circle"),
    errno.ENAMETOOLONG: t("its name is too long"),
    errno.EIO: t("the disk or the terminal fails"),
    errno.ENXIO: t("it is no file that can be read"),
}


def reason(error: OSError) -> Text:
    """Why the machine refuses."""
    return _REASONS.get(error.errno or 0) or t("{} says “{}”", t("the system"), error.strerror or error)


def remedy(error: OSError) -> Text | None:
    """What to do about it; None when the error does not say."""
    if error.errno in _FULL:
        return t("make room, then run the same command again")
    if error.errno in _FORBIDDEN:
        return t("run hol in a folder of your own, or change the permissions of this one")
    if error.errno == errno.EFBIG:
        return t("raise the limit, then run the same command again")
    return None


def failure(error: OSError, path: object = None) -> HolError:
    """The error in words: which file, why, and what to do."""
    name = str(error.filename if path is None else path)
    fix = remedy(error) or t("look at it, then run the same command again")
    return HolError(t("could not use the file {}", name), reason(error), fix)


def write(path: Path, data: bytes, mode: int = 0o666) -> None:
    """The file with that content, safe on the disk; or, where that fails, as it was before. Raises `HolError`.

    `mode`: who may read and write it from its first moment on, if the umask lets them.
    """
    try:
        replace(path, data, path.with_name(f".{path.name}.{os.getpid()}.part"), sync=True, mode=mode)
    except OSError as error:
        raise failure(error, path) from error


def replace(path: Path, data: bytes, part: Path, sync: bool = False, mode: int = 0o666) -> None:
    """Write beside and rename; what was begun is removed. Raises `OSError` that always names the file."""
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def read_plain(path: Path, most: int) -> bytes:
    """An ordinary file's content, `most` bytes at most; never waits for a pipe.

    Raises `OSError`, and `HolError` for what is no ordinary file or larger.
    """
    _require_plain(path.stat().st_mode)
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        _require_plain(os.fstat(descriptor).st_mode)
        data = file.read(most + 1)
    if len(data) > most:
        raise HolError(t("it is larger than {} bytes", most))
    return data


def _require_plain(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise HolError(t("it is a folder"))
    if not stat.S_ISREG(mode):
        raise HolError(t("it is no ordinary file (a pipe, a socket or a device)"))


def ordinary(path: Path, key: str) -> Path:
    """The file that the setting `key` names. Raises `ConfigError` for what is no file."""
    if not path.is_file():
        raise ConfigError(t("{}: {} is no file", key, str(path)))
    return path


def folder(path: Path, key: str, home: Path, most: int) -> Path:
    """The folder that the setting `key` names: what is in it goes to AWS, and is perhaps made public.

    Raises `ConfigError` for what is no folder, holds the user's own folders (`home`: the current one), or is larger
    than `most` bytes.
    """
    if not path.is_dir():
        raise ConfigError(t("{}: {} is no folder", key, str(path)))
    real = path.resolve()
    if any(own.resolve().is_relative_to(real) for own in (home, Path("~").expanduser())):
        why = t("everything in it would be uploaded")
        raise ConfigError(t("{}: {} holds your own folder", key, str(path)), why, t("name a folder for this alone"))
    size = number = 0
    for inside, _, names in os.walk(real):
        number += len(names)
        size += sum(_size(Path(inside, name)) for name in names)
        if size > most or number > _MOST_FILES:
            limits = (most // 2**20, _MOST_FILES)
            raise ConfigError(t("{}: {} holds more than {} MB or {} files", key, str(path), *limits))
    return path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # a link to nothing
        return 0
