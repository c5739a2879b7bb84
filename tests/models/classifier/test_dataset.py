"""Our own sentences."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from models.classifier.dataset import (
    EMOTIONS,
    OTHER,
    SENTIMENTS,
    DataError,
    asked,
    opinions,
    questions,
    service_and_other,
    topics,
)

HEADER = "text\tsentiment\trating\temotion\tlanguage\n"


def test_opinions_cover_both_languages_and_every_label() -> None:
    found = opinions()
    chinese = sum(any("\u4e00" <= c <= "\u9fff" for c in each.text) for each in found)
    assert min(chinese, len(found) - chinese) >= 500
    assert len({each.text.lower() for each in found}) == len(found)
    emotions = Counter(each.emotion for each in found if each.emotion)
    assert set(emotions) == set(EMOTIONS) and min(emotions.values()) >= 40
    assert min(Counter(each.sentiment for each in found).values()) >= 200


def test_a_rating_agrees_with_its_sentiment() -> None:
    for each in opinions():
        if each.rating is not None and each.sentiment != "neutral":
            assert (each.rating > 3) == (each.sentiment == SENTIMENTS[2]), each.text


def test_topics_come_from_the_question_files() -> None:
    assert topics([*questions(), *opinions()])[-1] == OTHER
    assert len(topics([*questions(), *opinions()])) == 11


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fine\t2\t\tjoy\ten", "x.tsv:2: unknown sentiment"),
        ("fine\t1\t\tglee\ten", "unknown sentiment '1' or emotion 'glee'"),
        ("fine\t1\tfour\tjoy\ten", "the rating 'four' is not a number"),
        ("fine\t1\t9\tjoy\ten", "outside 0.5 to 5"),
        ("fine\t1", "x.tsv:2: 2 columns"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "x.tsv").write_text(HEADER + line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=said):
        opinions(tmp_path)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no opinions"):
        opinions(tmp_path)
    with pytest.raises(DataError, match="no questions"):
        questions(tmp_path)


def test_no_sentence_is_both_learned_and_held_out() -> None:
    learned = {example.text.strip().lower() for example in service_and_other()}
    held = asked("held_out")
    assert len(held) > 1_400
    assert not [example.text for example in held if example.text.strip().lower() in learned]
    assert topics(held) == topics(service_and_other())
