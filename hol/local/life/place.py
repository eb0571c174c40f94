"""The local AWS as a place to provision: its addresses, and credentials that are good for nothing else."""

from __future__ import annotations

from hol.cloud.session import Place

ACCOUNT = "000000000000"
SECRET = "local"


def place(port: int, account: str = ACCOUNT) -> Place:
    """The local AWS on that port; a 12-digit access key is the account that the caller is root of."""
    here = f"http://127.0.0.1:{port}"
    return Place(
        endpoint=here,
        credentials=(account, SECRET),
        invoke_url=lambda api, stage, region, suffix: f"{here}/_aws/execute-api/{api}/{stage}",
        website_url=lambda bucket, region, suffix: f"http://{bucket}.s3-website-{region}.localhost:{port}",
    )
