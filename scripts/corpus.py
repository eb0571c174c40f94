"""What the model learns from and is measured on: NSMC's reviews, divided by their ids, and sentences from patterns."""

from __future__ import annotations

import gzip
import hashlib
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import endings
import numpy as np
import numpy.typing as npt
import patterns
from measures import Bools, Floats

MIDDLING_STARS = 6  # 5 and 6 stars are halfway; 7 and 8 lean to praise
TUNING_SHARE, HELD_OUT_SHARE = 5, 10  # per cent of train.tsv.gz and of neutral.tsv.gz


@dataclass(frozen=True)
class Reviews:
    """Review texts and their values: the label of a clear review (1 positive, 0 negative), the stars of a middling one."""

    texts: list[str]
    values: npt.NDArray[np.int_]
    place: npt.NDArray[np.int_]  # 0 to 99, of the review's id

    @property
    def positive(self) -> Bools:
        return self.values == 1

    def only(self, chosen: Bools) -> Reviews:
        """Those that `chosen` marks."""
        return Reviews(list(itertools.compress(self.texts, chosen)), self.values[chosen], self.place[chosen])


@dataclass(frozen=True)
class Sentences:
    """What no one wrote: texts, targets from 0 to 1, and how many reviews each counts as."""

    texts: list[str]
    targets: Floats
    weights: Floats


@dataclass(frozen=True)
class Parts:
    """What is learnt from (`clear`, `middling`, `made`), tuned on (`tuning`), and only measured on (`dev`, `held_out`)."""

    clear: Reviews
    middling: Reviews
    made: Sentences  # from patterns
    respoken: Sentences  # reviews with another ending
    tuning: Reviews
    dev: Reviews
    held_out: Reviews  # 5 to 8 stars
    shares: tuple[int, int]  # how many clear and how many middling reviews the corpus has


def place_of(number: str) -> int:
    """0 to 99, from a review's id: which part it belongs to, for good."""
    return int(hashlib.sha256(number.encode()).hexdigest()[:8], 16) % 100


def read(path: Path) -> Reviews:
    """The rows of one file: gzip, tab-separated, columns id, document, and label or rating, with a heading line."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        rows = [line.rstrip("\r\n").split("\t") for line in file][1:]
    values = np.array([int(row[2]) for row in rows])
    return Reviews([row[1] for row in rows], values, np.array([place_of(row[0]) for row in rows]))


def made(lines: Iterable[str], unheard: Collection[str], weight: float) -> Sentences:
    """The sentences of all patterns but the `unheard` ones; each line counts as `weight` reviews."""
    texts, targets, weights = zip(*patterns.made(lines, unheard, weight), strict=True)
    return Sentences(list(texts), np.array(targets), np.array(weights))


def respoken(clear: Reviews, middling: Reviews, unheard: Collection[str], weight: float) -> Sentences:
    """The reviews of a few words with another ending, but the `unheard` ones, each counting as `weight` reviews."""
    target = np.concatenate([clear.values, np.full(len(middling.texts), 0.5)])
    place, texts = zip(*endings.respoken([*clear.texts, *middling.texts], unheard), strict=True)
    return Sentences(list(texts), target[list(place)], np.full(len(texts), weight))


def parts(folder: Path, sentences: Sentences, unheard: Collection[str], respoken_weight: float) -> Parts:
    """The three files, divided by the ids of their reviews."""
    data, dev, neutral = (read(folder / f"{name}.tsv.gz") for name in ("train", "dev", "neutral"))
    apart, unseen = data.place < TUNING_SHARE, neutral.place < HELD_OUT_SHARE
    shares = (len(data.texts) + len(dev.texts), len(neutral.texts))
    middling = neutral.only(~unseen & (neutral.values <= MIDDLING_STARS))
    clear = data.only(~apart)
    again = respoken(clear, middling, unheard, respoken_weight)
    return Parts(clear, middling, sentences, again, data.only(apart), dev, neutral.only(unseen), shares)
