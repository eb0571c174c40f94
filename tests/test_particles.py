"""Particles follow the last sound of the word before them."""

from __future__ import annotations

import pytest

from hol.words.particles import settled
from hol.words.text import t


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("역할은(는)", "역할은"),
        ("함수을(를)", "함수를"),
        ("`myTextClassificationInference`은(는)", "`myTextClassificationInference`는"),
        ("`myTextClassificationLambdaRole-hol`(으)로", "`myTextClassificationLambdaRole-hol`로"),
        ("`error.html`을(를)", "`error.html`을"),
        ("`site`와(과)", "`site`와"),
        ("python3.13을(를)", "python3.13을"),
        ("us-east-1(으)로", "us-east-1로"),
        ("20(으)로", "20으로"),
        ("/prod을(를)", "/prod를"),
        ("Ver 0.01 (build 001)을(를)", "Ver 0.01 (build 001)을"),
        ("“ACL”이(가)", "“ACL”이"),
        ("API(이)라서", "API라서"),
        ("blazingtext-text-classification(이)에요", "blazingtext-text-classification이에요"),
        ("`*`을(를)", "`*`을(를)"),  # nobody knows how it is read
        ("그대로 둡니다 (S3)", "그대로 둡니다 (S3)"),
    ],
)
def test_the_particle_is_chosen(written: str, said: str) -> None:
    assert settled(written) == said


def test_a_sentence_chooses_for_its_values_and_english_has_none() -> None:
    sentence = t("{} cannot be read", "config.yaml")
    assert sentence.render("ko") == "config.yaml을 읽을 수 없습니다"
    assert sentence.render("en") == "config.yaml cannot be read"
