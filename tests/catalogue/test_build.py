"""The base: movies.db, MovieLens 100K and our own facts become one catalogue."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine

from bot.catalogue.bad_rows import RowError, TooManyBadRows
from bot.catalogue.build import build, is_built
from bot.catalogue.catalogue import Catalogue
from bot.settings import ROOT, Settings
from bot.store.catalogue_schema import catalogue_ratings, titles
from tests.catalogue.test_readers import write_movies_db

FILMS = [
    ("tt0113277", "Heat", 1995, 170.0, "Crime", "Michael Mann", "Al Pacino, Robert De Niro",
     "English", "United States", 7.8, 154),
    ("tt0111161", "The Shawshank Redemption", 1994, 142.0, "Drama", "Frank Darabont",
     "Bob Gunton, Morgan Freeman, Tim Robbins", "English", "United States", 8.2, 146),
    ("tt0076759", "Star Wars: Episode IV – A New Hope", 1977, 121.0, "Sci-Fi", "George Lucas",
     "", "English", "United States", 8.5, 206),
    ("tt0109424", "Chungking Express", 1994, 98.0, "Drama", "Wong Kar-wai",
     "Brigitte Lin, Tony Leung", "Cantonese", "Hong Kong", 8.0, 40),
]  # fmt: skip
ITEMS = """item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq
1\tShawshank Redemption, The\t1994\tDrama
2\tStar Wars\t1977\tAction Sci-Fi
3\tChungking Express\t1995\tDrama
4\tUnjoined, The (Mai Visto)\t1996\tComedy Children's
5\tStar Wars\t1977\tAction
6\tunkonwn\t\tunknown
"""
INTERACTIONS = """user_id:token\titem_id:token\trating:float\ttimestamp:float
1\t1\t5\t100
1\t2\t4\t100
1\t5\t2\t200
2\t4\t3\t100
"""
FACTS = {
    "film_names.csv": """imdb_id,title,year,title_zh,aliases_zh,aliases
