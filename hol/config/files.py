"""config.yaml → `Config`: read, merge, complain.

The packaged config.yaml holds every default. A user's file and `--set key=value` override single keys; each
complaint names the file and the key, and an unknown key is refused with the nearest known one.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterable, Mapping, Set
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TypeAlias, get_type_hints

from hol.config import strict_yaml
from hol.config.disk import read_plain, reason
from hol.config.settings import Config, Section, comments, rules
from hol.config.values import Rule, expand
from hol.words.commands import command, same
from hol.words.errors import ConfigError, HolError
from hol.words.shown import escaped, hidden_signs, short, shortened, shortened_path
from hol.words.text import Language, Text, t

FILE_NAME = "config.yaml"
LARGEST = 1_000_000
NO_SECTIONS: Mapping[str, type] = {}
_SET = "--set"


@dataclass(frozen=True)
class Folder:
    """Where a lab's files lie: `root` has config.yaml and steps/; `home` is where output goes (the site folder)."""

    root: Path
    home: Path
    file: Path


def packaged() -> Path:
    """The lab that came with hol: inside an installed wheel, or the clone's top folder."""
    inside = Path(__file__).parents[1] / "_lab"
    return inside if inside.is_dir() else Path(__file__).parents[2]


def asset(path: str, *homes: Path) -> Path:
    """A file or folder of the lab, that of the first folder that has it, else the packaged one. Raises `ConfigError`."""
    found = next((home / path for home in (*homes, packaged()) if (home / path).exists()), None)
    if found is None:
        fix = t("put it there, or correct the path in config.yaml; hol's own files lie in {}", packaged())
        raise ConfigError(t("there is no file {}", path), fix=fix)
    return found


def locate(path: str | None = None) -> Folder:
    """The lab of `--config PATH`, of the current folder, or the packaged one.

    A folder with a config.yaml of its own may have its own `steps/` and `assets/`; what it lacks is packaged.
    """
    home = here()
    file = home / FILE_NAME if path is None else _given(path)
    if path is not None:
        home = Path(os.path.realpath(file)).parent
    elif not _is_there(file):
        return Folder(packaged(), home, packaged() / FILE_NAME)
    return Folder(home if _is_there(home / "steps") else packaged(), home, file)


def here() -> Path:
    """The current folder. Raises `ConfigError` when it has been deleted meanwhile, or may not be looked at."""
    try:
        return Path.cwd()
    except OSError as error:
        raise ConfigError(
            t("the folder that hol was started in cannot be used"),
            why=reason(error),
            fix=t("change into a folder that is there"),
        ) from error


def _given(path: str) -> Path:
    """The file of `--config PATH`."""
    if not path or hidden_signs().search(path):
        raise ConfigError(t("there is no file {}", short(path)), fix=_instead(here()))
    file = Path(path)
    try:
        file = file / FILE_NAME if file.is_dir() else file
    except OSError as error:
        raise _unreadable(file, reason(error)) from error
    if not _is_there(file):
        raise ConfigError(t("there is no file {}", shortened_path(path)), fix=_instead(here()))
    return file


def _is_there(path: Path) -> bool:
    """Whether there is anything of that name, were it a link to nothing. Raises `ConfigError` when nobody can tell."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as error:
        raise _unreadable(path, reason(error) if isinstance(error, OSError) else t("{}", error)) from error
    return True


def _unreadable(file: Path, why: Text | None) -> ConfigError:
    return ConfigError(
        t("{} cannot be read", shortened_path(str(file))),
        why=why,
        fix=t("mend or remove it: hol does not go on with the names of another lab"),
    )


def _instead(home: Path) -> Text:
    """What to do without the file that --config names."""
    if (home / FILE_NAME).is_file():
        return t("this folder has one of its own, and needs no --config: {}", same(without="--config"))
    return t("write one into this folder, which then needs no --config: {}", command("init"))


Known: TypeAlias = "dict[str, Known | None]"  # a key → None for a value, its keys for a section
Given: TypeAlias = dict[str, tuple[object, str]]  # a key with its section's → the value, and where it was given


def load(lab: Folder, overrides: Iterable[str | tuple[str, str]] = (), own: Mapping[str, type] = NO_SECTIONS) -> Config:
    """The settings: packaged defaults, then the lab's file, then overrides; `own`: what steps bring.

    An override is `key=value`, or with the option that it was given by: `("--ttl", "endpoint.ttl=4h")`.
    """
    values = {f"{name}.{key}": said for name, kind in own.items() for key, said in _defaults(kind).items()}
    known: Known = {**_known(Config), **{name: _known(kind) for name, kind in own.items()}}
    standard = _read(packaged() / FILE_NAME)
    others = standard.keys() - known.keys()  # of steps that this lab does not have, though `hol init` writes them
    _merge(values, _without(standard, others), FILE_NAME, known)
    if lab.file != packaged() / FILE_NAME:
        _merge(values, _without(_read(lab.file), others), lab.file.name, known)
    for override in overrides:
        option, text = (_SET, override) if isinstance(override, str) else override
        _merge(values, _parse_override(text, option), option, known)
    config: Config = _build(Config, values, "")
    return replace(config, own={name: _build(kind, values, f"{name}.") for name, kind in own.items()})


def _without(data: Mapping[str, object], names: Set[str]) -> dict[str, object]:
    return {name: value for name, value in data.items() if name not in names}


def commented(own: Mapping[str, type], language: Language) -> str:
    """The sections that steps bring as they stand in a config.yaml: every key with its default, and the comments."""
    lines = list[str]()
    for name, kind in own.items():
        lines += ["", f"{name}:  # {t((kind.__doc__ or name).strip()).render(language)}"]
        said, known = comments(kind), _defaults(kind)
        for key, (value, _) in known.items():
            comment = f"  # {said[key].render(language)}" if key in said else ""
            lines.append(f"  {key}: {json.dumps(value, ensure_ascii=False)}{comment}")
    return "\n".join([*lines, ""]) if lines else ""


def _defaults(kind: type) -> dict[str, tuple[object, str]]:
    """The section's defaults, and the file in which they stand."""
    file = f"{kind.__module__.rpartition('.')[2]}.py"
    return {item.name: (item.default, file) for item in fields(kind) if item.default is not MISSING}


