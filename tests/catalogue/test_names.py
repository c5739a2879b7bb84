"""What is taken for a name in a message, and what is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.names import NameIndex
from bot.catalogue.title import Person, Title
from tests.catalogue.conftest import PEOPLE, TITLES


def found(names: NameIndex, text: str) -> list[str]:
    """The best reading of each name in `text`."""
    return [match.ids[0] for match in names.find(text)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("who directed heat?", ["tt0113277"]),
        ("Heat", ["tt0113277"]),
        ("something like Inception but lighter", ["tt1375666"]),
        ("类似《盗梦空间》的", ["tt1375666"]),
        ("肖申克的救赎是谁演的", ["tt0111161"]),
        ("臥虎藏龍", ["tt0190332"]),
        ("spiderman or spider man or SPIDER-MAN", ["tt0145487"] * 3),
        ("was amelie, or AMÉLIE, fun", ["tt0241303"] * 2),
        ("le fabuleux destin d'amelie poulain", ["tt0241303"]),
        ("did Al Pacino work with Robert De Niro", ["al-pacino", "robert-de-niro"]),
        ("诺兰拍过什么", ["christopher-nolan"]),
        ("克里斯托弗诺兰的电影", ["christopher-nolan"]),
        ("tell me about the godfather part 2", ["tt0071562"]),
        ("godfather 2", ["tt0071562"]),
        ("教父", ["tt0068646"]),
        ("who played in star wars", ["tt0076759"]),
        ("is Dirty Pretty Things violent", ["usher-2002"]),
        ("xiaoshenke de jiushu", ["tt0111161"]),
    ],
)
def test_names_are_found_however_they_are_written(
    names: NameIndex, text: str, ids: list[str]
) -> None:
    assert found(names, text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("I love her", []),
        ("I loved Her", ["tt1798709"]),
        ("Spike Jonze's Her", ["spike-jonze", "tt1798709"]),
        ("is it good?", []),
        ("is 'It' good?", ["tt1396484"]),
        ("It (2017)", ["tt1396484"]),
        ("hurry up and tell me", []),
        ("have you seen Up?", ["tt1049413"]),
        ("Up", ["tt1049413"]),
        ("a film about friends", []),
        ("I watched Friends last night", ["tt0108778"]),
        ("我喜欢活着的感觉", []),
        ("电影活着怎么样", ["tt0110081"]),
        ("活着", ["tt0110081"]),
        ("他是我的英雄", []),
        ("想看张艺谋的英雄", ["zhang-yimou", "tt0299977"]),
        ("《她》讲的是什么", ["tt1798709"]),
        ("她很好", []),
        ("something to watch tonight", []),
        ("the second one", []),
        ("不要恐怖片", []),
        ("转人工", []),
    ],
)
def test_ordinary_words_are_names_only_where_the_sentence_says_so(
    names: NameIndex, text: str, ids: list[str]
) -> None:
    assert found(names, text) == ids


def test_a_name_that_is_a_word_is_marked_common(names: NameIndex) -> None:
    assert [match.common for match in names.find("I loved Her, and Inception")] == [True, False]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("who directed teh godfater", ["tt0068646"]),
        ("who directed incepton", ["tt1375666"]),
        ("Shawshenk Redemption", ["tt0111161"]),
        ("肖生克的救赎是谁演的", ["tt0111161"]),
        ("《盗墓空间》好看吗", ["tt1375666"]),
        ("movies by christoper nolan", ["christopher-nolan"]),
    ],
)
def test_typos_are_forgiven(names: NameIndex, text: str, ids: list[str]) -> None:
    matches = names.find(text)
    assert [match.ids[0] for match in matches] == ids
    assert [match.match for match in matches] == ["fuzzy"]
    assert all(match.score < 0.95 for match in matches)


@pytest.mark.parametrize(
    "text",
    [
        "my subtitles are out of sync",
        "how do I get a refund for my subscription",
        "the video keeps buffering on my iphone",
        "我的密码忘了怎么办",
        "怎么取消订阅",
        "where is the fridge",
        "call steven about the exception",
    ],
)
def test_other_words_are_not_taken_for_misspelt_names(names: NameIndex, text: str) -> None:
    assert names.find(text) == []


def test_ambiguous_names_keep_all_readings_but_obscure_ones(names: NameIndex) -> None:
    (dune,) = names.find("9/10 for Dune")
    assert dune.ids == ("tt0087182", "tt1160419")
    (heat,) = names.find("who directed Heat")  # not the obscure one of 1987, nor The Heat
    assert heat.ids == ("tt0113277",)


@pytest.mark.parametrize("text", ["Dune 2021", "Dune (2021)", "2021年的《沙丘》", "2021版沙丘"])
def test_a_year_beside_a_name_picks_the_reading(names: NameIndex, text: str) -> None:
    (dune,) = names.find(text)
    assert dune.ids == ("tt1160419",)


def test_the_longest_name_is_taken(names: NameIndex) -> None:
    (match,) = names.find("watch The Godfather Part II")
    assert match.ids == ("tt0071562",)


def test_offsets_are_of_the_original_text(names: NameIndex) -> None:
    text = "  Ｉｎｃｅｐｔｉｏｎ?? 和《臥虎藏龍》"
    assert [text[m.start : m.end] for m in names.find(text)] == ["Ｉｎｃｅｐｔｉｏｎ", "臥虎藏龍"]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Shawshank Redemtion", "tt0111161"),
        ("Intception", "tt1375666"),
        ("肖生克", "tt0111161"),
        ("卧虎藏", "tt0190332"),
    ],
)
def test_nearest_titles_come_first(names: NameIndex, said: str, title: str) -> None:
    assert names.nearest(said)[0].id == title


def test_nothing_is_near_to_nonsense(names: NameIndex) -> None:
    assert names.nearest("qqqqzzzz") == []
    assert names.nearest("") == []
    assert names.nearest("？！") == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_ordered_spans_that_do_not_overlap(names: NameIndex, text: str) -> None:
    end = 0
    for match in names.find(text):
        assert end <= match.start < match.end <= len(text)
        assert match.ids
        end = match.end
    names.nearest(text)


_NAMES = [
    (name, thing.id)
    for thing in (*TITLES, *PEOPLE)
    for name in (
        thing.title if hasattr(thing, "title") else thing.name,
        thing.title_zh if hasattr(thing, "title_zh") else thing.name_zh,
    )
    if name
]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(_NAMES), st.text("哪部好 ,.!?呀", max_size=6))
def test_a_quoted_name_is_always_found(names: NameIndex, named: tuple[str, str], rest: str) -> None:
    name, owner = named
    matches = names.find(f"{rest}《{name}》{rest}")
    catalogued = {i for match in matches for i in match.ids}
    obscure = {"tt0093164", "tt0067118", "tt0108778"}  # readings of a better known name
    assert owner in catalogued or owner in obscure


def test_a_long_message_is_read_quickly(names: NameIndex) -> None:
    text = "I loved Her and 活着 but up is down it is what it is. " * 80
    started = time.perf_counter()
    names.find(text)
    assert time.perf_counter() - started < 1.0


def test_a_row_of_films_is_found_by_what_their_titles_share() -> None:
    catalogue = Catalogue(
        Title(
            f"hp{n}", "film", f"Harry Potter and the {what}", 2000 + n, title_zh=f"哈利·波特与{zh}"
        )
        for n, (what, zh) in enumerate((("Stone", "石头"), ("Chamber", "密室"), ("Goblet", "火杯")))
    )
    index = NameIndex(catalogue)
    for text in ("harry potter", "something like Harry Potter", "哈利波特"):
        (match,) = index.find(text)
        assert set(match.ids) == {"hp0", "hp1", "hp2"}
    (match,) = index.find("Goblet scared my niece")  # what follows the name of the row
    assert match.ids == ("hp2",)


def test_another_number_is_no_typo(names: NameIndex) -> None:
    assert names.find("who directed the godfather part 7")[0].ids == ("tt0068646",)


def test_surnames_mean_the_famous_only() -> None:
    films = [
        Title(f"t{n}", "film", f"Film {n}", 2000, directors=("ann-kubrick",), cast=("bo-kubrick",),
              title_zh=f"影片{n}")
        for n in range(9)
    ]  # fmt: skip
    people = [Person("ann-kubrick", "Ann Kubrick"), Person("bo-kubrick", "Bo Kubrick")]
    index = NameIndex(Catalogue(films, people))
    assert [match.ids for match in index.find("films by Kubrick")] == [("ann-kubrick",)]
    rivals = [Title("x", "film", "X", 1999, directors=("bo-kubrick",), reviews=400, ratings=9)]
    made = {"directors": ("bo-kubrick",), "title_zh": "甲"}
    rivals += [Title(f"r{n}", "film", "R", 1999, **made) for n in range(5)]  # type: ignore[arg-type]
    index = NameIndex(Catalogue([*films, *rivals], people))
    assert index.find("films by Kubrick") == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("盗梦空简讲的什么", ["tt1375666"]),
        ("肖生克的救赎好看", ["tt0111161"]),
        ("到蒙空煎", []),  # too few characters are the same
        ("盗梦空间", ["tt1375666"]),
    ],
)
def test_characters_of_the_same_sound_are_forgiven(
    names: NameIndex, text: str, ids: list[str]
) -> None:
    assert found(names, text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Heat with Al Pacino, is it long?", ["tt0113277", "al-pacino"]),
        ("Her had me in tears, best film of that year", ["tt1798709"]),
        ("Up in the hills there is no film", []),
    ],
)
def test_a_person_or_talk_of_films_beside_a_word_makes_it_a_name(
    names: NameIndex, text: str, ids: list[str]
) -> None:
    assert found(names, text) == ids


def test_a_name_does_not_begin_inside_a_word() -> None:
    shelf = Catalogue([Title("big", "film", "Big", 1988, title_zh="长大", reviews=300)], [])
    names = NameIndex(shelf)
    assert found(names, "这部的片长大概多少") == []
    assert found(names, "《长大》的片长") == ["big"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Heat or Inception?", ["tt0113277", "tt1375666"]),
        ("Inception or Friends tonight", ["tt1375666", "tt0108778"]),
        ("盗梦空间和活着哪个短一点", ["tt1375666", "tt0110081"]),
        ("a friend or inception", ["tt1375666"]),
        ("Inception heat", ["tt1375666"]),
    ],
)
def test_a_word_beside_a_title_is_another_one(names: NameIndex, text: str, ids: list[str]) -> None:
    assert found(names, text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("a really good heat movie", []),
        ("the movie heat", ["tt0113277"]),
        ("some film about the godfather of soul", []),
        ("what is The Godfather about", ["tt0068646"]),
        ("which song was in Inception", ["tt1375666"]),
    ],
)
def test_a_kind_of_film_or_its_topic_is_no_title(
    names: NameIndex, text: str, ids: list[str]
) -> None:
    assert found(names, text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("活着看得我一夜没睡", ["tt0110081"]),
        ("英雄里面的剑客都有谁", ["tt0299977"]),
        ("活着拿过戛纳的奖", ["tt0110081"]),
        ("他活着就好", []),
        ("那位英雄救了猫", []),
    ],
)
def test_what_is_said_of_a_chinese_word_makes_it_a_title(
    names: NameIndex, text: str, ids: list[str]
) -> None:
    assert found(names, text) == ids


@pytest.mark.parametrize("text", ["a comedy w/ De Niro", "De Niro, then?", "got any de niro"])
def test_a_surname_has_its_particles(text: str) -> None:
    films = [
        Title(f"t{n}", "film", f"Film {n}", 2000, cast=("bob",), title_zh=f"影片{n}", reviews=300)
        for n in range(9)
    ]
    index = NameIndex(Catalogue(films, [Person("bob", "Robert De Niro")]))
    assert found(index, text) == ["bob"]


def test_a_common_first_name_is_a_title_only_in_talk_of_films() -> None:
    people = [Person(f"p{n}", f"Nora Number{n}") for n in range(20)]
    index = NameIndex(Catalogue([Title("nora", "film", "Nora", 2001, reviews=300)], people))
    assert found(index, "ask Nora what she wants") == []
    assert found(index, "the ending of Nora is sad") == ["nora"]
    assert found(index, "which actor was so good in Nora") == ["nora"]
