"""The model card: what the script measured, written into its template."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fasttext
import measures
import numpy as np
import numpy.typing as npt
import sentences
from corpus import MIDDLING_STARS, Parts
from features import BUCKETS, write_fasttext
from measures import Bools, Floats

SHORT = 3  # words


@dataclass(frozen=True)
class Answers:
    """P(positive) of the reviews that were only measured on, and the page's threshold."""

    dev: Floats
    labels: Bools
    middling: Floats
    stars: npt.NDArray[np.int_]
    edge: float

    @property
    def halfway(self) -> Floats:
        """Those of 5 and 6 stars."""
        return self.middling[self.stars <= MIDDLING_STARS]

    def summary(self) -> dict[str, float]:
        return measures.summary(self.dev, self.labels, self.halfway, self.edge)

    def bins(self, shares: tuple[int, int]) -> dict[str, list[measures.Bin]]:
        """Reliability on clear reviews, and on all in their natural shares."""
        clear = measures.reliability(measures.certainty(self.dev), measures.right(self.dev, self.labels))
        return {"clear": clear, "natural shares": measures.natural(self.dev, self.labels, self.middling, shares)}


def probabilities(model: Any, texts: Sequence[str]) -> Floats:
    """P(positive) of each text as the endpoint would answer it, clipped to 1."""
    labels, values = model.predict(list(texts), k=2)
    positive = [dict(zip(names, row, strict=True))["__label__1"] for names, row in zip(labels, values, strict=True)]
    return np.asarray(np.clip(np.array(positive, float), 0, 1))


def ask(model: Any, given: Parts) -> Answers:
    """The model's answers; the threshold comes from the tuning rows."""
    edge = measures.threshold(probabilities(model, given.tuning.texts))
    dev, middling = probabilities(model, given.dev.texts), probabilities(model, given.held_out.texts)
    return Answers(dev, given.dev.positive, middling, given.held_out.values, edge)


def lengths(given: Parts, answers: Answers) -> str:
    """The card's table of calibration by the number of words."""
    words = np.array([len(text.split()) for text in given.dev.texts])
    rows = measures.by_length(words, answers.dev, answers.labels)
    heading = ("words", "reviews", "mean certainty", "right")
    return table(heading, [(name, f"{n:,}", f"{sure:.3f}", f"{good:.3f}") for name, n, sure, good in rows])


def by_stars(answers: Answers) -> str:
    """The card's table of what middling reviews are answered."""
    rows = []
    for stars in np.unique(answers.stars):
        p = answers.middling[answers.stars == stars]
        sure = measures.certainty(p)
        rows.append(
            (
                stars,
                f"{len(p):,}",
                f"{p.mean():.3f}",
                f"{(sure >= 0.9).mean():.3f}",
                f"{(sure < answers.edge).mean():.3f}",
            )
        )
    return table(("stars", "reviews", "mean P(positive)", "certainty 0.9 or more", "held back"), rows)


def only_hangul(text: str) -> str:
    """What the guide's notebook leaves of a review: Hangul and spaces."""
    return re.sub("[^ㄱ-ㅎㅏ-ㅣ가-힣 ]", "", text)


def baseline(given: Parts, folder: Path) -> str:
    """The guide's recipe, trained by fastText itself: Hangul only, whole words and word bigrams."""
    clear = [only_hangul(text) for text in given.clear.texts]
    write_fasttext(clear, list(given.clear.values), folder / "hangul.txt")
    model = fasttext.train_supervised(
        str(folder / "hangul.txt"), dim=100, wordNgrams=2, minCount=2, lr=0.005, epoch=30, bucket=2_000_000,
        loss="softmax", thread=2, seed=0, verbose=0,
    )  # fmt: skip
    positive = probabilities(model, [only_hangul(text) for text in given.dev.texts])
    correct = measures.right(positive, given.dev.positive)
    error = measures.calibration_error(measures.reliability(measures.certainty(positive), correct))
    return f"{correct.mean():.4f} | {error:.4f}"


def verdict(positive: float, text: str, edge: float) -> str:
    """What the page says."""
    readable = len(re.findall("[ㄱ-ㅎㅏ-ㅣ가-힣]", text)) > 1 and bool(re.search("[가-힣]", text))  # the page's rules
    if max(positive, 1 - positive) < edge or not readable:
        return sentences.HELD
    return "긍정" if positive > 0.5 else "부정"