def resolved(config: Config, account: str) -> Config:
    """The settings with {attendee}, {account} and {region} put into every name."""
    values = {"attendee": config.attendee, "account": account, "region": config.region}
    expanded: Config = _expanded(config, values)
    return replace(expanded, own={name: _expanded(section, values) for name, section in config.own.items()})


def _expanded(section: Section, values: Mapping[str, str]) -> Section:
    changed: dict[str, object] = {}
    known = rules(type(section))
    for item in fields(section):
        value = getattr(section, item.name)
        if is_dataclass(value):
            changed[item.name] = _expanded(value, values)
        elif isinstance(value, str):
            changed[item.name] = expand(value, **values)
            _check(known[item.name], changed[item.name], FILE_NAME, item.name)
    return replace(section, **changed)


def _read(file: Path) -> dict[str, object]:
    try:
        data = strict_yaml.load(_text(file))
    except strict_yaml.NotYaml as error:
        where = t("{}, line {}, column {}", file.name, error.line, error.column) if error.line else t("{}", file.name)
        raise ConfigError(t("{}: hol cannot take this YAML", where), why=error.why) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(t("{}: the file is not a list of keys and values", file.name))
    return data


def _text(file: Path) -> str:
    """What stands in it. Raises `ConfigError` for what cannot be read, and waits for nothing."""
    try:
        return read_plain(file, LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(file, reason(error)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(file, t("it is not UTF-8: byte {} of it", error.start + 1)) from error
    except HolError as error:
        raise _unreadable(file, error.what) from error


def _parse_override(override: str, option: str) -> dict[str, object]:
    path, equals, text = override.partition("=")
    hidden = hidden_signs().search(override)
    if hidden:
        given = override if option == _SET else text
        raise ConfigError(t("{} {}: it has the hidden character {}", option, shortened(given), escaped(hidden[0])))
    if not equals or not path:
        raise ConfigError(
            t("--set {}: this is not key=value", short(override)), fix=t("for example: {}", "--set function.timeout=20")
        )
    section, *inner = path.split(".", 3)
    value = _override_value(path, text)
    for name in reversed(inner):
        value = {name: value}
    return {section: value}


def _override_value(path: str, text: str) -> object:
    """What YAML takes it for; text where that is no plain value."""
    try:
        value = strict_yaml.load(text) if text else ""
    except strict_yaml.NotYaml:
        return text
    return text if isinstance(value, dict) and path != "tags" else value


def _known(kind: type) -> Known:
    hints = get_type_hints(kind)
    keys: Known = dict.fromkeys(rules(kind))
    return keys | {name: _known(hint) for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)}


def _merge(into: Given, data: Mapping[str, object], source: str, known: Known, prefix: str = "") -> None:
    for name, value in data.items():
        path = f"{prefix}{name}"
        if name not in known:
            raise ConfigError(
                _unknown(source, path, str(name), known), fix=t("the known keys stand in: {}", packaged() / FILE_NAME)
            )
        inside = known[name]
        if inside is None:
            into[path] = (value, source)
        elif isinstance(value, dict):
            _merge(into, value, source, inside, f"{path}.")
        elif value is not None:
            raise ConfigError(t("{}: {}: {} is not a section with keys of its own", source, path, short(value)))


def _unknown(source: str, path: str, name: str, known: Known) -> Text:
    near = difflib.get_close_matches(name[:64], known, n=1, cutoff=0.5)
    elsewhere = [f"{section}.{name}" for section, keys in known.items() if keys and name in keys]
    if near or elsewhere:
        nearest = path.removesuffix(name) + near[0] if near else elsewhere[0]
        return t("{}: {} is not a known key; did you mean {}?", source, shortened(path), nearest)
    return t("{}: {} is not a known key (known here: {})", source, shortened(path), ", ".join(known))


def _build(kind: type, values: Given, prefix: str) -> Section:
    hints, known = get_type_hints(kind), rules(kind)
    built: dict[str, object] = {}
    for name in _known(kind):
        path = f"{prefix}{name}"
        if is_dataclass(hints[name]):
            built[name] = _build(hints[name], values, f"{path}.")
        elif path in values:
            value, source = values[path]
            built[name] = _check(known[name], value, source, path)
        else:
            raise ConfigError(t("{}: {} is missing", FILE_NAME, path))
    return kind(**built)


def _check(rule: Rule, value: object, source: str, path: str) -> object:
    try:
        return rule(_visible(value))
    except ValueError as complaint:
        about = t("{}", source) if source.startswith("--") and source != _SET else t("{}: {}", source, path)
        raise ConfigError(t("{}: {} {}", about, short(value), complaint.args[0])) from None


def _visible(value: object) -> object:
    """The value. Raises `ValueError` when it has a character that nobody sees."""
    texts = [text for pair in value.items() for text in pair] if isinstance(value, dict) else [value]
    hidden = next((found for text in texts if isinstance(text, str) and (found := hidden_signs().search(text))), None)
    if hidden:
        raise ValueError(t("has the hidden character {}", escaped(hidden[0])))
    return value
