"""The site folder: safe to unpack, true to the SDK that came, and never at the expense of somebody's files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from harness import World

from hol import site
from hol.config import packaged
from hol.errors import ForeignError, HolError

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
    page = site.compose({"apigClient.js": b"", crypto: b""}, PAGES)["index.html"].decode()
    tags = [line.split('"')[1] for line in page.splitlines() if "<script src=" in line and '"app.js"' not in line]
    assert tags == [crypto, "apigClient.js"]


def test_an_sdk_without_a_client_is_refused() -> None:
    with pytest.raises(HolError, match=r"no apigClient\.js"):
        site.compose({"README.md": b""}, PAGES)


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
