"""The solution written into fastText's own pruned and quantised format: 9 bytes a feature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from measures import Floats

LEVELS = 256
CODES_HEAD = 1 + 1 + 8 + 8 + 4  # before the codes: quantised?, norms?, rows, columns, length
PAIR = np.dtype("<i4, <i4")  # a bucket and its place among those kept


def write(model: Any, numbers: Floats, kept: npt.NDArray[np.int_], factor: float, path: Path) -> None:
    """`numbers` of the features `kept` (ascending, all words among them); the 2×1 output matrix stays exact.

    fastText prunes and quantises, then codes, levels and order are replaced: its levels come from a sample, and cost
    0.0014 of accuracy, its order is that of a hash table."""
    sign = np.array([[1.0 if label == "__label__1" else -1.0] for label in model.labels])
    chosen = np.zeros((model.get_input_matrix().shape[0], 1), np.float32)
    chosen[kept, 0] = np.linspace(1, 2, len(kept))  # fastText keeps the largest
    model.set_matrices(chosen, (sign * factor / 2).astype(np.float32))
    model.quantize(dsub=1, qnorm=False, qout=False, retrain=False, cutoff=len(kept))
    model.save_model(str(path))
    path.write_bytes(replaced(path.read_bytes(), numbers, kept[kept >= len(model.words)] - len(model.words)))


def replaced(content: bytes, numbers: Floats, buckets: npt.NDArray[np.int_]) -> bytes:
    """The file with these codes and levels, buckets in ascending order.

    It ends with a pair for each bucket, a byte a feature, four integers, the levels, a flag, and the output matrix with
    its two sizes."""
    found = levels(numbers)
    after_levels = len(content) - 1 - 2 * 8 - 2 * 4
    at = after_levels - LEVELS * 4
    codes = at - 4 * 4 - len(numbers)
    pairs = codes - CODES_HEAD - len(buckets) * PAIR.itemsize
    order = np.empty(len(buckets), PAIR)
    order["f0"], order["f1"] = buckets, np.arange(len(buckets))
    if set(np.frombuffer(content[pairs : codes - CODES_HEAD], PAIR)["f0"]) != set(buckets):
        raise ValueError("fastText kept other features")
    own = nearest(numbers, found).astype(np.uint8).tobytes()
    found[np.abs(found).argmin()] = 0  # what says nothing says exactly nothing: an empty text gets 0.5
    middle = content[codes + len(numbers) : at]
    head = content[:pairs] + order.tobytes() + content[codes - CODES_HEAD : codes]
    return head + own + middle + found.astype("<f4").tobytes() + content[after_levels:]


def levels(numbers: Floats) -> Floats:
    """The 256 values that stand in for all numbers, ascending: Lloyd's algorithm from cubes of evenly spaced values."""
    roots = np.cbrt(numbers)
    found = np.linspace(roots.min(), roots.max(), LEVELS) ** 3
    for _ in range(30):
        code = nearest(numbers, found)
        count, total = np.bincount(code, minlength=LEVELS), np.bincount(code, numbers, LEVELS)
        found = np.sort(np.where(count > 0, total / np.maximum(count, 1), found))
    return np.asarray(found)


def nearest(numbers: Floats, found: Floats) -> npt.NDArray[np.int_]:
    """The place of the nearest level of each number."""
    return np.searchsorted((found[1:] + found[:-1]) / 2, numbers)
