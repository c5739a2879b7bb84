"""Names reduced to what people agree on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.spelling import (
    fold,
    fold_with_offsets,
    natural_title,
    pinyin,
    slug,
    with_digits,
    without_article,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Spider-Man", "spider man"),
        ("Fast & Furious", "fast and furious"),
        ("Amélie", "AMELIE"),
        ("臥虎藏龍", "卧虎藏龙"),
        ("肖申克·救赎", "肖申克 救赎"),
        ("ＨＥＡＴ", "heat"),
        ("Schindler’s List", "schindlers list"),
        ("Łódź", "lodz"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("Shawshank Redemption, The", "The Shawshank Redemption"),
        ("Fish Called Wanda, A", "A Fish Called Wanda"),
        ("Postino, Il", "Il Postino"),
        ("Avventura, L'", "L'Avventura"),
        ("Good, The Bad and The Ugly, The", "The Good, The Bad and The Ugly"),
        ("Paris, Texas", "Paris, Texas"),
        ("Fast, Cheap & Out of Control", "Fast, Cheap & Out of Control"),
        ("Heat", "Heat"),
    ],
)
def test_articles_come_first_as_people_write_them(listed: str, written: str) -> None:
    assert natural_title(listed) == written


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("The Godfather Part II", ["The Godfather Part 2", "The Godfather 2"]),
        ("Rocky II", ["Rocky 2"]),
        ("Malcolm X", []),
        ("Toy Story 2", []),
        ("Kill Bill: Vol. 1", ["Kill Bill 1"]),
        ("District 13", []),
        ("钢铁侠3", ["钢铁侠三"]),
        ("教父II", ["教父 2", "教父二"]),
    ],
)
def test_sequels_are_known_by_digits_too(name: str, others: list[str]) -> None:
    assert with_digits(name) == others


def test_ids_are_ascii() -> None:
    assert slug("Robert De Niro") == "robert-de-niro"
    assert slug("Conan O'Brien") == "conan-obrien"
    assert slug("霸王别姬") == "ba-wang-bie-ji"
    assert slug("Amélie") == "amelie"


def test_pinyin_is_of_chinese_names_only() -> None:
    assert pinyin("霸王别姬") == "bawangbieji"
    assert pinyin("Heat") == ""


def test_a_lone_article_stays() -> None:
    assert without_article("The") == "The"
    assert without_article("The Heat") == "Heat"


@given(st.text(max_size=60))
def test_folding_is_stable_and_has_offsets(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(folded) == len(offsets)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
    assert not any(character.isspace() for character in folded)


@given(st.text(max_size=40))
def test_any_name_has_an_ascii_id(name: str) -> None:
    assert slug(name).isascii()
    assert slug(name) == slug(name).lower()
