"""The wide part and the calibration that joins it to the recurrent one."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.classifier import calibration, wide
from models.classifier.features import GRAMS, grams
from models.classifier.wide import Wide

GOOD = ["a good film", "good and warm", "so good", "这部好看", "真好看"]
BAD = ["a bad film", "bad and dull", "so bad", "这部难看", "真难看"]
NAMES = ("negative", "neutral", "positive")


def fitted() -> Wide:
    labels = ["positive"] * len(GOOD) + ["negative"] * len(BAD)
    made = wide.fit(wide.table([*GOOD, *BAD]), labels, NAMES)
    return Wide({f"sentiment.{name}": value for name, value in made.items()}, "sentiment")


def test_words_decide() -> None:
    part = fitted()
    assert part.logits(grams("good"))[2] > part.logits(grams("good"))[0]
    assert part.logits(grams("难看"))[0] > part.logits(grams("难看"))[2]


def test_a_label_without_examples_is_never_likeliest() -> None:
    assert fitted().logits(grams("good bad"))[1] < -4


def test_unknown_words_leave_the_bias() -> None:
    part = fitted()
    assert np.array_equal(part.logits(grams("zzz qqq")), part.logits(grams("")))


@given(st.text(max_size=400))
def test_buckets_are_sorted_and_within_the_table(text: str) -> None:
    found = grams(text)
    assert found.dtype == np.int32 and (np.diff(found) > 0).all()
    assert len(found) == 0 or (found[0] >= 0 and found[-1] < GRAMS)


def test_a_long_text_takes_time_in_proportion() -> None:
    def seconds(words: int) -> float:
        text = " ".join(f"w{i}" for i in range(words))
        spent = []
        for _ in range(5):
            began = time.perf_counter()
            grams(text)
            spent.append(time.perf_counter() - began)
        return min(spent)

    assert seconds(8000) < 40 * max(seconds(1000), 1e-4)


def test_the_mix_leans_on_the_part_that_knows() -> None:
    rng = np.random.default_rng(0)
    wanted = rng.integers(0, 3, 400)
    knows = 2.0 * np.eye(3)[wanted] + rng.normal(0, 0.5, (400, 3))
    guesses = rng.normal(0, 1, (400, 3))
    ours, theirs = calibration.mix(guesses, knows, wanted)
    assert ours < 0.3 < theirs
    assert calibration.surprise(theirs * knows, wanted) < calibration.surprise(0 * knows, wanted)


def test_the_threshold_leaves_out_what_is_mostly_wrong() -> None:
    shares = np.array([[0.515, 0.485]] * 50 + [[0.95, 0.05]] * 50)
    wanted = np.array([1] * 40 + [0] * 10 + [0] * 50)
    assert 0.515 < calibration.threshold(shares, wanted) <= 0.95
