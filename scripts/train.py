"""Train the lab's sentiment model on NSMC and write it, with its model card, into `assets/model/`.

fastText classifies with one sum: the mean of a learned number per feature of the text (character n-grams, word
bigrams), squashed to a probability. Its own trainer walks there by stochastic gradient descent; this script solves for
the same numbers directly, as a regularised logistic regression over fastText's own features, each weighted by how rare
and how one-sided it is. That is more accurate, gives the same file on every run, and the result is an ordinary
`model.bin` that any fastText, BlazingText's container included, reads unchanged. The calibration is the size of the
output matrix, so it travels inside the file. Run: `python scripts/train.py --data DIR`.
"""

from __future__ import annotations

import argparse
import gzip
import io
import re
import tarfile
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

BUCKETS, WORD_NGRAMS, LONGEST, MIN_COUNT, STRENGTH, SEED = 3_000_000, 2, 5, 30, 2.0, 0
SEPARATORS = re.compile("[ \t\v\f\r\n\0]+")  # fastText's; str.split() would also split at U+3000
END = "</s>"  # fastText ends every text with this token
HOLDOUT = 10_000
ODD_INPUTS = {
    "(empty)": "",
    "one letter": "a",
    "one syllable": "음",
    "emoji only": "😀👍",
    "English": "This movie was great, I loved it",
    "no spaces": "재미있게봤습니다",
    "no spaces, negative": "재미없어서중간에껐습니다",
    "ㅋㅋ": "ㅋㅋ",
    "ㅠㅠ": "ㅠㅠ",
    "5,000 characters": "지루하다 " * 1000,
}


@dataclass(frozen=True)
class Reviews:
    """Review texts with their labels: True is positive."""

    texts: list[str]
    positive: Bools


@dataclass(frozen=True)
class Score:
    """How well a model does: `confusion[actual][predicted]`, negative first; `ece` over 15 equal-width bins."""

    accuracy: float
    ece: float
    confusion: tuple[tuple[int, int], tuple[int, int]]


def read(path: Path) -> Reviews:
    """The rows of one NSMC file: gzip, tab-separated, columns id, document, label, with a heading line."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        rows = [line.rstrip("\r\n").split("\t") for line in file][1:]
    return Reviews([row[1] for row in rows], np.array([row[2] == "1" for row in rows]))


def write_fasttext(reviews: Reviews, path: Path, hangul_only: bool = False) -> None:
    """The format that fastText and BlazingText train on: `__label__1 text`, a line each."""
    with path.open("w", encoding="utf-8") as file:
        for text, positive in zip(reviews.texts, reviews.positive, strict=True):
            file.write(f"__label__{int(positive)} {only_hangul(text) if hangul_only else text}\n")


def only_hangul(text: str) -> str:
    """What the guide's notebook leaves of a review: Hangul and spaces."""
    return re.sub("[^ㄱ-ㅎㅏ-ㅣ가-힣 ]", "", text)


def word_hash(word: str) -> int:
    """fastText's FNV-1a, which treats bytes as *signed* and so differs from the textbook's outside ASCII."""
    value = 2166136261
    for byte in word.encode():
        value = ((value ^ (byte | 0xFFFFFF00 if byte > 127 else byte)) * 16777619) & 0xFFFFFFFF
    return value


def subwords(model: Any, word: str) -> list[int]:
    """The feature numbers of one word: itself when in the vocabulary, and its character n-grams."""
    return [model.get_word_id(END)] if word == END else list(model.get_subwords(word)[1])


def features(model: Any, texts: Sequence[str]) -> sparse.csr_matrix:
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


def emphasis(counts: sparse.csr_matrix, positive: Bools) -> Floats:
    """How much each feature may say: squared inverse document frequency times one-sidedness; seen once, nothing."""
    present = counts.copy()
    present.data[:] = 1
    seen = np.bincount(present.indices, minlength=counts.shape[1])
    liked = np.asarray(present[positive].sum(axis=0)).ravel()
    rare = np.log((counts.shape[0] + 1) / (seen + 1)) ** 2
    one_sided = np.abs(np.log((liked + 1) / (seen - liked + 1))) + 0.3
    return np.where(seen < 2, 0.0, rare * one_sided)


