"""The Korean catalogues beside the sentences that they translate.

python -m scripts.catalogue update     new sentences in, old ones out; what is alike is proposed and marked fuzzy
python -m scripts.catalogue compile    writes the .mo files that hol reads
python -m scripts.catalogue check      fails where something is missing, stale, fuzzy, misses a field, or is not compiled
python -m scripts.catalogue extract    prints the template (.pot) of what hol says; of what the lab's steps say: extract steps
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import IO, Any

import click
from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo

ROOT = Path(__file__).resolve().parents[1]
_OF_HOL, _OF_THE_LAB = (ROOT / folder / "locale" / "ko" / "LC_MESSAGES" for folder in ("hol/words", "steps"))
FOLDERS = {"hol": _OF_HOL, "steps": _OF_THE_LAB, "click": _OF_HOL}
# Who says its argument, and which argument that is.
HOL = {"t": (1,), "_": (1,), "_local_verb": (2,)}
CLICK = {"_": (1,), "ngettext": (1, 2)}
# click's catalogue also has the words of older versions that hol may be installed with.
MAY_BE_STALE = {"click"}
HEADER = {"project": "hol", "version": "0", "last_translator": "hol", "language_team": "ko", "msgid_bugs_address": "-"}


def extracted(domain: str) -> Catalog:
    """The sentences of the source, with the files that say them."""
    catalogue = Catalog(locale="ko", header_comment=f"# Korean for {domain}.", fuzzy=False, **HEADER)
    folder, methods, keywords = _sources(domain)
    for file, _line, said, _comments, _context in sorted(
        extract_from_dir(folder, methods, keywords=keywords), key=lambda found: found[:2]
    ):
        catalogue.add(said, locations=[(f"click/{file}" if domain == "click" else file, None)])
    return catalogue


def _sources(domain: str) -> tuple[Path, list[tuple[str, Any]], dict[str, tuple[int, ...]]]:
    if domain == "click":
        return Path(click.__file__).parent, [("**.py", literals)], CLICK
    return ROOT, [(f"{domain}/**.py", literals)], HOL


def literals(
    fileobj: IO[bytes], keywords: Iterable[str], comment_tags: object, options: object
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Babel's extraction method: each call's literal arguments, on either side of a condition.

    Babel's own joins both sides of a condition to one sentence.
    """
    for node in ast.walk(ast.parse(fileobj.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            sides = [list(_strings(argument)) or [None] for argument in node.args]
            for turn in range(max(map(len, sides), default=0)):
                said = tuple(side[min(turn, len(side) - 1)] for side in sides)
                yield node.lineno, node.func.id, said if len(said) > 1 else said[0], []


def _strings(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)


def read(domain: str) -> Catalog:
    """The catalogue that translators write."""
    with (FOLDERS[domain] / f"{domain}.po").open("rb") as file:
        return pofile.read_po(file, locale="ko", domain=domain)


def write(domain: str, catalogue: Catalog) -> None:
    """With files but no line numbers, which change with every edit of the source."""
    with (FOLDERS[domain] / f"{domain}.po").open("wb") as file:
        pofile.write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)


def update(domain: str) -> None:
    """The catalogue with the sentences of today's source."""
    catalogue, source = read(domain), extracted(domain)
    if domain in MAY_BE_STALE:
        for message in _messages(catalogue):
            if message.id not in source:
                source[message.id] = message
    source.creation_date = catalogue.creation_date
    revised = catalogue.revision_date
    catalogue.update(source)
    catalogue.revision_date = revised
    write(domain, catalogue)


def compiled(domain: str) -> bytes:
    """The .mo file of the catalogue; fuzzy translations are not in it."""
    file = io.BytesIO()
    write_mo(file, read(domain))
    return file.getvalue()


def compile_(domain: str) -> None:
    (FOLDERS[domain] / f"{domain}.mo").write_bytes(compiled(domain))


def problems(domain: str) -> list[str]:
    """What a translator has to look at, a line each; empty when all is well."""
    catalogue, source = read(domain), extracted(domain)
    needed = [message for message in _messages(source) if _has_words(_texts(message.id)[0])]
    found = [f"{domain}: missing: {m.id!r} {_places(m)}" for m in needed if not _translation(catalogue, m)]
    if domain not in MAY_BE_STALE:
        found += [f"{domain}: stale: {m.id!r}" for m in _messages(catalogue) if m.id not in source]
    found += [f"{domain}: fuzzy: {m.id!r}" for m in _messages(catalogue) if m.fuzzy]
    found += [f"{domain}: other fields: {m.id!r}: {m.string!r}" for m in _messages(catalogue) if not _fields_agree(m)]
    if not _is_compiled(domain, catalogue):
        found.append(f"{domain}: not compiled; run: python -m scripts.catalogue compile")
    return found


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _translation(catalogue: Catalog, message: Message) -> str:
    found = catalogue.get(message.id)
    return "".join(_texts(found.string)) if found and not found.fuzzy else ""


def _places(message: Message) -> str:
    return " ".join(file for file, _ in message.locations)


def _texts(said: str | Iterable[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _fields_agree(message: Message) -> bool:
    """Korean has one plural form: it may take the fields of either."""
    allowed = [fields(text) for text in _texts(message.id)]
    return all(fields(text) in allowed for text in _texts(message.string) if text)


def fields(template: str) -> list[str]:
    """The places of the values: "{} {}" → ["0", "1"], "{1} {0}" → ["0", "1"], "{name!r}" → ["name"].

    "{} {1}" is none that Python can fill.
    """
    names = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    if "" in names and any(name.isdecimal() for name in names):
        return ["mixed"]
    return sorted(name or str(place) for place, name in enumerate(names))


def _has_words(template: str) -> bool:
    """Whether anything but signs stands between the fields; `{}: {}` may stay as it is."""
    return any(letter.isalpha() for text, *_ in Formatter().parse(template) for letter in text)


def _is_compiled(domain: str, catalogue: Catalog) -> bool:
    """Whether the .mo file has the sentences of the .po, whichever version of Babel wrote it."""
    path = FOLDERS[domain] / f"{domain}.mo"
    if not path.exists():
        return False
    with path.open("rb") as file:
        built = {_texts(m.id): _texts(m.string) for m in _messages(read_mo(file))}
    kept = (m for m in _messages(catalogue) if not m.fuzzy and "".join(_texts(m.string)))
    return built == {_texts(m.id): _texts(m.string) for m in kept}


def main(words: list[str]) -> int:
    """Run the sub-command; returns the exit code."""
    match words:
        case ["extract", *domain]:
            pofile.write_po(
                sys.stdout.buffer, extracted(*domain or ["hol"]), width=120, sort_by_file=True, include_lineno=False
            )
        case ["update"]:
            for domain in FOLDERS:
                update(domain)
        case ["compile"]:
            for domain in FOLDERS:
                compile_(domain)
        case ["check"]:
            found = [problem for domain in FOLDERS for problem in problems(domain)]
            print("\n".join(found) or "the catalogues are complete")
            return int(bool(found))
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
