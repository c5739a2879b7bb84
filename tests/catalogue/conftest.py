"""Small catalogues, in memory and on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.names import NameIndex
from bot.catalogue.title import Person, Title
from bot.store.database import engine as open_engine
from bot.store.database import migrate


def film(title_id: str, title: str, year: int | None, **facts: object) -> Title:
    """A film with the facts given."""
    return Title(id=title_id, kind="film", title=title, year=year, **facts)  # type: ignore[arg-type]


TITLES = (
    film(
        "tt0113277",
        "Heat",
        1995,
        title_zh="盗火线",
        genres=("Crime", "Thriller"),
        directors=("michael-mann",),
        cast=("al-pacino", "robert-de-niro"),
        countries=("United States",),
        languages=("English",),
        runtime=170,
        score=7.8,
        reviews=300,
    ),
    film("tt0093164", "Heat", 1987, genres=("Action",), reviews=5, score=4.0),
    film("tt2404463", "The Heat", 2013, genres=("Comedy", "Action"), reviews=200, score=6.0),
    film("tt0087182", "Dune", 1984, title_zh="沙丘", genres=("Sci-Fi",), reviews=117),
    film("tt1160419", "Dune", 2021, title_zh="沙丘", genres=("Sci-Fi",), reviews=0),
    film(
        "tt0111161",
        "The Shawshank Redemption",
        1994,
        title_zh="肖申克的救赎",
        aliases=("Shawshank",),
        aliases_zh=("刺激1995",),
        genres=("Drama", "Crime"),
        cast=("morgan-freeman",),
        runtime=142,
        score=9.0,
        reviews=250,
        ratings=280,
    ),
    film("tt1375666", "Inception", 2010, title_zh="盗梦空间", directors=("christopher-nolan",),
         genres=("Sci-Fi", "Action"), runtime=148, reviews=320, score=8.1),
    film("tt0145487", "Spider-Man", 2002, title_zh="蜘蛛侠", reviews=240),
    film("tt1798709", "Her", 2013, title_zh="她", directors=("spike-jonze",), reviews=250),
    film("tt1049413", "Up", 2009, title_zh="飞屋环游记", genres=("Animation", "Family"),
         reviews=290),
    film("tt1396484", "It", 2017, title_zh="小丑回魂", reviews=10),
    film("tt0110081", "To Live", 1994, title_zh="活着", directors=("zhang-yimou",), reviews=40),
    film("tt0299977", "Hero", 2002, title_zh="英雄", directors=("zhang-yimou",), reviews=200),
    film("tt0190332", "Crouching Tiger, Hidden Dragon", 2000, title_zh="卧虎藏龙", reviews=190),
    film("tt0071562", "The Godfather Part II", 1974, title_zh="教父2", reviews=70),
    film("tt0068646", "The Godfather", 1972, title_zh="教父", reviews=120, ratings=300),
    film("tt0076759", "Star Wars: Episode IV – A New Hope", 1977, title_zh="星球大战",
         aliases=("Star Wars",), reviews=206, ratings=583),
    film("tt0241303", "Amélie", 2001, original_title="Le Fabuleux Destin d'Amélie Poulain",
         title_zh="天使爱美丽", languages=("French",), countries=("France",), reviews=230),
    Title("tt0108778", "series", "Friends", 1994, title_zh="老友记", genres=("Comedy",),
          seasons=10),
    film("tt0067118", "Friends", 1971, reviews=4),
    film("usher-2002", "Dirty Pretty Things", 2002, title_zh="美丽坏东西", reviews=120),
)  # fmt: skip
PEOPLE = (
    Person("michael-mann", "Michael Mann", "迈克尔·曼"),
    Person("al-pacino", "Al Pacino", "阿尔·帕西诺"),
    Person("robert-de-niro", "Robert De Niro", "罗伯特·德尼罗", ("Bob De Niro",), ("德尼罗",)),
    Person("morgan-freeman", "Morgan Freeman", "摩根·弗里曼"),
    Person("christopher-nolan", "Christopher Nolan", "克里斯托弗·诺兰", ("Nolan",), ("诺兰",)),
    Person("spike-jonze", "Spike Jonze"),
    Person("zhang-yimou", "Zhang Yimou", "张艺谋"),
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Some well-known titles, and names that are hard to tell from words."""
    return Catalogue(TITLES, PEOPLE)


@pytest.fixture(scope="session")
def names(catalogue: Catalogue) -> NameIndex:
    """The names of `catalogue`."""
    return NameIndex(catalogue)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    """An empty database on disk, with today's schema."""
    engine = open_engine(f"sqlite:///{tmp_path / 'usher.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to write files to."""
    made = tmp_path / "files"
    made.mkdir()
    return made
