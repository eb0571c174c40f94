"""JavaScript SDK, unzipped beside the pages"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from hol.aws import objects
from hol.aws.gateway import apis, stages
from hol.config import disk as files
from hol.engine.events import Output
from hol.engine.lab import Lab
from hol.engine.unknown import is_unknown
from hol.words.commands import cleaning, command, same
from hol.words.errors import ConfigError, ForeignError
from hol.words.text import t

from .site import contents as site
from .site import folder as site_folder

NEEDS = ("stage",)
MINUTES = 4  # by hand, in the console
PERMISSIONS = ("apigateway:GET",)

LARGEST = 64 * 2**20  # bytes of the pages


def up(lab: Lab) -> None:
    """The site folder holds the SDK of this deployment and the lab's pages."""
    folder = lab.run.home / lab.config.site.folder
    pages = _pages(lab)
    api = apis.required(lab, lab.config.api.name, "api")["id"]
    stage = stages.find(lab, api, lab.config.stage.name)
    known = _own(lab, folder)
    source = _source(lab, api, lab.require(stage, "stage"), pages)
    what = t("site folder {}", lab.config.site.folder)
    for name in site_folder.changed_by_hand(folder, known) if known else ():
        lab.note(t("{}", name), t("somebody has edited it since hol wrote it; it stays as it is"))
    if known and not is_unknown(source) and known.source == source and site_folder.intact(folder, known):
        lab.same(what)
        return
    why = t("SDK of the stage {}, and the pages", lab.config.stage.name)
    written = lab.local(
        "~" if known else "+",
        what,
        lambda: _write(lab, api, folder, pages, source),
        why=why,
        key=site_folder.key(folder),
    )
    lab.learn(site_folder.FILES(), written)


def _pages(lab: Lab) -> Path:
    """The pages' folder. Raises `ConfigError` for what holds no page to open: whatever it is, it is not the site."""
    pages = files.folder(lab.asset(lab.config.site.pages), "site.pages", lab.run.home, LARGEST)
    index = lab.config.bucket.index
    if index not in site.pages_of(pages):
        raise ConfigError(
            t("{}: no {} is in {}", "site.pages", index, str(pages)), t("it is what a visitor of the site gets to see")
        )
    return pages


def result(lab: Lab) -> Output:
    """`hol up`: what can be opened by a double click."""
    page = lab.run.home / lab.config.site.folder / lab.config.bucket.index
    return Output("", "site_folder", str(page))


def _write(lab: Lab, api: str, folder: Path, pages: Path, source: str) -> list[objects.File]:
    answer = lab.read("apigateway.get_sdk", restApiId=api, stageName=lab.config.stage.name, sdkType="javascript")
    made = site.compose(site.unzip(answer["body"]), pages, lab.command("step", "api"))
    site_folder.write(folder, made, lab.owner, source)
    return [objects.File(name, folder / name) for name in site_folder.ours(folder)]


def _own(lab: Lab, folder: Path) -> site_folder.Manifest | None:
    known = site_folder.manifest(folder)
    foreign = known is not None and known.lab != lab.owner
    if foreign or (known is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise ForeignError(
            t("there is a folder {} already, and it is not this lab's", lab.config.site.folder),
            why=t("hol would have to overwrite what is in it"),
            fix=t("run hol in another folder, or choose another name: {}", same(set="site.folder=hol-site")),
        )
    return known


def _source(lab: Lab, api: str, stage: dict[str, str], pages: Path) -> str:
    """What the site is made of: what the stage serves, and the pages."""
    texts = [(name, site_folder.digest(path.read_bytes())) for name, path in sorted(site.pages_of(pages).items())]
    return f"{lab.cloud.invoke_url(api, lab.config.stage.name)} {stages.content(stage)} {stages.fingerprint(texts)}"


def down(lab: Lab) -> None:
    """What hol wrote into the folder is gone; edited files stay, and with them the folder."""
    for folder in _folders(lab):
        if site_folder.interrupted(folder):
            _interrupted(lab, folder)
        known = site_folder.manifest(folder)
        if known and known.lab == lab.owner and not _elsewhere(lab, folder, known):
            _remove(lab, folder, known)


def _folders(lab: Lab) -> list[Path]:
    """The configured folder, and those beside it that this lab's deployment was written into under a former name."""
    own = lab.run.home / lab.config.site.folder
    beside = [one for one in sorted(lab.run.home.iterdir()) if one != own and (one / site_folder.MANIFEST).is_file()]
    known = [(one, site_folder.manifest(one)) for one in beside]
    return [own, *(one for one, its in known if its and its.lab == lab.owner and _is_here(lab, its.source))]


def _is_here(lab: Lab, source: str) -> bool:
    """Whether a site was made for a deployment of this AWS and region."""
    return _host(source.split(" ")[0]) == _host(lab.cloud.invoke_url("api", lab.config.stage.name))


def _host(url: str) -> str:
    """The host of an invoke URL, without the API's id."""
    host = urlsplit(url).netloc
    return host.partition(".")[2] if ".execute-api." in host else host


def _elsewhere(lab: Lab, folder: Path, known: site_folder.Manifest) -> bool:
    """Whether the site belongs to a deployment of another AWS; that is said, and the folder left to it."""
    address = known.source.split(" ")[0]
    if not address.startswith("http") or _is_here(lab, known.source):
        return False
    port = re.match(r"http://127\.0\.0\.1:(\d+)/", address)
    there = command("down", target="local", set=f"local.port={port[1]}") if port else command("down", target="aws")
    lab.leave(t("site folder {}", folder.name), t("it belongs to this lab at {}", address), t("run: {}", there))
    return True


def _remove(lab: Lab, folder: Path, known: site_folder.Manifest) -> None:
    edited = site_folder.changed_by_hand(folder, known)
    stays = edited or site_folder.foreign(folder, known)
    what = t("hol's files in the site folder {}" if stays else "site folder {}", folder.name)
    if site_folder.removable(folder, known):
        lab.local("-", what, lambda: site_folder.remove(folder), key=site_folder.key(folder))
    if edited:
        lab.leave(
            t("site folder {}", folder.name),
            t("somebody has edited these since hol wrote them: {}", ", ".join(edited)),
            t("move or delete them, then run: {}", cleaning()),
        )
    elif stays:
        lab.note(t("site folder {}", folder.name), t("it holds files that hol did not write; they stay"))


def _interrupted(lab: Lab, folder: Path) -> None:
    what, why = t("site folder {}", folder.name), t("hol was interrupted while it made or removed it")
    lab.local("-", what, lambda: site_folder.finish(folder), why=why, key=f"{site_folder.key(folder)} (interrupted)")
