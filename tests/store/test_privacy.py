from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.numbers import is_chinese_id, is_luhn
from bot.store.privacy import mask

from .personal_data import PHONES, harmless, personal


def test_personal_data_of_both_languages_is_masked() -> None:
    examples = personal()
    assert len(examples) >= 200 and len(PHONES) >= 10
    missed = [each for each in examples if each.secret in mask(each.text)]
    assert 1 - len(missed) / len(examples) >= 0.98, missed[:10]
    # No kind may hide behind the others.
    for kind in {each.kind for each in examples}:
        of_kind = [each for each in examples if each.kind == kind]
        assert sum(each in missed for each in of_kind) <= 0.05 * len(of_kind), (kind, missed[:10])


def test_nothing_of_a_number_or_an_address_is_left_over() -> None:
    for each in personal(seed=23):
        left = mask(each.text)
        digits = [sign for sign in left if sign.isdigit()]
        if each.kind in ("phone", "card", "id", "qq") and each.secret not in left:
            assert len(digits) <= 3, (each, left)


def test_harmless_sentences_with_numbers_stay_as_they_are() -> None:
    sentences = harmless()
    assert len(sentences) >= 2000
    changed = [(each, mask(each)) for each in sentences if mask(each) != each]
    assert len(changed) / len(sentences) <= 0.001, changed[:10]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的邮箱是mei@qq.com谢谢", "我的邮箱是[email]谢谢"),
        ("ｍｅｉ＠ｑｑ．ｃｏｍ", "[email]"),
        ("john at gmail dot com", "[email]"),
        ("电话１３８１２３４５６７８", "电话[phone]"),
        ("tel.13812345678", "tel.[phone]"),
        ("call +44 7911 123456, thanks", "call [phone], thanks"),
        ("身份证11010519491231002X", "身份证[id]"),
        ("my SSN is 123-45-6789", "my SSN is [id]"),
        ("passport number E12345678", "passport number [id]"),
        ("护照号是EA1234567", "护照号是[id]"),
        ("4111-1111-1111-1111 was charged", "[card] was charged"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [account]"),
        ("微信号：filmfan", "微信号：[wechat]"),
        ("QQ号12345678", "QQ号[qq]"),
        ("住在北京市朝阳区建国路88号3单元502室", "住在[address]"),
        ("I live at 12 Baker Street, London", "I live at [address]"),
        ("密码是abc12345", "密码是[secret]"),
        ("https://x.example/a?b=1&token=s3cret", "https://x.example/a?b=1&token=[token]"),
        ("https://x.example/?email=a%40b.com", "https://x.example/?email=[personal]"),
        ("a@b.com and c@d.org", "[email] and [email]"),
    ],
)
def test_what_it_was_is_said_in_its_place(text: str, expected: str) -> None:
    assert mask(text) == expected


def test_numbers_with_wrong_check_digits_are_not_taken_for_cards_or_identities() -> None:
    assert is_luhn("4111111111111111") and not is_luhn("4111111111111112")
    assert is_chinese_id("11010519491231002X") and not is_chinese_id("110105194912310021")
    assert not is_chinese_id("11010519491331002X")
    assert mask("4111 1111 1111 1112") == "4111 1111 1111 1112"


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@pytest.mark.parametrize("text", ["我家电话\n88886666", "电话[备用] 88886666"])
def test_the_word_before_a_number_reaches_over_brackets_and_a_line(text: str) -> None:
    assert mask(text) == text.replace("88886666", "[phone]")


def test_the_word_before_a_masked_number_says_nothing_of_the_next() -> None:
    once = mask("这是我的号码：15260181590。\n1 2 3 4 5 6 7 8 9 10")
    assert once == mask(once) == "这是我的号码：[phone]。\n1 2 3 4 5 6 7 8 9 10"


@given(
    st.lists(
        st.sampled_from([each.text for each in personal(2)] + harmless(200)), min_size=1, max_size=4
    )
)
@settings(max_examples=50)
def test_masking_a_corpus_twice_changes_nothing_more(pieces: list[str]) -> None:
    once = mask("\n".join(pieces))
    assert mask(once) == once


PIECES = (
    "1| |-|a|@|.|(|)|+|http://|?token=|/|&|中|路|号|市|street|live at |微信|QQ|wx |0|%40| dot |"
    " at |, |eyJ|sk-|Bearer |住在|室|12 |密码是|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|_|#|\n"
)
HOSTILE = st.lists(st.sampled_from(PIECES.split("|")), min_size=1, max_size=6)


@given(HOSTILE)
@settings(max_examples=60, deadline=None)
def test_time_is_linear_on_hostile_text(pieces: list[str]) -> None:
    unit = "".join(pieces) or "|"
    short, long = (unit * (size // len(unit) + 1) for size in (1000, 4000))
    assert _seconds(long[:4000]) <= 8 * _seconds(short[:1000]) + 0.01


def _seconds(text: str) -> float:
    best = 1.0
    for _ in range(3):
        started = time.process_time()
        mask(text)
        best = min(best, time.process_time() - started)
    return best
