from __future__ import annotations

from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from models.moderation.sounds import Sounds, counted, syllables

WRITTEN = ["你是废物", "真是废物", "废物一个", "没用的废物", "就是废物", "飞屋环游记", "飞屋很好看"]


table = lru_cache(maxsize=1)(syllables)


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    return Sounds(table(), *counted(WRITTEN))


def test_a_homophone_is_heard_as_what_is_usually_written() -> None:
    assert "".join(sounds().heard("真是肥物")) == "真是废物"
    assert "".join(sounds().heard("没用的废雾")) == "没用的废物"


def test_what_people_write_stays() -> None:
    for text in WRITTEN:
        assert "".join(sounds().heard(text)) == text


def test_characters_alone_and_other_writing_stay() -> None:
    words = ("up", "肥", "is", "2", "\ue000", "🐎")
    assert sounds().heard(words) == words
    assert sounds().heard(()) == ()


def test_nothing_counted_changes_nothing() -> None:
    empty = Sounds(table(), *counted([]))
    assert "".join(empty.heard("真是肥物")) == "真是肥物"


@settings(deadline=None)
@given(st.lists(st.text(alphabet="废物肥飞屋雾㐀龥a1\ue000", min_size=1, max_size=2)))
def test_as_many_words_of_the_same_syllables(words: list[str]) -> None:
    heard = sounds().heard(words)
    assert len(heard) == len(words)
    for said, meant in zip(words, heard, strict=True):
        assert said == meant or table()[ord(said)] == table()[ord(meant)] > 0
