"""Whole sentences: everything found in them, and what of it is refused."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.phrases import with_phrases


def said(text: str) -> list[str]:
    """Entities as "genre=Comedy", a refused one with a minus in front, in the order of the text."""
    return [f"{'-' if e['negated'] else ''}{e['entity']}={e['value']}" for e in with_phrases(text)]


NINETIES = "years={'from': 1990, 'to': 1999}"
UNDER_TWO_HOURS = "runtime={'min': None, 'max': 120}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a funny sci-fi from the 90s under two hours, not animated",
            ["mood=funny", "genre=Sci-Fi", NINETIES, UNDER_TWO_HOURS, "-genre=Animation"],
        ),
        (
            "90年代的搞笑科幻片，两小时以内",
            [NINETIES, "mood=funny", "genre=Sci-Fi", UNDER_TWO_HOURS],
        ),
        ("not horror", ["-genre=Horror"]),
        ("no horror please", ["-genre=Horror"]),
        ("anything but horror", ["-genre=Horror"]),
        ("no horror or war", ["-genre=Horror", "-genre=War"]),
        ("nothing scary, violent or sad", ["-mood=scary", "-mood=violent", "-mood=sad"]),
        ("not horror, something funny", ["-genre=Horror", "mood=funny"]),
        ("not a comedy but a thriller", ["-genre=Comedy", "genre=Thriller"]),
        ("I'm tired of comedies, give me a thriller", ["-genre=Comedy", "genre=Thriller"]),
        ("don't give me horror movies", ["-genre=Horror"]),
        ("I don't like westerns", ["-genre=Western"]),
        ("no French films", ["-country=France", "kind=film"]),
        ("no series", ["-kind=series"]),
        ("I don't want to watch anything too scary", ["-mood=scary"]),
        ("a not too scary thriller", ["-mood=scary", "genre=Thriller"]),
        ("non-violent action movies", ["-mood=violent", "genre=Action"]),
        ("no more than two hours and not horror", [UNDER_TWO_HOURS, "-genre=Horror"]),
        ("don't you have a comedy?", ["genre=Comedy"]),
        ("why not a comedy", ["genre=Comedy"]),
        ("not sure, maybe a comedy", ["genre=Comedy"]),
        ("no problem, a comedy then", ["genre=Comedy"]),
        ("I want a horror, no romance", ["genre=Horror", "-genre=Romance"]),
        ("comedies are not my thing", ["-genre=Comedy"]),
        ("no, the 1995 one", ["years={'from': 1995, 'to': 1995}"]),
        ("something like that but lighter", ["direction=lighter"]),
        ("shorter and funnier", ["direction=shorter", "direction=funnier"]),
        ("two movies with 4 stars", ["number=2", "kind=film", "rating=4.0"]),
        ("movies in French", ["kind=film", "spoken_language=French"]),
        ("不要恐怖片", ["-genre=Horror"]),
        ("别给我恐怖片", ["-genre=Horror"]),
        ("不要给我推荐恐怖片了", ["-genre=Horror"]),
        ("除了恐怖片以外都行", ["-genre=Horror"]),
        ("不想看爱情片", ["-genre=Romance"]),
        ("看腻了爱情片", ["-genre=Romance"]),
        ("爱情片看腻了", ["-genre=Romance"]),
        ("恐怖片就算了", ["-genre=Horror"]),
        ("恐怖片和战争片都不要", ["-genre=Horror", "-genre=War"]),
        ("要喜剧不要悲剧", ["genre=Comedy", "-mood=sad"]),
        ("讨厌歌舞片，喜欢悬疑", ["-genre=Musical", "genre=Mystery"]),
        ("有没有不恐怖的悬疑片", ["-genre=Horror", "genre=Mystery"]),
        ("有没有恐怖片", ["genre=Horror"]),
        ("特别搞笑的", ["mood=funny"]),
        ("不要美国的", ["-country=United States"]),
        ("不太恐怖的", ["-genre=Horror"]),
        ("不要韩剧", ["-country=South Korea", "kind=series"]),
        ("来五部科幻片", ["number=5", "genre=Sci-Fi"]),
        ("给我推荐三部轻松的喜剧片", ["number=3", "mood=light", "genre=Comedy"]),
        ("适合全家看的动画片", ["audience=family", "genre=Animation"]),
        ("短一点的，再新一点", ["direction=shorter", "direction=newer"]),
        ("1995年那部", ["years={'from': 1995, 'to': 1995}", "reference=it"]),
        ("法国爱情片，别太沉重", ["country=France", "genre=Romance", "mood=light"]),
        ("说中文", ["spoken_language=Mandarin"]),
        ("speak English", ["spoken_language=English"]),
        ("", []),
        ("hello there", []),
        ("谢谢", []),
    ],
)
def test_phrases_of_a_sentence(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize("text", ["recent films", "最近的电影"])
def test_recent_counts_back_from_today(text: str) -> None:
    spans = [e["value"] for e in with_phrases(text) if e["entity"] == "years"]
    assert spans == [{"from": date.today().year - 2, "to": None}]


def name(text: str, words: str, **more: object) -> dict:
    start = text.index(words)
    span = {"entity": "title", "start": start, "end": start + len(words), "value": words}
    return {**span, "match": "exact", **more}


def test_nothing_is_found_inside_a_name() -> None:
    text = "who directed The French Connection"
    entities = with_phrases(text, [name(text, "The French Connection")])
    assert [e["entity"] for e in entities] == ["title"]


def test_names_are_refused_too() -> None:
    text = "anything but Christopher Nolan"
    entities = with_phrases(text, [name(text, "Christopher Nolan", entity="person")])
    assert [e["negated"] for e in entities] == [True]


@pytest.mark.parametrize(
    ("text", "words", "stands"),
    [
        ("a heist movie", "heist", False),
        ("who directed Heist?", "Heist", True),
        ("films from the US", "US", False),
        ('have you got "US"', "US", True),
        ("movies from 2012", "2012", False),
        ("这部电影谁演的", "影", False),
        ("comedy", "comedy", False),
    ],
)
def test_a_name_that_is_also_a_phrase(text: str, words: str, stands: bool) -> None:
    entities = with_phrases(text, [name(text, words)])
    assert ("title" in [e["entity"] for e in entities]) is stands


FRAGMENTS = """
not no 不要 别 除了 horror 恐怖片 the 90s 80年代 under two hours 两小时 9/10 五星 第 三 个 it
这部 , 。 or and 和 《 》 but 12 2000 before 以前 last one 最后 ' " / . 分 年 部 K-dramas the first
two 前两部
"""
PIECES = st.lists(st.sampled_from(FRAGMENTS.split()), max_size=14)


@given(st.one_of(st.text(max_size=100), PIECES.map(" ".join), PIECES.map("".join)))
def test_any_text_gives_sound_entities(text: str) -> None:
    entities = with_phrases(text)
    spans = sorted({(e["start"], e["end"]) for e in entities})
    for start, end in spans:
        assert 0 <= start < end <= len(text)
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start
    assert len({(e["entity"], e["start"], str(e["value"])) for e in entities}) == len(entities)


def test_the_kind_of_a_chinese_title_that_nobody_has_is_no_wish() -> None:
    name = {"entity": "title", "start": 0, "end": 4, "value": "月影书生", "match": "unknown"}
    assert [e["entity"] for e in with_phrases("月影书生电视剧", [name])] == ["title"]
    known = {**name, "match": "exact"}
    assert [e["entity"] for e in with_phrases("月影书生电视剧", [known])] == ["title", "kind"]
