"""The site folder: safe to unpack, true to the SDK that came, and never at the expense of somebody's files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from harness import World
from killed import dies_at

from hol.config.files import packaged
from hol.words.commands import command
from hol.words.errors import ForeignError, HolError
from steps.site import contents as site
from steps.site import folder as site_folder

PAGES = packaged() / "assets/web"


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "..\\x", "C:/x", "a\\..\\..\\x"])
def test_no_path_of_the_sdk_leads_outside(name: str) -> None:
    with pytest.raises(HolError, match="leads outside"):
        site.unzip(zipped("top/apigClient.js", name))


def test_what_is_no_zip_is_said_to_be_none() -> None:
    with pytest.raises(HolError, match="no zip file"):
        site.unzip(b"<html>")


def test_the_top_folder_is_left_out() -> None:
    assert set(site.unzip(zipped("sdk/apigClient.js", "sdk/lib/a.js"))) == {"apigClient.js", "lib/a.js"}


@pytest.mark.parametrize("crypto", ["lib/CryptoJS/rollups/hmac-sha256.js", "lib/CryptoJS/rollups/crypto-js.js"])
def test_the_pages_tags_follow_the_files_of_this_sdk(crypto: str) -> None:
    page = site.compose({"apigClient.js": b"", crypto: b""}, PAGES, command("step", 4))["index.html"].decode()
    tags = [line.split('"')[1] for line in page.splitlines() if "<script src=" in line and '"app.js"' not in line]
    assert tags == [crypto, "apigClient.js"]


def test_an_sdk_without_a_client_is_refused() -> None:
    with pytest.raises(HolError, match=r"no apigClient\.js"):
        site.compose({"README.md": b""}, PAGES, command("step", 4))


def test_an_edited_page_is_kept_uploaded_and_survives_down(world: World) -> None:
    world.up()
    page = world.home / "site" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- mine -->", encoding="utf-8")
    assert "upload: ~ pages in" in "\n".join(world.up().lines)
    world.down()
    assert page.read_text(encoding="utf-8").endswith("<!-- mine -->")
    assert world.remaining() == []
    world.up()
    assert page.read_text(encoding="utf-8").endswith("<!-- mine -->")


def test_a_folder_of_somebody_else_is_left_alone(world: World) -> None:
    mine = world.home / "site" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    with pytest.raises(ForeignError):
        world.up()
    world.down()
    assert Path(mine).read_text() == "years of work"


OLD = {"index.html": b"old", "lib/a.js": b"old", "lib/gone.js": b"old"}
NEW = {"index.html": b"new", "lib/a.js": b"new", "lib/more/b.js": b"new"}


def _told(folder: Path) -> dict[str, str]:
    known = site_folder.manifest(folder)
    return {} if known is None else {name: (folder / name).read_text() for name in site_folder.files(folder)}


def _down(folder: Path) -> None:
    """As step 7 takes it down."""
    if site_folder.interrupted(folder):
        site_folder.finish(folder)
    site_folder.remove(folder)


@pytest.mark.parametrize("before", [None, OLD], ids=["new folder", "folder of another deployment"])
@pytest.mark.parametrize("then", ["write", "remove"])
def test_a_kill_at_any_file_leaves_a_folder_that_hol_knows(
    tmp_path: Path, before: dict[str, bytes] | None, then: str
) -> None:
    """Written or removed afterwards: nothing is taken for somebody else's, and nothing stays behind."""
    for number in range(1, 100):
        folder = tmp_path / str(number) / "site"
        folder.parent.mkdir()
        if before:
            site_folder.write(folder, before, "lab", "old")
        if not dies_at(number, site_folder.write, folder, NEW, "lab", "new"):
            break
        known = site_folder.manifest(folder)
        assert known or not folder.exists()
        assert not known or site_folder.changed_by_hand(folder, known) == []
        if then == "write":
            site_folder.write(folder, NEW, "lab", "new")
            assert _told(folder) == dict.fromkeys(NEW, "new")
        _down(folder)
        assert list(folder.parent.iterdir()) == []
    assert number > 10


def test_a_kill_at_any_file_of_the_removal(tmp_path: Path) -> None:
    """The removal goes on where it was, or the folder is written anew."""
    for number in range(1, 100):
        for then in ("remove", "write"):
            folder = tmp_path / f"{number} {then}" / "site"
            site_folder.write(folder, NEW, "lab", "new")
            died = dies_at(number, _down, folder)
            if then == "write":
                site_folder.write(folder, NEW, "lab", "new")
                assert _told(folder) == dict.fromkeys(NEW, "new")
            _down(folder)
            assert list(folder.parent.iterdir()) == []
        if not died:
            break
    assert number > 5


def test_a_kill_while_edited_files_stay(tmp_path: Path) -> None:
    """An edited file is the user's, whenever hol dies."""
    for number in range(1, 100):
        folder = tmp_path / str(number) / "site"
        site_folder.write(folder, OLD, "lab", "old")
        (folder / "index.html").write_text("mine")
        died = dies_at(number, site_folder.write, folder, NEW, "lab", "new")
        site_folder.write(folder, NEW, "lab", "new")
        known = site_folder.manifest(folder)
        assert known and site_folder.changed_by_hand(folder, known) == ["index.html"]
        _down(folder)
        assert [path.name for path in folder.iterdir() if path.name != site_folder.MANIFEST] == ["index.html"]
        assert (folder / "index.html").read_text() == "mine"
        if not died:
            break
    assert number > 5
