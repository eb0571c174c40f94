"""The shipped model: what is in the archive, and how good and how honest its answers are.

The accuracy tests need the reviews (dev.tsv.gz and neutral.tsv.gz), which are not part of the repository: the folder that
HOL_NSMC names, or `../shared/data/nsmc` beside the checkout. Of the middling ones only those count that training left out.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import fasttext
import pytest

ROOT = Path(__file__).parents[1]
ARCHIVE = ROOT / "assets" / "model" / "model.tar.gz"
EVENT = ROOT / "assets" / "events" / "myTestEvent.json"
LIMIT = 4_000_000
GOOD = (
    "배우들 연기가 정말 훌륭해서 두 번 봤어요",
    "오랜만에 극장에서 펑펑 울었습니다 감동적이에요",
    "인생 영화입니다 강력 추천해요",
    "음악도 좋고 영상도 아름답고 최고였어요",
    "시간 가는 줄 모르고 재미있게 봤네요",
    "기대 이상이었다 또 보고 싶다",
    "가족과 함께 보기 좋은 따뜻한 이야기",
    "완전 꿀잼 ㅋㅋㅋ 배꼽 빠지는 줄",
    "재미있게봤습니다",
    "명작은 역시 다르다 여운이 길게 남네요",
    "감독의 연출이 돋보이는 수작",
    "아이들이 너무 좋아해서 행복했습니다",
)
BAD = (
    "지루해서 중간에 나왔습니다",
    "돈도 시간도 아까운 영화였다",
    "스토리가 엉망이고 연기도 어색해요",
    "이런 걸 왜 만들었는지 모르겠네요",
    "최악이다 다시는 안 봄",
    "기대했는데 너무 실망스러웠습니다",
    "졸려서 혼났다 하품만 나옴",
    "개연성이 하나도 없고 유치하다",
    "재미없어서중간에껐습니다",
    "예고편이 전부인 쓰레기 영화",
    "감동도 없고 재미도 없고",
    "평점 알바에게 속았네 환불해 주세요",
)
ODD = (
    "",
    " ",
    "a",
    "음",
    "😀👍",
    "This movie was great",
    "지루하다 " * 1000,
    "ㅋㅋ",
    "ㅠㅠ",
    "\0",
    "__label__1",
    "가" * 5000,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("model")
    with tarfile.open(ARCHIVE) as archive:
        archive.extract("model.bin", folder, filter="data")
    return fasttext.load_model(str(folder / "model.bin"))


def positive(model: Any, text: str) -> float:
    """P(positive), clipped as the endpoint does it."""
    labels, values = model.predict(text, 2, 0.0, "strict")
    return min(float(dict(zip(labels, values, strict=True))["__label__1"]), 1.0)


def rows(name: str) -> Iterator[tuple[str, str, int]]:
    """Id, text, and label or stars."""
    folder = Path(os.environ.get("HOL_NSMC") or ROOT.parent / "shared" / "data" / "nsmc")
    if not (folder / name).is_file():
        pytest.skip(f"no reviews: {folder / name} does not exist; HOL_NSMC names the folder")
    with gzip.open(folder / name, "rt", encoding="utf-8", newline="\n") as file:
        for line in list(file)[1:]:
            number, text, value = line.rstrip("\r\n").split("\t")
            yield number, text, int(value)


def unseen(number: str) -> bool:
    """Whether training left this middling review out, by its id."""
    return int(hashlib.sha256(number.encode()).hexdigest()[:8], 16) % 100 < 10


def threshold() -> float:
    """The certainty from which the page answers; the page is where it is kept."""
    found = re.search(r"SURE = ([\d.]+)", (ROOT / "assets" / "web" / "app.js").read_text(encoding="utf-8"))
    assert found
    return float(found[1])


def packaged_sentences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sentences", ROOT / "scripts" / "sentences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def certainty(model: Any, text: str) -> float:
    return max(positive(model, text), 1 - positive(model, text))


def test_the_archive_is_what_sagemaker_unpacks() -> None:
    with tarfile.open(ARCHIVE, "r:gz") as archive:
        (entry,) = archive.getmembers()
    assert (entry.name, entry.isfile(), entry.mtime) == ("model.bin", True, 0)
    assert entry.size <= LIMIT
    assert ARCHIVE.stat().st_size <= LIMIT
    assert ARCHIVE.read_bytes()[4:8] == bytes(4), "gzip's own time stamp"


def test_the_labels_are_the_labs(model: Any) -> None:
    labels, values = model.predict("영화", 2, 0.0, "strict")
    assert set(labels) == {"__label__0", "__label__1"}
    assert sum(values) == pytest.approx(1, abs=1e-4)


def test_the_test_event(model: Any) -> None:
    first, second = (row["query"] for row in json.loads(EVENT.read_text(encoding="utf-8"))["sentences"])
    assert positive(model, first) >= 0.95
    assert positive(model, second) <= 0.05


def test_reviews_of_our_own(model: Any) -> None:
    wrong = [text for text in GOOD if positive(model, text) <= 0.5]
    wrong += [text for text in BAD if positive(model, text) >= 0.5]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize("text", ODD)
def test_odd_inputs_get_a_probability(model: Any, text: str) -> None:
    assert 0 <= positive(model, text) <= 1


def test_nothing_to_read_is_a_coin_toss(model: Any) -> None:
    assert positive(model, "") == pytest.approx(0.5, abs=1e-4)


def test_spacing_does_not_turn_the_answer(model: Any) -> None:
    for text in GOOD[:6]:
        assert positive(model, text) > 0.5
        assert positive(model, text.replace(" ", "")) > 0.5, text


@pytest.mark.parametrize("text", ["그냥 그랬어요", "보통이에요", "평범한 영화였습니다"])
def test_a_middling_sentence_is_not_certain(model: Any, text: str) -> None:
    """Though none of them was learnt from (tests/test_patterns.py)."""
    assert certainty(model, text) < 0.9


def test_eighty_everyday_sentences_that_nothing_learnt_from(model: Any) -> None:
    """Clear ones are answered, and rightly; of the middling ones many are not, and few are certain."""
    edge, apart = threshold(), packaged_sentences().APART
    assert sum(positive(model, text) >= edge for text in apart["Positive"]) >= 19
    assert sum(1 - positive(model, text) >= edge for text in apart["Negative"]) >= 17
    sure = [certainty(model, text) for text in apart["Middling"]]
    assert sum(value < edge for value in sure) >= 20
    assert sum(value >= 0.9 for value in sure) <= 4


def test_accuracy_and_calibration_on_dev(model: Any) -> None:
    """0.874 or better, and an expected calibration error (15 bins) of 0.03 or less; most of it is answered, and well."""
    gaps = [0.0] * 15
    answered, right, total = [], 0, 0
    for _, text, label in rows("dev.tsv.gz"):
        probability = positive(model, text)
        sure, correct = max(probability, 1 - probability), (probability > 0.5) == (label == 1)
        gaps[min(int(sure * 15), 14)] += sure - correct
        right, total = right + correct, total + 1
        answered += [correct] if sure >= threshold() else []
    assert total > 1000
    assert right / total >= 0.874
    assert sum(map(abs, gaps)) / total <= 0.03
    assert len(answered) / total == pytest.approx(0.9, abs=0.01)
    assert sum(answered) / len(answered) >= 0.908


def test_middling_reviews_are_less_certain_than_clear_ones(model: Any) -> None:
    """AUC of certainty 0.69 or better; of 5 and 6 stars at most 20 % at 0.9 or more, and 21 % or more held back."""
    clear = [certainty(model, text) for _, text, _ in rows("dev.tsv.gz")]
    middling = [
        certainty(model, text) for number, text, stars in rows("neutral.tsv.gz") if stars <= 6 and unseen(number)
    ]
    assert sum(sure >= 0.9 for sure in middling) / len(middling) <= 0.20
    assert sum(sure < threshold() for sure in middling) / len(middling) >= 0.21
    ordered = sorted([(sure, 1) for sure in clear] + [(sure, 0) for sure in middling])
    ranks = sum(rank for rank, (_, of_clear) in enumerate(ordered, start=1) if of_clear)
    assert (ranks - len(clear) * (len(clear) + 1) / 2) / len(clear) / len(middling) >= 0.69


def test_the_card_names_the_pages_threshold() -> None:
    card = (ARCHIVE.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"**{threshold():.3f}**" in card
    assert (ARCHIVE.parent / "calibration.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_the_card_tells_what_it_must() -> None:
    card = (ARCHIVE.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "{{" not in card
    for topic in ("CC0", "Confusion matrix", "calibration error", "guide's recipe", "Limits", "seed", "bytes"):
        assert topic in card, topic
