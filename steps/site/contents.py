"""What the site is made of: the unzipped JavaScript SDK with the lab's pages beside it, laid out as in the guide."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from pathlib import Path

from hol.words.commands import Command
from hol.words.errors import ConfigError, HolError
from hol.words.text import t

MARKER = "<!-- hol:sdk -->"
_BOMB = 64 * 1024 * 1024

# The order that the SDK's own README gives; names from before 2024-05-20 and after it. A file that this SDK does
# not have gets no tag. What else the SDK brings is not for the page.
TAGS = (
    "lib/axios/dist/axios.standalone.js",
    "lib/CryptoJS/rollups/hmac-sha256.js",
    "lib/CryptoJS/rollups/crypto-js.js",
    "lib/CryptoJS/rollups/sha256.js",
    "lib/CryptoJS/components/hmac.js",
    "lib/CryptoJS/components/enc-base64.js",
    "lib/url-template/url-template.js",
    "lib/apiGatewayCore/sigV4Client.js",
    "lib/apiGatewayCore/apiGatewayClient.js",
    "lib/apiGatewayCore/simpleHttpClient.js",
    "lib/apiGatewayCore/utils.js",
    "apigClient.js",
)

# What the SDK brings, by the beginnings of its names.
SDK = ("lib/", "apigClient.js", "README.md", "CHANGELOG.md")


def pages_of(folder: Path) -> dict[str, Path]:
    """The pages by their names in the site; what is hidden, and unfinished downloads (`.part`), are none."""
    paths = ((path.relative_to(folder), path) for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        name.as_posix(): path
        for name, path in paths
        if not any(part.startswith(".") for part in name.parts) and name.suffix != ".part"
    }


def belongs(name: str, pages: Path) -> bool:
    """Whether a file of that name is the lab's: the SDK's, or one of the pages."""
    return name.startswith(SDK) or name in pages_of(pages)


def patterns(pages: Path) -> list[str]:
    """What of a site folder is the lab's, as a shell's patterns of the names: the SDK's, and the pages'."""
    return [f"{name}*" if name.endswith("/") else name for name in (*SDK, *pages_of(pages))]


def unzip(data: bytes) -> dict[str, bytes]:
    """The SDK's files without their common top folder. Raises `HolError` for a path that leads outside."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise HolError(
            t("the SDK that API Gateway sent is no zip file"), why=t("{}", error), fix=t("run the same command again")
        ) from error
    if sum(info.file_size for info in archive.infolist()) > _BOMB:
        raise HolError(
            t("the SDK that API Gateway sent is implausibly large"),
            fix=t("nothing was unpacked; run the same command again"),
        )
    names = {info: _safe(info.filename) for info in archive.infolist() if not info.is_dir()}
    tops = {name.split("/", 1)[0] for name in names.values() if "/" in name}
    top = tops.pop() + "/" if len(tops) == 1 and all("/" in name for name in names.values()) else ""
    return {name.removeprefix(top): archive.read(info) for info, name in names.items()}


def _safe(name: str) -> str:
    clean = posixpath.normpath(name.replace("\\", "/"))
    if clean.startswith(("/", "..")) or ":" in clean or "\0" in clean:
        raise HolError(
            t("the SDK that API Gateway sent has a path that leads outside its folder: {}", name),
            fix=t("nothing was unpacked"),
        )
    return clean


def compose(sdk: Mapping[str, bytes], pages: Path, fix: Command) -> dict[str, bytes]:
    """The site's files: the SDK, and the pages with their script tags following the files that this SDK has.

    `fix`: what makes the API that an SDK can be made of.
    """
    if "apigClient.js" not in sdk:
        raise HolError(
            t("the SDK has no apigClient.js"),
            why=t("API Gateway makes none when the API has no method but ANY"),
            fix=t("run: {}", fix),
        )
    tags = "\n".join(f'  <script src="{name}"></script>' for name in TAGS if name in sdk)
    site = dict(sdk)
    for name, page in pages_of(pages).items():
        data = page.read_bytes()
        if page.suffix == ".html":
            data = data.replace(MARKER.encode(), tags.encode().strip())
        site[name] = data
    _no_file_is_a_folder(site)
    return site


def _no_file_is_a_folder(site: Mapping[str, bytes]) -> None:
    for name in site:
        inside = next((other for other in site if other.startswith(f"{name}/")), None)
        if inside:
            raise ConfigError(
                t("the pages have a file {} where the site has the folder of {}", name, inside),
                fix=t("give the file another name"),
            )
