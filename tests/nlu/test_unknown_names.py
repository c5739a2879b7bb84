import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.unknown_names import unknown_names


def unknown(text: str, known: list[tuple[int, int]] | None = None) -> list[tuple[str, str]]:
    return [(name.kind, text[name.start : name.end]) for name in unknown_names(text, known or [])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("who directed Zorblax 3?", [("title", "Zorblax 3")]),
        ("have you seen The Zorblax Chronicles", [("title", "The Zorblax Chronicles")]),
        ("something like Zorblax of Rome", [("title", "Zorblax of Rome")]),
        ('tell me about "zorblax returns"', [("title", "zorblax returns")]),
        ("《流浪星球九》是什么", [("title", "流浪星球九")]),
        ("有没有「幻影谜踪」", [("title", "幻影谜踪")]),
        ("films by Jonathan Zorblax", [("person", "Jonathan Zorblax")]),
        ("who is Tom Zorblax", [("person", "Tom Zorblax")]),
        ("我想看月影书生", [("title", "月影书生")]),
        ("电视剧月影书生", [("title", "月影书生")]),
        ("月影书生第五集", [("title", "月影书生")]),
        ("播放月影书生", [("title", "月影书生")]),
        ("要看月影侦探小生", [("title", "月影侦探小生")]),
        ("书生的月影第五集", [("title", "书生的月影")]),
        ("我想看动作大片", []),
        ("月影书生", []),
        ("我想看科幻片", []),
        ("我想看点轻松的", []),
        ("给我看片单", []),
        ("欧洲电影", []),
        ("我想看球赛", []),
        ("movies in French", []),
        ("is it on Netflix", []),
        ("what can I watch on Friday", []),
        ("I like Thai movies", []),
        ("I LIKE IT A LOT", []),
        ("who directed it", []),
        ("it's what 'everyone' says", []),
        ("Something Like Zorblax For Me Please", []),
        ("book me a flight to Paris", []),
        ("who directed splatter disco", [("title", "splatter disco")]),
        ("what was the dracula saga about", [("title", "dracula saga")]),
        ("a western directed by ivan zuccon in 1960", [("person", "ivan zuccon")]),
        ("did paul ziller direct any dramas", [("person", "paul ziller")]),
        ("films directed by women", []),
        ("a comedy starring two famous actors", []),
        ("who directed the second one", []),
        ("what is this movie about", []),
        ("what is the meeting about", []),
        ("who directed romantic comedies", []),
    ],
)
def test_names_that_nobody_knows(text: str, expected: list[tuple[str, str]]) -> None:
    assert unknown(text) == expected


def test_a_known_name_is_not_unknown() -> None:
    assert unknown("who directed Heat?", [(13, 17)]) == []
    assert unknown("《流浪地球》", [(1, 5)]) == []


def test_a_frame_makes_one_title_of_a_known_one_and_more() -> None:
    assert unknown("who directed cyborg 2", [(13, 19)]) == [("title", "cyborg 2")]
    assert unknown("who directed the first cyborg", [(23, 29)]) == []
    assert unknown("who directed cyborg and heat", [(13, 19)]) == []


def test_marks_make_one_title_even_over_a_known_part() -> None:
    assert unknown("《流浪地球九》", [(1, 5)]) == [("title", "流浪地球九")]


@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    for name in unknown_names(text, []):
        assert 0 <= name.start < name.end <= len(text)
