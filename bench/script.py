"""A plain boto3 script's tools: its names, its clients, and a way to run calls in order or side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

HERE = Path(__file__).resolve().parent.parent
REGION, FUNCTION, ROLE, MODEL_ROLE = "us-east-1", "bench-function", "bench-role", "bench-model-role"
BUCKET, MODELS, ENDPOINT, API = "bench-site", "bench-models", "bench-endpoint", "bench-api"
GROUPS = (f"/aws/lambda/{FUNCTION}", f"/aws/sagemaker/Endpoints/{ENDPOINT}")
TAGS = {"bench": "yes"}
LISTED = [{"Key": "bench", "Value": "yes"}]
IMAGE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1"
HEADERS = {"Access-Control-Allow-Headers": "Content-Type", "Access-Control-Allow-Methods": "OPTIONS,POST"}
ORIGIN = {"Access-Control-Allow-Origin": "*"}
OPEN = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False)


class Script:
    """boto3 clients, and a way to run things: at once in order, or side by side."""

    def __init__(self, endpoint: str, concurrent: bool):
        self.endpoint, self.pool = endpoint, ThreadPoolExecutor(64) if concurrent else None
        self.clients: dict[str, Any] = {}
        self.lock = threading.Lock()

    def __getattr__(self, service: str) -> Any:
        with self.lock:
            if service not in self.clients:
                self.clients[service] = boto3.client(
                    service.strip("_"),  # lambda_
                    region_name=REGION,
                    endpoint_url=self.endpoint,
                    aws_access_key_id="000000000000",
                    aws_secret_access_key="local",
                    config=Config(s3={"addressing_style": "path"}, max_pool_connections=64, proxies={}),
                )
            return self.clients[service]

    def start(self, do: Callable[[], Any]) -> Future[Any]:
        """Begin it; without concurrency it is done when this returns."""
        if self.pool:
            return self.pool.submit(do)
        done: Future[Any] = Future()
        done.set_result(do())
        return done

    def each(self, do: Callable[[Any], Any], items: Iterable[Any]) -> None:
        """Do it for every item, and wait for all."""
        for one in [self.start(partial(do, item)) for item in items]:
            one.result()
