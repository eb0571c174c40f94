"""The site folder made, or what hol wrote into it gone, in bash and in Python."""

from __future__ import annotations

import shlex

from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.teach.awscli import quote
from hol.teach.blanks import Recipe, shown_asset

from ..site import folder as site_folder
from ..site.contents import MARKER, TAGS

_MADE = """aws apigateway get-sdk --rest-api-id "$API_ID" --stage-name {stage} --sdk-type javascript sdk.zip
python3 -m zipfile -e sdk.zip sdk
mkdir -p {folder} && cp -R sdk/*/. {folder}/ && cp -R {pages}/. {folder}/ && rm -r sdk sdk.zip
tags=""
for file in {files}; do
  if [ -f {folder}/"$file" ]; then tags="$tags<script src=\\"$file\\"></script>"; fi
done
sed -i.bak "s|{marker}|$tags|" {folder}/*.html && rm {folder}/*.html.bak"""
_GONE = """(cd {folder} && rm -f {written})
find {folder} -depth -type d -empty -delete"""
_MADE_PY = """sdk = apigateway.get_sdk(restApiId=api_id, stageName={stage!r}, sdkType="javascript")["body"].read()
site = Path({folder!r})
with zipfile.ZipFile(io.BytesIO(sdk)) as archive:
    archive.extractall("sdk")
shutil.copytree(next(Path("sdk").iterdir()), site, dirs_exist_ok=True)
shutil.copytree({pages!r}, site, dirs_exist_ok=True)
shutil.rmtree("sdk")
scripts = "".join(f'<script src="{{file}}"></script>' for file in {tags!r} if (site / file).is_file())
for page in site.glob("*.html"):
    page.write_text(page.read_text(encoding="utf-8").replace({marker!r}, scripts), encoding="utf-8")"""
_GONE_PY = """for name in {written!r}:
    Path({folder!r}, name).unlink(missing_ok=True)
for path in sorted([Path({folder!r}), *Path({folder!r}).rglob("*")], reverse=True):
    if path.is_dir() and not any(path.iterdir()):
        path.rmdir()"""


def recipe(lab: Lab, event: Event) -> Recipe:
    """The SDK and the pages in the folder; or only what hol wrote removed."""
    settings, pages = lab.config, shown_asset(lab, lab.config.site.pages)
    folder, names = settings.site.folder, _written(lab)
    if event.mark == "-":
        shell = _GONE.format(folder=shlex.quote(folder), written=" ".join(map(shlex.quote, names)))
        return Recipe(shell, _GONE_PY.format(folder=folder, written=names))
    shell = _MADE.format(
        stage=shlex.quote(settings.stage.name),
        folder=shlex.quote(folder),
        pages=quote(pages),
        files=" ".join(TAGS),
        marker=MARKER,
    )
    python = _MADE_PY.format(stage=settings.stage.name, folder=folder, pages=pages, tags=TAGS, marker=MARKER)
    return Recipe(shell, python, ("apigateway",), ("API_ID",))


def _written(lab: Lab) -> list[str]:
    """What in the site folder hol wrote and nobody has edited, the manifest only with the last of it."""
    folder = lab.run.home / lab.config.site.folder
    known = site_folder.manifest(folder)
    edited = site_folder.changed_by_hand(folder, known) if known else []
    return [
        *(name for name in site_folder.ours(folder) if name not in edited),
        *([] if edited else [site_folder.MANIFEST]),
    ]
