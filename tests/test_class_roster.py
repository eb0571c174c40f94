"""The roster: whatever a spreadsheet makes of it, and an id for each that stays the same."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from hol.group import roster
from hol.group.roster import Attendee
from hol.words.errors import ConfigError

KOREAN = "이름,이메일\n김민수,m@x.kr\n이서연,s@x.kr\n"


@pytest.fixture
def read(tmp_path: Path):
    def read(content: str | bytes, reserved: str = "class") -> list[Attendee]:
        file = tmp_path / "r.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(roster.read(str(file), reserved).attendees)

    return read


def ids(found: list[Attendee]) -> list[str]:
    return [one.id for one in found]


def test_a_name_of_latin_letters_is_its_own_id(read) -> None:
    found = read("name,email,team,account\nalice,a@x,red,111122223333\nBob  Smith,,,\nkim_ji.won,,,\n")
    assert ids(found) == ["alice", "bob-smith", "kim-ji-won"]
    assert (found[0].email, found[0].team, found[0].account) == ("a@x", "red", "111122223333")
    assert found[1].name == "Bob Smith"


@pytest.mark.parametrize(
    "content",
    [
        KOREAN.encode("utf-8-sig"),
        KOREAN.encode("cp949"),
        KOREAN.encode("utf-16"),
        KOREAN.replace("\n", "\r\n").encode(),
        KOREAN.replace(",", ";").encode(),
        KOREAN.replace(",", "\t").encode("cp949"),
        KOREAN.replace("\n", "\n\n").replace("김민수", "  김민수 ").encode(),
        'name,email\n"김민수","m@x.kr"\n"이서연","s@x.kr"\n,,\n'.encode(),
        unicodedata.normalize("NFD", KOREAN).encode(),  # as macOS writes file names
    ],
    ids=["bom", "cp949", "utf-16", "crlf", "semicolon", "tab", "blanks", "quotes", "decomposed"],
)
def test_what_a_spreadsheet_writes_is_read_alike(read, content: bytes) -> None:
    found = read(content)
    assert [one.name for one in found] == ["김민수", "이서연"]
    assert ids(found) == ids(read(KOREAN))
    assert all(re.fullmatch("a[a-z2-7]{7}", one.id) for one in found)


def test_an_id_does_not_depend_on_the_other_lines(read) -> None:
    assert set(ids(read("name\n이서연\n"))) < set(ids(read(KOREAN)))
    assert ids(read("name\nb\na\n")) == ["b", "a"]


def test_ids_are_short_enough_for_every_name(read) -> None:
    found = read(
        "name\n" + "\n".join(["x" * 40, "x" * 39, "Wolfgang Amadeus Mozart", "--", "O'Neil", "🙂", "12"]) + "\n"
    )
    assert len({*ids(found)}) == 7
    assert all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", one.id) for one in found)


def test_attendees_of_one_name_are_told_apart_by_their_addresses(read) -> None:
    one, other, third = read("name,email\nalice,a@x\nAlice,b@x\nbob,\n")
    assert one.id != other.id
    assert one.id.startswith("alice-")
    assert third.id == "bob"
    assert ids(read("name,email\nAlice,b@x\nbob,\nalice,a@x\n")) == [other.id, "bob", one.id]


def test_a_line_twice_is_one_attendee(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("name,email\nalice,a@x\nbob,\nalice,a@x\n")
    found = roster.read(str(file), "class")
    assert [one.id for one in found.attendees] == ["alice", "bob"]
    assert [str(notice) for notice in found.notices] == ["line 4 repeats line 2: alice"]


def test_nobody_has_the_id_of_what_all_share(read) -> None:
    (found,) = read("name\nClass\n")
    assert found.id not in ("class", "")


def test_a_number_that_excel_shortened_is_an_account(read) -> None:
    assert read("name,account\na,12345678901\n")[0].account == "012345678901"
    assert read("name,account\na,1234-5678-9012\n")[0].account == "123456789012"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "nothing in it"),
        ("name\n", "nobody in it"),
        ("alice\nbob\n", "line 1: .*none is called"),
        ("name,name\na,b\n", "two columns are called"),
        ("name,email\n,x@y\n", "line 2: the name is missing"),
        ("name,account\na,123x\n", "line 2: 123x is not an account"),
        ("name\nalice\nAlice\n", "lines 2 and 3 cannot be told apart"),
        ('name\n"alice\n', "line 2"),
        ("name\nali\x1bce\n", "hidden character"),
        ("name\n" + "a" * 300, "too long"),
        (b"name\n\xff\xfe\xfd\x80\xff\n", "neither UTF-8 nor CP949"),
        (b"PK\x03\x04" + b"\0" * 40, "a workbook"),
    ],
    ids=range(12),
)
def test_what_is_no_roster_says_where_and_why(read, content: str | bytes, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(content)
    assert re.search(said, str(error.value.what)), str(error.value.what)
    assert error.value.fix


@pytest.mark.parametrize("path", ["nowhere.csv", ".", "/dev/null/x"])
def test_a_file_that_cannot_be_read(path: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        roster.read(path, "class")