def table(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def said(model: Any, texts: Sequence[str], edge: float, names: Sequence[str] = ()) -> str:
    """The card's table of what sentences are answered."""
    shown = zip(names or texts, texts, probabilities(model, texts), strict=True)
    return table(("input", "P(positive)", "the page says"), [(n, f"{p:.3f}", verdict(p, t, edge)) for n, t, p in shown])


def slowest(model: Any, texts: Sequence[str]) -> float:
    """The 99th percentile of the time for one review, in milliseconds."""
    times = []
    for text in texts:
        began = time.perf_counter()
        model.predict(text, k=2)
        times.append(time.perf_counter() - began)
    return float(np.quantile(times, 0.99) * 1000)


def write(path: Path, model: Any, given: Parts, answers: Answers, values: dict[str, object]) -> None:
    """The model card, from its template; `values` are those that training knows."""
    tn, fp, fn, tp = measures.confusion(answers.dev, answers.labels)
    mixed = measures.calibration_error(answers.bins(given.shares)["natural shares"])
    values |= {
        "rows": len(given.clear.texts), "middling_rows": len(given.middling.texts),
        "tuning_rows": len(given.tuning.texts), "dev_rows": len(given.dev.texts), "held_out_rows": len(given.held_out.texts),
        "respoken_rows": len(given.respoken.texts), "respoken_weight": round(given.respoken.weights.sum()),
        "made_rows": len(given.made.texts), "made_weight": round(given.made.weights.sum()),
        "buckets": BUCKETS, "tn": tn, "fp": fp, "fn": fn, "tp": tp, "edge": f"{answers.edge:.3f}", "natural": f"{mixed:.4f}",
        "share_clear": given.shares[0], "share_middling": given.shares[1],
        "summary": table(("measure", "value"), [(name, f"{value:.4f}") for name, value in answers.summary().items()]),
        "lengths": lengths(given, answers), "stars": by_stars(answers), "short": short(given, answers),
        "guide": said(model, sentences.GUIDE, answers.edge),
        "odd": said(model, list(sentences.ODD.values()), answers.edge, list(sentences.ODD)),
        "attack": attacked(model, sentences.ATTACK, answers.edge),
        "apart": attacked(model, sentences.APART, answers.edge), "misread": misread(model, answers.edge),
        **{name.lower(): said(model, texts, answers.edge) for name, texts in sentences.KINDS.items()},
    }  # fmt: skip
    template = (Path(__file__).parent / "model_card.md").read_text(encoding="utf-8")
    path.write_text(filled(template, values), encoding="utf-8")


def short(given: Parts, answers: Answers) -> str:
    """How certain the answers to held-out reviews of 5 and 6 stars with at most three words are, in a sentence."""
    chosen = (answers.stars <= MIDDLING_STARS) & np.array([len(text.split()) <= SHORT for text in given.held_out.texts])
    sure = measures.certainty(answers.middling[chosen])
    return f"{len(sure):,} reviews, {(sure >= measures.SURE).mean():.1%} at 0.9 or more, {(sure < answers.edge).mean():.1%} held back"


def filled(template: str, values: dict[str, object]) -> str:
    """The template with its `{{name}}` fields filled in."""
    for name, value in values.items():
        template = template.replace("{{" + name + "}}", f"{value:,}" if isinstance(value, int) else str(value))
    return template


def attacked(model: Any, kinds: Mapping[str, Sequence[str]], edge: float) -> str:
    """The card's table of what the page says of sentences of these kinds."""
    rows = []
    for kind, texts in kinds.items():
        positive = probabilities(model, texts)
        shown = [verdict(p, text, edge) for p, text in zip(positive, texts, strict=True)]
        wrong = {"Positive": "부정", "Negative": "긍정"}.get(kind)
        held, bad = shown.count(sentences.HELD), shown.count(wrong) if wrong else 0
        good = len(texts) - held - bad
        sure = int((measures.certainty(positive) >= measures.SURE).sum())
        rows.append(
            (kind.replace("_", " ").lower(), len(texts), good if wrong else "–", bad if wrong else "–", held, sure)
        )
    return table(("kind", "sentences", "right", "wrong", "held back", "certainty 0.9 or more"), rows)


def misread(model: Any, edge: float) -> str:
    """The card's table of the attack's clear sentences that are answered wrongly, and of others answered at 0.9 or more."""
    rows = []
    for kind, texts in sentences.ATTACK.items():
        for text, p in zip(texts, probabilities(model, texts), strict=True):
            wrong = {"Positive": "부정", "Negative": "긍정"}.get(kind)
            shown = verdict(p, text, edge)
            if shown == wrong or (not wrong and max(p, 1 - p) >= measures.SURE):
                rows.append((kind.replace("_", " ").lower(), text, f"{p:.3f}", shown))
    return table(("kind", "input", "P(positive)", "the page says"), rows)
