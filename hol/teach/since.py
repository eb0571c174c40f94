"""What of the original guide of 2019 no longer works as written, since when, why, and what hol does instead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from hol.words.shown import width
from hol.words.spans import Span, wrapped
from hol.words.text import Language, t

FILE = "assets/guide/since2019.yaml"
TITLE = t("What has changed since 2019")


@dataclass(frozen=True)
class Entry:
    """One instruction; texts by language. `code` is AWS's error code, where it has one."""

    id: str
    instruction: dict[str, str]
    since: str | None
    why: dict[str, str]
    hol: dict[str, str]
    source: str
    step: int
    code: str | None


def entries(file: Path) -> list[Entry]:
    """All of them, in the order of the file."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Entry(
            row["id"],
            *(_both(row, "instruction"), row["since"], _both(row, "why"), _both(row, "hol")),
            source=row["source"],
            step=int(row["step"]),
            code=row.get("code"),
        )
        for row in rows
    ]


def _both(row: dict[str, str], name: str) -> dict[str, str]:
    return {language: row[f"{name}_{language}"] for language in ("ko", "en")}


def lines(found: list[Entry], language: Language, columns: int) -> list[str]:
    """The list for the terminal."""
    labels = [t("since"), t("why"), t("hol")]
    since, why, hol = (label.render(language) for label in labels)
    wide = max(map(width, (since, why, hol))) + 2
    out: list[str] = []
    for entry in found:
        said = entry.since or t("it depends on the account").render(language)
        out += ["", *_wrapped(f"[{entry.step}] {entry.instruction[language]}", columns)]
        code = f" ({entry.code})" if entry.code else ""
        for label, words in ((since, said), (why, entry.why[language] + code), (hol, entry.hol[language])):
            first, *rest = _wrapped(words, columns - wide - 2)
            out.append(f"  {label}:{' ' * (wide - 1 - width(label))}{first}")
            out += [" " * (wide + 2) + line for line in rest]
        out.append(f"  -> {entry.source}")
    return out[1:]


def _wrapped(text: str, columns: int) -> list[str]:
    return ["".join(span.text for span in line) for line in wrapped([Span(text)], columns)]


def as_markdown(found: list[Entry], language: Language) -> str:
    """The list as Markdown."""
    labels = {"since": t("since"), "why": t("why"), "hol": t("hol")}
    said = {name: label.render(language) for name, label in labels.items()}
    depends = t("it depends on the account").render(language)
    parts = [
        f"- **{entry.instruction[language]}**\n"
        f"  - {said['since']}: {entry.since or depends}\n"
        f"  - {said['why']}: {entry.why[language]}{f' (`{entry.code}`)' if entry.code else ''} [AWS]({entry.source})\n"
        f"  - {said['hol']}: {entry.hol[language]}"
        for entry in found
    ]
    return "\n".join(parts) + "\n"
