"""How hol came to this machine, and so what installs the rest of it.

Nobody has published hol in the package index, so its bare name must never be asked for there: whoever takes the name
would run code here. An extra is installed from where hol itself came from (PEP 610), and where nobody remembers that,
its requirements are named one by one.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from typing import TypedDict
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from hol.words.commands import Shell, shell

NAME = "hol"
_EXTRA = re.compile(r"""\s*(?:\band\b\s*)?extra\s*==\s*["']([\w-]+)["']""")


class Origin(TypedDict, total=False):
    """PEP 610's `direct_url.json`, as far as it is read here."""

    url: str
    dir_info: dict[str, bool]
    vcs_info: dict[str, str]


def extra(name: str) -> Shell:
    """The command that installs an extra of this very hol, into the Python that runs it."""
    return shell(*_installer(), *_wanted(name))


def _wanted(name: str, clone: Path | None = None) -> list[str]:
    clone = clone or Path(__file__).resolve().parents[2]
    if (clone / "pyproject.toml").is_file():
        return ["-e", f"{clone}[{name}]"] if _origin().get("dir_info", {}).get("editable") else [f"{clone}[{name}]"]
    known = _distribution()
    return came_from(_origin(), name) or requirements((known and known.requires) or [], name)


def came_from(origin: Origin, name: str) -> list[str]:
    """What pip takes for the place that PEP 610's `direct_url.json` names; empty when it is gone or unknown."""
    url = str(origin.get("url", ""))
    if url.startswith("file:"):
        path = Path(url2pathname(unquote(urlsplit(url).path)))
        return [f"{path}[{name}]"] if path.exists() else []
    if not url:
        return []
    version = origin.get("vcs_info", {})
    source = f"{version['vcs']}+{url}@{version['commit_id']}" if version else url
    return [f"{NAME}[{name}] @ {source}"]


def requirements(required: list[str], name: str) -> list[str]:
    """The extra's requirements, with what else they depend on (the version of Python, say)."""
    mine = [one for one in required if (found := _EXTRA.search(one)) and found[1] == name]
    return [re.sub(r";\s*\(?\s*\)?\s*$", "", _EXTRA.sub("", one)).strip().rstrip(";").strip() for one in mine]


def _origin() -> Origin:
    try:
        known = _distribution()
        found: Origin = json.loads((known and known.read_text("direct_url.json")) or "{}")
    except ValueError:
        return {}
    return found


def _distribution() -> importlib.metadata.Distribution | None:
    try:
        return importlib.metadata.distribution(NAME)
    except importlib.metadata.PackageNotFoundError:
        return None


def _installer() -> list[str]:
    """pip of this Python, or what manages environments without one."""
    here, found = Path(sys.executable).parent, shutil.which("pip")
    if found and Path(found).parent == here:
        return ["pip", "install"]
    if importlib.util.find_spec("pip") is None and shutil.which("uv"):
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]
