"""fastText's features of a text, counted outside fastText: frequent words, character n-grams, word bigrams."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import numpy.typing as npt
from measures import Bools
from scipy import sparse

BUCKETS, WORD_NGRAMS, LONGEST, MIN_COUNT = 40_000_000, 2, 5, 30
SEPARATORS = re.compile("[ \t\v\f\r\n\0]+")  # fastText's; str.split() would also split at U+3000
END = "</s>"  # fastText ends every text with this token


def write_fasttext(texts: Sequence[str], labels: Sequence[int], path: Path) -> None:
    """The format that fastText and BlazingText train on: `__label__1 text`, a line each."""
    with path.open("w", encoding="utf-8") as file:
        for text, label in zip(texts, labels, strict=True):
            file.write(f"__label__{label} {text}\n")


def vocabulary(path: Path) -> Any:
    """A fastText model of dimension 1 that knows the words of the training text, with numbers still to be filled in."""
    return fasttext.train_supervised(
        str(path), dim=1, minn=1, maxn=LONGEST, wordNgrams=WORD_NGRAMS, bucket=BUCKETS, minCount=MIN_COUNT,
        epoch=1, lr=0.01, loss="softmax", thread=1, verbose=0,
    )  # fmt: skip


def word_hash(word: str) -> int:
    """fastText's FNV-1a, which treats bytes as *signed* and so differs from the textbook's outside ASCII."""
    value = 2166136261
    for byte in word.encode():
        value = ((value ^ (byte | 0xFFFFFF00 if byte > 127 else byte)) * 16777619) & 0xFFFFFFFF
    return value


def subwords(model: Any, word: str) -> list[int]:
    """The feature numbers of one word: itself when in the vocabulary, and its character n-grams."""
    return [model.get_word_id(END)] if word == END else list(model.get_subwords(word)[1])


def count(model: Any, texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each of fastText's features occurs in each text, numbered as the rows of its input matrix."""
    numbers: dict[str, int] = {}
    words = [[w for w in SEPARATORS.split(text) if w and not w.startswith("__label__")] + [END] for text in texts]
    token = np.array([numbers.setdefault(word, len(numbers)) for row in words for word in row])
    row = np.repeat(np.arange(len(texts)), [len(w) for w in words])
    of_word = [subwords(model, word) for word in numbers]
    length = np.array([len(ids) for ids in of_word])
    start, flat = np.cumsum(length) - length, np.concatenate(of_word).astype(np.int64)
    each = length[token]
    column = flat[np.repeat(start[token] - (np.cumsum(each) - each), each) + np.arange(each.sum())]
    pair_rows, pair_columns = word_pairs(list(numbers), token, row)
    rows = np.concatenate([np.repeat(row, each), pair_rows])
    columns = np.concatenate([column, pair_columns + len(model.words)])
    shape = (len(texts), len(model.words) + BUCKETS)
    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape)


def word_pairs(words: list[str], token: npt.NDArray[Any], row: npt.NDArray[Any]) -> tuple[Any, Any]:
    """(row, bucket) of every word bigram, by fastText's hash: 64 bits, of two sign-extended 32-bit hashes."""
    hashes = np.array([word_hash(w) for w in words], np.uint32).view(np.int32).astype(np.int64).view(np.uint64)[token]
    same_text = row[:-1] == row[1:]
    bucket = (hashes[:-1] * np.uint64(116049371) + hashes[1:]) % np.uint64(BUCKETS)
    return row[1:][same_text], bucket.astype(np.int64)[same_text]


def averaged(counts: sparse.csr_matrix, kept: Bools | None = None) -> sparse.csr_matrix:
    """Rows that sum to 1: fastText averages over the features of a text, of a pruned model over those `kept`."""
    if kept is not None:
        counts = (counts @ sparse.diags(kept.astype(np.float32))).tocsr()
        counts.eliminate_zeros()
    total = np.asarray(counts.sum(axis=1)).ravel()
    return (sparse.diags((1 / np.maximum(total, 1)).astype(np.float32)) @ counts).tocsr()
