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
        ("`*`을(를)", "`*`를"),  # 별표를
        ("GET이(가)", "GET이"),
        ("GET을(를)", "GET을"),
        ("PUT이(가)", "PUT이"),
        ("POST이(가)", "POST가"),
        ("MOCK이(가)", "MOCK이"),
        ("NONE이(가)", "NONE이"),
        ("ANY이(가)", "ANY가"),
        ("OPTIONS을(를)", "OPTIONS를"),
        ("JSON은(는)", "JSON은"),
        ("HTTP(이)라서", "HTTP라서"),
        ("AWS_IAM을(를)", "AWS_IAM을"),
        ("bucket이(가)", "bucket이"),
        ("input이(가)", "input이"),
        ("timeout을(를)", "timeout을"),
        ("endpoint이(가)", "endpoint가"),
        ("event와(과)", "event와"),
        ("API이(가)", "API가"),
        ("URL이(가)", "URL이"),
        ("url(으)로", "url로"),
        ("arn:aws:sagemaker:*:*:endpoint/*을(를)", "arn:aws:sagemaker:*:*:endpoint/*를"),
        ("`10`(이)에요", "`10`이에요"),
        ("“”이(가)", "“”가"),
        ("이(가)", "가"),
        ("테스트(상태 403)이(가)", "테스트(상태 403)가"),
        ("API (018e92e7)을(를)", "API (018e92e7)를"),
        ("시작(AWS에서는 3~10분)을(를) 기다리는 중", "시작(AWS에서는 3~10분)을 기다리는 중"),
        ("GET이(가) 있고 POST이(가) 없어요", "GET이 있고 POST가 없어요"),
        ("그대로 둬요 (S3)", "그대로 둬요 (S3)"),
    ],
)
def test_the_particle_is_chosen(written: str, said: str) -> None:
    assert settled(written) == said


def test_a_sentence_chooses_for_its_values_and_english_has_none() -> None:
    sentence = t("{} cannot be read", "config.yaml")
    assert sentence.render("ko") == "config.yaml을 읽을 수 없어요"
    assert sentence.render("en") == "config.yaml cannot be read"
