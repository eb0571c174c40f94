"""The roster: a CSV file with a line for each attendee, and the short id that stands for him in every name.

Only the column `name` is needed; `email`, `team` and `account` may be there, in any order, in English or Korean. Excel
in Korea saves UTF-8 with a BOM, or CP949, with commas or, as "text", with tabs: all of these are read.

The id is made of the attendee's own line alone, so that it stays the same whatever happens to the other lines: a name
of a–z and digits is its own id, any other gets a letter and seven characters of its digest. Attendees of one name are
told apart by their e-mail address.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hol.config.disk import read_plain, reason
from hol.words.commands import shell
from hol.words.errors import ConfigError, HolError
from hol.words.shown import hidden_signs, short, shortened_path
from hol.words.text import Text, t

# A bucket's name has 63 characters at most; beside the other words of the longest one, so many are left for the id.
LONGEST = 12
_SAVE = t("save it as “CSV UTF-8” and run the same command again")
LARGEST, MOST = 1_000_000, 5_000
_COLUMNS = {
    "name": ("name", "이름", "성명", "참가자"),
    "email": ("email", "e-mail", "mail", "이메일", "메일"),
    "team": ("team", "팀", "조"),
    "account": ("account", "계정", "aws account", "account id"),
}


@dataclass(frozen=True)
class Attendee:
    """A line of the roster; `account` is empty where the class has one account for all."""

    id: str
    name: str
    email: str = ""
    team: str = ""
    account: str = ""
    line: int = 0

    @property
    def place(self) -> tuple[str, str]:
        """Where his lab is: the id is one account's."""
        return self.id, self.account

    @property
    def shown(self) -> str:
        """The id, and the name where that says more."""
        return self.id if self.id == self.name else f"{self.id} ({self.name})"


@dataclass(frozen=True)
class Roster:
    """The attendees in the file's order, and what somebody should know about the file."""

    attendees: tuple[Attendee, ...]
    notices: tuple[Text, ...] = ()


def read(file: str, reserved: str) -> Roster:
    """The roster of that file; no id is `reserved`. Raises `ConfigError` for what is none, naming the line."""
    path = Path(file)
    rows = _rows(path)
    known = _columns(path, rows)
    found = [_attendee(path, line, row, known) for line, row in rows[1:] if any(row)]
    if not found:
        raise ConfigError(t("{}: there is nobody in it", path.name), fix=_example())
    if len(found) > MOST:
        raise ConfigError(t("{}: {} attendees, and at most {} are possible", path.name, len(found), MOST))
    once, notices = _without_repeats(found)
    return Roster(tuple(_told_apart(path, once, reserved)), tuple(notices))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """(number of the line, its cells) of every line that is not empty."""
    text = _text(path)
    first = text.split("\n", 1)[0]
    sign = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    rows = []
    try:
        for row in reader:
            cells = [" ".join(unicodedata.normalize("NFC", cell).split()) for cell in row]
            rows += [(reader.line_num, cells)] if any(cells) else []
    except csv.Error as error:
        raise _wrong(path, reader.line_num, t("{}", error)) from error
    if not rows:
        raise ConfigError(t("{}: there is nothing in it", path.name), fix=_example())
    return rows


def _text(path: Path) -> str:
    try:
        data = read_plain(path, LARGEST)
    except OSError as error:
        raise ConfigError(t("{} cannot be read", shortened_path(str(path))), reason(error), _example()) from error
    except HolError as error:
        raise ConfigError(t("{} cannot be read", shortened_path(str(path))), error.what, _example()) from error
    if data.startswith(b"PK\x03\x04"):
        raise ConfigError(t("{} is a workbook of a spreadsheet, not a CSV file", path.name), fix=_SAVE)
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigError(
        t("{}: its characters are neither UTF-8 nor CP949", path.name),
        fix=_SAVE,
    )


def _columns(path: Path, rows: Sequence[tuple[int, list[str]]]) -> dict[str, int]:
    """Which column holds what, by the first line."""
    line, heads = rows[0]
    known: dict[str, int] = {}
    for place, head in enumerate(heads):
        for column, names in _COLUMNS.items():
            if head.lower() in names:
                if column in known:
                    raise _wrong(path, line, t("two columns are called {}", short(head)))
                known[column] = place
    if "name" not in known:
        raise _wrong(path, line, t("it is to name the columns, and none is called “name”"))
    return known


def _attendee(path: Path, line: int, row: list[str], known: dict[str, int]) -> Attendee:
    values = {column: row[place] if place < len(row) else "" for column, place in known.items()}
    if not values["name"]:
        raise _wrong(path, line, t("the name is missing"))
    for value in values.values():
        if hidden_signs().search(value) or len(value) > 200:
            raise _wrong(path, line, t("{} is too long, or has a hidden character", short(value)))
    account = values.get("account", "").replace("-", "")
    if account.isdigit() and account.isascii() and len(account) < 12:
        account = account.zfill(12)  # Excel takes it for a number, and its zeros away
    if account and not re.fullmatch("[0-9]{12}", account):
        raise _wrong(path, line, t("{} is not an account: it has 12 digits", short(values["account"])))
    return Attendee(_id(values["name"]), **{**values, "account": account}, line=line)


def _id(name: str) -> str:
    """The id that the name alone gives."""
    plain = re.sub(r"[\s._-]+", "-", name.lower()).strip("-")
    if not re.fullmatch(r"[a-z0-9-]+", plain):
        return _of_no_latin(name)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 5].rstrip('-')}-{_digest(plain, 4)}"


def _of_no_latin(name: str) -> str:
    return f"a{_digest(name.casefold(), 7)}"


def _digest(text: str, length: int) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[:length]


def _without_repeats(found: Iterable[Attendee]) -> tuple[list[Attendee], list[Text]]:
    """Each attendee once: a line that repeats another one in full says nothing new."""
    once: dict[Attendee, Attendee] = {}
    notices = []
    for one in found:
        first = once.setdefault(replace(one, line=0), one)
        if first is not one:
            notices.append(t("line {} repeats line {}: {}", one.line, first.line, one.name))
    return list(once.values()), notices


def _told_apart(path: Path, found: Sequence[Attendee], reserved: str) -> list[Attendee]:
    """Attendees whose names give one id have their e-mail addresses in it. Raises `ConfigError` where those do not differ."""
    free = [replace(one, id=_of_no_latin(one.name)) if one.id == reserved else one for one in found]
    counted = Counter(one.id for one in free)
    told = [_with_email(one) if counted[one.id] > 1 else one for one in free]
    seen: dict[str, Attendee] = {}
    for one in told:
        first = seen.setdefault(one.id, one)
        if first is not one:
            raise ConfigError(
                t("{}: lines {} and {} cannot be told apart: {}", path.name, first.line, one.line, one.name),
                fix=t("give each of them an e-mail address of his own, or write the names differently"),
            )
    return told


def _with_email(one: Attendee) -> Attendee:
    beside = f"{one.email.lower()}/{one.account}"
    return replace(one, id=f"{one.id[: LONGEST - 5].rstrip('-')}-{_digest(beside, 4)}" if beside != "/" else one.id)


def _wrong(path: Path, line: int, what: Text) -> ConfigError:
    return ConfigError(t("{}, line {}: {}", path.name, line, what), fix=_example())


def _example() -> Text:
    return t(
        "a roster begins with the line “name,email,team,account”, of which only name is needed; for example: {}",
        shell("printf", "name,email\\nalice,alice@example.com\\n"),
    )
