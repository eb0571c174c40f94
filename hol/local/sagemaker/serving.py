"""A model archive, loaded and asked, as BlazingText's hosting container does it.

The archive is what SageMaker calls model data: a `.tar.gz` with fastText's `model.bin` inside. One `Classifier` is
loaded for each archive and shared by all endpoints of it, whoever's they are, and by all requests: fastText's
prediction only reads. A class whose every attendee has an endpoint needs the memory of one model.
fastText itself predicts line by line and may answer probabilities a hair above 1, so sentences lose their line
breaks and probabilities are clipped.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

from hol.local.sagemaker import fasttext_file

MODEL_FILE = "model.bin"
LARGEST_MODEL = 1024**3
_CHUNK = 1024 * 1024
_LINE_BREAKS = str.maketrans({"\n": " ", "\r": " ", "\x00": " "})

Answer = dict[str, list[str] | list[float]]


class Unservable(Exception):
    """The archive cannot be hosted; the message is fit for an endpoint's FailureReason."""


class _Binding(Protocol):
    def predict(self, line: str, k: int, threshold: float, on_unicode_error: str) -> list[tuple[float, str]]: ...


class Model(Protocol):
    """fastText's, as far as it is the same in all its wheels."""

    f: _Binding


@dataclass(frozen=True)
class Classifier:
    """A loaded fastText model."""

    model: Model
    labels: int

    def classify(self, questions: Iterable[tuple[str, int]]) -> list[Answer]:
        """`{"label": […], "prob": […]}` for each (sentence, k), best label first, in the same order."""
        return [self._answer(_line(sentence), k) for sentence, k in questions]

    def _answer(self, line: str, k: int) -> Answer:
        # The public predict() differs between the fastText wheels (lists, numpy); the binding below it does not.
        # It also allocates for k labels, however few the model has.
        found = self.model.f.predict(line, min(k, self.labels), 0.0, "replace")
        return {"label": [label for _, label in found], "prob": [_probability(p) for p, _ in found]}


_loaded: WeakValueDictionary[bytes, Classifier] = WeakValueDictionary()


def load(archive: bytes) -> Classifier:
    """The classifier of a model archive, the same one as long as anybody has it; raises `Unservable`."""
    digest = hashlib.sha256(archive).digest()
    return _loaded.get(digest) or _loaded.setdefault(digest, _load(archive))


def _load(archive: bytes) -> Classifier:
    model = _model_file(archive)
    try:
        labels = fasttext_file.check(model)
    except fasttext_file.NotFastText as error:
        raise Unservable(str(error)) from error
    return Classifier(_load_fasttext(model), labels)


def _model_file(archive: bytes) -> bytes:
    try:
        with tarfile.open(fileobj=_Unpacked(archive), mode="r|") as tar:
            for member in tar:
                if os.path.normpath(member.name) == MODEL_FILE and member.isreg():
                    content = tar.extractfile(member)
                    return content.read() if content else b""
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise Unservable(f"the model data is not a tar.gz archive ({error})") from error
    raise Unservable(f"the model data holds no {MODEL_FILE}")


class _Unpacked(io.RawIOBase):
    """The archive, unpacked as it is read, and never more of it than `LARGEST_MODEL`."""

    def __init__(self, archive: bytes):
        self._stream, self._left = gzip.GzipFile(fileobj=io.BytesIO(archive)), LARGEST_MODEL

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(min(size, _CHUNK) if size >= 0 else _CHUNK)
        self._left -= len(found)
        if self._left < 0:
            raise Unservable(f"the model data unpacks to more than {LARGEST_MODEL // 1024**2} MB")
        return found


def _load_fasttext(model: bytes) -> Model:
    import fasttext

    descriptor, path = tempfile.mkstemp(suffix=".bin")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(model)
        loaded: Model = fasttext.load_model(path)
        return loaded
    except (ValueError, RuntimeError, MemoryError) as error:
        raise Unservable(f"fastText cannot load {MODEL_FILE} ({error})") from error
    finally:
        Path(path).unlink()


def _line(sentence: str) -> str:
    # A lone surrogate is legal in JSON and cannot be UTF-8.
    return sentence.translate(_LINE_BREAKS).encode("utf-8", "replace").decode() + "\n"


def _probability(value: float) -> float:
    number = float(value)
    return 0.0 if math.isnan(number) else min(max(number, 0.0), 1.0)
