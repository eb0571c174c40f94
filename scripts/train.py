"""Train the lab's sentiment model on NSMC and write it, with its model card, into `assets/model/`.

fastText classifies with one sum: the mean of a learned number per feature of the text (character n-grams, word
bigrams), squashed to a probability. Its own trainer walks there by stochastic gradient descent; this script solves for
the same numbers directly, as a regularised logistic regression over fastText's own features, each weighted by how rare
and how one-sided it is. Reviews of 5 and 6 stars take part with a target of one half, so what people write about a
middling film comes out near it. The features that say least are left out, which leaves room for telling the others
apart. The result is an ordinary `model.bin` that any fastText, BlazingText's container
included, reads unchanged. The calibration is the size of the output matrix, so it travels inside the file.
Run: `python scripts/train.py --data DIR`.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import re
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order: the same bytes on every run

import card
import corpus
import fasttext
import features
import measures
import numpy as np
import patterns
import plot
import sentences
import written
from corpus import Parts
from features import averaged
from measures import Bools, Floats
from scipy import sparse
from scipy.optimize import minimize

STRENGTH, STEPS, MIDDLING_WEIGHT, PATTERN_WEIGHT = 2.0, 40, 0.6, 500.0
KEPT = 425_000  # features besides the words: what 4 MB hold
DOUBT = {1: 0.06, 2: 0.03}  # how far the target of a clear review of so many words is from its label
RESPOKEN_WEIGHT = 0.201
MARK = 1.5  # standard deviations
LARGEST_ERROR = 0.030  # calibration error on clear tuning reviews that modesty may cost
PAGE = Path(__file__).parents[1] / "assets" / "web" / "app.js"


def made() -> corpus.Sentences:
    """The sentences of patterns.txt; what the card asks is not among them."""
    with patterns.FILE.open(encoding="utf-8") as lines:
        return corpus.made(lines, sentences.ALL, PATTERN_WEIGHT)


@dataclass(frozen=True)
class Evidence:
    """What is learnt from: counts of features, targets from 0 to 1, and what each text counts."""

    counts: sparse.csr_matrix
    target: Floats
    weight: Floats

    def per_feature(self, value: Floats) -> Floats:
        """The sum of `value`, one for each text, over the texts that have the feature."""
        return np.bincount(
            self.counts.indices, np.repeat(value, np.diff(self.counts.indptr)), minlength=self.counts.shape[1]
        )


def evidence(model: Any, given: Parts) -> Evidence:
    """Clear reviews, those of 5 and 6 stars with the target one half, the sentences of the patterns, reviews with another ending."""
    clear, middling, made, respoken = given.clear, given.middling, given.made, given.respoken
    target = [softened(clear), np.full(len(middling.texts), 0.5), made.targets, respoken.targets]
    weight = [np.ones(len(clear.texts)), np.full(len(middling.texts), MIDDLING_WEIGHT), made.weights, respoken.weights]
    texts = [*clear.texts, *middling.texts, *made.texts, *respoken.texts]
    return Evidence(features.count(model, texts), np.concatenate(target), np.concatenate(weight))


def softened(clear: corpus.Reviews) -> Floats:
    """The labels as targets; of one or two words a little short of 0 and 1, as their labels are wrong more often than others'."""
    doubt = np.array([DOUBT.get(len(text.split()), 0.0) for text in clear.texts])
    return np.where(clear.positive, 1 - doubt, doubt)


def emphasis(learnt: Evidence) -> Floats:
    """How much each feature may say: squared inverse document frequency times one-sidedness; seen once, nothing.

    A text counts as `target` positive and the rest negative: a middling review as half of each."""
    liked = learnt.per_feature(learnt.weight * learnt.target)
    seen = learnt.per_feature(learnt.weight)
    rare = np.log((learnt.weight.sum() + 1) / (seen + 1)) ** 2
    one_sided = np.abs(np.log((liked + 1) / (seen - liked + 1))) + 0.3
    return np.where(seen < 2, 0.0, rare * one_sided)


def solve(learnt: Evidence) -> Floats:
    """The number of each feature: logistic regression on the emphasised features, folded back onto the plain ones."""
    factor = emphasis(learnt)
    said = np.flatnonzero(factor)
    scaled = averaged(learnt.counts)[:, said] @ sparse.diags(factor[said].astype(np.float32))
    size = float(np.sqrt(scaled.multiply(scaled).sum(axis=1)).mean())
    found = np.zeros(len(factor))
    found[said] = (
        logistic((scaled / np.float32(size)).tocsr(), learnt.target, STRENGTH * learnt.weight) * factor[said] / size
    )
    return found


def telling(numbers: Floats, learnt: Evidence, words: int) -> Bools:
    """Which features are kept: all words, those that mark a middling review, and of the others those with the largest number × root of the texts that have it.

    A mark's number is near zero: it says nothing, but takes its share of the mean, and so makes what stands beside it say less."""
    most = np.abs(numbers) * np.sqrt(learnt.per_feature(np.ones(len(learnt.target))))
    most[marks(numbers, learnt)] = np.inf
    most[:words] = 0
    kept, saying = np.arange(len(numbers)) < words, np.flatnonzero(most)
    kept[saying[np.argsort(-most[saying], kind="stable")[:KEPT]]] = True
    return kept


