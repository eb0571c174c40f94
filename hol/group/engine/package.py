"""hol as a Lambda function: its rooms, the lab, what a project has of its own, and the libraries that they need.

Nothing in it is compiled, so it runs on every architecture. Of botocore's service descriptions, which are most of it, those
go along that some call in the package is made with.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from hol.aws import functions
from hol.config.files import FILE_NAME, Folder, packaged
from hol.config.settings import Config, Section
from hol.words.errors import HolError
from hol.words.text import t

Files = dict[str, Path | bytes]  # by their names in the archive
HANDLER = "hol.group.engine.function.handler"
PROJECT, OVERRIDES = "project", "overrides.json"
LARGEST = 50 * 1024 * 1024  # of a zip in the call itself; unpacked it may be five times as large
_ROOMS = ("words", "config", "cloud", "engine", "aws", "operate", "teach", "group")
_LIBRARIES = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3", "yaml")
_PLAIN = (".py", ".mo", ".json", ".gz", ".pem", ".yaml")
_CALL = re.compile(rb'"([a-z0-9-]+)\.[a-z][a-z0-9_]+"')
_LONGEST = 200  # of a path in the settings
_ALSO = ("sts",)  # asked by the session itself


@dataclass(frozen=True)
class Source:
    """The lab as it was read: where its files lie, and the settings given beside them, as `key=value`."""

    folder: Folder
    overrides: Sequence[str]
    config: Config


def package(source: Source) -> bytes:
    """The archive. Raises `HolError` when Lambda would not take it."""
    own = {**_hol(), **_project(source)}
    files = {**own, **_libraries(_services(own.values()))}
    archive = functions.archive(files)
    if len(archive) > LARGEST:
        raise HolError(
            t("hol with this lab is a package of {} MB, and Lambda takes {} MB", len(archive) >> 20, LARGEST >> 20),
            fix=t("make the files smaller that config.yaml names, such as the model"),
        )
    return archive


def _hol() -> Files:
    here, lab = Path(__file__).parents[2], packaged()
    found: Files = {"hol/__init__.py": here / "__init__.py"}
    for room in _ROOMS:
        found |= _below(here / room, f"hol/{room}")
    found |= _everything(lab / "steps", "hol/_lab/steps") | _everything(lab / "assets", "hol/_lab/assets")
    return {**found, f"hol/_lab/{FILE_NAME}": lab / FILE_NAME}


def _project(source: Source) -> Files:
    """What the project has of its own: its settings, steps, and the files that the settings name."""
    folder, found = source.folder, Files()
    found[f"{PROJECT}/{OVERRIDES}"] = json.dumps(list(source.overrides)).encode()
    if folder.file != packaged() / FILE_NAME:
        found[f"{PROJECT}/{FILE_NAME}"] = folder.file
    if folder.root != packaged():
        found |= _everything(folder.root / "steps", f"{PROJECT}/steps")
    own = () if folder.home == packaged() else _texts(source.config)
    for named in {one for one in own if _is_of(folder.home, one)}:
        path = folder.home / named
        found |= {f"{PROJECT}/{named}": path} if path.is_file() else _everything(path, f"{PROJECT}/{named}")
    return found


def _is_of(home: Path, named: str) -> bool:
    """Whether it is a file or folder of the project's, by its path from there."""
    parts = Path(named).parts
    return bool(parts) and not Path(named).is_absolute() and ".." not in parts and (home / named).exists()


def _texts(settings: Section) -> Iterator[str]:
    for item in fields(settings):
        value = getattr(settings, item.name)
        if is_dataclass(value):
            yield from _texts(value)
        elif isinstance(value, str) and "\n" not in value and len(value) < _LONGEST:
            yield value


def _libraries(services: set[str]) -> Files:
    found = Files()
    for name in _LIBRARIES:
        spec = importlib.util.find_spec(name)
        assert spec and spec.origin
        origin = Path(spec.origin)
        found |= _below(origin.parent, name) if spec.submodule_search_locations else {origin.name: origin}
    return {name: file for name, file in found.items() if _is_needed(name, services)}


def _is_needed(name: str, services: set[str]) -> bool:
    """Of the service descriptions, whether it is one of those, or of all of them."""
    parts = name.split("/")
    if parts[:2] == ["boto3", "data"] or "examples-1" in name:
        return False
    return parts[:2] != ["botocore", "data"] or len(parts) == 3 or parts[2] in services


def _services(files: Iterable[Path | bytes]) -> set[str]:
    """The services that the package calls."""
    sources = [file for file in files if isinstance(file, Path) and file.suffix == ".py"]
    return {name.decode() for file in sources for name in _CALL.findall(file.read_bytes())} | set(_ALSO)


def _below(folder: Path, name: str) -> Files:
    return {key: path for key, path in _everything(folder, name).items() if str(path).endswith(_PLAIN)}


def _everything(folder: Path, name: str) -> Files:
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"{name}/{path.relative_to(folder).as_posix()}": path for path in files}
