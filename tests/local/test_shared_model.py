"""One model in memory for all endpoints of the same archive, and none when no endpoint has it any longer."""

from __future__ import annotations

import gc
import weakref

from hol.config.files import packaged
from hol.local.sagemaker import serving

ARCHIVE = (packaged() / "assets/model/model.tar.gz").read_bytes()


def test_a_model_is_in_memory_once() -> None:
    first, second = serving.load(ARCHIVE), serving.load(bytes(bytearray(ARCHIVE)))
    assert first is second
    assert serving.load(ARCHIVE + b"\0" * 512).classify([("좋아요", 1)]) == first.classify([("좋아요", 1)])
    held = weakref.ref(first)
    del first, second
    gc.collect()
    assert held() is None
