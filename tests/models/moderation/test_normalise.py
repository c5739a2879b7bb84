from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.moderation.normalise import PLACEHOLDER, normalise


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("f u c k  y o u", "fuck you"),
        ("F.U.C.K you", "fuck you"),
        ("f**k you", "fuck you"),
        ("fu ck you", "fuck you"),
        ("Sh!t", "shit"),
        ("1d10t", "idiot"),
        ("@sshole", "asshole"),
        ("a$$hole", "asshole"),
        ("ｆｕｃｋ", "fuck"),
        ("fυсk", "fuck"),
        ("f\u200bu\u200bc\u200bk", "fuck"),
        ("stuuuuupid", "stupid"),
        ("🅵🆄🅲🅺", "fuck"),
        ("傻*逼", "傻逼"),
        ("傻 逼", "傻逼"),
        ("傻·逼", "傻逼"),
        ("煞笔", "傻逼"),
        ("你🐎死了", "你妈死了"),
        ("幹你娘", "操你妈"),
    ],
)
def test_disguises_are_undone(disguised: str, plain: str) -> None:
    assert normalise(disguised).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "90s films in 1080p, 2nd season, $20, 7/10",
        "1917 and 2046 and 21 grams",
        "tmdb and shabby chic",
        "约翰尼·马丁",
        "你马上推荐一部日本电影",
        "达芬奇密码的结局",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert normalise(text).text == text


def test_a_span_leads_back_to_the_message() -> None:
    text = "hey, F.U.C.K you"
    result = normalise(text)
    start = result.text.index("fuck")
    assert text[slice(*result.original(start, start + 4))] == "F.U.C.K"


def test_known_names_become_one_character() -> None:
    assert normalise("play Kick-Ass now", [(5, 13)]).text == f"play {PLACEHOLDER} now"


def test_nobody_can_type_the_mark_of_a_known_name() -> None:
    assert PLACEHOLDER not in normalise(f"you {PLACEHOLDER}").text


_ANY = st.text(max_size=300) | st.text(
    alphabet="fuck .*-_@$!10 傻逼\u200b·🐎🖕ａ\ufdfa\u0301", max_size=300
)


@given(_ANY)
@settings(max_examples=200, deadline=None)
def test_offsets_lie_in_the_message_and_follow_its_order(text: str) -> None:
    result = normalise(text)
    assert len(result.text) == len(result.starts) == len(result.ends)
    assert len(result.text) <= 4 * len(text) + 8
    assert all(
        0 <= start < end <= len(text)
        for start, end in zip(result.starts, result.ends, strict=False)
    )
    assert list(result.starts) == sorted(result.starts)


@pytest.mark.parametrize(
    "unit", ["f u c k ", "a.", "a*", "傻 ", "$!", "\ufdfa", "aaaa", "sha", "f", "·", "@a ", "www."]
)
def test_four_thousand_hostile_characters_take_little_time(unit: str) -> None:
    text = (unit * 4000)[:4000]
    normalise(text[:50])
    begun = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - begun < 0.25
