"""SageMaker: the endpoint that the lab finds there, whoever made it."""

from __future__ import annotations

import io
import tarfile
from typing import Any

from handmade import Hands

from mistakes.made import ENDPOINT, Make, Mistake

IMAGES = {
    "blazingtext": "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1",
    "xgboost": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
}


def unmade(hands: Hands) -> None:
    """The endpoint deleted, and gone."""
    client = hands.world.client("sagemaker")
    client.delete_endpoint(EndpointName=hands.config.endpoint.name)
    client.get_waiter("endpoint_deleted").wait(
        EndpointName=hands.config.endpoint.name, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )


def made(hands: Hands, region: str = "us-east-1", name: str = "", wait: bool = True, **changed: Any) -> None:
    """Model, configuration and endpoint by hand."""
    client, s3 = hands.world.client("sagemaker", region), hands.world.client("s3")
    name = name or hands.config.endpoint.name
    suffix = f"hand-{changed.get('image', 'blazingtext')}-{len(client.list_models()['Models'])}"
    bucket = hands.config.endpoint.bucket if region == "us-east-1" else _copied(hands, region)
    archive = f"s3://{bucket}/{changed.get('archive', 'model.tar.gz')}"
    if "body" in changed:
        s3.put_object(Bucket=hands.config.endpoint.bucket, Key=changed["archive"], Body=changed["body"])
    image = IMAGES[changed.get("image", "blazingtext")].replace("us-east-1", region)
    role = f"arn:aws:iam::{hands.world.account}:role/service-role/{hands.config.endpoint.role}"
    client.create_model(
        ModelName=suffix, ExecutionRoleArn=role, PrimaryContainer={"Image": image, "ModelDataUrl": archive}
    )
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": suffix,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 1.0,
    }
    client.create_endpoint_config(EndpointConfigName=suffix, ProductionVariants=[variant])
    client.create_endpoint(EndpointName=name, EndpointConfigName=suffix)
    if wait:
        import time

        for _ in range(100):
            if client.describe_endpoint(EndpointName=name)["EndpointStatus"] not in ("Creating", "Updating"):
                return
            time.sleep(0.1)


def _copied(hands: Hands, region: str) -> str:
    """The model archive in a bucket of that region."""
    there, name = hands.world.client("s3", region), f"model-{hands.world.account}-{region}"
    there.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    here = hands.s3.get_object(Bucket=hands.config.endpoint.bucket, Key="model.tar.gz")
    there.put_object(Bucket=name, Key="model.tar.gz", Body=here["Body"].read())
    every = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
    hands.iam.put_role_policy(RoleName=hands.config.endpoint.role, PolicyName="west", PolicyDocument=every)
    return name


def instead(**changed: Any) -> Make:
    def make(hands: Hands) -> None:
        unmade(hands)
        made(hands, **changed)

    return make


def _broken_archive() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("readme.txt")
        entry.size = 5
        archive.addfile(entry, io.BytesIO(b"hello"))
    return buffer.getvalue()


def _endpoint(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("endpoint", f"endpoint.{key}", name, make, shows, also)


MISTAKES = (
    _endpoint("missing", "deleted by the notebook's last cell", unmade, ENDPOINT),
    _endpoint(
        "missing",
        "endpoint name typo",
        instead(name="blazingtext-text-clasification"),
        "blazingtext-text-clasification",
    ),
    _endpoint("missing", "endpoint in another region", instead(region="us-west-2"), "us-west-2"),
    _endpoint("failed", "archive without a model", instead(archive="empty.tar.gz", body=_broken_archive()), "Failed"),
    _endpoint("failed", "archive that is none", instead(archive="broken.tar.gz", body=b"no archive"), "Failed"),
    _endpoint("image", "another algorithm's image", instead(image="xgboost"), "xgboost"),
)
