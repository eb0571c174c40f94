"""The image that a SageMaker model runs in: BlazingText's, which lies in another account in every region."""

from __future__ import annotations

from hol.words.commands import same
from hol.words.errors import HolError
from hol.words.text import t

# The registry accounts that the SageMaker Python SDK lists for `blazingtext`, version 1
# (sagemaker-core/src/sagemaker/core/image_uri_config/blazingtext.json, read 2026-08).
ACCOUNTS = {
    "us-east-1": "811284229777", "us-east-2": "825641698319", "us-west-1": "632365934929", "us-west-2": "433757028032",
    "ca-central-1": "469771592824", "ca-west-1": "190319476487", "sa-east-1": "855470959533", "af-south-1": "455444449433",
    "eu-west-1": "685385470294", "eu-west-2": "644912444149", "eu-west-3": "749696950732", "eu-north-1": "669576153137",
    "eu-central-1": "813361260812", "eu-central-2": "680994064768", "eu-south-1": "257386234256", "eu-south-2": "104374241257",
    "ap-northeast-1": "501404015308", "ap-northeast-2": "306986355934", "ap-northeast-3": "867004704886", "ap-east-1": "286214385809",
    "ap-south-1": "991648021394", "ap-south-2": "628508329040", "ap-southeast-1": "475088953585", "ap-southeast-2": "544295431143",
    "ap-southeast-3": "951798379941", "ap-southeast-4": "106583098589", "me-south-1": "249704162688", "me-central-1": "272398656194",
    "il-central-1": "898809789911", "cn-north-1": "390948362332", "cn-northwest-1": "387376663083", "us-gov-west-1": "226302683700",
    "us-gov-east-1": "237065988967", "us-iso-east-1": "490574956308", "us-isob-east-1": "765400339828", "us-isof-east-1": "108575199400",
    "us-isof-south-1": "124985052026",
}  # fmt: skip
_SUFFIXES = {"cn": "amazonaws.com.cn", "us-iso": "c2s.ic.gov", "us-isob": "sc2s.sgov.gov", "us-isof": "csp.hci.ic.gov"}


def blazingtext(region: str) -> str:
    """The image's URI. Raises `HolError` where SageMaker has no BlazingText."""
    if region not in ACCOUNTS:
        raise HolError(
            t("SageMaker has no BlazingText in {}", region),
            fix=t("choose a region that has it, for example: {}", same(region="ap-northeast-2")),
        )
    suffix = _SUFFIXES.get(region.rsplit("-", 2)[0], _SUFFIXES.get(region.split("-", 1)[0], "amazonaws.com"))
    return f"{ACCOUNTS[region]}.dkr.ecr.{region}.{suffix}/blazingtext:1"


def repository(partition: str, region: str) -> str:
    """The ARN of the ECR repository that the image lies in. Raises `HolError` like `blazingtext`."""
    owner = blazingtext(region).split(".")[0]
    return f"arn:{partition}:ecr:{region}:{owner}:repository/blazingtext"
