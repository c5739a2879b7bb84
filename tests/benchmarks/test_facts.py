"""The comparison of our facts with reference sets, on tiny inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import facts
from benchmarks.fact_matching import (
    Matcher,
    compare,
    compare_chinese_titles,
    compare_people,
    countries,
    person_key,
    same_person,
)
from benchmarks.reference_sets import Reference, ReferencePerson, read_inserts
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Person, Title

WONG = Person("wong-kar-wai", "Wong Kar-wai", "王家卫")
LEUNG = Person("tony-leung", "Tony Leung Chiu-wai", "梁朝伟")
CHEUNG = Person("maggie-cheung", "Maggie Cheung", "张曼玉")
MANN = Person("michael-mann", "Michael Mann")
MOOD = Title(
    id="tt0118694",
    kind="film",
    title="In the Mood for Love",
    title_zh="花样年华",
    year=2000,
    directors=(WONG.id,),
    cast=(LEUNG.id, CHEUNG.id),
    countries=("Hong Kong",),
    runtime=98,
    ratings=10,
)
HEAT = Title(id="tt0113277", kind="film", title="Heat", year=1995, directors=(MANN.id,), reviews=99)


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue([MOOD, HEAT], [WONG, LEUNG, CHEUNG, MANN])


def test_order_and_hyphens_of_a_name_do_not_matter() -> None:
    assert person_key("Wong Kar-wai") == person_key("Kar Wai Wong")
    assert person_key("Wong Kar-wai") != person_key("Wong Jing")


def test_a_person_is_known_by_either_script_or_not_at_all() -> None:
    assert same_person("王家衛", WONG) is True
    assert same_person("王晶", WONG) is False
    assert same_person("迈克尔·曼", MANN) is None
    assert same_person("詹姆斯·卡麦隆", Person("c", "James Cameron", "詹姆斯·卡梅隆")) is True


def test_the_director_is_compared_where_name_and_year_agree(catalogue: Catalogue) -> None:
    right = Reference("花样年华", 2001, "film", directors=("王家卫",))
    wrong = Reference("In the Mood for Love", 2000, "film", directors=("Wong Jing",))
    elsewhere = Reference("花样年华", 1980, "film", directors=("王晶",))
    tally = compare([right, wrong, elsewhere], Matcher(catalogue))["director"]
    assert (tally.compared, tally.equal, tally.share) == (2, 1, 0.5)
    assert "Wong Jing" in tally.different[0]


def test_the_year_is_compared_where_name_and_people_agree(catalogue: Catalogue) -> None:
    rows = [
        Reference(
            "花样年华", 2000, "film", directors=("王家卫",), runtime=95, countries=("中国香港",)
        ),
        Reference(
            "In the Mood for Love", 2001, "film", cast=("Maggie Cheung", "Tony Leung Chiu Wai")
        ),
        Reference("花样年华", 2020, "film", directors=("王家卫",), runtime=120),
        Reference("Heat", 1986, "film", directors=("Dick Richards",)),
    ]
    tallies = compare(rows, Matcher(catalogue))
    assert [tallies["year, same"].compared, tallies["year, same"].equal] == [3, 1]
    assert tallies["year, off by one at most"].equal == 2
    assert [tallies["runtime, ±5 min"].compared, tallies["runtime, ±5 min"].equal] == [2, 1]
    assert tallies["country, one in common"].share == 1.0


def test_chinese_titles_are_compared_by_credits(catalogue: Catalogue) -> None:
    people = {"directors": ("王家卫",), "cast": ("张曼玉", "梁朝伟")}
    rows = [Reference("花样年华", 2000, **people), Reference("别的名字", 2000, **people)]
    tally = compare_chinese_titles(rows, Matcher(catalogue))
    assert (tally.compared, tally.equal) == (2, 1)


def test_chinese_names_of_people(catalogue: Catalogue) -> None:
    people = [
        ReferencePerson("Maggie Cheung", "张曼玉"),
        ReferencePerson("Wong Kar-wai", "黄霑"),
        ReferencePerson("Somebody Else", "某人"),
    ]
    tally = compare_people(people, catalogue)
    assert (tally.compared, tally.equal) == (2, 1)


def test_countries_under_our_names() -> None:
    assert countries(["中国大陆", "中国香港", "美国", "火星"]) == {
        "China",
        "Hong Kong",
        "United States",
    }


def test_inserts_with_quotes_escapes_and_null() -> None:
    dump = (
        "-- comment\n"
        "INSERT INTO `movie` (`movie_id`, `movie_title`) VALUES "
        r"(1,'It\'s, (a) \"test\"'),(2,NULL),(3,'O''Neil\n'),(4,'');"
        "\n"
    )
    rows = read_inserts(dump)["movie"]
    assert [row["movie_title"] for row in rows] == ['It\'s, (a) "test"', None, "O'Neil\n", ""]
    assert [row["movie_id"] for row in rows] == ["1", "2", "3", "4"]


def test_most_rated_and_most_credited(catalogue: Catalogue) -> None:
    assert [title.id for title in facts.most_rated(catalogue)] == [HEAT.id, MOOD.id]
    assert set(facts.most_credited(catalogue)) == {WONG.id, LEUNG.id, CHEUNG.id, MANN.id}


def test_missing_sets_are_named(tmp_path: Path) -> None:
    gone = facts.missing(tmp_path)
    assert tmp_path / "wikipedia_movie_data" in gone
    assert len(gone) == 5