def averaged(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows that sum to 1, as fastText averages over the features of a text."""
    return sparse.diags(1 / np.asarray(counts.sum(axis=1)).ravel()) @ counts


def solve(counts: sparse.csr_matrix, positive: Bools) -> Floats:
    """The number of each feature: logistic regression on the emphasised features, folded back onto the plain ones."""
    weight = emphasis(counts, positive)
    scaled = averaged(counts) @ sparse.diags(weight)
    size = float(np.sqrt(scaled.multiply(scaled).sum(axis=1)).mean())
    solver = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, fit_intercept=False, tol=0.1, max_iter=30, random_state=SEED
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early costs nothing here: measured
        solver.fit((scaled / size).tocsr(), positive)
    return np.asarray(solver.coef_).ravel() * weight / size


def temperature(scores: Floats, positive: Bools) -> float:
    """The factor on the scores that makes the probabilities mean most what they say (least calibration error)."""
    guess = 1 / np.abs(scores).mean()
    factors = guess * np.geomspace(0.2, 20, 200)
    errors = [evaluate(1 / (1 + np.exp(-scores * factor)), positive).ece for factor in factors]
    return float(factors[int(np.argmin(errors))])


def vocabulary(path: Path) -> Any:
    """A fastText model of dimension 1 that knows the words of the training text, with numbers still to be filled in."""
    return fasttext.train_supervised(
        str(path), dim=1, minn=1, maxn=LONGEST, wordNgrams=WORD_NGRAMS, bucket=BUCKETS, minCount=MIN_COUNT,
        epoch=1, lr=0.01, loss="softmax", thread=1, verbose=0,
    )  # fmt: skip


def fill(model: Any, numbers: Floats, factor: float) -> None:
    """Put the solution into the model and quantise it: one byte a feature, the 2×1 output matrix stays exact."""
    sign = np.array([[1.0 if label == "__label__1" else -1.0] for label in model.labels])
    model.set_matrices(numbers[:, None].astype(np.float32), (sign * factor / 2).astype(np.float32))
    model.quantize(dsub=1, qnorm=False, qout=False, retrain=False)


def probabilities(model: Any, texts: Sequence[str]) -> Floats:
    """P(positive) of each text as the endpoint would answer it, clipped to 1."""
    labels, values = model.predict(list(texts), k=2)
    positive = [dict(zip(names, row, strict=True))["__label__1"] for names, row in zip(labels, values, strict=True)]
    return np.asarray(np.clip(np.array(positive, float), 0, 1))


def evaluate(probability: Floats, positive: Bools) -> Score:
    """Accuracy, expected calibration error of the predicted label's probability, and the confusion matrix."""
    guess = probability > 0.5
    sure, right = np.where(guess, probability, 1 - probability), guess == positive
    bins = np.minimum((sure * 15).astype(int), 14)
    gaps = [abs(sure[bins == i].sum() - right[bins == i].sum()) for i in range(15)]
    (tn, fp), (fn, tp) = [[int((guess[positive == is_so] == said).sum()) for said in (0, 1)] for is_so in (0, 1)]
    return Score(float(right.mean()), float(sum(gaps)) / len(sure), ((tn, fp), (fn, tp)))


def train(data: Reviews, tuning: Reviews, folder: Path) -> Any:
    """The finished model; `tuning` serves for one number only, the temperature."""
    write_fasttext(data, folder / "train.txt")
    model = vocabulary(folder / "train.txt")
    numbers = solve(features(model, data.texts), data.positive)
    scores = averaged(features(model, tuning.texts)) @ numbers
    fill(model, numbers, temperature(scores, tuning.positive))
    return model


def baseline(data: Reviews, dev: Reviews, folder: Path) -> Score:
    """The guide's recipe, trained by fastText itself: Hangul only, whole words and word bigrams."""
    write_fasttext(data, folder / "hangul.txt", hangul_only=True)
    model = fasttext.train_supervised(
        str(folder / "hangul.txt"), dim=100, wordNgrams=2, minCount=2, lr=0.005, epoch=30, bucket=2_000_000,
        loss="softmax", thread=2, seed=SEED, verbose=0,
    )  # fmt: skip
    return evaluate(probabilities(model, [only_hangul(text) for text in dev.texts]), dev.positive)


def held_out(data: Reviews, folder: Path) -> Score:
    """The same method, tuned and measured on training rows kept apart: an estimate that no choice could bend."""
    train_rows, tune_rows, test_rows = slice(0, -2 * HOLDOUT), slice(-2 * HOLDOUT, -HOLDOUT), slice(-HOLDOUT, None)
    kept, tuning, test = (Reviews(data.texts[s], data.positive[s]) for s in (train_rows, tune_rows, test_rows))
    return evaluate(probabilities(train(kept, tuning, folder), test.texts), test.positive)


def pack(content: bytes) -> bytes:
    """`model.bin` in a .tar.gz whose bytes depend on nothing but the model."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("model.bin")
        entry.size, entry.mode = len(content), 0o644
        tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0)


def odd_row(model: Any, name: str, text: str) -> str:
    """One line of the card's robustness table."""
    sure = float(probabilities(model, [text])[0])
    readable = len(re.findall("[ㄱ-ㅎㅏ-ㅣ가-힣]", text)) > 1 and bool(re.search("[가-힣]", text))  # the page's rules
    verdict = "판단하기 어렵습니다" if max(sure, 1 - sure) < 0.6 or not readable else "긍정" if sure > 0.5 else "부정"
    return f"| {name} | {sure:.3f} | {verdict} |"


def card(template: str, values: dict[str, object]) -> str:
    """The model card: the template with its `{{name}}` fields filled in."""
    for name, value in values.items():
        template = template.replace("{{" + name + "}}", f"{value:,}" if isinstance(value, int) else str(value))
    return template


def report(score: Score) -> str:
    """A score in a line of the card."""
    return f"{score.accuracy:.4f} | {score.ece:.4f}"


def main() -> None:
    """Train, measure, write; prints what it wrote."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--data", type=Path, required=True, help="folder with train.tsv.gz and dev.tsv.gz")
    options.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "assets" / "model")
    options.add_argument("--quick", action="store_true", help="no baseline, no held-out estimate, no card")
    chosen = options.parse_args()
    data, dev = read(chosen.data / "train.tsv.gz"), read(chosen.data / "dev.tsv.gz")
    with tempfile.TemporaryDirectory() as name:
        write(chosen.out, data, dev, Path(name), chosen.quick)


def write(out: Path, data: Reviews, dev: Reviews, folder: Path, quick: bool) -> None:
    """The archive and, unless `quick`, the card."""
    began = time.monotonic()
    model = train(data, dev, folder)
    seconds = time.monotonic() - began
    model.save_model(str(folder / "model.bin"))
    content = (folder / "model.bin").read_bytes()
    (out / "model.tar.gz").write_bytes(packed := pack(content))
    score = evaluate(probabilities(fasttext.load_model(str(folder / "model.bin")), dev.texts), dev.positive)
    print(f"accuracy {score.accuracy:.4f}, ECE {score.ece:.4f}, {len(content):,} bytes, {seconds:.0f} s")
    if quick:
        return
    (tn, fp), (fn, tp) = score.confusion
    values: dict[str, object] = {
        "rows": len(data.texts), "dev_rows": len(dev.texts), "shipped": report(score),
        "held_out": report(held_out(data, folder)),
        "baseline": report(baseline(data, dev, folder)), "tn": tn, "fp": fp, "fn": fn, "tp": tp, "bin": len(content),
        "archive": len(packed), "seconds": round(seconds), "strength": STRENGTH, "buckets": BUCKETS, "seed": SEED,
        "odd": "\n".join(odd_row(model, name, text) for name, text in ODD_INPUTS.items()),
    }  # fmt: skip
    template = (Path(__file__).parent / "model_card.md").read_text(encoding="utf-8")
    (out / "MODEL_CARD.md").write_text(card(template, values), encoding="utf-8")


if __name__ == "__main__":
    main()
