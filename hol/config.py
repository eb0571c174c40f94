"""config.yaml → `Config`: read, merge, complain.

The packaged config.yaml holds every default. A user's file and `--set key=value` override single keys; each
complaint names the file and the key, and an unknown key is refused with the nearest known one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

import yaml

from hol.errors import ConfigError
from hol.settings import Config, expand, rules
from hol.text import Text, t

FILE_NAME = "config.yaml"


@dataclass(frozen=True)
class Folder:
    """Where a lab's files lie: `root` has config.yaml and steps/; `home` is where output goes (the site folder)."""

    root: Path
    home: Path
    file: Path


def packaged() -> Path:
    """The lab that came with hol: inside an installed wheel, or the clone's top folder."""
    inside = Path(__file__).parent / "_lab"
    return inside if inside.is_dir() else Path(__file__).parent.parent


def locate(path: str | None = None) -> Folder:
    """The lab of `--config PATH`, of the current folder, or the packaged one.

    A folder with a config.yaml of its own may have its own `steps/` and `assets/`; what it lacks is packaged.
    """
    home = Path.cwd()
    if path is not None:
        file = Path(path) / FILE_NAME if Path(path).is_dir() else Path(path)
        if not file.is_file():
            raise ConfigError(t("there is no file {}", path), fix=t("write one with: {}", "hol init"))
        home = file.resolve().parent
    else:
        file = home / FILE_NAME
    if not file.is_file():
        return Folder(packaged(), home, packaged() / FILE_NAME)
    return Folder(home if (home / "steps").is_dir() else packaged(), home, file)


def load(lab: Folder, overrides: Iterable[str] = ()) -> Config:
    """The settings: packaged defaults, then the lab's file, then `key=value` overrides."""
    values: dict[str, Any] = {}
    known = _known(Config)
    for file in dict.fromkeys((packaged() / FILE_NAME, lab.file)):
        _merge(values, _read(file), file.name, known)
    for override in overrides:
        _merge(values, _parse_override(override), "--set", known)
    config: Config = _build(Config, values, "")
    return config


def resolved(config: Config, account: str) -> Config:
    """The settings with {attendee}, {account} and {region} put into every name."""
    values = {"attendee": config.attendee, "account": account, "region": config.region}
    return _expanded(config, values)  # type: ignore[no-any-return]


def _expanded(section: Any, values: Mapping[str, str]) -> Any:
    changed: dict[str, Any] = {}
    known = rules(type(section))
    for item in fields(section):
        value = getattr(section, item.name)
        if is_dataclass(value):
            changed[item.name] = _expanded(value, values)
        elif isinstance(value, str):
            changed[item.name] = expand(value, **values)
            _check(known[item.name], changed[item.name], FILE_NAME, item.name)
    return replace(section, **changed)


def _read(file: Path) -> dict[str, Any]:
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(t("{} cannot be read", file.name), why=t("{}", error)) from error
    except yaml.YAMLError as error:
        why = str(getattr(error, "problem", None) or error)
        mark = getattr(error, "problem_mark", None)
        where = t("{}, line {}, column {}", file.name, mark.line + 1, mark.column + 1) if mark else t("{}", file.name)
        raise ConfigError(t("{}: this is not YAML", where), why=t("{}", why)) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(t("{}: the file is not a list of keys and values", file.name))
    return data


def _parse_override(override: str) -> dict[str, Any]:
    path, equals, text = override.partition("=")
    if not equals or not path:
        raise ConfigError(
            t("--set {}: this is not key=value", override), fix=t("for example: {}", "--set function.timeout=20")
        )
    try:
        value = yaml.safe_load(text) if text else ""
    except yaml.YAMLError:
        value = text
    result: Any = text if isinstance(value, dict) and path != "tags" else value
    for name in reversed(path.split(".")):
        result = {name: result}
    return dict(result)


def _known(kind: type) -> dict[str, Any]:
    """The known keys: name → None for a value, → a dict for a section."""
    hints = get_type_hints(kind)
    return {f.name: _known(hints[f.name]) if is_dataclass(hints[f.name]) else None for f in fields(kind)}


def _merge(
    into: dict[str, Any], data: Mapping[str, Any], source: str, known: Mapping[str, Any], prefix: str = ""
) -> None:
    for name, value in data.items():
        path = f"{prefix}{name}"
        if name not in known:
            raise ConfigError(
                _unknown(source, path, str(name), known), fix=t("the known keys stand in: {}", "hol init")
            )
        if known[name] is None:
            into[name] = (value, source)
        elif isinstance(value, dict):
            _merge(into.setdefault(name, {}), value, source, known[name], f"{path}.")
        elif value is not None:
            raise ConfigError(t("{}: {}: {} is not a section with keys of its own", source, path, value))


def _unknown(source: str, path: str, name: str, known: Mapping[str, Any]) -> Text:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    elsewhere = [f"{section}.{name}" for section, keys in known.items() if keys and name in keys]
    if near or elsewhere:
        nearest = path.removesuffix(name) + near[0] if near else elsewhere[0]
        return t("{}: {} is not a known key; did you mean {}?", source, path, nearest)
    return t("{}: {} is not a known key (known here: {})", source, path, ", ".join(known))


def _build(kind: type, values: Mapping[str, Any], prefix: str) -> Any:
    hints, known = get_type_hints(kind), rules(kind)
    built: dict[str, Any] = {}
    for item in fields(kind):
        path = f"{prefix}{item.name}"
        if is_dataclass(hints[item.name]):
            built[item.name] = _build(hints[item.name], values[item.name], f"{path}.")
        else:
            value, source = values[item.name]
            built[item.name] = _check(known[item.name], value, source, path)
    return kind(**built)


def _check(rule: Any, value: Any, source: str, path: str) -> Any:
    try:
        return rule(value)
    except ValueError as complaint:
        shown = '""' if value == "" else str(value).lower() if isinstance(value, bool) else value
        raise ConfigError(t("{}: {}: {} {}", source, path, shown, complaint.args[0])) from None
