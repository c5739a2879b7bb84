"""What the data that comes with Usher says, row by row."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import ml100k, movies_db, vocabulary
from bot.catalogue.title import GENRES

NAMES = st.lists(
    st.from_regex(r"[A-Z][a-zé]{1,8} [A-Z][a-z]{2,8}( (Jr|Sr)\.)?", fullmatch=True), max_size=8
)


def write_movies_db(path: Path, rows: list[tuple[object, ...]]) -> None:
    """A database of the form of movies.db; rows: imdb id, title, year, …, score, reviews."""
    connection = sqlite3.connect(path)
    connection.executescript(
        """CREATE TABLE omdb (ID INT, imdbID, Title, Year, Runtime, Genre, Director, "Cast",
                              Language, Country);
           CREATE TABLE tomatoes (ID INT, Rating REAL, Reviews INT);"""
    )
    for number, row in enumerate(rows):
        connection.execute(
            "INSERT INTO omdb VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *row[:9])
        )
        connection.execute("INSERT INTO tomatoes VALUES (?, ?, ?)", (number, *row[9:]))
    connection.commit()
    connection.close()


def test_films_are_read_with_canonical_words(tmp_path: Path) -> None:
    write_movies_db(
        tmp_path / "movies.db",
        [
            ("tt1", "Faust (2011 film)", 2011, 134.0, "Drama, Nonsense, Musical", "A B, Jr., C D",
             "Robert Downey, Jr., Zoë Saldaña", "Standard Chinese, American English",
             "People's Republic of China, British Hong Kong", 6.5, 40),
            ("tt2", "Police Story", 1985, 0.0, "", "", "", "Chinese", "Hong Kong", None, None),
            ("tt1", "Faust again", 1994, 100.0, "", "", "", "", "", 5.0, 3),
            ("tt3", None, 2000, None, None, None, None, None, None, None, None),
        ],
    )  # fmt: skip
    faust, story = movies_db.read(tmp_path / "movies.db")
    assert (faust.title, faust.year, faust.runtime) == ("Faust", 1994, 134)
    assert faust.genres == ("Drama", "Musical")
    assert faust.directors == ("A B Jr.", "C D")
    assert faust.cast == ("Robert Downey Jr.", "Zoë Saldaña")
    assert faust.languages == ("Mandarin", "English")
    assert faust.countries == ("China", "Hong Kong")
    assert (faust.score, faust.reviews) == (6.5, 40)
    assert story.languages == ("Cantonese",)
    assert (story.runtime, story.score, story.reviews) == (None, None, 0)


@settings(max_examples=40)
@given(NAMES)
def test_lists_of_names_come_back_whole(people: list[str]) -> None:
    listed = ", ".join(name.replace(" Jr.", ", Jr.").replace(" Sr.", ", Sr.") for name in people)
    assert movies_db.split_names(listed) == tuple(dict.fromkeys(people))


@pytest.mark.parametrize(
    ("name", "title", "others"),
    [
        ("Horseman on the Roof, The (Hussard sur le toit, Le)", "The Horseman on the Roof",
         ("Le Hussard sur le toit",)),
        ("Seven (a.k.a. Se7en)", "Seven", ("Se7en",)),
        ("(500) Days of Summer", "(500) Days of Summer", ()),
        ("Frontier(s)", "Frontier(s)", ()),
        ("Toy Story (1995)", "Toy Story", ()),
    ],
)  # fmt: skip
def test_movielens_names_are_written_as_people_do(
    name: str, title: str, others: tuple[str, ...]
) -> None:
    assert ml100k.names_of(name) == (title, others)


@given(st.text(max_size=60))
def test_any_movielens_name_leaves_a_title(name: str) -> None:
    title, others = ml100k.names_of(name)
    assert title == title.strip() or title == name.strip()
    assert title not in others


@pytest.mark.parametrize(
    ("words", "canonical"),
    [
        (["Children's", "Sci-Fi", "Film-Noir"], ("Family", "Sci-Fi")),
        (["Action & Adventure", "Kids"], ("Action", "Adventure", "Family")),
        (["music", "MUSICAL"], ("Music", "Musical")),
        (["(no genres listed)"], ()),
    ],
)
def test_genres_are_canonical(words: list[str], canonical: tuple[str, ...]) -> None:
    assert vocabulary.genres(words) == canonical
    assert set(canonical) <= set(GENRES)


def test_unknown_languages_are_kept_but_not_non_languages() -> None:
    assert vocabulary.languages(["Klingon", "multiple languages", "Kurdish language"]) == (
        "Klingon",
        "Kurdish",
    )