def marks(numbers: Floats, learnt: Evidence) -> Bools:
    """Features that middling texts have more often than chance would have it, by `MARK` standard deviations."""
    halfway = learnt.weight * (learnt.target == 0.5)
    share = halfway.sum() / learnt.weight.sum()
    seen = learnt.per_feature(learnt.weight)
    beyond = learnt.per_feature(halfway) - seen * share
    return (numbers != 0) & (beyond > MARK * np.sqrt(seen * share * (1 - share) + 0.1))


def logistic(rows: sparse.csr_matrix, target: Floats, weight: Floats) -> Floats:
    """Least weighted cross-entropy against targets between 0 and 1, plus half the squared length of the solution."""
    columns = rows.T.tocsr()

    def loss(numbers: Floats) -> tuple[float, Floats]:
        score = (rows @ numbers.astype(np.float32)).astype(float)
        pull = weight * (sigmoid(score) - target)
        value = 0.5 * numbers @ numbers + weight @ (np.logaddexp(0, score) - target * score)
        return float(value), numbers + columns @ pull.astype(np.float32)

    # Stopping early costs nothing here: measured.
    found = minimize(
        loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 6}
    )
    return np.asarray(found.x)


def sigmoid(score: Floats) -> Floats:
    """The probability of a score."""
    return np.asarray(1 / (1 + np.exp(-score)))


def modesty(scores: Floats, positive: Bools) -> float:
    """The smallest factor on the scores with which clear reviews stay calibrated to within `LARGEST_ERROR`.

    The factor with the least error there would be less modest about middling reviews."""
    factors = np.geomspace(0.2, 20, 400) / np.abs(scores).mean()
    shown = [sigmoid(scores * factor) for factor in factors]
    pairs = [(measures.certainty(p), measures.right(p, positive)) for p in shown]
    errors = np.array([measures.calibration_error(measures.reliability(*pair)) for pair in pairs])
    return float(factors[errors <= max(LARGEST_ERROR, errors.min())].min())


def train(given: Parts, folder: Path) -> Path:
    """The finished model.bin; the tuning rows serve for one number only, the factor of `modesty`."""
    labels = [*given.clear.values, *(i % 2 for i in range(len(given.middling.texts)))]
    features.write_fasttext([*given.clear.texts, *given.middling.texts], labels, folder / "train.txt")
    model = features.vocabulary(folder / "train.txt")
    learnt = evidence(model, given)
    numbers = solve(learnt)
    kept = telling(numbers, learnt, len(model.words))
    scores = averaged(features.count(model, given.tuning.texts), kept) @ numbers
    place = np.flatnonzero(kept)
    written.write(model, numbers[place], place, modesty(scores, given.tuning.positive), folder / "model.bin")
    return folder / "model.bin"


def pack(content: bytes) -> bytes:
    """`model.bin` in a .tar.gz whose bytes depend on nothing but the model."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("model.bin")
        entry.size, entry.mode = len(content), 0o644
        tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0)


def set_threshold(edge: float, page: Path = PAGE) -> None:
    """Write the threshold where the page reads it, its only place."""
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"SURE = [\d.]+", f"SURE = {edge:.3f}", text), encoding="utf-8")


def main() -> None:
    """Train, measure, write; prints what the card says in numbers."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument(
        "--data", type=Path, required=True, help="folder with train.tsv.gz, dev.tsv.gz, neutral.tsv.gz"
    )
    options.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "assets" / "model")
    options.add_argument(
        "--quick", action="store_true", help="the model and its numbers only: no baseline, card or threshold"
    )
    chosen = options.parse_args()
    given = corpus.parts(chosen.data, made(), sentences.ALL, RESPOKEN_WEIGHT)
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        began = time.process_time()
        file = train(given, Path(name))
        seconds = round(time.process_time() - began)
        answers = shown(chosen.out, file, given)
        if not chosen.quick:
            tell(chosen.out, file, given, answers, {"seconds": seconds, "baseline": card.baseline(given, Path(name))})


def shown(out: Path, file: Path, given: Parts) -> card.Answers:
    """Writes the archive, prints its numbers."""
    content, model = file.read_bytes(), fasttext.load_model(str(file))
    (out / "model.tar.gz").write_bytes(pack(content))
    answers = card.ask(model, given)
    mixed = measures.calibration_error(answers.bins(given.shares)["natural shares"])
    for name, value in {**answers.summary(), "calibration error in natural shares": mixed}.items():
        print(f"{name:45} {value:.4f}")
    slowest = card.slowest(model, given.dev.texts)
    print(f"threshold {answers.edge:.3f}, {len(content):,} bytes, p99 {slowest:.3f} ms")
    return answers


def tell(out: Path, file: Path, given: Parts, answers: card.Answers, values: dict[str, object]) -> None:
    """Writes the page's threshold, the plot and the card."""
    set_threshold(answers.edge)
    picture = plot.svg(answers.bins(given.shares), answers.halfway, answers.edge)
    (out / "calibration.svg").write_text(picture, encoding="utf-8")
    values |= {
        "bin": file.stat().st_size, "archive": (out / "model.tar.gz").stat().st_size,
        "strength": STRENGTH, "steps": STEPS, "weight": MIDDLING_WEIGHT, "pattern_weight": PATTERN_WEIGHT,
        "kept": KEPT, "largest_error": LARGEST_ERROR, "mark": f"{MARK:g}", "answered": f"{measures.ANSWERED:.1%}",
        **{f"doubt_{words}": doubt for words, doubt in DOUBT.items()},
    }  # fmt: skip
    card.write(out / "MODEL_CARD.md", fasttext.load_model(str(file)), given, answers, values)


if __name__ == "__main__":
    main()
