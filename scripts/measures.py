"""What the model's answers are worth: accuracy, calibration, and how well certainty tells clear reviews from middling ones.

Certainty is the probability of the label that the model names, 0.5 to 1. A middling review (5 to 8 stars) is neither
positive nor negative: where it counts for calibration, any answer to it is half right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

BINS = 15
ANSWERED = 0.9  # the share of clear tuning reviews that the page answers
SURE = 0.9
LENGTHS = (1, 2, 3, 6, 11, 21, 10**9)


@dataclass(frozen=True)
class Bin:
    """Answers of about the same certainty: mean certainty, share of right ones, and the weight of the bin, 0 to 1."""

    certainty: float
    right: float
    weight: float


def certainty(positive: Floats) -> Floats:
    """The probability of the label that is named."""
    return np.maximum(positive, 1 - positive)


def right(positive: Floats, labels: Bools) -> Floats:
    """1 where the label named is the review's, else 0."""
    return ((positive > 0.5) == labels).astype(float)


def reliability(sure: Floats, correct: Floats, weight: Floats | None = None) -> list[Bin]:
    """The filled ones of 15 equal-width bins of certainty."""
    weight = np.ones(len(sure)) if weight is None else weight
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    total, bins = weight.sum(), []
    for number in np.unique(place):
        share = np.where(place == number, weight, 0.0)
        bins.append(
            Bin(float(share @ sure / share.sum()), float(share @ correct / share.sum()), float(share.sum() / total))
        )
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far certainty is from the share of right answers, over the bins' weights."""
    return sum(b.weight * abs(b.certainty - b.right) for b in bins)


def natural(clear: Floats, labels: Bools, middling: Floats, shares: tuple[int, int]) -> list[Bin]:
    """Reliability where clear and middling reviews come in the given shares."""
    weight = np.repeat([shares[0] / len(clear), shares[1] / len(middling)], [len(clear), len(middling)])
    correct = np.concatenate([right(clear, labels), np.full(len(middling), 0.5)])
    return reliability(certainty(np.concatenate([clear, middling])), correct, weight)


def area(above: Floats, below: Floats) -> float:
    """AUC: how often a value of `above` exceeds one of `below`, ties counting half."""
    ranks = rankdata(np.concatenate([above, below]))[: len(above)]
    return float((ranks.sum() - len(above) * (len(above) + 1) / 2) / len(above) / len(below))


def threshold(positive: Floats) -> float:
    """The certainty from which the page answers, so that it answers `ANSWERED` of these reviews; rounded down to 0.001."""
    return float(np.floor(np.quantile(certainty(positive), 1 - ANSWERED) * 1000) / 1000)


def confusion(positive: Floats, labels: Bools) -> tuple[int, int, int, int]:
    """True negatives, false positives, false negatives, true positives."""
    said = positive > 0.5
    tn, fp, fn, tp = (
        int(((labels == is_so) & (said == says)).sum()) for is_so in (False, True) for says in (False, True)
    )
    return tn, fp, fn, tp


def summary(clear: Floats, labels: Bools, middling: Floats, edge: float) -> dict[str, float]:
    """The numbers that decide, by name: clear reviews, and those of 5 and 6 stars; `edge` is the page's threshold."""
    sure, unsure, correct = certainty(clear), certainty(middling), right(clear, labels)
    answered = sure >= edge
    return {
        "accuracy": float(correct.mean()),
        "calibration error": calibration_error(reliability(sure, correct)),
        "AUC of certainty, clear against 5–6 stars": area(sure, unsure),
        "5–6 stars at 0.9 or more": float((unsure >= SURE).mean()),
        "clear reviews answered": float(answered.mean()),
        "accuracy of those answered": float(correct[answered].mean()),
        "5–6 stars held back": float((unsure < edge).mean()),
    }


def by_length(words: npt.NDArray[np.int_], positive: Floats, labels: Bools) -> list[tuple[str, int, float, float]]:
    """Words in the review, reviews, mean certainty, share of right answers."""
    rows = []
    for low, high in pairwise(LENGTHS):
        here = (words >= low) & (words < high)
        name = f"{low}" if high == low + 1 else f"{low}–{high - 1}" if high < LENGTHS[-1] else f"{low} or more"
        sure, correct = certainty(positive[here]), right(positive[here], labels[here])
        rows.append((name, int(here.sum()), float(sure.mean()), float(correct.mean())))
    return rows
