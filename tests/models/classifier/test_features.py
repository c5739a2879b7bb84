"""Text as hashed features."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.classifier.features import BUCKETS, HEAD, TAIL, WIDTH, encode, pad, tokens


def test_both_languages_in_one_sentence() -> None:
    assert tokens("Don’t miss 这部 film!!") == ["don't", "miss", "这", "部", "film", "!", "!"]


def test_width_case_and_stretching_do_not_matter() -> None:
    assert (encode("ＳＯＯＯＯＯ good") == encode("soo GOOD")).all()


def test_the_same_text_gives_the_same_numbers_everywhere() -> None:
    assert encode("好film").tolist()[0][:3] == [5364, 28322, 0]


def test_a_slip_of_the_finger_shares_pieces() -> None:
    assert len(set(encode("subtitles")[0]) & set(encode("subtitels")[0])) >= 4


def test_a_long_text_keeps_beginning_and_end() -> None:
    text = "start " + "word " * 5000 + "end"
    assert len(encode(text)) == HEAD + TAIL
    assert (encode(text)[0] == encode("start")[0]).all()
    assert encode(text)[-1][0] == encode("end")[0][0]


@given(st.lists(st.text(max_size=80), min_size=1, max_size=5))
def test_any_text_has_at_least_one_row_within_the_table(texts: list[str]) -> None:
    batch = pad([encode(text) for text in texts])
    assert batch.shape[0] == len(texts) and batch.shape[1] >= 1 and batch.shape[2] == WIDTH
    assert batch.min() >= 0 and batch.max() < BUCKETS
    assert batch.dtype == np.int32