tt0076759,Star Wars: Episode IV – A New Hope,1977,星球大战,星战,Star Wars
,Heat,1995,盗火线,,
tt0109424,Chungking Express,1994,重庆森林,,
tt9999999,Nowhere Else,2001,无处可去,,
""",
    "chinese_films.csv": (
        "imdb_id,kind,title,title_zh,original_title,year,aliases,aliases_zh,genres,directors,cast,"
        "countries,languages,runtime,seasons,synopsis_en,synopsis_zh\n"
        ",film,Chungking Express,重庆森林,,1994,,重庆快车,Drama|Romance,Wong Kar-wai,"
        "Tony Leung Chiu-wai|Faye Wong,Hong Kong,Cantonese|Mandarin,102,,Two cops.,两个警察。\n"
        ",film,Made Up,杜撰,,1994,,,Comedy,Somebody Else,,China,Mandarin,90,,,\n"
    ),
    "series.csv": (
        "imdb_id,kind,title,year,seasons,genres\ntt0108778,series,Friends,1994,10,Comedy\n"
        ",series,Heat,1995,2,Crime\n"
    ),
    "synopses.csv": (
        'imdb_id,title,year,synopsis_en,synopsis_zh\ntt0113277,Heat,1995,"A thief, a cop.",警匪。\n'
    ),
    "people.csv": (
        "name,name_zh,aliases,aliases_zh\nTony Leung Chiu-wai,梁朝伟,Tony Leung|Leung,\n"
        "Al Pacino,阿尔·帕西诺,,帕西诺\n"
    ),
}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder like the one the data is fetched to."""
    folder = tmp_path / "raw"
    folder.mkdir()
    write_movies_db(folder / "movies.db", FILMS)
    (folder / "ml-100k.item").write_text(ITEMS, encoding="utf-8")
    (folder / "ml-100k.inter").write_text(INTERACTIONS, encoding="utf-8")
    return folder


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A folder of our own facts."""
    folder = tmp_path / "facts"
    folder.mkdir()
    for name, content in FACTS.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_sources_become_one_title_each(database: Engine, raw: Path, facts: Path) -> None:
    said: list[str] = []
    report = build(database, raw, facts, said.append)
    catalogue = Catalogue.load(database)
    heat = catalogue.titles["tt0113277"]
    assert (heat.title_zh, heat.synopsis_zh, heat.runtime) == ("盗火线", "警匪。", 170)
    assert [catalogue.people[p].label("zh") for p in heat.cast] == ["阿尔·帕西诺", "Robert De Niro"]
    assert catalogue.titles["heat-1995-s"].seasons == 2
    assert catalogue.titles["tt0108778"].kind == "series"
    assert catalogue.titles["tt9999999"].title_zh == "无处可去"
    assert catalogue.titles["made-up-1994"].genres == ("Comedy",)
    assert report.films == 4
    assert (report.movielens, report.movielens_joined) == (5, 4)
    assert any("4 of 5" in line for line in said)
    assert len(catalogue) == report.titles == 9


def test_our_own_cast_comes_first_and_people_are_found_by_alias(
    database: Engine, raw: Path, facts: Path
) -> None:
    build(database, raw, facts)
    catalogue = Catalogue.load(database)
    express = catalogue.titles["tt0109424"]
    assert express.cast == ("tony-leung-chiu-wai", "faye-wong", "brigitte-lin")
    assert express.genres == ("Drama", "Romance")
    assert (express.runtime, express.score) == (102, 8.0)
    assert "重庆快车" in express.aliases_zh


def test_movielens_joins_by_alias_and_a_year_off_by_one(
    database: Engine, raw: Path, facts: Path
) -> None:
    build(database, raw, facts)
    catalogue = Catalogue.load(database)
    counts = {t.id: t.ratings for t in catalogue.titles.values() if t.ratings}
    assert counts == {"tt0111161": 1, "tt0076759": 1, "the-unjoined-1996": 1}
    assert catalogue.titles["the-unjoined-1996"].aliases == ("Mai Visto",)
    assert catalogue.titles["the-unjoined-1996"].genres == ("Comedy", "Family")
    with database.connect() as connection:
        rows = connection.execute(select(catalogue_ratings)).mappings().all()
    star_wars = [r for r in rows if r["title_id"] == "tt0076759"]
    assert [(r["user"], r["value"], r["rated_at"]) for r in star_wars] == [(1, 2.0, 200)]


def test_an_unchanged_base_is_left_alone_and_a_changed_one_renewed(
    database: Engine, raw: Path, facts: Path
) -> None:
    assert not is_built(database)
    assert build(database, raw, facts).built
    assert is_built(database)
    version = Catalogue.load(database).version
    assert not build(database, raw, facts).built
    assert Catalogue.load(database).version == version
    corrected = FACTS["film_names.csv"].replace("盗火线", "热").replace("星战", "")
    lines = [line for line in corrected.splitlines() if "tt9999999" not in line]
    (facts / "film_names.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert build(database, raw, facts).built
    catalogue = Catalogue.load(database)
    assert catalogue.titles["tt0113277"].title_zh == "热"
    assert catalogue.titles["tt0076759"].aliases_zh == ()
    assert "tt9999999" not in catalogue.titles
    assert catalogue.version != version


def test_what_an_import_knows_survives_a_renewal(database: Engine, raw: Path, facts: Path) -> None:
    build(database, raw, facts)
    with database.begin() as connection:
        values = {"sources": "base|csv:mine", "seasons": 7}
        connection.execute(update(titles).where(titles.c.id == "made-up-1994").values(**values))
        own = {
            "id": "own-2001",
            "kind": "film",
            "title": "Own",
            "year": 2001,
            "sources": "csv:mine",
        }
        connection.execute(insert(titles), [own])
    (facts / "series.csv").unlink()
    build(database, raw, facts)
    catalogue = Catalogue.load(database)
    assert catalogue.titles["made-up-1994"].seasons == 7
    assert catalogue.titles["own-2001"].title == "Own"
    assert "tt0108778" not in catalogue.titles


def test_bad_rows_of_our_own_are_said_and_skipped(database: Engine, raw: Path, facts: Path) -> None:
    (facts / "world_films.csv").write_text(
        "title,year,genres\nFine,2001,Drama\n,2001,Drama\nWhen,soon,Drama\nWhat,2001,Nothing\n"
        "Many,2001,Drama,more\n",
        encoding="utf-8",
    )
    said: list[str] = []
    report = build(database, raw, facts, said.append)
    assert report.bad_rows == 4
    assert [line.split("world_films.csv:")[1] for line in said if "skipped" in line] == [
        "3: no title",
        "4: year 'soon' is not a whole number",
        "5: no known genre in 'Nothing'",
        "6: not 3 cells",
    ]


def test_a_file_with_an_unknown_column_is_refused_whole(
    database: Engine, raw: Path, facts: Path
) -> None:
    (facts / "world_films.csv").write_text("title,yaer\nFine,2001\n", encoding="utf-8")
    with pytest.raises(RowError, match="unknown column 'yaer'"):
        build(database, raw, facts)
    assert not is_built(database)


def test_too_many_bad_rows_stop_the_build(database: Engine, raw: Path, facts: Path) -> None:
    rows = "\n".join(f"Film {n},never" for n in range(101))
    (facts / "world_films.csv").write_text(f"title,year\n{rows}\n", encoding="utf-8")
    with pytest.raises(TooManyBadRows):
        build(database, raw, facts)
    assert len(Catalogue.load(database)) == 0


def test_missing_data_is_said(database: Engine, tmp_path: Path, facts: Path) -> None:
    said: list[str] = []
    build(database, tmp_path / "nowhere", facts, said.append)
    assert sum("is missing" in line for line in said) == 2
    assert "tt0108778" in Catalogue.load(database).titles


REAL = Settings().data_dir / "raw"


@pytest.mark.skipif(not (REAL / "movies.db").exists(), reason="the data was not fetched")
def test_the_true_base(database: Engine) -> None:
    started = time.process_time()
    report = build(database, REAL, ROOT / "data" / "catalogue")
    assert time.process_time() - started < 30
    assert report.films == 17_470
    assert report.movielens_joined >= 1_450
    assert report.ratings > 99_000
    assert report.bad_rows == 0
    catalogue = Catalogue.load(database)
    assert catalogue.titles["tt0111161"].title == "The Shawshank Redemption"
    assert catalogue.titles["tt0076759"].ratings == 583
    assert sum(1 for title in catalogue.titles.values() if title.title_zh) > 1_500
